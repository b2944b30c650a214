import Synchronization

/// Credentials of roles, made when they are first needed and kept until shortly before they end.
///
/// Their source is swapped whole when the account changes, so a role, a trust or a permission that is gone is gone for
/// the next request. A request takes one short lock here.
package final class RoleRegistry: Sendable {
    private struct Use: Hashable {
        var role: String
        var service: String
        var source: String
    }

    private struct State {
        var source: (any RoleCredentials)?
        var generation = 0
        var made: [Use: TemporaryCredentials] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// From now on this one is asked; before the first call there are no roles.
    package func publish(_ source: any RoleCredentials) {
        state.withLock { $0 = State(source: source, generation: $0.generation + 1) }
    }

    /// - Parameters:
    ///   - source: `aws:SourceArn`: each has a session of its own, since the role may trust one and not another.
    ///   - milliseconds: Since 1970; what is given lives ``Limits/roleCredentialsLeftSeconds`` longer at least.
    package func credentials(
        ofRole arn: String, service: String, source sourceARN: String, at milliseconds: Int64
    ) throws(RoleRefusal) -> TemporaryCredentials {
        let use = Use(role: arn, service: service, source: sourceARN)
        let (known, source, generation) = state.withLock { ($0.made[use], $0.source, $0.generation) }
        if let known, known.expires - Limits.roleCredentialsLeftSeconds > Int(milliseconds / 1000) { return known }
        guard let source else { throw .unavailable("the account is not loaded") }
        // Outside the lock: a policy may have to be compiled, and a token has to be sealed.
        let made = try source.credentials(ofRole: arn, service: service, source: sourceARN, at: milliseconds)
        state.withLock { state in
            // What an older account said must not outlive it.
            guard state.generation == generation else { return }
            if state.made.count >= Limits.roleCredentialsMax { state.made.removeAll(keepingCapacity: true) }
            state.made[use] = made
        }
        return made
    }
}
