import JSON
import Resources
import XML

/// OpenID Connect providers: known by the ARN, which has the issuer in it.
struct OIDCProviderHandler: ObjectHandler {
    let client: QueryClient

    private static let key = "OpenIDConnectProviderArn"

    func perform(_ call: ObjectCall) async throws(ProviderFailure) -> Identity? {
        if call.operation == "CreateOpenIDConnectProvider" {
            var form: QueryParameters = ["Url": call.text("url") ?? ""]
            let clients = call.after?["clientIdList"]?.array?.compactMap(\.string) ?? []
            if !clients.isEmpty { form.add("ClientIDList", list: clients) }
            let thumbprints = call.after?["thumbprintList"]?.array?.compactMap(\.string) ?? []
            if !thumbprints.isEmpty { form.add("ThumbprintList", list: thumbprints) }
            form.add("Tags", tags: call.newTags)
            let reply = try await client.call(call.operation, form)
            guard let arn = reply.text(Self.key) else { throw .missingReply(call.operation) }
            return Identity(physicalID: arn, attributes: ["arn": arn])
        }
        guard let arn = call.identity?.physicalID else {
            throw ProviderFailure(.notFound, "the ARN of `\(call.address)` is not known", effect: .none)
        }
        let own: QueryParameters = [Self.key: arn]
        switch call.operation {
        case "DeleteOpenIDConnectProvider": try await client.remove(call.operation, own)
        case "AddClientIDToOpenIDConnectProvider":
            for id in call.added("clientIdList") { _ = try await client.call(call.operation, own.with("ClientID", id)) }
        case "RemoveClientIDFromOpenIDConnectProvider":
            for id in call.removed("clientIdList") { try await client.remove(call.operation, own.with("ClientID", id)) }
        case "UpdateOpenIDConnectProviderThumbprint":
            // Nothing written: what is there stays.
            guard let list = call.after?["thumbprintList"]?.array?.compactMap(\.string) else { return nil }
            var form = own
            form.add("ThumbprintList", list: list)
            _ = try await client.call(call.operation, form)
        case "TagOpenIDConnectProvider", "UntagOpenIDConnectProvider":
            try await client.tag("OpenIDConnectProvider", (Self.key, arn), call)
        default: throw .unknownCall(call.operation)
        }
        return nil
    }

    func find(_ lookup: ObjectLookup) async throws(ProviderFailure) -> ObservedObject? {
        if let arn = lookup.identity?.physicalID {
            return try await read(arn).map { object(arn, $0) }
        }
        for arn in try await arns() {
            if let provider = try await read(arn), lookup.isOwn(IAMText.tags(provider)) { return object(arn, provider) }
        }
        return nil
    }

    private func arns() async throws(ProviderFailure) -> [String] {
        try await client.list("ListOpenIDConnectProviders", "OpenIDConnectProviderList").compactMap { $0.text("Arn") }
    }

    private func read(_ arn: String) async throws(ProviderFailure) -> XMLElement? {
        try await client.read("GetOpenIDConnectProvider", [Self.key: arn])
    }

    private func object(_ arn: String, _ provider: XMLElement) -> ObservedObject {
        var document = JSONObject()
        document["url"] = provider.text("Url").map { .string($0.contains("://") ? $0 : "https://\($0)") }
        document["clientIdList"] = IAMText.list(provider.members("ClientIDList").compactMap(\.text))
        document["thumbprintList"] = IAMText.list(provider.members("ThumbprintList").compactMap(\.text))
        document["tags"] = IAMText.userTags(IAMText.tags(provider))
        return ObservedObject(
            identity: Identity(physicalID: arn, attributes: ["arn": arn]),
            document: IAMText.normal(.oidcProvider, document))
    }

    func owned() async throws(ProviderFailure) -> [OwnedObject] {
        var found: [OwnedObject] = []
        for arn in try await arns() {
            guard let provider = try await read(arn),
                let owned = OwnedObject(Identity(physicalID: arn), tags: IAMText.tags(provider))
            else { continue }
            found.append(owned)
        }
        return found
    }

    func all() async throws(ProviderFailure) -> [Identity] {
        try await arns().map { Identity(physicalID: $0, attributes: ["arn": $0]) }
    }

    func mark(_ identity: Identity, _ tags: [(String, String)]) async throws(ProviderFailure) {
        try await client.mark("OpenIDConnectProvider", (Self.key, identity.physicalID), tags)
    }
}
