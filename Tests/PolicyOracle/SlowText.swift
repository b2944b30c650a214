/// Patterns and variables, a scalar at a time.
enum SlowText {
    enum Token: Equatable {
        case scalar(Unicode.Scalar), any, one
    }

    static func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }

    /// `*` and `?` are wildcards, variables are not looked for.
    static func tokens(_ text: String) -> [Token] {
        text.unicodeScalars.map { $0 == "*" ? .any : $0 == "?" ? .one : .scalar($0) }
    }

    /// As above, with variables filled in if there is somebody to ask; nil if one has neither value nor default.
    static func tokens(_ text: String, _ evaluator: SlowEvaluator?) -> [Token]? {
        guard let evaluator else { return tokens(text) }
        var tokens: [Token] = []
        var rest = text[...]
        while !rest.isEmpty {
            guard rest.hasPrefix("${"), let end = rest.firstIndex(of: "}") else {
                tokens += Self.tokens(String(rest.unicodeScalars.removeFirst()))
                continue
            }
            let inside = String(rest[rest.index(rest.startIndex, offsetBy: 2)..<end])
            rest = rest[rest.index(after: end)...]
            guard let value = value(inside, evaluator) else { return nil }
            tokens += value.unicodeScalars.map { .scalar($0) }
        }
        return tokens
    }

    private static func value(_ inside: String, _ evaluator: SlowEvaluator) -> String? {
        if ["*", "?", "$"].contains(inside) { return inside }
        let parts = inside.split(separator: ",", maxSplits: 1).map(String.init)
        let key = parts[0].filter { $0 != " " }
        if let values = evaluator.values(key), values.count == 1 { return values[0] }
        guard parts.count == 2, let first = parts[1].firstIndex(of: "'"), let last = parts[1].lastIndex(of: "'") else {
            return nil
        }
        return String(parts[1][parts[1].index(after: first)..<last])
    }

    /// One table of all prefixes of the pattern against all prefixes of the text.
    static func matches(_ pattern: [Token], _ text: [Unicode.Scalar]) -> Bool {
        var row = [true] + Array(repeating: false, count: text.count)
        for token in pattern {
            var next = Array(repeating: false, count: text.count + 1)
            if token == .any { next[0] = row[0] }
            for position in text.indices {
                switch token {
                case .any: next[position + 1] = row[position + 1] || next[position]
                case .one: next[position + 1] = row[position]
                case .scalar(let scalar): next[position + 1] = row[position] && scalar == text[position]
                }
            }
            row = next
        }
        return row[text.count]
    }

    static func sixParts(_ tokens: [Token]) -> [[Token]]? {
        let parts = tokens.split(separator: .scalar(":"), maxSplits: 5, omittingEmptySubsequences: false)
        return parts.count == 6 ? parts.map(Array.init) : nil
    }

    static func sixParts(_ text: [Unicode.Scalar]) -> [[Unicode.Scalar]]? {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        return parts.count == 6 ? parts.map(Array.init) : nil
    }
}
