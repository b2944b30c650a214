import NIOCore
import Synchronization

/// The keys of the user pools of all stages, fetched when the first token needs them. A request takes one short lock.
final class KeySetRegistry: Sendable {
    private struct Entry {
        var keys = KeySet()
        /// Ends when the fetch that is under way does.
        var fetch: EventLoopFuture<Void>?
    }

    private let entries = Mutex<[KeySource: Entry]>([:])

    /// - Parameter now: Milliseconds since 1970.
    func find(_ keyID: String, of source: KeySource, at now: Int64) -> KeySet.Answer {
        entries.withLock { entries in
            guard let entry = entries[source] else { return .mustFetch }
            let answer = entry.keys.answer(keyID, at: now)
            // The keys that are on their way may have it.
            if entry.fetch != nil {
                switch answer {
                case .unknown, .unavailable: return .mustFetch
                case .key, .mustFetch: break
                }
            }
            return answer
        }
    }

    /// Asks for the keys, once at a time for each pool; never fails: what came is for ``find(_:of:at:)`` to say.
    func fetch(_ source: KeySource, at now: Int64, by fetcher: KeyFetcher) -> EventLoopFuture<Void> {
        let promise = fetcher.eventLoop.makePromise(of: Void.self)
        let running = entries.withLock { entries -> EventLoopFuture<Void>? in
            if let running = entries[source]?.fetch { return running }
            if entries.count >= Limits.keySourcesMax, entries[source] == nil {
                entries = entries.filter { $0.value.fetch != nil }
            }
            entries[source, default: Entry()].keys.began(at: now)
            entries[source]?.fetch = promise.futureResult
            return nil
        }
        if let running {
            promise.succeed()
            return running.hop(to: fetcher.eventLoop)
        }
        fetcher.run(source).whenComplete { result in
            let keys: Result<[String: WebKey], KeySetFailure> =
                switch result {
                case .success(let keys): keys
                case .failure(let error): .failure(KeySetFailure("\(error)"))
                }
            self.entries.withLock { entries in
                entries[source]?.keys.ended(keys, at: now)
                entries[source]?.fetch = nil
            }
            promise.succeed()
        }
        return promise.futureResult
    }
}
