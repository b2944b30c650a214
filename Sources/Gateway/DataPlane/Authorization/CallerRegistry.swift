import SigV4
import Synchronization

/// Who may sign requests to routes under IAM control.
///
/// The directory is swapped whole, so a key, a session or a policy that is gone is gone for the next request. What was
/// found is kept until then: a request takes one short lock here; routes without signatures never come here.
package final class CallerRegistry: Sendable {
    private struct Credentials: Hashable {
        var accessKeyID: String
        var sessionToken: String?
    }

    private struct State {
        var directory: (any CallerDirectory)?
        var generation = 0
        var known: [Credentials: KnownCaller] = [:]
    }

    private let state = Mutex(State())
    /// With the keys that were derived from secrets, which it keeps.
    let verifier = Verifier()

    package init() {}

    /// From now on these are the callers; nobody before the first call.
    package func publish(_ directory: any CallerDirectory) {
        state.withLock { $0 = State(directory: directory, generation: $0.generation + 1) }
    }

    func caller(accessKeyID: String, sessionToken: String?) -> KnownCaller? {
        let credentials = Credentials(accessKeyID: accessKeyID, sessionToken: sessionToken)
        let (known, directory, generation) = state.withLock { ($0.known[credentials], $0.directory, $0.generation) }
        if let known { return known }
        // Outside the lock: a secret has to be opened, and policies may have to be compiled.
        guard let found = directory?.caller(accessKeyID: accessKeyID, sessionToken: sessionToken) else { return nil }
        state.withLock { state in
            // What an older directory said must not outlive it.
            guard state.generation == generation else { return }
            if state.known.count >= Limits.knownCallersMax { state.known.removeAll(keepingCapacity: true) }
            state.known[credentials] = found
        }
        return found
    }

    /// How many callers are kept now.
    var count: Int { state.withLock { $0.known.count } }
}
