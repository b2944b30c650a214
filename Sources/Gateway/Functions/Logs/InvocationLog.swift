import FoundationEssentials

/// The log of one process: its output, with the lines that AWS puts around each invocation.
/// SOURCE: AWS Lambda, "Sending Lambda function logs to CloudWatch Logs", text format.
struct InvocationLog {
    private let arn: String
    private let logs: FunctionLogs
    private(set) var tail = ByteTail(bytesMax: Limits.logTailBytesMax)

    init(_ arn: String, _ logs: FunctionLogs) {
        self.arn = arn
        self.logs = logs
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        tail.append(bytes)
        logs.append(bytes, of: arn)
    }

    private mutating func line(_ text: String) { Array((text + "\n").utf8).withUnsafeBytes { append($0) } }

    mutating func start(_ requestID: String, version: String) {
        line("START RequestId: \(requestID) Version: \(version)")
    }

    /// - Parameter now: Milliseconds since 1970.
    mutating func failed(_ requestID: String, _ error: FunctionError, now: Int64) {
        switch error {
        case .timedOut:
            let date = Date(timeIntervalSince1970: Double(now) / 1000)
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            line("\(date.formatted(style)) \(requestID) \(error.words)\n")
        case .exited, .refused, .answerTooLarge:
            line("RequestId: \(requestID) Error: \(error.words)\n\(error.type)")
        case .reported: break
        }
    }

    struct Report {
        var requestID: String
        var duration: Duration
        var initDuration: Duration?
        var memoryMegabytes: Int
        var memoryUsedMegabytes: Int
        var isTimeout: Bool
    }

    /// END and REPORT: the last lines of an invocation.
    mutating func report(_ report: Report) {
        line("END RequestId: \(report.requestID)")
        var text = "REPORT RequestId: \(report.requestID)\tDuration: \(Self.milliseconds(report.duration)) ms\t"
        text += "Billed Duration: \(report.duration.wholeMilliseconds) ms\t"
        text += "Memory Size: \(report.memoryMegabytes) MB\tMax Memory Used: \(report.memoryUsedMegabytes) MB\t"
        if let initDuration = report.initDuration {
            text += "Init Duration: \(Self.milliseconds(initDuration)) ms\t"
        }
        if report.isTimeout { text += "Status: timeout" }
        line(text)
    }

    /// The tail belongs to one invocation.
    mutating func forgetTail() { tail.removeAll() }

    /// With two digits after the point.
    private static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let hundredths = seconds * 100_000 + attoseconds / 10_000_000_000_000
        let rest = String(hundredths % 100)
        return "\(hundredths / 100)." + (rest.utf8.count < 2 ? "0" + rest : rest)
    }
}

extension Duration {
    /// Rounded up.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}
