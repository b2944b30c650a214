/// Finds the operation of a request by `Action` and `Version`.
enum QueryTable {
    private static let operations: [QueryService: [String: QueryOperation]] = {
        let all = [
            Users.operations, Groups.operations, Roles.operations, ManagedPolicies.operations,
            PolicyVersions.operations, PolicyEntities.operations, InlinePolicies.operations, Attachments.operations,
            Boundaries.operations, InstanceProfiles.operations, EntityTags.operations, AccessKeys.operations,
            LoginProfiles.operations, PasswordPolicy.operations, MFADevices.operations, AccountAliases.operations,
            OIDCProviders.operations, SAMLProviders.operations, ServerCertificates.operations,
            SigningCertificates.operations, SSHKeys.operations, ServiceRoles.operations,
            ServiceCredentials.operations, AccountSummary.operations, AuthorizationDetails.operations,
            CredentialReport.operations, CallerIdentity.operations, RoleSessions.operations,
            UserSessions.operations, WebIdentitySessions.operations, SAMLSessions.operations,
            PolicySimulation.operations,
        ].flatMap(\.self)
        return Dictionary(grouping: all, by: \.service).mapValues { operations in
            Dictionary(operations.map { ($0.name, $0) }) { first, _ in first }
        }
    }()

    static func find(_ form: QueryForm, _ service: QueryService) throws(ServiceError) -> QueryOperation {
        guard let action = form["Action"], !action.isEmpty else {
            throw .query(400, "MissingAction", "The request must contain the parameter Action")
        }
        guard !notOffered.contains(action) else {
            throw .query(400, "InvalidAction", "The operation \(action) is not supported by this engine")
        }
        let version = form["Version"] ?? service.version
        guard version == service.version, let operation = operations[service]?[action] else {
            throw .query(
                400, "InvalidAction",
                "Could not find operation \(action.prefix(128)) for version \(version.prefix(32))")
        }
        return operation
    }

    /// Operations of the services that the engine does not have: each answers an error that names it.
    private static let notOffered: Set<String> = [
        "AcceptDelegationRequest", "AssociateDelegationRequest", "CreateDelegationRequest", "GetDelegationRequest",
        "ListDelegationRequests", "RejectDelegationRequest", "SendDelegationToken", "UpdateDelegationRequest",
        "DisableOrganizationsRootCredentialsManagement", "DisableOrganizationsRootSessions",
        "EnableOrganizationsRootCredentialsManagement", "EnableOrganizationsRootSessions",
        "ListOrganizationsFeatures", "GenerateOrganizationsAccessReport", "GetOrganizationsAccessReport",
        "DisableOutboundWebIdentityFederation", "EnableOutboundWebIdentityFederation",
        "GetOutboundWebIdentityFederationInfo", "GenerateServiceLastAccessedDetails", "GetServiceLastAccessedDetails",
        "GetServiceLastAccessedDetailsWithEntities", "GetHumanReadableSummary", "ListPoliciesGrantingServiceAccess",
        "SetSecurityTokenServicePreferences", "AssumeRoot", "GetDelegatedAccessToken", "GetWebIdentityToken",
    ]
}
