/// The policies that have a say in a request, each compiled once and shared by all requests.
package struct PolicyLayers: Sendable {
    /// Of the user and of each group, or of the role; their order decides only which statement is named.
    package var identity: [PolicySet]
    /// Nil if the user or role has none.
    package var boundary: PolicySet?
    /// Nil if the session was given none.
    package var session: PolicySet?
    /// Nil if the resource has none.
    package var resource: PolicySet?
    /// True for a role's trust policy: the resource's policy must allow by itself.
    package var resourceMustAllow: Bool

    package init(
        identity: [PolicySet] = [], boundary: PolicySet? = nil, session: PolicySet? = nil, resource: PolicySet? = nil,
        resourceMustAllow: Bool = false
    ) {
        self.identity = identity
        self.boundary = boundary
        self.session = session
        self.resource = resource
        self.resourceMustAllow = resourceMustAllow
    }
}
