package import JSON

/// The statements of a policy document as they are written, by what they do.
///
/// Documents may have references in them that are not resolved yet, which no ``PolicyDocument`` could have. They are in
/// normal form: actions, resources, principals and values are lists.
package struct WrittenPolicy: Sendable {
    package let document: JSONObject
    package let allows: [WrittenStatement]
    package let denies: [WrittenStatement]

    /// Nil for what is no policy document.
    package init?(_ value: JSONValue) {
        guard case .object(let document) = value, let list = document["Statement"]?.array else { return nil }
        var allows: [WrittenStatement] = []
        var denies: [WrittenStatement] = []
        for element in list {
            guard case .object(let members) = element else { return nil }
            switch members["Effect"] {
            case "Allow": allows.append(WrittenStatement(members))
            case "Deny": denies.append(WrittenStatement(members))
            default: return nil
            }
        }
        self.document = document
        self.allows = allows
        self.denies = denies
    }
}

/// One statement without its name.
package struct WrittenStatement: Sendable, Hashable {
    package let members: JSONObject

    package init(_ members: JSONObject) {
        var members = members
        members["Sid"] = nil
        self.members = members
    }

    /// True if everybody is named, also those who did not sign.
    package var isForEverybody: Bool {
        members["Principal"] == "*" || members["Principal"]?["AWS"]?.array?.contains("*") == true
    }

    /// True if it is certain that one of the others applies to all that this statement applies to.
    package func isCovered(by others: [WrittenStatement]) -> Bool { others.contains { isCovered(by: $0) } }

    /// True if it is certain that `other` applies to all that this statement applies to.
    private func isCovered(by other: WrittenStatement) -> Bool {
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
    private func isCovered(_ name: String, by other: WrittenStatement, ignoringCase: Bool) -> Bool {
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
                return PatternCover(pattern, ignoringCase: ignoringCase).covers(text)
            }
        }
    }

    private func isPrincipalCovered(by other: WrittenStatement) -> Bool {
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
