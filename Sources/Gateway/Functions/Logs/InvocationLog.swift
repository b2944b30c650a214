import FoundationEssentials
import Logging
import NIOCore

/// The log of one process: its output, with the lines that AWS puts around each invocation. The output itself goes to the
/// engine's log too.
///
/// SOURCE: AWS Lambda, "Sending Lambda function logs to CloudWatch Logs", text format.
struct InvocationLog {
    private let arn: String
    /// With the version.
    private let name: String
    private let logs: FunctionLogs
    private var cutter = LineCutter()
    private var requestID: String?
    private(set) var tail = ByteTail(bytesMax: Limits.logTailBytesMax)

    init(_ specification: FunctionSpecification, _ logs: FunctionLogs) {
        arn = specification.arn
        name = "\(specification.name):\(specification.version)"
        self.logs = logs
    }

    /// What the process has printed.
    mutating func append(_ output: UnsafeRawBufferPointer) {
        keep(output)
        tell(cutter.append(output, at: .now()))
    }

    /// The process prints no more.
    mutating func end() { tell(cutter.end(at: .now())) }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        tail.append(bytes)
        logs.append(bytes, of: arn)
    }

    private func tell(_ lines: [String], at level: Logger.Level = .info) {
        logs.forwarder.take(lines, at: level, of: name, request: requestID)
    }

    private mutating func line(_ text: String) { Array((text + "\n").utf8).withUnsafeBytes { keep($0) } }

    mutating func start(_ requestID: String, version: String) {
        self.requestID = requestID
        line("START RequestId: \(requestID) Version: \(version)")
    }

    /// - Parameter now: Milliseconds since 1970.
    mutating func failed(_ requestID: String, _ error: FunctionError, now: Int64) {
        switch error {
        case .timedOut:
            let date = Date(timeIntervalSince1970: Double(now) / 1000)
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            line("\(date.formatted(style)) \(requestID) \(error.words)\n")
            tell([error.words], at: .warning)
        case .exited, .refused, .answerTooLarge:
            line("RequestId: \(requestID) Error: \(error.words)\n\(error.type)")
            tell([error.words], at: .warning)
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
        end()
        requestID = nil
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
