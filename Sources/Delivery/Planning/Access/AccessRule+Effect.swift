import JSON
import Resources

extension AccessRule {
    /// What another value of the field does; nil stands for a field that is absent.
    func effect(from before: JSONValue?, to after: JSONValue?) -> AccessEffect {
        guard before != after else { return [] }
        switch self {
        case .policy(let absence): return PolicyDifference(before, after, whenAbsent: absence).effect
        case .policies: return Self.policies(before?.object ?? [:], after?.object ?? [:])
        case .grants: return Self.subsets(Self.elements(before), Self.elements(after))
        case .needsOneOf: return Self.needsOneOf(Self.elements(before), Self.elements(after))
        case .strict(let value):
            let wasStrict = Self.holds(before, value)
            guard wasStrict != Self.holds(after, value) else { return [] }
            return wasStrict ? .widens : .narrows
        case .open(let value): return before == value ? .narrows : after == value ? .widens : .both
        case .strictIfPresent: return before == nil ? .narrows : after == nil ? .widens : .both
        // Where it comes or goes, another field says from when on somebody decides.
        case .decides: return before == nil || after == nil ? [] : .both
        case .limit: return Self.limit(before, after)
        }
    }

    /// A document that allows what either allows; nil if there is none, or if it is one of the two.
    func union(_ before: JSONValue?, _ after: JSONValue?) -> JSONValue? {
        switch self {
        case .policy(let absence): PolicyDifference(before, after, whenAbsent: absence).union
        case .policies: Self.union(before?.object ?? [:], after?.object ?? [:])
        case .grants: .array(Self.ordered(Self.elements(before).union(Self.elements(after))))
        case .needsOneOf, .strict, .open, .strictIfPresent, .decides, .limit: nil
        }
    }

    private static func elements(_ value: JSONValue?) -> Set<JSONValue> {
        guard let value, !value.isNull else { return [] }
        return Set(value.array ?? [value])
    }

    /// As normal forms have sets.
    private static func ordered(_ elements: Set<JSONValue>) -> [JSONValue] {
        elements.sorted { ($0.string ?? $0.text(.canonical)) < ($1.string ?? $1.text(.canonical)) }
    }

    private static func subsets(_ before: Set<JSONValue>, _ after: Set<JSONValue>) -> AccessEffect {
        var effect: AccessEffect = []
        if !after.isSubset(of: before) { effect.insert(.widens) }
        if !before.isSubset(of: after) { effect.insert(.narrows) }
        return effect
    }

    private static func needsOneOf(_ before: Set<JSONValue>, _ after: Set<JSONValue>) -> AccessEffect {
        if before.isEmpty { return after.isEmpty ? [] : .narrows }
        return after.isEmpty ? .widens : subsets(before, after)
    }

    private static func holds(_ value: JSONValue?, _ wanted: JSONValue) -> Bool {
        value == wanted || value?.array?.contains(wanted) == true
    }

    private static func limit(_ before: JSONValue?, _ after: JSONValue?) -> AccessEffect {
        switch (before?.number?.double, after?.number?.double) {
        // Without a number there is no limit.
        case (nil, nil): []
        case (nil, _?): .narrows
        case (_?, nil): .widens
        case (let old?, let new?): old < new ? .widens : new < old ? .narrows : []
        }
    }

    private static func policies(_ before: JSONObject, _ after: JSONObject) -> AccessEffect {
        Set(before.names + after.names).reduce(into: []) { effect, name in
            effect.formUnion(PolicyDifference(before[name], after[name], whenAbsent: .denies).effect)
        }
    }

    private static func union(_ before: JSONObject, _ after: JSONObject) -> JSONValue? {
        var union = JSONObject()
        for name in Set(before.names + after.names).sorted() {
            let difference = PolicyDifference(before[name], after[name], whenAbsent: .denies)
            switch difference.effect {
            case .both:
                guard let both = difference.union else { return nil }
                if both["Statement"] != [] { union[name] = both }
            case .narrows: union[name] = before[name]
            default: union[name] = after[name]
            }
        }
        return .object(union)
    }
}
