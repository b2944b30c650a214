/// One key of one operator, ready for requests.
struct CompiledCondition: Sendable {
    /// In lower case.
    private let key: String
    private let condition: ConditionOperator
    private let test: CompiledTest
    /// The keys of variables that a request must have.
    let requiredKeys: [String]

    /// Nil for a value that is none of the operator's, or that cannot be read; documents have none of those.
    init?(_ written: PolicyCondition, hasVariables: Bool) {
        key = written.key.lowercased()
        condition = written.condition
        var texts: [VariableText] = []
        for value in written.values {
            guard let text = VariableText(value, for: condition.test, hasVariables: hasVariables) else { return nil }
            texts.append(text)
        }
        guard let test = CompiledTest(condition.test, texts) else { return nil }
        self.test = test
        requiredKeys = texts.flatMap(\.requiredKeys)
    }

    func holds(_ request: AccessRequest) -> Bool {
        let values = request.values(key)
        if case .isAbsent(let wanted) = test {
            let isAbsent = values.map(Self.isEmpty) ?? true
            return wanted.contains { $0.value(request, ConditionReading.bool) == isAbsent }
        }
        let isNegated = condition.test.isNegated
        guard let values else {
            if condition.ifExists { return true }
            switch condition.quantifier {
            case .forAllValues: return true
            case .forAnyValue: return false
            case nil: return isNegated
            }
        }
        switch condition.quantifier {
        case .forAllValues:
            return Self.isEmpty(values) || values.allSatisfy { test.matches($0, isNegated: isNegated, request) }
        case .forAnyValue:
            return !Self.isEmpty(values) && values.contains { test.matches($0, isNegated: isNegated, request) }
        // Several values without a set operator: one is enough to be equal, none may be to be different.
        case nil where isNegated: return values.allSatisfy { test.matches($0, isNegated: true, request) }
        case nil: return values.contains { test.matches($0, isNegated: false, request) }
        }
    }

    private static func isEmpty(_ values: [String]) -> Bool { values.allSatisfy(\.isEmpty) }
}

extension VariableText {
    /// A value of a condition as its operator reads it; nil where `${...}` cannot be read.
    init?(_ value: String, for test: ConditionOperator.Test, hasVariables: Bool) {
        let hasWildcards =
            switch test.family {
            case .arn, .string(_, hasWildcards: true): true
            default: false
            }
        do {
            try self.init(value, hasWildcards: hasWildcards, hasVariables: hasVariables && test.takesVariables)
        } catch {
            return nil
        }
    }
}
