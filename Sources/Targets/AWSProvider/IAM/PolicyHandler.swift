import JSON
import Resources
import XML

/// Managed policies of the account. A new document is a new default version, in one call; to take it back the version
/// before becomes the default again.
struct PolicyHandler: ObjectHandler {
    let client: QueryClient

    // MARK: Calls

    func perform(_ call: ObjectCall) async throws(ProviderFailure) -> Identity? {
        guard call.operation != "CreatePolicy" else { return try await create(call) }
        guard let arn = call.identity?.physicalID else {
            throw ProviderFailure(.notFound, "the ARN of `\(call.address)` is not known", effect: .none)
        }
        switch call.operation {
        case "CreatePolicyVersion": try await change(arn, to: call.document["policyDocument"] ?? [:])
        case "TagPolicy", "UntagPolicy": try await client.tag("Policy", ("PolicyArn", arn), call)
        case "DeletePolicy":
            for version in try await versions(arn) where version.text("IsDefaultVersion") != "true" {
                try await delete(version, arn)
            }
            try await client.remove("DeletePolicy", ["PolicyArn": arn])
        default: throw .unknownCall(call.operation)
        }
        return nil
    }

    private func create(_ call: ObjectCall) async throws(ProviderFailure) -> Identity? {
        var form: QueryParameters = ["PolicyName": call.text("name") ?? call.address.name]
        form.add("Path", call.text("path"))
        form.add("Description", call.text("description"))
        form.add("PolicyDocument", call.after?["policyDocument"]?.text(.compact))
        form.add("Tags", tags: call.newTags)
        let reply = try await client.call("CreatePolicy", form)
        guard let made = reply["Policy"].flatMap(Self.identity) else { throw .missingReply(call.operation) }
        return made
    }

    /// A version that says the same is taken; else one is made, and the oldest that nobody uses goes where there is no
    /// room.
    private func change(_ arn: String, to document: JSONValue) async throws(ProviderFailure) {
        let all = try await versions(arn)
        let wanted = IAMText.normal(.policy, ["policyDocument": document])["policyDocument"]
        for version in all {
            guard let id = version.text("VersionId"), try await self.document(arn, id) == wanted else { continue }
            guard version.text("IsDefaultVersion") != "true" else { return }
            _ = try await client.call("SetDefaultPolicyVersion", ["PolicyArn": arn, "VersionId": id])
            return
        }
        if all.count >= Limits.policyVersionsMax,
            let oldest = Self.oldestFirst(all).first(where: { $0.text("IsDefaultVersion") != "true" })
        {
            try await delete(oldest, arn)
        }
        _ = try await client.call(
            "CreatePolicyVersion",
            ["PolicyArn": arn, "PolicyDocument": document.text(.compact), "SetAsDefault": "true"])
    }

    private func versions(_ arn: String) async throws(ProviderFailure) -> [XMLElement] {
        try await client.list("ListPolicyVersions", "Versions", ["PolicyArn": arn])
    }

    private func document(_ arn: String, _ version: String) async throws(ProviderFailure) -> JSONValue? {
        let reply = try await client.read("GetPolicyVersion", ["PolicyArn": arn, "VersionId": version])
        let document = IAMText.document(reply?["PolicyVersion"]?.text("Document")) ?? .null
        return IAMText.normal(.policy, ["policyDocument": document])["policyDocument"]
    }

    private func delete(_ version: XMLElement, _ arn: String) async throws(ProviderFailure) {
        guard let id = version.text("VersionId") else { return }
        try await client.remove("DeletePolicyVersion", ["PolicyArn": arn, "VersionId": id])
    }

    /// `v2` before `v10`.
    private static func oldestFirst(_ versions: [XMLElement]) -> [XMLElement] {
        func number(_ version: XMLElement) -> Int { Int(version.text("VersionId")?.dropFirst() ?? "") ?? 0 }
        return versions.sorted { number($0) < number($1) }
    }

    private static func identity(_ element: XMLElement) -> Identity? {
        guard let name = element.text("PolicyName"), let arn = element.text("Arn") else { return nil }
        var attributes = ["name": name, "arn": arn]
        attributes["id"] = element.text("PolicyId")
        return Identity(physicalID: arn, attributes: attributes)
    }

    // MARK: Reading

    func find(_ lookup: ObjectLookup) async throws(ProviderFailure) -> ObservedObject? {
        let arn: String
        if let known = lookup.identity?.physicalID {
            arn = known
        } else {
            guard let found = try await arns()[lookup.address.name] else { return nil }
            arn = found
        }
        guard let policy = try await client.read("GetPolicy", ["PolicyArn": arn])?["Policy"],
            let identity = Self.identity(policy)
        else { return nil }
        let tags = IAMText.tags(policy)
        if lookup.identity == nil, !lookup.isOwn(tags) { return nil }
        var document: JSONObject = ["name": .string(identity.attributes["name"] ?? "")]
        document["path"] = policy.text("Path").map { .string($0) }
        document["description"] = policy.text("Description").map { .string($0) }
        document["policyDocument"] = try await self.document(arn, policy.text("DefaultVersionId") ?? "v1")
        document["tags"] = IAMText.userTags(tags)
        return ObservedObject(identity: identity, document: IAMText.normal(.policy, document))
    }

    /// Of the account's own policies, by name.
    private func arns() async throws(ProviderFailure) -> [String: String] {
        Dictionary(
            try await client.list("ListPolicies", "Policies", ["Scope": "Local"]).map {
                ($0.text("PolicyName") ?? "", $0.text("Arn") ?? "")
            }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: Marks and housekeeping

    func owned() async throws(ProviderFailure) -> [OwnedObject] {
        var found: [OwnedObject] = []
        for arn in try await arns().values.sorted() {
            guard let policy = try await client.read("GetPolicy", ["PolicyArn": arn])?["Policy"],
                let identity = Self.identity(policy), let owned = OwnedObject(identity, tags: IAMText.tags(policy))
            else { continue }
            found.append(owned)
        }
        return found
    }

    func all() async throws(ProviderFailure) -> [Identity] {
        try await client.list("ListPolicies", "Policies", ["Scope": "Local"]).compactMap(Self.identity)
    }

    /// A policy of the account's details, which have all its versions.
    static func described(_ element: XMLElement) -> ObservedObject? {
        // Some endpoints leave the name out here: it is the end of the ARN.
        guard let arn = element.text("Arn") else { return nil }
        let name = element.text("PolicyName") ?? arn.split(separator: "/").last.map(String.init) ?? arn
        let current = element.members("PolicyVersionList").first {
            $0.text("VersionId") == element.text("DefaultVersionId")
        }
        var document: JSONObject = ["name": .string(name)]
        document["path"] = element.text("Path").map { .string($0) }
        document["policyDocument"] = IAMText.document(current?.text("Document"))
        return ObservedObject(
            identity: Identity(physicalID: arn, attributes: ["arn": arn, "name": name]),
            document: IAMText.normal(.policy, document))
    }

    func mark(_ identity: Identity, _ tags: [(String, String)]) async throws(ProviderFailure) {
        try await client.mark("Policy", ("PolicyArn", identity.physicalID), tags)
    }

    /// Keeps the default version and the newest others.
    func tidy(_ identity: Identity) async throws(ProviderFailure) -> Int {
        let all = try await versions(identity.physicalID)
        let unused = Self.oldestFirst(all).filter { $0.text("IsDefaultVersion") != "true" }
        var removed = 0
        for version in unused.prefix(max(0, all.count - Limits.policyVersionsKept)) {
            try await delete(version, identity.physicalID)
            removed += 1
        }
        return removed
    }
}
