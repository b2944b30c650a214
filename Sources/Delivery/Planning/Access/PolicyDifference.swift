import JSON
import Resources

/// How one policy document becomes another, by its statements: which allow and which deny what the other did not.
///
/// A statement counts as covered only where that is certain by what is written, so the effect may be called wider than
/// it is, and never narrower. Documents are in normal form; one that is not readable as statements counts as another
/// in every respect.
struct PolicyDifference {
    let effect: AccessEffect
    private let before: PolicyStatements?
    private let after: PolicyStatements?

    /// - Parameters: Nil or null stands for no policy.
    init(_ before: JSONValue?, _ after: JSONValue?, whenAbsent absence: AccessRule.Absence) {
        let old = before.flatMap { $0.isNull ? nil : $0 }
        let new = after.flatMap { $0.isNull ? nil : $0 }
        self.before = old.flatMap(PolicyStatements.init)
        self.after = new.flatMap(PolicyStatements.init)
        switch (old, new) {
        case (nil, nil): effect = []
        case (nil, _?): effect = Self.effect(appears: self.after, absence)
        case (_?, nil): effect = Self.effect(appears: self.before, absence).inverted
        case (_?, _?): effect = old == new ? [] : Self.effect(self.before, self.after)
        }
    }

    /// The Allow statements of both, and the Deny statements of each that the other has too.
    ///
    /// Everything that either document allows is allowed. The names of statements are left out: two of one name may
    /// not stand in one document.
    var union: JSONValue? {
        guard let before, let after else { return nil }
        let allows = before.allows + after.allows
        let denies =
            before.denies.filter { $0.isCovered(by: after.denies) }
            + after.denies.filter { $0.isCovered(by: before.denies) }
        var document = after.document
        document["Statement"] = .array(Self.unique(allows + denies).map { .object($0.members) })
        return .object(document)
    }

    private static func unique(_ statements: [PolicyStatement]) -> [PolicyStatement] {
        var seen: Set<PolicyStatement> = []
        return statements.filter { seen.insert($0).inserted }
    }

    private static func effect(_ before: PolicyStatements?, _ after: PolicyStatements?) -> AccessEffect {
        guard let before, let after else { return .both }
        // Another version of the language reads the same text in another way.
        guard before.document["Version"] == after.document["Version"] else { return .both }
        var effect: AccessEffect = []
        if !after.allows.areCovered(by: before.allows) { effect.insert(.widens) }
        if !before.allows.areCovered(by: after.allows) { effect.insert(.narrows) }
        if !before.denies.areCovered(by: after.denies) { effect.insert(.widens) }
        if !after.denies.areCovered(by: before.denies) { effect.insert(.narrows) }
        return effect
    }

    private static func effect(
        appears policy: PolicyStatements?, _ absence: AccessRule.Absence
    ) -> AccessEffect {
        guard let policy else { return .both }
        switch absence {
        // Deny statements alone grant nothing, but they take away what another policy grants.
        case .denies:
            var effect: AccessEffect = []
            if !policy.allows.isEmpty { effect.insert(.widens) }
            if !policy.denies.isEmpty { effect.insert(.narrows) }
            return effect
        // Somebody named may come from where nobody was let in; everybody else is let in no more.
        case .allows: return policy.allows.allSatisfy(\.isForEverybody) ? .narrows : .both
        }
    }
}

extension AccessEffect {
    /// The effect of the way back.
    fileprivate var inverted: AccessEffect {
        switch self {
        case .widens: .narrows
        case .narrows: .widens
        default: self
        }
    }
}

extension [PolicyStatement] {
    fileprivate func areCovered(by others: [PolicyStatement]) -> Bool { allSatisfy { $0.isCovered(by: others) } }
}
