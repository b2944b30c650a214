package import IAMPolicy
import Synchronization

/// Who has an access key, with all that a decision about its requests needs. A class, so that an exchange carries one
/// pointer.
package final class KnownCaller: Sendable {
    package let accessKeyID: String
    let secret: String
    package let caller: Caller
    /// Everything but the policy of the API.
    package let layers: PolicyLayers
    /// Condition keys that follow from the credentials: tags, when a token was issued.
    package let facts: RequestContext
    /// When the credentials end, in seconds since 1970; nil for keys that stay.
    let expires: Int?
    /// When the caller proved a second factor, in seconds since 1970; nil if it did not.
    let factorTime: Int?
    private let onUse: (@Sendable (Int) -> Void)?
    private let minute = Atomic(Int.min)

    /// - Parameter onUse: Told, on an event loop, of each minute in which a signature was right, by a second of it; must
    ///   not block.
    package init(
        accessKeyID: String, secret: String, caller: Caller, layers: PolicyLayers,
        facts: RequestContext = RequestContext(), expires: Int? = nil, factorTime: Int? = nil,
        onUse: (@Sendable (Int) -> Void)? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secret = secret
        self.caller = caller
        self.layers = layers
        self.facts = facts
        self.expires = expires
        self.factorTime = factorTime
        self.onUse = onUse
    }

    /// A signature of the caller was right.
    func note(useAt now: Int) {
        guard let onUse, minute.exchange(now / 60, ordering: .relaxed) != now / 60 else { return }
        onUse(now)
    }
}

/// Finds who has an access key. It answers for one moment and is replaced when something changes; it is asked on event
/// loops, so it must not block.
package protocol CallerDirectory: Sendable {
    /// Nil when nobody has the key, it is not active, or the session token does not belong to it.
    func caller(accessKeyID: String, sessionToken: String?) -> KnownCaller?
}
