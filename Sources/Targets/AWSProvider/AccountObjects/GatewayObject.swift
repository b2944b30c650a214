import Diagnostics
import HTTPTypes
import JSON
import Resources

/// The calls for one object that is part of no API: a key, a usage plan, a link, a host name, a certificate.
struct GatewayObject {
    let client: APIGatewayClient
    let secrets: (any SecretSource)?
    let kind: GatewayKind
    let address: Address

    /// Nil for a kind that is not among ``GatewayKind/all``.
    init?(_ client: APIGatewayClient, _ secrets: (any SecretSource)?, _ address: Address) {
        guard let kind = GatewayKind.of(address.kind) else { return nil }
        self.client = client
        self.secrets = secrets
        self.kind = kind
        self.address = address
    }

    private var schema: KindSchema? { KindTable.object(kind.kind) }

    // MARK: Reading

    /// - Parameter known: Under which id it is recorded; without one it is looked for by its host name, by the token of
    ///   its create, or by the markers of the environment.
    func observe(
        known: Identity?, token: String?, environment: String
    ) async throws(ProviderFailure) -> ObservedObject? {
        guard let found = try await find(known: known, token: token, environment: environment) else { return nil }
        return try await object(found, known: known)
    }

    private func find(
        known: Identity?, token: String?, environment: String
    ) async throws(ProviderFailure) -> JSONObject? {
        if kind.kind == .domainName { return try await read(known?.physicalID ?? address.name) }
        if known == nil || token != nil {
            for item in try await list() {
                let tags = item["tags"]
                let isIt =
                    token.map { tags?["gatewright:token"]?.string == $0 }
                    ?? (tags?["gatewright:address"]?.string == address.description
                        && tags?["gatewright:environment"]?.string == environment)
                if isIt { return item }
            }
        }
        guard let known else { return nil }
        return try await read(known.physicalID)
    }

    private func read(_ id: String) async throws(ProviderFailure) -> JSONObject? {
        var path = kind.path(id)
        if kind.kind == .apiKey, secrets != nil { path.query = [("includeValue", "true")] }
        return try await client.read(path)?.object
    }

    func list() async throws(ProviderFailure) -> [JSONObject] {
        var path = APIPath(kind.collection)
        if kind.kind == .apiKey, secrets != nil { path.query = [("includeValues", "true")] }
        return try await client.list(path).compactMap(\.object)
    }

    /// - Parameter document: As a list or a read has it.
    func object(_ document: JSONObject, known: Identity?) async throws(ProviderFailure) -> ObservedObject? {
        guard let id = document[kind.idMember]?.string else {
            throw ProviderFailure(.badReply, "`\(address)` has no `\(kind.idMember)`", effect: .none)
        }
        var form = document.keeping(kind.told)
        form["tags"] = ServiceDocument.userTags(document)
        if let parts = kind.parts { form[parts] = try await self.parts(of: id) }
        return ObservedObject(
            identity: try identity(document, known: known?.physicalID == id ? known : nil),
            document: schema?.normalForm(of: .object(form)) ?? .object(form))
    }

    private func parts(of id: String) async throws(ProviderFailure) -> JSONValue? {
        switch kind.kind {
        case .usagePlan:
            return .array(
                try await client.list(APIPath(kind.collection, id, "keys")).compactMap { $0["id"] })
        case .domainName:
            var mappings = JSONObject()
            for item in try await client.list(APIPath(kind.collection, id, "basepathmappings")).compactMap(\.object) {
                guard let path = item["basePath"]?.string else { continue }
                mappings[path] = .object(item.keeping(["restApiId", "stage"]))
            }
            return .object(mappings)
        default: return nil
        }
    }

    /// - Parameter known: What was recorded of the same object.
    private func identity(_ document: JSONObject, known: Identity?) throws(ProviderFailure) -> Identity {
        let id = document[kind.idMember]?.string ?? ""
        var attributes = ["arn": "arn:aws:apigateway:\(client.region)::/\(kind.collection)/\(id)"]
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

    // MARK: Writing

    /// - Parameters:
    ///   - document: References answered; where secrets are still stands in it.
    ///   - marker: Whose it is, and the token of the create.
    func create(_ document: JSONObject, marker: OwnershipMarker) async throws(ProviderFailure) -> Identity {
        var body = document.keeping(kind.creating)
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
            throw ProviderFailure(
                .badReply, "the reply to the create of `\(address)` has no `\(kind.idMember)`", effect: .unknown)
        }
        var identity = try identity(made, known: nil)
        identity.attributes.merge(fingerprints) { _, new in new }
        return identity
    }

    func delete(_ id: String) async throws(ProviderFailure) {
        do {
            _ = try await client.call(.delete, kind.path(id))
        } catch let failure where failure.code == .notFound {
            // Gone already: what is wanted.
        }
    }

    /// Makes every call that takes the object from one document to another; one, where the two are one call apart.
    func change(_ id: String, from before: JSONObject, to after: JSONObject) async throws(ProviderFailure) {
        var calls = 0
        do {
            let patch = PatchOperations.gatewayObject(kind.kind, from: before, to: after)
            if !patch.isEmpty {
                _ = try await client.call(.patch, kind.path(id), body: patch.body)
                calls += 1
            }
            if before["tags"] != after["tags"] {
                try await client.setTags(
                    "\(kind.collection)/\(id)", from: before["tags"]?.object ?? [:], to: after["tags"]?.object ?? [:])
                calls += 1
            }
            switch kind.kind {
            case .usagePlan: try await changeKeys(id, before["keys"], after["keys"], &calls)
            case .domainName:
                try await changeMappings(
                    id, before["basePathMappings"]?.object ?? [:], after["basePathMappings"]?.object ?? [:], &calls)
            default: break
            }
        } catch {
            throw calls == 0 ? error : error.withUnknownEffect
        }
    }

    private func changeKeys(
        _ id: String, _ before: JSONValue?, _ after: JSONValue?, _ calls: inout Int
    ) async throws(ProviderFailure) {
        let (old, new) = ((before?.array ?? []).compactMap(\.string), (after?.array ?? []).compactMap(\.string))
        for key in old where !new.contains(key) {
            do {
                _ = try await client.call(.delete, APIPath(kind.collection, id, "keys", key))
            } catch let failure where failure.code == .notFound {
                // Gone with the key itself.
            }
            calls += 1
        }
        for key in new where !old.contains(key) {
            let body: JSONValue = ["keyId": .string(key), "keyType": "API_KEY"]
            _ = try await client.call(.post, APIPath(kind.collection, id, "keys"), body: body)
            calls += 1
        }
    }

    private func changeMappings(
        _ id: String, _ before: JSONObject, _ after: JSONObject, _ calls: inout Int
    ) async throws(ProviderFailure) {
        for (path, _) in before where after[path] == nil {
            do {
                _ = try await client.call(.delete, APIPath(kind.collection, id, "basepathmappings", path))
            } catch let failure where failure.code == .notFound {
                // Gone already: what is wanted.
            }
            calls += 1
        }
        for (path, mapping) in after where before[path] != mapping {
            if let old = before[path]?.object {
                let patch = PatchOperations.mapping(from: old, to: mapping.object ?? [:])
                _ = try await client.call(
                    .patch, APIPath(kind.collection, id, "basepathmappings", path), body: patch.body)
            } else {
                var body = mapping.object ?? [:]
                body["basePath"] = .string(path)
                _ = try await client.call(
                    .post, APIPath(kind.collection, id, "basepathmappings"), body: .object(body))
            }
            calls += 1
        }
    }

    // MARK: Waiting

    /// Until a link is usable.
    ///
    /// - Throws: Deferred, while it is not; refused, with the service's words, where it never will be.
    func waitUntilUsable(_ id: String) async throws(ProviderFailure) {
        var pause = Duration.milliseconds(200)
        for _ in 0..<Limits.linkReadsMax {
            guard let link = try await read(id) else {
                throw ProviderFailure(.notFound, "`\(address)` is not at the target any more", effect: .none)
            }
            let said = link["statusMessage"]?.string.map { ": \($0)" } ?? ""
            switch link["status"]?.string {
            case "AVAILABLE", nil: return
            case "FAILED":
                throw ProviderFailure(.refused, "`\(address)` cannot be used\(said)", effect: .none)
            default: break
            }
            do {
                try await Task.sleep(for: pause)
            } catch {
                throw ProviderFailure(
                    .conflict, "`\(address)` is not usable yet", effect: .deferred(retryAfter: .seconds(1)))
            }
            pause = min(pause * 2, .seconds(2))
        }
        throw ProviderFailure(
            .conflict, "`\(address)` is not usable yet", effect: .deferred(retryAfter: .seconds(5)))
    }
}

extension ProviderFailure {
    /// The same failure, the texts taken out of what the target said.
    fileprivate func hiding(_ secrets: [String]) -> ProviderFailure {
        let hidden = secrets.reduce(message) { text, secret in
            text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "•••")
        }
        guard hidden != message else { return self }
        return ProviderFailure(code, hidden, effect: effect, targetCode: targetCode)
    }
}
