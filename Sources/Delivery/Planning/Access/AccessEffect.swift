package import JSON
package import Resources

/// What a change does to who may do what; empty if it does nothing to it.
package struct AccessEffect: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Somebody may do more than before.
    package static let widens = AccessEffect(rawValue: 1)
    /// Somebody may do less than before.
    package static let narrows = AccessEffect(rawValue: 2)
    package static let both: AccessEffect = [.widens, .narrows]
}

extension AccessEffect {
    /// What becoming `after` from `before` does, by the kind's table; nil stands for an object that is not there.
    ///
    /// It may say too much and never too little: a change that lets more through is never called anything else. Values
    /// are compared as they are written, so references to the same object say the same.
    package init(of kind: ResourceKind, from before: JSONValue?, to after: JSONValue?) {
        self = AccessChange.all(of: kind, from: before, to: after).reduce(into: []) { $0.formUnion($1.effect) }
    }

    /// For plan files and messages: `widens`, `narrows`, `both`.
    package var word: String {
        switch self {
        case .widens: "widens"
        case .narrows: "narrows"
        case .both: "both"
        default: "neither"
        }
    }
}

/// One property whose change widens or narrows access.
package struct AccessChange: Sendable, Hashable {
    /// `methodSettings["*/*"].throttlingRateLimit`; empty for the object as a whole, which comes or goes.
    package let path: String
    /// Never empty.
    package let effect: AccessEffect

    /// In the order of the kind's table; empty for a kind without one.
    package static func all(of kind: ResourceKind, from before: JSONValue?, to after: JSONValue?) -> [AccessChange] {
        KindTable.object(kind).map { all(by: $0, from: before, to: after) } ?? []
    }

    static func all(by schema: KindSchema, from before: JSONValue?, to after: JSONValue?) -> [AccessChange] {
        guard before != after else { return [] }
        // What is not there yet or any more: its restrictions keep nobody out.
        let possible: AccessEffect = before == nil ? .widens : after == nil ? .narrows : .both
        var found: [AccessChange] = []
        if schema.grantsByExisting, possible != .both { found.append(AccessChange(path: "", effect: possible)) }
        for change in FieldChange.all(schema.fields, from: before, to: after) {
            guard let rule = change.field.access else { continue }
            let effect = rule.effect(from: change.before, to: change.after).intersection(possible)
            if !effect.isEmpty { found.append(AccessChange(path: change.path, effect: effect)) }
        }
        return found
    }
}
