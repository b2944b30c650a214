/// How much IAM lets one account and one entity have; the service's defaults unless configured.
///
/// - Note: Source: IAM user guide, "IAM and AWS STS quotas", read 2026-11.
package struct IAMQuotas: Sendable, Hashable {
    package var users = 5000
    package var groups = 300
    package var roles = 1000
    package var policies = 1500
    package var instanceProfiles = 1000
    package var groupsPerUser = 10
    /// Managed policies of one user, group or role.
    package var attachedPolicies = 10
    package var serverCertificates = 20
    var versionsPerPolicy: Int { 5 }
    var accessKeysPerUser: Int { 2 }
    var mfaDevicesPerUser: Int { 8 }
    var oidcProviders: Int { 100 }
    var samlProviders: Int { 100 }
    var signingCertificatesPerUser: Int { 2 }
    var sshKeysPerUser: Int { 5 }

    package init() {}
}
