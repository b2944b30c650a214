import JSON
import Resources
import XML

/// Instance profiles, with the role in them.
struct InstanceProfileHandler: ObjectHandler {
    let client: QueryClient

    func perform(_ call: ObjectCall) async throws(ProviderFailure) -> Identity? {
        if call.operation == "CreateInstanceProfile" {
            var form: QueryParameters = ["InstanceProfileName": call.text("name") ?? call.address.name]
            form.add("Path", call.text("path"))
            form.add("Tags", tags: call.newTags)
            let reply = try await client.call(call.operation, form)
            guard let made = reply["InstanceProfile"].flatMap(Self.identity) else {
                throw .missingReply(call.operation)
            }
            return made
        }
        guard let name = call.identity?.physicalID else {
            throw ProviderFailure(.notFound, "the name of `\(call.address)` is not known", effect: .none)
        }
        let own: QueryParameters = ["InstanceProfileName": name]
        switch call.operation {
        case "DeleteInstanceProfile": try await client.remove(call.operation, own)
        case "AddRoleToInstanceProfile":
            for role in call.added("roles") { _ = try await client.call(call.operation, own.with("RoleName", role)) }
        case "RemoveRoleFromInstanceProfile":
            for role in call.removed("roles") { try await client.remove(call.operation, own.with("RoleName", role)) }
        case "TagInstanceProfile", "UntagInstanceProfile":
            try await client.tag("InstanceProfile", ("InstanceProfileName", name), call)
        default: throw .unknownCall(call.operation)
        }
        return nil
    }

    func find(_ lookup: ObjectLookup) async throws(ProviderFailure) -> ObservedObject? {
        let name = lookup.identity?.physicalID ?? lookup.address.name
        guard
            let profile = try await client.read("GetInstanceProfile", ["InstanceProfileName": name])?[
                "InstanceProfile"], let identity = Self.identity(profile)
        else { return nil }
        let tags = IAMText.tags(profile)
        if lookup.identity == nil, !lookup.isOwn(tags) { return nil }
        var document: JSONObject = ["name": .string(name)]
        document["path"] = profile.text("Path").map { .string($0) }
        document["roles"] = IAMText.list(profile.members("Roles").compactMap { $0.text("RoleName") })
        document["tags"] = IAMText.userTags(tags)
        return ObservedObject(identity: identity, document: IAMText.normal(.instanceProfile, document))
    }

    private static func identity(_ element: XMLElement) -> Identity? {
        guard let name = element.text("InstanceProfileName"), let arn = element.text("Arn") else { return nil }
        var attributes = ["name": name, "arn": arn]
        attributes["id"] = element.text("InstanceProfileId")
        return Identity(physicalID: name, attributes: attributes)
    }

    func owned() async throws(ProviderFailure) -> [OwnedObject] {
        var found: [OwnedObject] = []
        for profile in try await client.list("ListInstanceProfiles", "InstanceProfiles") {
            guard let identity = Self.identity(profile),
                let tagged = try await client.read(
                    "GetInstanceProfile", ["InstanceProfileName": identity.physicalID])?["InstanceProfile"],
                let owned = OwnedObject(identity, tags: IAMText.tags(tagged))
            else { continue }
            found.append(owned)
        }
        return found
    }

    func all() async throws(ProviderFailure) -> [Identity] {
        try await client.list("ListInstanceProfiles", "InstanceProfiles").compactMap(Self.identity)
    }

    func mark(_ identity: Identity, _ tags: [(String, String)]) async throws(ProviderFailure) {
        try await client.mark("InstanceProfile", ("InstanceProfileName", identity.physicalID), tags)
    }
}
