extension PolicyLayers {
    /// Whether the caller may do the action to some resource, in some circumstances: what can be told of a request whose
    /// resource is not known. Where it is true, a decision on the resource may still deny.
    ///
    /// Resources and conditions are not looked at, but for a denial of the action on everything, whatever the
    /// circumstances.
    package func mayAllow(_ request: AccessRequest) -> Bool {
        let all = identity + [boundary, session].compactMap { $0 }
        if all.contains(where: { $0.deniesAlways(request) }) { return false }
        guard request.caller.kind == .root || identity.contains(where: { $0.mayGrant(request) }) else { return false }
        if let boundary, !boundary.mayGrant(request) { return false }
        return session.map { $0.mayGrant(request) } ?? (request.caller.kind != .federatedUser)
    }
}

extension PolicySet {
    fileprivate func mayGrant(_ request: AccessRequest) -> Bool {
        statements.contains { $0.effect == .allow && $0.matchesAction(request) }
    }

    fileprivate func deniesAlways(_ request: AccessRequest) -> Bool {
        statements.contains { $0.effect == .deny && $0.isUnconditional && $0.matches(request) }
    }
}
