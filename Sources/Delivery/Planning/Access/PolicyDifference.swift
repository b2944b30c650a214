import IAMPolicy
import JSON
import Resources

/// How one policy document becomes another, by its statements: which allow and which deny what the other did not.
///
/// A statement counts as covered only where that is certain by what is written, so the effect may be called wider than
/// it is, and never narrower. Documents are in normal form; one that is not readable as statements counts as another
/// in every respect.
struct PolicyDifference {
    let effect: AccessEffect
    private let before: WrittenPolicy?
    private let after: WrittenPolicy?

    /// - Parameters: Nil or null stands for no policy.
    init(_ before: JSONValue?, _ after: JSONValue?, whenAbsent absence: AccessRule.Absence) {
        let old = before.flatMap { $0.isNull ? JSONValue?.none : $0 }
        let new = after.flatMap { $0.isNull ? JSONValue?.none : $0 }
        // No policy is one without statements where it grants nothing, and none at all where it lets everybody through.
        self.before = Self.statements(old, absence, like: new)
        self.after = Self.statements(new, absence, like: old)
        switch (old, new, absence) {
        case (nil, nil, _): effect = []
        case (nil, _?, .allows): effect = Self.effect(appears: self.after)
        case (_?, nil, .allows): effect = Self.effect(appears: self.before).inverted
        default: effect = old == new ? [] : Self.effect(self.before, self.after)
        }
    }

    /// The Allow statements of both, and the Deny statements of each that the other has too.
    ///
    /// Everything that either document allows is allowed. Nil where nothing is certain of one of them. The names of statements are left out: two of one name may
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

    private static func unique(_ statements: [WrittenStatement]) -> [WrittenStatement] {
        var seen: Set<WrittenStatement> = []
        return statements.filter { seen.insert($0).inserted }
    }

    private static func effect(_ before: WrittenPolicy?, _ after: WrittenPolicy?) -> AccessEffect {
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

    /// Somebody named may come from where nobody was let in; everybody else is let in no more.
    private static func effect(appears policy: WrittenPolicy?) -> AccessEffect {
        policy?.allows.allSatisfy(\.isForEverybody) == true ? .narrows : .both
    }

    private static func statements(
        _ policy: JSONValue?, _ absence: AccessRule.Absence, like other: JSONValue?
    ) -> WrittenPolicy? {
        if let policy { return WrittenPolicy(policy) }
        guard absence == .denies else { return nil }
        var document: JSONObject = ["Statement": []]
        document["Version"] = other?["Version"]
        return WrittenPolicy(.object(document))
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

extension [WrittenStatement] {
    fileprivate func areCovered(by others: [WrittenStatement]) -> Bool { allSatisfy { $0.isCovered(by: others) } }
}
