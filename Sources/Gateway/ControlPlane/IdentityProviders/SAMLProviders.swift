import JSON

/// Providers of SAML assertions, each with its metadata.
enum SAMLProviders {
    private static let arn = Shape.Member.required("SAMLProviderArn", .arn)
    private static let metadata = Shape.text(1000, 10_000_000)
    private static let target = QueryTarget.arn("SAMLProviderArn")
    private static let encryption = Shape.Member.optional(
        "AssertionEncryptionMode", .enumeration(["Required", "Allowed"]))

    static let operations: [QueryOperation] = [
        QueryOperation(
            "CreateSAMLProvider",
            [
                .required("SAMLMetadataDocument", metadata), .required("Name", .text(1, 128, .providerName)), .tags,
                encryption,
            ]
        ) { (workspace, call) throws(ServiceError) in
            let name = call.text("Name")
            try workspace.check(isFree: name, .samlProvider)
            try workspace.check(call.quotas.samlProviders, "SamlProvidersPerAccount", of: .samlProvider)
            var provider = Entity(.samlProvider, name: name, created: call.now)
            provider.tags = try EntityTags.read(call)
            try set(call, in: &provider)
            workspace.identity.put(provider)
            var result: JSONObject = ["SAMLProviderArn": .string(provider.arn(call.accountID))]
            result["Tags"] = EntityTags.documents(provider)
            return result
        },
        QueryOperation("GetSAMLProvider", on: target, [arn]) { (workspace, call) throws(ServiceError) in
            let provider = try find(workspace, call)
            var result: JSONObject = [
                "SAMLProviderUUID": .string(provider.id),
                "SAMLMetadataDocument": provider.details["metadata"] ?? "",
                "CreateDate": .string(EntityNames.timestamp(provider.created)),
                "ValidUntil": .string(validUntil(provider)),
            ]
            result["AssertionEncryptionMode"] = provider.details["encryption"]
            result["Tags"] = EntityTags.documents(provider)
            return result
        },
        QueryOperation(
            "UpdateSAMLProvider", on: target, [arn, .optional("SAMLMetadataDocument", metadata), encryption]
        ) { (workspace, call) throws(ServiceError) in
            var provider = try find(workspace, call)
            try set(call, in: &provider)
            workspace.identity.put(provider)
            return ["SAMLProviderArn": .string(provider.arn(call.accountID))]
        },
        QueryOperation("ListSAMLProviders") { (workspace, call) throws(ServiceError) in
            let list = workspace.identity.all(.samlProvider).map { provider -> JSONValue in
                [
                    "Arn": .string(provider.arn(call.accountID)), "ValidUntil": .string(validUntil(provider)),
                    "CreateDate": .string(EntityNames.timestamp(provider.created)),
                ]
            }
            return ["SAMLProviderList": .array(list)]
        },
        QueryOperation("DeleteSAMLProvider", on: target, [arn]) { (workspace, call) throws(ServiceError) in
            workspace.identity.remove(try find(workspace, call))
            return nil
        },
    ]

    private static func find(_ workspace: Workspace, _ call: QueryCall) throws(ServiceError) -> Entity {
        try workspace.existing(.samlProvider, arn: call.text("SAMLProviderArn"), call)
    }

    private static func set(_ call: QueryCall, in provider: inout Entity) throws(ServiceError) {
        if let text = call["SAMLMetadataDocument"] {
            guard text.contains("EntityDescriptor"), text.contains("X509Certificate") else {
                throw .invalidInput("Could not parse metadata")
            }
            provider.details["metadata"] = .string(text)
        }
        if let mode = call.input["AssertionEncryptionMode"] { provider.details["encryption"] = mode }
    }

    /// A hundred years: what the service says of metadata that names no end.
    private static func validUntil(_ provider: Entity) -> String {
        EntityNames.timestamp(provider.created + 36_500 * 86_400)
    }
}
