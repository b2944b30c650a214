/// Every kind's table, by kind.
package enum KindTable {
    /// Kinds that users write, in the order of pages.
    package static let manifests: [KindSchema] = [environment, restAPIManifest]

    /// Kinds that manifests expand to, in the order of their names.
    package static let objects: [KindSchema] = [
        authorizer, deployment, documentationPart, documentationVersion, gatewayResponse, method, model,
        requestValidator, resource, restAPI, stage,
    ]

    /// Kinds of the architecture that a manifest may not have yet: refused by name.
    package static let notManagedYet: [String] = [
        "Account", "ApiKey", "ClientCertificate", "DomainName", "Function", "Group", "InstanceProfile", "OIDCProvider",
        "Policy", "Role", "SAMLProvider", "UsagePlan", "User", "VpcLink",
    ]

    private static let manifestsByName = Dictionary(uniqueKeysWithValues: manifests.map { ($0.kind.rawValue, $0) })
    private static let objectsByKind = Dictionary(uniqueKeysWithValues: objects.map { ($0.kind, $0) })

    /// The table of a kind that users write.
    package static func manifest(_ kind: String) -> KindSchema? { manifestsByName[kind] }

    /// The table of a kind that manifests expand to.
    package static func object(_ kind: ResourceKind) -> KindSchema? { objectsByKind[kind] }
}

extension KindTable {
    /// `metadata` of a manifest of the kind. An Environment is on no target, so there is nothing to take over.
    package static func metadataFields(of kind: ResourceKind) -> [FieldSchema] {
        let name = FieldSchema(
            "name", .text(.manifestName), "The name in plans, references and messages; unique per kind."
        ).required
        return kind == .environment ? [name] : [name, previousName, adopt]
    }

    private static let previousName = FieldSchema(
        "previousName", .text(.manifestName),
        "The name that the object had before: it is renamed, and not made again. May stay until the name is used again."
    )
    private static let adopt = FieldSchema(
        "adopt", .text(0...256),
        "What the target calls an object that is there already: it is taken over. May stay; empty is as if absent.")
}
