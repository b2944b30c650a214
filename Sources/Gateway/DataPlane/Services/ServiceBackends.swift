import SigV4

/// The services that integrations of all stages call, and the roles that they call them as. A class, shared by all
/// stages.
package final class ServiceBackends: Sendable {
    package let endpoints: EndpointMap
    /// Credentials for integrations, and for whoever else acts as a role.
    package let roles = RoleRegistry()
    /// Keys that were derived for signatures.
    let keys = SigningKeyCache()
    /// Of user pools whose tokens authorizers read.
    let keySets = KeySetRegistry()

    package init(_ endpoints: EndpointMap = EndpointMap()) { self.endpoints = endpoints }
}
