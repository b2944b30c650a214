import JSON

/// The statements of a policy document in normal form, by what they do.
struct PolicyStatements {
    let document: JSONObject
    let allows: [PolicyStatement]
    let denies: [PolicyStatement]

    /// Nil for what is no policy document.
    init?(_ value: JSONValue) {
        guard case .object(let document) = value, let list = document["Statement"]?.array else { return nil }
        var allows: [PolicyStatement] = []
        var denies: [PolicyStatement] = []
        for element in list {
            guard case .object(let members) = element else { return nil }
            switch members["Effect"] {
            case "Allow": allows.append(PolicyStatement(members))
            case "Deny": denies.append(PolicyStatement(members))
            default: return nil
            }
        }
        self.document = document
        self.allows = allows
        self.denies = denies
    }
}

/// One statement without its name.
struct PolicyStatement: Hashable {
    let members: JSONObject

    init(_ members: JSONObject) {
        var members = members
        members["Sid"] = nil
        self.members = members
    }

    var isForEverybody: Bool {
        members["Principal"] == "*" || members["Principal"]?["AWS"]?.array?.contains("*") == true
    }

    func isCovered(by others: [PolicyStatement]) -> Bool { others.contains { isCovered(by: $0) } }

    /// True if it is certain that `other` applies to all that this statement applies to.
    private func isCovered(by other: PolicyStatement) -> Bool {
        if members == other.members { return true }
        let known: Set<String> = [
            "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition",
        ]
        guard members.names.allSatisfy(known.contains), other.members.names.allSatisfy(known.contains) else {
            return false
        }
        // A statement without a condition applies wherever one with it does.
        let isConditionMet = other.members["Condition"] == nil || members["Condition"] == other.members["Condition"]
        return isConditionMet && isCovered("Action", by: other, ignoringCase: true)
            && isCovered("Resource", by: other, ignoringCase: false) && isPrincipalCovered(by: other)
    }

    /// Every element here is matched by one there, or every element there that is excepted is excepted here.
    private func isCovered(_ name: String, by other: PolicyStatement, ignoringCase: Bool) -> Bool {
        let exception = "Not" + name
        guard (members[name] == nil) == (other.members[name] == nil),
            (members[exception] == nil) == (other.members[exception] == nil)
        else { return other.members[name]?.array?.contains("*") == true }
        return Self.isMatched(members[name], by: other.members[name], ignoringCase)
            && Self.isMatched(other.members[exception], by: members[exception], ignoringCase)
    }

    private static func isMatched(_ some: JSONValue?, by more: JSONValue?, _ ignoringCase: Bool) -> Bool {
        guard let some = some?.array else { return true }
        guard let more = more?.array else { return false }
        return some.allSatisfy { element in
            more.contains { pattern in
                guard pattern != element else { return true }
                guard let text = element.string, let pattern = pattern.string else { return false }
                return PolicyPattern(pattern, ignoringCase: ignoringCase).covers(text)
            }
        }
    }

    private func isPrincipalCovered(by other: PolicyStatement) -> Bool {
        guard members["NotPrincipal"] == other.members["NotPrincipal"] else { return false }
        let here = members["Principal"]
        let there = other.members["Principal"]
        if here == there || there == "*" { return true }
        guard case .object(let some)? = here, case .object(let more)? = there else { return false }
        return some.allSatisfy { member in
            guard let names = member.value.array, let others = more[member.name]?.array else { return false }
            return names.allSatisfy(others.contains)
        }
    }
}

/// A pattern of actions or resources, with `*` for any text and `?` for one character.
struct PolicyPattern {
    private let pattern: [UInt8]
    private let ignoresCase: Bool

    init(_ pattern: String, ignoringCase: Bool) {
        self.pattern = Array((ignoringCase ? pattern.lowercased() : pattern).utf8)
        ignoresCase = ignoringCase
    }

    /// True if it is certain that everything that `other` matches is matched.
    ///
    /// Variables (`${aws:username}`) are compared as they are written. Takes time linear in the product of the lengths.
    func covers(_ other: String) -> Bool {
        let text = Array((ignoresCase ? other.lowercased() : other).utf8)
        guard pattern != text else { return true }
        // `${*}` is a star and no pattern.
        guard !Self.hasEscape(pattern), !Self.hasEscape(text) else { return false }
        var (p, t) = (0, 0)
        var resume: (pattern: Int, text: Int)?
        while t < text.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                resume = (p + 1, t)
                p += 1
            } else if p < pattern.count, Self.matches(pattern[p], text[t]) {
                p += 1
                t += 1
            } else if let last = resume {
                resume = (last.pattern, last.text + 1)
                (p, t) = (last.pattern, last.text + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    private static func hasEscape(_ text: [UInt8]) -> Bool {
        ["${*}", "${?}", "${$}"].contains { text.firstRange(of: Array($0.utf8)) != nil }
    }

    /// A `?` stands for one character: not for what may be any text, nor for a part of a longer character.
    private static func matches(_ pattern: UInt8, _ byte: UInt8) -> Bool {
        guard pattern == UInt8(ascii: "?") else { return pattern == byte }
        return byte < 0x80 && byte != UInt8(ascii: "*") && byte != UInt8(ascii: "$")
    }
}
