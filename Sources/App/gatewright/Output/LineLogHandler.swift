import Glibc
import JSON
import Logging
import Reconciling

/// One line for each record on standard error: text for people, JSON for machines.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .warning
    private let json: Bool

    init(json: Bool) { self.json = json }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
        let time = Timestamp(milliseconds: WallClock.millisecondsSince1970).description
        let line: String
        if json {
            var record: JSONObject = [
                "time": .string(time), "level": .string(event.level.rawValue), "message": .string("\(event.message)"),
            ]
            for (key, value) in facts { record[key] = .string("\(value)") }
            line = JSONValue.object(record).text(.compact)
        } else {
            let rest = facts.map { " \($0.key)=\(Self.quoted("\($0.value)"))" }.joined()
            line = "\(time) \(event.level.rawValue) \(event.message)\(rest)"
        }
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// A value with blanks or line breaks stays one value on one line.
    private static func quoted(_ text: String) -> String {
        text.utf8.contains { $0 <= 0x20 || $0 == UInt8(ascii: "\"") } ? JSONValue.string(text).text(.compact) : text
    }
}
