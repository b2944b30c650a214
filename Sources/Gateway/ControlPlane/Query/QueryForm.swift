import HTTPTypes

/// The parameters of a Query request as a tree: `Tags.member.1.Key` is three steps down.
struct QueryForm: Sendable {
    struct Branch: Sendable {
        var value: String?
        var children: [String: Branch] = [:]

        mutating func put(_ value: String, at steps: ArraySlice<Substring>) {
            guard let step = steps.first else {
                self.value = self.value ?? value
                return
            }
            children[String(step), default: Branch()].put(value, at: steps.dropFirst())
        }
    }

    private(set) var root = Branch()

    subscript(_ name: String) -> String? { root.children[name]?.value }

    /// Reads the query string and the body, both of which may carry parameters.
    ///
    /// - Throws: `MalformedQueryString`.
    init(_ exchange: Exchange) throws(ServiceError) {
        let target = Array((exchange.request.path ?? "").utf8)
        let query = target.firstIndex(of: UInt8(ascii: "?")).map { target[($0 + 1)...] } ?? []
        var count = 0
        for text in [query, exchange.body[...]] {
            for pair in text.split(separator: UInt8(ascii: "&")) {
                count += 1
                guard count <= Limits.queryParametersMax else { throw .malformedQuery }
                try add(pair)
            }
        }
    }

    private mutating func add(_ pair: ArraySlice<UInt8>) throws(ServiceError) {
        let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
        let name = try Self.decoded(pair[..<equals])
        let value = try Self.decoded(pair[equals...].dropFirst())
        let steps = name.split(separator: ".", omittingEmptySubsequences: false)
        guard steps.count <= Limits.queryDepthMax else { throw .malformedQuery }
        root.put(value, at: steps[...])
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) throws(ServiceError) -> String {
        guard let text = PercentCoding.strictlyDecoded(bytes) else { throw .malformedQuery }
        return text
    }
}
