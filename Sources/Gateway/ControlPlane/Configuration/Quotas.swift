/// How many objects the engine lets one account or API have; the service's defaults unless configured.
///
/// - Note: Source: AWS general reference, "Amazon API Gateway endpoints and quotas", read 2026-11.
package struct Quotas: Sendable, Hashable {
    package var restAPIs = 600
    package var stagesPerAPI = 10
    package var resourcesPerAPI = 300
    package var authorizersPerAPI = 10
    package var documentationPartsPerAPI = 2000
    package var modelsPerAPI = 200
    package var requestValidatorsPerAPI = 100
    package var deploymentsPerAPI = 200
    /// Bytes of one imported definition.
    package var definitionBytes = 6 << 20
    /// Characters of one mapping template.
    package var templateCharacters = 300 << 10
    package var tagsPerObject = 50
    /// What IAM lets one account have.
    package var iam = IAMQuotas()
    package var apiKeys = 10_000
    package var usagePlans = 300
    package var clientCertificates = 60
    package var vpcLinks = 20
    package var domainNames = 120
    package var basePathMappingsPerDomain = 200

    package init() {}

    /// The names that ``set(_:)`` knows, in the order of the manual.
    package static let names: [(name: String, path: any WritableKeyPath<Quotas, Int> & Sendable)] = [
        ("rest-apis", \.restAPIs),
        ("stages-per-api", \.stagesPerAPI),
        ("resources-per-api", \.resourcesPerAPI),
        ("authorizers-per-api", \.authorizersPerAPI),
        ("documentation-parts-per-api", \.documentationPartsPerAPI),
        ("models-per-api", \.modelsPerAPI),
        ("request-validators-per-api", \.requestValidatorsPerAPI),
        ("deployments-per-api", \.deploymentsPerAPI),
        ("definition-bytes", \.definitionBytes),
        ("template-characters", \.templateCharacters),
        ("tags-per-object", \.tagsPerObject),
        ("iam-users", \.iam.users),
        ("iam-groups", \.iam.groups),
        ("iam-roles", \.iam.roles),
        ("iam-policies", \.iam.policies),
        ("iam-instance-profiles", \.iam.instanceProfiles),
        ("iam-groups-per-user", \.iam.groupsPerUser),
        ("iam-attached-policies", \.iam.attachedPolicies),
        ("iam-server-certificates", \.iam.serverCertificates),
        ("api-keys", \.apiKeys),
        ("usage-plans", \.usagePlans),
        ("client-certificates", \.clientCertificates),
        ("vpc-links", \.vpcLinks),
        ("domain-names", \.domainNames),
        ("base-path-mappings-per-domain", \.basePathMappingsPerDomain),
    ]

    /// Sets one quota from `name=N`, the form of `--quota`.
    ///
    /// - Throws: `control-plane.quota-unknown` or `control-plane.quota-invalid`.
    package mutating func set(_ assignment: String) throws(EngineFailure) {
        let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let known = Self.names.first(where: { $0.name == parts[0] }) else {
            let names = Self.names.map { "`\($0.name)`" }.joined(separator: ", ")
            throw EngineFailure(.quotaUnknown, "there is no quota `\(parts[0])`; the quotas are \(names)")
        }
        guard parts.count == 2, let value = Int(parts[1]), value >= 0, value <= 1_000_000_000 else {
            throw EngineFailure(
                .quotaInvalid,
                "the quota `\(known.name)` needs a whole number from 0 to 1000000000, as in `\(known.name)=10`")
        }
        self[keyPath: known.path] = value
    }
}
