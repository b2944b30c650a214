import Diagnostics
import HTTPTypes
import JSON
import Resources

/// Objects that are part of no API: keys, usage plans, links, host names, certificates.
struct GatewayHandler: ObjectHandler {
    let client: APIGatewayClient
    let secrets: (any SecretSource)?
    let kind: GatewayKind

    private var schema: KindSchema? { KindTable.object(kind.kind) }

    // MARK: Reading

    /// By id where it is known; a host name by itself; else by the token of its create or the markers of the environment.
    func find(_ lookup: ObjectLookup) async throws(ProviderFailure) -> ObservedObject? {
        guard let found = try await document(lookup) else { return nil }
        return try await object(found, known: lookup.identity)
    }

    private func document(_ lookup: ObjectLookup) async throws(ProviderFailure) -> JSONObject? {
        if let identity = lookup.identity { return try await read(identity.physicalID) }
        if kind.kind == .domainName { return try await read(lookup.address.name) }
        return try await list().first { lookup.isOwn($0.tagTexts) }
    }

    private func read(_ id: String) async throws(ProviderFailure) -> JSONObject? {
        var path = kind.path(id)
        if kind.kind == .apiKey, secrets != nil { path.query = [("includeValue", "true")] }
        return try await client.read(path)?.object
    }

    private func list() async throws(ProviderFailure) -> [JSONObject] {
        var path = APIPath(kind.collection)
        if kind.kind == .apiKey, secrets != nil { path.query = [("includeValues", "true")] }
        return try await client.list(path).compactMap(\.object)
    }

    /// - Parameter document: As a list or a read has it.
    private func object(_ document: JSONObject, known: Identity?) async throws(ProviderFailure) -> ObservedObject? {
        guard let id = document[kind.idMember]?.string else {
            throw ProviderFailure(.badReply, "one of `\(kind.collection)` has no `\(kind.idMember)`", effect: .none)
        }
        var form = document.keeping(kind.told)
        form["tags"] = ServiceDocument.userTags(document)
        switch kind.kind {
        case .usagePlan: form["keys"] = try await keys(of: id)
        case .domainName:
            form["name"] = .string(id)
            form["basePathMappings"] = try await mappings(of: id)
        default: break
        }
        return ObservedObject(
            identity: try identity(document, known: known?.physicalID == id ? known : nil),
            document: schema?.normalForm(of: .object(form)) ?? .object(form))
    }

    private func keys(of id: String) async throws(ProviderFailure) -> JSONValue {
        .array(try await client.list(APIPath(kind.collection, id, "keys")).compactMap { $0["id"] })
    }

    private func mappings(of id: String) async throws(ProviderFailure) -> JSONValue {
        var mappings = JSONObject()
        for item in try await client.list(APIPath(kind.collection, id, "basepathmappings")).compactMap(\.object) {
            guard let path = item["basePath"]?.string else { continue }
            mappings[path] = .object(item.keeping(["restApiId", "stage"]))
        }
        return .object(mappings)
    }

    /// - Parameter known: What was recorded of the same object.
    private func identity(_ document: JSONObject, known: Identity?) throws(ProviderFailure) -> Identity {
        let id = document[kind.idMember]?.string ?? ""
        var attributes = ["arn": client.arn("\(kind.collection)/\(id)")]
        attributes["name"] = document["name"]?.string ?? (kind.kind == .domainName ? id : nil)
        for name in [
            "regionalDomainName", "regionalHostedZoneId", "distributionDomainName", "distributionHostedZoneId",
        ] { attributes[name] = document[name]?.string }
        for field in schema?.fields ?? [] {
            guard case .secret = field.type else { continue }
            let attribute = Identity.fingerprintAttribute(of: field.name)
            // Of what the service shows to those who may see it, else as it was recorded.
            if let value = document[field.name]?.string, let secrets {
                attributes[attribute] = try secrets.fingerprint(of: value)
            } else {
                attributes[attribute] = known?.attributes[attribute]
            }
        }
        return Identity(physicalID: id, attributes: attributes)
    }

    func owned() async throws(ProviderFailure) -> [OwnedObject] {
        try await list().compactMap { item in
            guard let id = item[kind.idMember]?.string else { return nil }
            let name = item["name"]?.string
            return OwnedObject(
                Identity(physicalID: id, attributes: name.map { ["name": $0] } ?? [:]), tags: item.tagTexts)
        }
    }

    func all() async throws(ProviderFailure) -> [Identity] {
        var found: [Identity] = []
        for item in try await list() { found.append(try identity(item, known: nil)) }
        return found
    }

    func mark(_ identity: Identity, _ tags: [(String, String)]) async throws(ProviderFailure) {
        try await client.setTags(
            path(identity), from: [:], to: JSONObject(tags.map { ($0.0, .string($0.1)) }))
    }

    /// What the ARN ends with.
    private func path(_ identity: Identity) -> String { "\(kind.collection)/\(identity.physicalID)" }

    // MARK: Writing

    func perform(_ call: ObjectCall) async throws(ProviderFailure) -> Identity? {
        if call.operation == "Create\(kind.noun)" {
            return try await create(call.document, marker: OwnershipMarker(call.context, call.address))
        }
        guard let identity = call.identity else {
            throw ProviderFailure(.notFound, "the id of `\(call.address)` is not known", effect: .none)
        }
        let id = identity.physicalID
        switch call.operation {
        case "Delete\(kind.noun)": try await remove(kind.path(id))
        case "Update\(kind.noun)":
            let patch = PatchOperations.gatewayObject(kind.kind, from: call.before ?? [:], to: call.document)
            if !patch.isEmpty { _ = try await client.call(.patch, kind.path(id), body: patch.body) }
        case "Tag\(kind.noun)", "Untag\(kind.noun)":
            try await client.setTags(
                path(identity), from: call.before?["tags"]?.object ?? [:], to: call.after?["tags"]?.object ?? [:])
        case "CreateUsagePlanKey": try await addKeys(id, call)
        case "DeleteUsagePlanKey":
            for key in call.removed("keys") { try await remove(APIPath(kind.collection, id, "keys", key)) }
        case "PutBasePathMapping", "DeleteBasePathMapping": try await changeMappings(id, call)
        case GatewayMoves.wait: try await waitUntilUsable(id, call.address)
        default: throw .unknownCall(call.operation)
        }
        return nil
    }

    private func create(_ document: JSONObject, marker: OwnershipMarker) async throws(ProviderFailure) -> Identity {
        var body = document.keeping(kind.creating)
        if kind.kind == .domainName { body[kind.idMember] = document["name"] }
        var tags = document["tags"]?.object ?? [:]
        for (name, value) in marker.tags { tags[name] = .string(value) }
        body["tags"] = .object(tags)
        var fingerprints: [String: String] = [:]
        var revealed: [String] = []
        for (field, place) in schema?.secrets(of: .object(document)) ?? [] {
            guard let secrets else {
                throw ProviderFailure(.secretMissing, "nothing here reads the secret `\(place)`", effect: .none)
            }
            let secret = try secrets.read(place).revealed
            body[field] = .string(secret)
            fingerprints[Identity.fingerprintAttribute(of: field)] = try secrets.fingerprint(of: secret)
            revealed.append(secret)
        }
        let reply: JSONValue
        do {
            reply = try await client.call(.post, APIPath(kind.collection), body: .object(body))
        } catch {
            throw error.hiding(revealed)
        }
        guard let made = reply.object, made[kind.idMember]?.string != nil else {
            throw .missingReply("Create\(kind.noun)")
        }
        var identity = try identity(made, known: nil)
        identity.attributes.merge(fingerprints) { _, new in new }
        return identity
    }

    private func remove(_ path: APIPath) async throws(ProviderFailure) {
        do {
            _ = try await client.call(.delete, path)
        } catch let failure where failure.code == .notFound {
            // Gone already: what is wanted.
        }
    }

    /// Where the document stays as it is, a key of it was made anew: what the plan lacks is put in.
    private func addKeys(_ id: String, _ call: ObjectCall) async throws(ProviderFailure) {
        var missing = call.added("keys")
        if call.before == call.after {
            let present = try await keys(of: id).array ?? []
            missing = (call.after?["keys"]?.array ?? []).filter { !present.contains($0) }.compactMap(\.string)
        }
        for key in missing {
            let body: JSONValue = ["keyId": .string(key), "keyType": "API_KEY"]
            do {
                _ = try await client.call(.post, APIPath(kind.collection, id, "keys"), body: body)
            } catch let failure where failure.targetCode == "ConflictException" {
                // In the plan already: what is wanted.
                guard try await keys(of: id).array?.contains(.string(key)) == true else { throw failure }
            }
        }
    }

    private func changeMappings(_ id: String, _ call: ObjectCall) async throws(ProviderFailure) {
        let before = call.before?["basePathMappings"]?.object ?? [:]
        let after = call.after?["basePathMappings"]?.object ?? [:]
        for (path, _) in before where after[path] == nil {
            try await remove(APIPath(kind.collection, id, "basepathmappings", path))
        }
        for (path, mapping) in after where before[path] != mapping {
            guard let old = before[path]?.object else {
                var body = mapping.object ?? [:]
                body["basePath"] = .string(path)
                do {
                    _ = try await client.call(
                        .post, APIPath(kind.collection, id, "basepathmappings"), body: .object(body))
                } catch let failure where failure.targetCode == "ConflictException" {
                    // There already, as it is wanted.
                    guard try await mappings(of: id)[path] == mapping else { throw failure }
                }
                continue
            }
            let patch = PatchOperations.mapping(from: old, to: mapping.object ?? [:])
            _ = try await client.call(
                .patch, APIPath(kind.collection, id, "basepathmappings", path), body: patch.body)
        }
    }

    // MARK: Waiting

    /// Until a link is usable.
    ///
    /// - Throws: As ``Usability`` does.
    private func waitUntilUsable(_ id: String, _ address: Address) async throws(ProviderFailure) {
        try await Usability.wait(for: address) { () async throws(ProviderFailure) in
            guard let link = try await read(id) else { return .gone }
            return switch link["status"]?.string {
            case "AVAILABLE", nil: .usable
            case "FAILED": .failed(link["statusMessage"]?.string)
            default: .pending
            }
        }
    }
}

extension JSONObject {
    /// All tags of an object of the service, ours among them.
    fileprivate var tagTexts: [String: String] {
        Dictionary((self["tags"]?.object ?? [:]).map { ($0.name, $0.value.string ?? "") }) { first, _ in first }
    }
}
