import JSON

/// Providers of web identities. The entity's name is the URL without its scheme.
enum OIDCProviders {
    private static let arn = Shape.Member.required("OpenIDConnectProviderArn", .arn)
    private static let client = Shape.Member.required("ClientID", .text(1, 255))
    private static let thumbprints = Shape.list(.text(40, 40))
    private static let target = QueryTarget.arn("OpenIDConnectProviderArn")

    static let operations: [QueryOperation] = [
        QueryOperation(
            "CreateOpenIDConnectProvider",
            [
                .required("Url", .text(1, 255)), .optional("ClientIDList", .list(.text(1, 255))),
                .optional("ThumbprintList", thumbprints), .tags,
            ], create),
        QueryOperation("GetOpenIDConnectProvider", on: target, [arn]) { (workspace, call) throws(ServiceError) in
            let provider = try find(workspace, call)
            var result: JSONObject = [
                "Url": .string(provider.name), "ClientIDList": provider.details["clients"] ?? [],
                "ThumbprintList": provider.details["thumbprints"] ?? [],
                "CreateDate": .string(EntityNames.timestamp(provider.created)),
            ]
            result["Tags"] = EntityTags.documents(provider)
            return result
        },
        QueryOperation("ListOpenIDConnectProviders") { (workspace, call) throws(ServiceError) in
            let arns = workspace.identity.all(.oidcProvider).map { $0.arn(call.accountID) }
            return ["OpenIDConnectProviderList": .array(arns.map { ["Arn": .string($0)] })]
        },
        QueryOperation("DeleteOpenIDConnectProvider", on: target, [arn]) { (workspace, call) throws(ServiceError) in
            workspace.identity.remove(try find(workspace, call))
            return nil
        },
        QueryOperation("AddClientIDToOpenIDConnectProvider", on: target, [arn, client]) {
            (workspace, call) throws(ServiceError) in
            var provider = try find(workspace, call)
            var clients = provider.details["clients"]?.array ?? []
            let client = JSONValue.string(call.text("ClientID"))
            guard !clients.contains(client) else { return nil }
            guard clients.count < clientsMax else {
                throw .limitExceeded("ClientIdsPerOpenIdConnectProvider", clientsMax)
            }
            clients.append(client)
            provider.details["clients"] = .array(clients)
            workspace.identity.put(provider)
            return nil
        },
        QueryOperation("RemoveClientIDFromOpenIDConnectProvider", on: target, [arn, client]) {
            (workspace, call) throws(ServiceError) in
            var provider = try find(workspace, call)
            let clients = (provider.details["clients"]?.array ?? []).filter { $0.string != call["ClientID"] }
            provider.details["clients"] = .array(clients)
            workspace.identity.put(provider)
            return nil
        },
        QueryOperation(
            "UpdateOpenIDConnectProviderThumbprint", on: target, [arn, .required("ThumbprintList", thumbprints)]
        ) { (workspace, call) throws(ServiceError) in
            var provider = try find(workspace, call)
            provider.details["thumbprints"] = try checkedThumbprints(call)
            workspace.identity.put(provider)
            return nil
        },
    ]

    private static let clientsMax = 100
    private static let thumbprintsMax = 5

    private static func find(_ workspace: Workspace, _ call: QueryCall) throws(ServiceError) -> Entity {
        try workspace.existing(.oidcProvider, arn: call.text("OpenIDConnectProviderArn"), call)
    }

    private static func create(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let url = call.text("Url")
        guard url.hasPrefix("https://"), let rest = Optional(url.dropFirst(8)), !rest.isEmpty, !rest.hasPrefix("/"),
            !rest.contains(where: { $0 == "?" || $0 == "#" || $0 == ":" || $0.isWhitespace })
        else {
            throw .validationError(
                "Invalid Open ID Connect Provider URL: it begins with https:// and has no port, query or fragment")
        }
        let name = rest.hasSuffix("/") ? String(rest.dropLast()) : String(rest)
        try workspace.check(isFree: name, .oidcProvider)
        try workspace.check(call.quotas.oidcProviders, "OpenIdConnectProvidersPerAccount", of: .oidcProvider)
        guard call.texts("ClientIDList").count <= clientsMax else {
            throw .limitExceeded("ClientIdsPerOpenIdConnectProvider", clientsMax)
        }
        // Of an OpenID provider's ARN all after the slash is the name.
        var provider = Entity(.oidcProvider, name: name, path: "/", created: call.now)
        provider.tags = try EntityTags.read(call)
        provider.details["clients"] = .array(call.texts("ClientIDList").map { .string($0) })
        provider.details["thumbprints"] = try checkedThumbprints(call)
        workspace.identity.put(provider)
        var result: JSONObject = ["OpenIDConnectProviderArn": .string(provider.arn(call.accountID))]
        result["Tags"] = EntityTags.documents(provider)
        return result
    }

    private static func checkedThumbprints(_ call: QueryCall) throws(ServiceError) -> JSONValue {
        let texts = call.texts("ThumbprintList")
        guard texts.count <= thumbprintsMax else {
            throw .invalidInput("Thumbprint list must contain fewer than \(thumbprintsMax + 1) entries.")
        }
        for text in texts where !text.allSatisfy(\.isHexDigit) {
            throw .invalidInput("Invalid thumbprint: \(text)")
        }
        return .array(texts.map { .string($0) })
    }
}
