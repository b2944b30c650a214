import Synchronization

/// What an authorizer has said, by who asked: kept for the authorizer's time, and as long as its stage's snapshot. A
/// request takes one short lock.
final class GrantCache<Grant: Sendable>: ForgetfulCache {
    private struct Entry {
        var grant: Grant
        /// Milliseconds since 1970.
        var end: Int64
    }

    private let entries = Mutex<[[String]: Entry]>([:])

    func grant(_ key: [String], at milliseconds: Int64) -> Grant? {
        entries.withLock { entries in
            guard let entry = entries[key] else { return nil }
            guard milliseconds < entry.end else {
                entries[key] = nil
                return nil
            }
            return entry.grant
        }
    }

    func keep(_ grant: Grant, _ key: [String], from milliseconds: Int64, seconds: Int) {
        entries.withLock { entries in
            if entries.count >= Limits.authorizerGrantsMax {
                entries = entries.filter { milliseconds < $0.value.end }
                // Still full: better asked again than grown.
                if entries.count >= Limits.authorizerGrantsMax { entries.removeAll(keepingCapacity: true) }
            }
            entries[key] = Entry(grant: grant, end: milliseconds + Int64(seconds) * 1000)
        }
    }

    func forget() { entries.withLock { $0.removeAll() } }

    var count: Int { entries.withLock { $0.count } }
}

/// A cache that can be told to begin anew.
protocol ForgetfulCache: Sendable {
    func forget()
}
