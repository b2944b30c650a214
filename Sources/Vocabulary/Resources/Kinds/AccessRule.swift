package import JSON

/// What the value of a field says about who may do what: how a change of it is told to widen or narrow access.
package enum AccessRule: Sendable, Hashable {
    /// What the absence of a policy document means.
    package enum Absence: Sendable, Hashable {
        /// Without a policy the field lets everybody through: the resource policy of an API.
        case allows
        /// Without a policy the field grants nothing: what is attached to a user or a role.
        case denies
    }

    /// A policy document: its Allow statements grant, its Deny statements take away.
    case policy(whenAbsent: Absence)
    /// A map from names to policy documents, each of which grants by itself.
    case policies
    /// A set of which each element grants something.
    case grants
    /// A set of which a caller needs one element; where it is empty, everybody is let through.
    case needsOneOf
    /// Stricter while the field has this value, or holds it if it is a list.
    case strict(JSONValue)
    /// Everybody is let through while the field has this value; any other one says who is.
    case open(JSONValue)
    /// Stricter while the field is there: a boundary, a pattern that tokens must match.
    case strictIfPresent
    /// Says who decides or who is trusted: another value lets others through, and those of before no more.
    case decides
    /// A number: the larger, the more is let through.
    case limit

    /// True if a value between two others can be written that allows what either allows.
    package var hasUnion: Bool {
        switch self {
        case .policy, .policies, .grants: true
        case .needsOneOf, .strict, .open, .strictIfPresent, .decides, .limit: false
        }
    }
}
