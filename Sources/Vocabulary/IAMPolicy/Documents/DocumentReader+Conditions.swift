import Diagnostics
import JSON

extension DocumentReader {
    mutating func readConditions(_ node: Node) -> [PolicyCondition] {
        guard let written = node["Condition"] else { return [] }
        guard let operators = written.members else {
            error(.wrongType, "`Condition` is a map of operators, and this is \(written.typeName)", at: written)
            return []
        }
        return operators.flatMap { readOperator($0) }
    }

    private mutating func readOperator(_ member: Node.Member) -> [PolicyCondition] {
        guard let condition = ConditionOperator(member.name) else {
            let known = ConditionOperator.Test.allCases.map(\.rawValue)
            let base = member.name.split(separator: ":").last.map(String.init) ?? member.name
            let nearest = Suggestion.nearest(to: base, among: known)
            error(
                .unknownOperator, "there is no operator `\(member.name)`", at: member.nameSpan,
                remedy: nearest.map { "did you mean `\($0)`" } ?? "see IAM's list of condition operators")
            return []
        }
        guard let keys = member.value.members else {
            error(
                .wrongType, "`\(member.name)` is a map of keys, and this is \(member.value.typeName)", at: member.value)
            return []
        }
        return keys.compactMap { readKey($0, of: condition) }
    }

    private mutating func readKey(_ member: Node.Member, of condition: ConditionOperator) -> PolicyCondition? {
        let colon = member.name.firstIndex(of: ":")
        if colon == nil || colon == member.name.startIndex || member.name.last == ":" {
            error(
                .badConditionKey, "`\(member.name)` is no condition key", at: member.nameSpan,
                remedy: "write `service:name`, such as `aws:SourceIp`")
        }
        let nodes = member.value.elements ?? [member.value]
        if nodes.isEmpty {
            error(
                .emptyList, "`\(member.name)` has no values", at: member.value,
                remedy: "add one, or check with `Null` that the key is there")
        }
        var values: [String] = []
        for node in nodes {
            guard let value = node.conditionText else {
                error(.wrongType, "a value of `\(member.name)` is text, and this is \(node.typeName)", at: node)
                continue
            }
            checkCharacters(value, at: node)
            checkValue(value, of: condition, at: node)
            values.append(value)
        }
        lintKey(member, of: condition)
        return values.isEmpty ? nil : PolicyCondition(condition: condition, key: member.name, values: values)
    }

    private mutating func checkValue(_ value: String, of condition: ConditionOperator, at node: Node) {
        guard condition.test.takesVariables else {
            let written = PolicyCondition(condition: condition, key: "a:b", values: [value])
            if CompiledCondition(written, hasVariables: false) == nil {
                error(
                    .badConditionValue, "`\(value)` is no value for `\(condition.name)`", at: node,
                    remedy: condition.test.valueRemedy)
            }
            return
        }
        guard let text = variableText(value, hasWildcards: false, at: node) else { return }
        if CompiledTest(condition.test, [text]) == nil {
            error(
                .badConditionValue, "`\(value)` is no value for `\(condition.name)`", at: node,
                remedy: condition.test.valueRemedy)
        }
        if case .arn = condition.test.family, text.fixed.map({ !ARNText($0).hasSixParts }) == true {
            warn(
                .matchesNothing, "`\(value)` has not the six parts of an ARN and matches none", at: node.span,
                remedy: "write `*` for each part that does not matter: `arn:aws:s3:*:*:*`")
        }
    }
}

extension Node {
    /// Strings as they are, booleans and numbers as their text; nil for anything else.
    fileprivate var conditionText: String? {
        switch content {
        case .string(let text): text
        case .bool(let value, _): value ? "true" : "false"
        case .number(let number): number.canonicalText
        case .null, .array, .object: nil
        }
    }
}

extension ConditionOperator.Test {
    fileprivate var valueRemedy: String {
        switch family {
        case .numeric: "write a decimal number"
        case .date: "write `2027-01-31T12:00:00Z`, or the seconds since 1970"
        case .bool, .null: "write `true` or `false`"
        case .binary: "write base64"
        case .address: "write an address or a range, such as `203.0.113.0/24`"
        case .string, .arn: "write text"
        }
    }
}
