import JSON

/// `GetAccountSummary`: how many there are of what, beside the quotas.
enum AccountSummary {
    static let operations: [QueryOperation] = [
        QueryOperation("GetAccountSummary") { (workspace, call) throws(ServiceError) in
            let identity = workspace.identity
            let quotas = call.quotas
            let devices = identity.all(.mfaDevice)
            let numbers: [(String, Int)] = [
                ("Users", identity.count(.user)), ("UsersQuota", quotas.users),
                ("Groups", identity.count(.group)), ("GroupsQuota", quotas.groups),
                ("Roles", identity.count(.role)), ("RolesQuota", quotas.roles),
                ("Policies", identity.count(.policy)), ("PoliciesQuota", quotas.policies),
                ("InstanceProfiles", identity.count(.instanceProfile)),
                ("InstanceProfilesQuota", quotas.instanceProfiles),
                ("ServerCertificates", identity.count(.serverCertificate)),
                ("ServerCertificatesQuota", quotas.serverCertificates),
                ("Providers", identity.count(.oidcProvider) + identity.count(.samlProvider)),
                ("MFADevices", devices.count), ("MFADevicesInUse", devices.count { $0.owner != nil }),
                ("PolicyVersionsInUse", identity.all(.policy).reduce(0) { $0 + PolicyVersions.all($1).count }),
                ("PolicyVersionsInUseQuota", 10000), ("VersionsPerPolicyQuota", quotas.versionsPerPolicy),
                ("PolicySizeQuota", ManagedPolicies.sizeMax), ("UserPolicySizeQuota", 2048),
                ("GroupPolicySizeQuota", 5120), ("RolePolicySizeQuota", 10240),
                ("AssumeRolePolicySizeQuota", TrustPolicies.sizeMax),
                ("AttachedPoliciesPerUserQuota", quotas.attachedPolicies),
                ("AttachedPoliciesPerGroupQuota", quotas.attachedPolicies),
                ("AttachedPoliciesPerRoleQuota", quotas.attachedPolicies),
                ("GroupsPerUserQuota", quotas.groupsPerUser), ("AccessKeysPerUserQuota", quotas.accessKeysPerUser),
                ("SigningCertificatesPerUserQuota", quotas.signingCertificatesPerUser),
                ("AccountAccessKeysPresent", 1), ("AccountMFAEnabled", 0), ("AccountSigningCertificatesPresent", 0),
                ("GlobalEndpointTokenVersion", 1),
            ]
            return ["SummaryMap": .queryMap(numbers.map { ($0.0, .number(JSONNumber($0.1))) })]
        }
    ]
}
