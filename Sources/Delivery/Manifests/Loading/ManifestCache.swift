import Synchronization

/// Parsed files by path and content, shared by the environments of one repository: equal bytes are parsed once.
///
/// It keeps what was used since the turn before the last one, and starts anew when that is more than
/// ``Limits/cachedBytes`` of source text.
package final class ManifestCache: Sendable {
    private let state = Mutex(State())

    private struct State {
        var slots: [Key: Slot] = [:]
        var bytes = 0
        var turn = 0
        var parsed = 0
    }

    struct Key: Hashable, Sendable {
        enum Use: Hashable, Sendable { case manifest(isNamed: Bool), definition, configuration }

        let path: String
        let contentID: String
        let use: Use
    }

    /// INVARIANT: `turn` and `bytes` are used under the cache's lock alone.
    private final class Slot: @unchecked Sendable {
        let value = Mutex<(any Sendable)?>(nil)
        var turn: Int
        let bytes: Int

        init(turn: Int, bytes: Int) {
            self.turn = turn
            self.bytes = bytes
        }
    }

    package init() {}

    /// Files that were parsed so far.
    package var parsedCount: Int { state.withLock { $0.parsed } }

    /// Lets go of what was not used since the turn before.
    package func turn() {
        state.withLock { state in
            state.slots = state.slots.filter { $0.value.turn >= state.turn }
            state.bytes = state.slots.values.reduce(0) { $0 + $1.bytes }
            state.turn += 1
        }
    }

    func known<Value: Sendable>(_ key: Key) -> Value? {
        let slot = state.withLock { state in
            state.slots[key]?.turn = state.turn
            return state.slots[key]
        }
        return slot?.value.withLock { $0 } as? Value
    }

    /// The value of the key; `make` is called only by the first who asks.
    func value<Value: Sendable>(_ key: Key, bytes: Int, _ make: () -> Value) -> Value {
        let slot = state.withLock { state in
            if let slot = state.slots[key] { return slot }
            if state.bytes + bytes > Limits.cachedBytes {
                state.slots = [:]
                state.bytes = 0
            }
            let slot = Slot(turn: state.turn, bytes: bytes)
            state.slots[key] = slot
            state.bytes += bytes
            return slot
        }
        return slot.value.withLock { kept in
            if let value = kept as? Value { return value }
            state.withLock { $0.parsed += 1 }
            let value = make()
            kept = value
            return value
        }
    }
}

extension ManifestCache? {
    /// As ``ManifestCache/value(_:bytes:_:)``, or `make` where there is no cache or the content has no id.
    func value<Value: Sendable>(
        _ path: String, _ contentID: String?, _ use: ManifestCache.Key.Use, bytes: Int, _ make: () -> Value
    ) -> Value {
        guard let self, let contentID else { return make() }
        return self.value(ManifestCache.Key(path: path, contentID: contentID, use: use), bytes: bytes, make)
    }

    func known<Value: Sendable>(_ entry: TreeEntry, _ use: ManifestCache.Key.Use) -> Value? {
        guard let self, let contentID = entry.contentID else { return nil }
        return self.known(ManifestCache.Key(path: entry.path, contentID: contentID, use: use))
    }
}
