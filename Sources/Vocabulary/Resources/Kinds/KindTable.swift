/// Every kind's table, by kind.
package enum KindTable {
    /// Kinds that users write, in the order of pages.
    package static let manifests: [KindSchema] = [environment, restAPIManifest] + ownObjects

    /// Kinds of which a manifest is one object: one table says what is written and what is there.
    package static let ownObjects: [KindSchema] = [
        user, group, role, policy, instanceProfile, oidcProvider, samlProvider, apiKey, usagePlan, vpcLink, domainName,
        clientCertificate, account, function,
    ]

    /// Kinds that manifests expand to, in the order of their names.
    package static let objects: [KindSchema] =
        ([
            alias, authorizer, deployment, documentationPart, documentationVersion, gatewayResponse, method, model,
            permission, requestValidator, resource, restAPI, stage,
        ] + ownObjects).sorted { $0.kind < $1.kind }

    private static let manifestsByName = Dictionary(uniqueKeysWithValues: manifests.map { ($0.kind.rawValue, $0) })
    private static let objectsByKind = Dictionary(uniqueKeysWithValues: objects.map { ($0.kind, $0) })

    private static let ownKinds = Set(ownObjects.map(\.kind) + [.alias, .permission])

    static func isOwnObject(_ kind: ResourceKind) -> Bool { ownKinds.contains(kind) }

    /// The table of a kind that users write.
    package static func manifest(_ kind: String) -> KindSchema? { manifestsByName[kind] }

    /// The table of a kind that manifests expand to.
    package static func object(_ kind: ResourceKind) -> KindSchema? { objectsByKind[kind] }
}

extension KindTable {
    /// `metadata` of a manifest of the kind. An Environment is on no target, so there is nothing to take over.
    package static func metadataFields(of schema: KindSchema?) -> [FieldSchema] {
        let pattern = schema?.namePattern ?? .manifestName
        let name = FieldSchema(
            "name", .text(pattern),
            schema.map(isTargetName) == true
                ? "The name on the target, in plans, references and messages; unique per kind."
                : "The name in plans, references and messages; unique per kind."
        ).required
        return schema?.kind == .environment ? [name] : [name, previousName(pattern), adopt]
    }

    private static func isTargetName(_ schema: KindSchema) -> Bool { schema.fields.contains(where: \.isName) }

    private static func previousName(_ pattern: TextPattern) -> FieldSchema {
        FieldSchema(
            "previousName", .text(pattern),
            "The name that the object had before: it is renamed, and not made again. May stay until the name is used again."
        )
    }

    private static let adopt = FieldSchema(
        "adopt", .text(0...2048),
        "What the target calls an object that is there already: it is taken over. May stay; empty is as if absent.")
}
