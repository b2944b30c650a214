import IAMPolicy

/// Makes requests that a statement is about, to ask both sides of a plan the same question.
enum Witness {
    /// A text that the pattern matches.
    static func text(of pattern: String, star: String = "x") -> String {
        var result = ""
        var isStar = false
        for character in pattern {
            if character == "*" {
                if !isStar { result += star }
                isStar = true
                continue
            }
            isStar = false
            result.append(character == "?" ? "x" : character)
        }
        return result
    }

    /// An ARN that the pattern matches, with the region and the account of home where they are open; nil for `*`.
    static func arn(of pattern: String, _ home: AccessHome) -> String? {
        var parts = pattern.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6 else { return nil }
        if parts[1].contains("*") { parts[1] = home.partition }
        if parts[3] == "*" { parts[3] = home.region }
        if parts[4] == "*" { parts[4] = parts[2] == "apigateway" ? "" : home.account }
        if parts[5] == "*", parts[2] == "execute-api" { parts[5] = "api/stage/GET/path" }
        return parts[..<5].map { text(of: $0) }.joined(separator: ":") + ":" + text(of: parts[5])
    }

    /// The shortest text that both patterns match; nil if there is none, or if they are too long to look.
    static func common(_ left: String, _ right: String) -> String? {
        let (a, b) = (Array(left.utf8), Array(right.utf8))
        guard a.count * b.count <= Limits.commonCellsMax else { return nil }
        let star = UInt8(ascii: "*")
        // What was written on the way to each pair of positions.
        var seen = [Bool](repeating: false, count: (a.count + 1) * (b.count + 1))
        var queue: [(i: Int, j: Int, text: [UInt8])] = [(0, 0, [])]
        var next = 0
        func isStar(_ text: [UInt8], _ position: Int) -> Bool { position < text.count && text[position] == star }
        while next < queue.count {
            let (i, j, text) = queue[next]
            next += 1
            let cell = i * (b.count + 1) + j
            if seen[cell] { continue }
            seen[cell] = true
            if i == a.count, j == b.count { return String(decoding: text, as: UTF8.self) }
            if isStar(a, i) { queue.append((i + 1, j, text)) }
            if isStar(b, j) { queue.append((i, j + 1, text)) }
            let (isLeft, isRight) = (isStar(a, i), isStar(b, j))
            if i < a.count, j < b.count, !isLeft || !isRight {
                let (x, y) = (isLeft ? b[j] : a[i], isRight ? a[i] : b[j])
                let question = UInt8(ascii: "?")
                guard x == y || x == question || y == question else { continue }
                let byte = x == question ? (y == question ? UInt8(ascii: "x") : y) : x
                queue.append((isLeft ? i : i + 1, isRight ? j : j + 1, text + [byte]))
            }
        }
        return nil
    }

    /// Keys and values that satisfy the conditions as far as these are simple; nil for one where they are not.
    static func context(_ conditions: [PolicyCondition]) -> RequestContext? {
        var context = RequestContext()
        for condition in conditions {
            guard let value = condition.values.first, !value.contains("${") else { return nil }
            switch condition.condition.test {
            case .stringEquals, .stringEqualsIgnoreCase, .bool, .binaryEquals, .numericEquals, .numericLessThanEquals,
                .numericGreaterThanEquals, .dateEquals, .dateLessThanEquals, .dateGreaterThanEquals:
                context.set(condition.key, value)
            case .stringLike, .arnLike, .arnEquals: context.set(condition.key, text(of: value))
            case .ipAddress: context.set(condition.key, String(value.prefix { $0 != "/" }))
            case .null where value == "false": if context[condition.key] == nil { context.set(condition.key, "x") }
            case .numericLessThan, .dateLessThan, .numericGreaterThan, .dateGreaterThan: return nil
            // True while the key is not there.
            case .null, .stringNotEquals, .stringNotEqualsIgnoreCase, .stringNotLike, .numericNotEquals, .dateNotEquals,
                .notIPAddress, .arnNotEquals, .arnNotLike:
                continue
            }
        }
        return context
    }
}
