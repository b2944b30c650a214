import JSON
import Logging
import Reconciling

/// One line for each record on standard error: text for people, JSON for machines.
///
/// The keys of JSON are stable: `time` (RFC 3339, milliseconds, UTC), `level`, `label`, `message`, and each fact under its
/// own name, those of nested metadata with dots between.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .warning
    private let label: String
    private let json: Bool

    init(label: String, json: Bool) {
        self.label = label
        self.json = json
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let time = Timestamp(milliseconds: WallClock.millisecondsSince1970).description
        LogOutput.write(Array((line(event, at: time) + "\n").utf8))
    }

    func line(_ event: LogEvent, at time: String) -> String {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        var facts: [(name: String, value: JSONValue)] = []
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { Self.flatten(key, value, into: &facts) }
        let message = Self.redacted("\(event.message)")
        guard json else {
            let rest = facts.map { " \($0.name)=\(Self.quoted($0.value.string ?? $0.value.text(.compact)))" }.joined()
            return "\(time) \(event.level.rawValue) \(label) \(Self.oneLine(message))\(rest)"
        }
        var record: JSONObject = [
            "time": .string(time), "level": .string(event.level.rawValue), "label": .string(label),
            "message": .string(message),
        ]
        let reserved = Set(record.names)
        for fact in facts { record[reserved.contains(fact.name) ? "metadata." + fact.name : fact.name] = fact.value }
        return JSONValue.object(record).text(.compact)
    }

    private static func flatten(
        _ name: String, _ value: Logger.Metadata.Value, into facts: inout [(name: String, value: JSONValue)]
    ) {
        switch value {
        case .dictionary(let members):
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                flatten("\(name).\(key)", value, into: &facts)
            }
        case .array(let elements): facts.append((name, .array(elements.map { .string(redacted("\($0)")) })))
        case .string, .stringConvertible: facts.append((name, .string(redacted("\(value)"))))
        }
    }

    /// A password in a URL, as errors of libraries may repeat it, is not logged.
    static func redacted(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "@")), let scheme = text.firstRange(of: "://") else { return text }
        let rest = text[scheme.upperBound...]
        let authority = rest.prefix { !$0.isWhitespace && $0 != "/" && $0 != "?" && $0 != "\"" && $0 != "`" }
        let after = rest[authority.endIndex...]
        guard let at = authority.lastIndex(of: "@") else {
            return text[..<scheme.upperBound] + authority + redacted(String(after))
        }
        return text[..<scheme.upperBound] + "•••" + authority[at...] + redacted(String(after))
    }

    /// A value with blanks or line breaks stays one value on one line.
    private static func quoted(_ text: String) -> String {
        text.isEmpty || text.utf8.contains { $0 <= 0x20 || $0 == UInt8(ascii: "\"") }
            ? JSONValue.string(text).text(.compact) : text
    }

    private static func oneLine(_ text: String) -> String {
        text.utf8.contains { $0 < 0x20 } ? JSONValue.string(text).text(.compact) : text
    }
}
