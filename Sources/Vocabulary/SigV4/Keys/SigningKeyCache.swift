internal import Synchronization

/// Derived keys, so that a check costs one HMAC instead of five.
///
/// Shared by all connections of a listener; holds at most ``Limits/derivedKeysMax`` keys.
package final class SigningKeyCache: Sendable {
    private struct Name: Hashable {
        var accessKeyID: String
        var day: String
        var scope: SigningScope
    }

    private struct Entry {
        /// A key id may get another secret (root credentials set anew): its old keys must not serve.
        var secret: String
        var key: SigningKey
    }

    private let entries = Mutex<[Name: Entry]>([:])
    private let keysMax: Int

    package init(keysMax: Int = Limits.derivedKeysMax) { self.keysMax = max(keysMax, 1) }

    /// How many keys it holds now.
    package var count: Int { entries.withLock { $0.count } }

    func key(accessKeyID: String, secret: String, day: String, scope: SigningScope) -> SigningKey {
        let name = Name(accessKeyID: accessKeyID, day: day, scope: scope)
        if let entry = entries.withLock({ $0[name] }), entry.secret == secret { return entry.key }
        let key = SigningKey(secret: secret, day: day, scope: scope)
        entries.withLock { entries in
            // Days pass and nobody signs for yesterday any more: the full cache starts again with today's keys.
            if entries.count >= keysMax { entries = entries.filter { $0.key.day == day } }
            if entries.count >= keysMax { entries.removeAll(keepingCapacity: true) }
            entries[name] = Entry(secret: secret, key: key)
        }
        return key
    }
}
