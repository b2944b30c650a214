/// The members of one call of a Query service, flattened as the protocol has them.
///
/// - Note: Source: AWS Query protocol: lists are `Name.member.N`, structures `Name.Member`, all form-encoded.
package struct QueryParameters: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    private(set) var pairs: [String] = []

    package init() {}

    package init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { add(name, value) }
    }

    /// Adds a member; nil adds nothing.
    package mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        pairs.append("\(APIPath.escaped(name))=\(APIPath.escaped(value))")
    }

    /// Adds a list of texts. An empty list is written as an empty member: it means none, not the default.
    package mutating func add(_ name: String, list: [String]) {
        guard !list.isEmpty else { return add(name, "") }
        for (number, value) in list.enumerated() { add("\(name).member.\(number + 1)", value) }
    }

    /// Adds a list of tags.
    package mutating func add(_ name: String, tags: [(key: String, value: String)]) {
        for (number, tag) in tags.enumerated() {
            add("\(name).member.\(number + 1).Key", tag.key)
            add("\(name).member.\(number + 1).Value", tag.value)
        }
    }

    /// Adds those of another one.
    mutating func append(_ other: QueryParameters) { pairs += other.pairs }

    /// As the body of a request.
    var body: [UInt8] { Array(pairs.joined(separator: "&").utf8) }
}
