import JSON

/// How an invocation went wrong, with the document and the words that AWS has for it.
enum FunctionError: Equatable {
    case timedOut(Duration)
    /// The process ended; the wait status of its first process.
    case exited(status: Int32)
    /// The program could not be executed.
    case refused(program: String, errno: Int32)
    case answerTooLarge
    /// What the runtime said.
    case reported([UInt8])

    /// SOURCE: answers of the service to Invoke, as its SDKs and its emulator print them (2024).
    func payload(requestID: String) -> [UInt8] {
        if case .reported(let bytes) = self { return bytes }
        let document: JSONObject = [
            "errorType": .string(type), "errorMessage": .string("RequestId: \(requestID) Error: \(words)"),
        ]
        return JSONValue.object(document).bytes(.compact)
    }

    var type: String {
        switch self {
        case .timedOut: "Sandbox.Timedout"
        case .exited: "Runtime.ExitError"
        case .refused: "Runtime.InvalidEntrypoint"
        case .answerTooLarge: "Function.ResponseSizeTooLarge"
        case .reported: "Runtime.UnknownReason"
        }
    }

    var words: String {
        switch self {
        case .timedOut(let limit):
            return "Task timed out after \(Self.hundredths(limit)) seconds"
        case .exited(let status):
            if status & 0x7F != 0 { return "Runtime exited with error: signal: \(Self.signalName(status & 0x7F))" }
            let code = (status >> 8) & 0xFF
            return code == 0
                ? "Runtime exited without providing a reason" : "Runtime exited with error: exit status \(code)"
        case .refused(let program, let errno):
            // ENOENT
            return errno == 2
                ? "Couldn't find valid bootstrap(s): [\(program)]"
                : "fork/exec \(program): \(Self.reason(errno))"
        case .answerTooLarge:
            return "Response payload size exceeded maximum allowed payload size (\(Limits.answerBytesMax) bytes)."
        case .reported: return ""
        }
    }

    /// `3.00`
    private static func hundredths(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let rest = String(attoseconds / 10_000_000_000_000_000)
        return "\(seconds)." + (rest.utf8.count < 2 ? "0" + rest : rest)
    }

    private static func signalName(_ number: Int32) -> String {
        switch number {
        case 4: "illegal instruction"
        case 6: "aborted"
        case 7: "bus error"
        case 8: "floating point exception"
        case 9: "killed"
        case 11: "segmentation fault"
        case 15: "terminated"
        case 25: "file size limit exceeded"
        default: "signal \(number)"
        }
    }

    private static func reason(_ errno: Int32) -> String {
        switch errno {
        case 8: "exec format error"
        case 12: "cannot allocate memory"
        case 13: "permission denied"
        default: "errno \(errno)"
        }
    }
}
