/// Finds the method that serves a request: a trie by path segment.
///
/// A literal segment beats `{parameter}`, which beats `{proxy+}`; resource and method are chosen together, so a better
/// resource that lacks the method falls through to a worse one that has it. A method of its own beats ANY.
struct RouteTable: Sendable {
    struct Match {
        var method: CompiledMethod
        /// Values as sent, still percent-encoded.
        var pathParameters: [(name: String, value: String)]
    }

    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var parameters: [(name: String, node: Int)] = []
        var greedy: [(name: String, node: Int)] = []
        var methods: [String: CompiledMethod] = [:]
    }

    private var nodes = [Node()]

    /// - Parameter path: As resources have it: `/`, `/pets/{petId}`, `/{proxy+}`.
    mutating func add(_ method: CompiledMethod, path: String, httpMethod: String) {
        var node = 0
        for segment in path.utf8.split(separator: UInt8(ascii: "/")) {
            node = child(of: node, segment: String(decoding: segment, as: UTF8.self))
        }
        nodes[node].methods[httpMethod] = method
    }

    private mutating func child(of node: Int, segment: String) -> Int {
        let isVariable = segment.hasPrefix("{") && segment.hasSuffix("}")
        let isGreedy = isVariable && segment.hasSuffix("+}")
        let name = String(segment.dropFirst().dropLast(isGreedy ? 2 : 1))
        let existing =
            isGreedy
            ? nodes[node].greedy.first { $0.name == name }?.node
            : isVariable ? nodes[node].parameters.first { $0.name == name }?.node : nodes[node].literals[segment]
        if let existing { return existing }
        nodes.append(Node())
        let added = nodes.count - 1
        if isGreedy {
            nodes[node].greedy.append((name, added))
        } else if isVariable {
            nodes[node].parameters.append((name, added))
        } else {
            nodes[node].literals[segment] = added
        }
        return added
    }

    /// - Parameter path: Below the stage, as sent; a trailing slash does not matter.
    func match(_ path: ArraySlice<UInt8>, httpMethod: String) -> Match? {
        let slash = UInt8(ascii: "/")
        var end = path.endIndex
        while end > path.startIndex, path[end - 1] == slash { end -= 1 }
        var search = Search(path: path, end: end, httpMethod: httpMethod)
        var start = path.startIndex
        while start < end, path[start] == slash { start += 1 }
        return find(0, from: start, &search).map { Match(method: $0, pathParameters: search.values) }
    }

    private struct Search {
        let path: ArraySlice<UInt8>
        let end: Int
        let httpMethod: String
        var values: [(name: String, value: String)] = []

        func text(_ range: Range<Int>) -> String { String(decoding: path[range], as: UTF8.self) }
    }

    /// Each node is visited at most once, since a node stands for one way from the root.
    private func find(_ node: Int, from start: Int, _ search: inout Search) -> CompiledMethod? {
        if start >= search.end { return nodes[node].methods[search.httpMethod] ?? nodes[node].methods["ANY"] }
        let path = search.path
        var segmentEnd = start
        while segmentEnd < search.end, path[segmentEnd] != UInt8(ascii: "/") { segmentEnd += 1 }
        let next = segmentEnd < search.end ? segmentEnd + 1 : segmentEnd
        let segment = search.text(start..<segmentEnd)
        if let literal = nodes[node].literals[segment], let found = find(literal, from: next, &search) { return found }
        if !segment.isEmpty {
            for parameter in nodes[node].parameters {
                search.values.append((parameter.name, segment))
                if let found = find(parameter.node, from: next, &search) { return found }
                search.values.removeLast()
            }
        }
        for greedy in nodes[node].greedy {
            let methods = nodes[greedy.node].methods
            guard let found = methods[search.httpMethod] ?? methods["ANY"] else { continue }
            search.values.append((greedy.name, search.text(start..<search.end)))
            return found
        }
        return nil
    }
}
