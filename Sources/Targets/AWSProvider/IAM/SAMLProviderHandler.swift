import JSON
import Resources

/// SAML providers: known by the ARN, which ends with the name.
struct SAMLProviderHandler: ObjectHandler {
    let client: QueryClient

    private static let key = "SAMLProviderArn"

    func perform(_ call: ObjectCall) async throws(ProviderFailure) -> Identity? {
        if call.operation == "CreateSAMLProvider" {
            var form: QueryParameters = ["Name": call.text("name") ?? call.address.name]
            form.add("SAMLMetadataDocument", call.text("samlMetadataDocument"))
            form.add("Tags", tags: call.newTags)
            let reply = try await client.call(call.operation, form)
            guard let arn = reply.text(Self.key) else { throw .missingReply(call.operation) }
            return Self.identity(arn)
        }
        guard let arn = call.identity?.physicalID else {
            throw ProviderFailure(.notFound, "the ARN of `\(call.address)` is not known", effect: .none)
        }
        let own: QueryParameters = [Self.key: arn]
        switch call.operation {
        case "DeleteSAMLProvider": try await client.remove(call.operation, own)
        case "UpdateSAMLProvider":
            _ = try await client.call(
                call.operation, own.with("SAMLMetadataDocument", call.text("samlMetadataDocument")))
        case "TagSAMLProvider", "UntagSAMLProvider": try await client.tag("SAMLProvider", (Self.key, arn), call)
        default: throw .unknownCall(call.operation)
        }
        return nil
    }

    func find(_ lookup: ObjectLookup) async throws(ProviderFailure) -> ObservedObject? {
        var arn = lookup.identity?.physicalID
        if arn == nil { arn = try await arns().first { Self.name($0) == lookup.address.name } }
        guard let arn, let provider = try await client.read("GetSAMLProvider", [Self.key: arn]) else { return nil }
        let tags = IAMText.tags(provider)
        if lookup.identity == nil, !lookup.isOwn(tags) { return nil }
        var document: JSONObject = ["name": .string(Self.name(arn))]
        document["samlMetadataDocument"] = provider.text("SAMLMetadataDocument").map { .string($0) }
        document["tags"] = IAMText.userTags(tags)
        return ObservedObject(identity: Self.identity(arn), document: IAMText.normal(.samlProvider, document))
    }

    private func arns() async throws(ProviderFailure) -> [String] {
        try await client.list("ListSAMLProviders", "SAMLProviderList").compactMap { $0.text("Arn") }
    }

    private static func name(_ arn: String) -> String { arn.split(separator: "/").last.map(String.init) ?? arn }

    private static func identity(_ arn: String) -> Identity {
        Identity(physicalID: arn, attributes: ["arn": arn, "name": name(arn)])
    }

    func owned() async throws(ProviderFailure) -> [OwnedObject] {
        var found: [OwnedObject] = []
        for arn in try await arns() {
            guard let provider = try await client.read("GetSAMLProvider", [Self.key: arn]),
                let owned = OwnedObject(Self.identity(arn), tags: IAMText.tags(provider))
            else { continue }
            found.append(owned)
        }
        return found
    }

    func all() async throws(ProviderFailure) -> [Identity] { try await arns().map(Self.identity) }

    func mark(_ identity: Identity, _ tags: [(String, String)]) async throws(ProviderFailure) {
        try await client.mark("SAMLProvider", (Self.key, identity.physicalID), tags)
    }
}
