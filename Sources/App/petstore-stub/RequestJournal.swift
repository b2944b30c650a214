import JSON
import Synchronization

/// The last requests, so that tests can see what a backend is sent.
final class RequestJournal: Sendable {
    /// LIMIT: requests kept.
    static let requestsMax = 100

    struct Entry: Sendable {
        var method: String
        var target: String
        var headers: [(name: String, value: String)]
        var body: String

        var document: JSONValue {
            [
                "method": .string(method), "target": .string(target),
                "headers": .array(headers.map { [.string($0.name), .string($0.value)] }), "body": .string(body),
            ]
        }
    }

    private let entries = Mutex<[Entry]>([])

    func record(_ entry: Entry) {
        entries.withLock { entries in
            if entries.count == Self.requestsMax { entries.removeFirst() }
            entries.append(entry)
        }
    }

    /// Oldest first.
    var document: JSONValue { .array(entries.withLock { $0 }.map(\.document)) }
}
