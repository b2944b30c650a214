import JSON
import Resources

/// Reads what was asked for of one API, with the calls that this needs and no others.
struct APIObservation {
    let client: APIGatewayClient
    let environment: String
    let root: String
    /// Its addresses are those of this API, except where all of it is wanted.
    let observation: Observation

    private var api: Address { Address(.restAPI, root) }
    private var deployment: Address { Address(.deployment, root) }

    func read() async throws(ProviderFailure) -> [Address: ObservedObject] {
        guard let document = try await findAPI(), let id = document["id"]?.string else { return [:] }
        var found = [api: object(document, id)]

        let asked = Set(observation.addresses.map(\.kind))
        let wantsAll = observation.roots.contains(root)
        if wantsAll || asked.contains(where: \.isPartOfDefinition) {
            let definition = try await DefinitionReader(client: client, root: root, apiID: id).read()
            found.merge(definition) { _, new in new }
        }
        if wantsAll || asked.contains(.documentationVersion) { try await readVersions(id, &found) }
        if wantsAll || asked.contains(.stage) || asked.contains(.deployment) {
            _ = try await readStages(id, wantsAll: wantsAll, &found)
        }
        if client.isPartial { KeptDocument.overlay(&found, root, observation.identities) }
        return found
    }

    /// Everything in the API, and what each of its stages serves.
    ///
    /// - Parameter document: The API as a list has it.
    func survey(
        _ document: JSONObject
    ) async throws(ProviderFailure) -> (objects: [Address: ObservedObject], served: [Address: ServedDefinition]) {
        guard let id = document["id"]?.string else { return ([:], [:]) }
        var found = [api: object(document, id)]
        found.merge(try await DefinitionReader(client: client, root: root, apiID: id).read()) { _, new in new }
        try await readVersions(id, &found)
        var served = try await readStages(id, wantsAll: true, &found)
        if client.isPartial { KeptDocument.overlay(&found, root, observation.identities) }
        var routes: [String: [String: ServedDefinition.Route]] = [:]
        for deploymentID in Set(served.values.map(\.deploymentID)).sorted() {
            let path = APIPath("restapis", id, "deployments", deploymentID, query: [("embed", "apisummary")])
            guard let summary = try await client.read(path)?["apiSummary"]?.object else { continue }
            routes[deploymentID] = Self.routes(summary)
        }
        served = served.mapValues { definition in
            var definition = definition
            definition.routes = routes[definition.deploymentID]
            return definition
        }
        return (found, served)
    }

    /// - Parameter summary: By path, then by method.
    private static func routes(_ summary: JSONObject) -> [String: ServedDefinition.Route] {
        var routes: [String: ServedDefinition.Route] = [:]
        for (path, methods) in summary {
            for (name, method) in methods.object ?? [:] {
                routes["\(name) \(path)"] = ServedDefinition.Route(
                    authorizationType: method["authorizationType"]?.string ?? "NONE",
                    apiKeyRequired: method["apiKeyRequired"]?.bool ?? false)
            }
        }
        return routes
    }

    private func object(_ document: JSONObject, _ id: String) -> ObservedObject {
        let attributes = document["rootResourceId"]?.string.map { ["rootResourceId": $0] } ?? [:]
        return ObservedObject(
            identity: Identity(physicalID: id, attributes: attributes), document: ServiceDocument.restAPI(document))
    }

    /// The environment's own: by id where it is known, else by the ownership tags.
    func own(among apis: [JSONObject]) -> JSONObject? {
        if let id = observation.identities[api]?.physicalID { return apis.first { $0["id"]?.string == id } }
        return apis.first { isMarked($0) }
    }

    private func isMarked(_ document: JSONObject) -> Bool {
        let tags = document["tags"]
        return tags?["gatewright:address"]?.string == api.description
            && tags?["gatewright:environment"]?.string == environment
    }

    // MARK: The API

    /// By id where it is known, else by the creation token, else by the ownership tags.
    private func findAPI() async throws(ProviderFailure) -> JSONObject? {
        if let id = observation.identities[api]?.physicalID {
            return try await client.read(APIPath("restapis", id))?.object
        }
        let token = observation.tokens[api]
        for item in try await client.list(APIPath("restapis")).compactMap(\.object) {
            let tags = item["tags"]
            if let token, tags?["gatewright:token"]?.string == token { return item }
            if token == nil, isMarked(item) { return item }
        }
        return nil
    }

    // MARK: Versions of the documentation

    private func readVersions(
        _ apiID: String, _ found: inout [Address: ObservedObject]
    ) async throws(ProviderFailure) {
        for item in try await client.listIfOffered(APIPath("restapis", apiID, "documentation", "versions")) {
            guard let name = item["version"]?.string else { continue }
            let address = Address(.documentationVersion, in: root, name)
            found[address] = DocumentationSnapshot(item, known: observation.identities[address])?.object
        }
    }

    // MARK: Stages and deployments

    private func readStages(
        _ apiID: String, wantsAll: Bool, _ found: inout [Address: ObservedObject]
    ) async throws(ProviderFailure) -> [Address: ServedDefinition] {
        let deployments = try await client.list(APIPath("restapis", apiID, "deployments")).compactMap(\.object)
        if let newest = current(of: deployments), let id = newest["id"]?.string {
            let marker = SnapshotMarker(description: newest["description"]?.string)
            let fingerprint = self.fingerprint(of: newest, marker) ?? id
            var document: JSONObject = ["fingerprint": .string(fingerprint)]
            if let text = marker?.text ?? newest["description"]?.string, !text.isEmpty {
                document["description"] = .string(text)
            }
            found[deployment] = ObservedObject(
                identity: Identity(physicalID: id, attributes: ["fingerprint": fingerprint]),
                document: .object(document))
        }
        let byID = Dictionary(
            deployments.map { item in
                let marker = SnapshotMarker(description: item["description"]?.string)
                let read = (item: item, marker: marker, fingerprint: fingerprint(of: item, marker))
                return (item["id"]?.string ?? "", read)
            }
        ) { first, _ in first }
        var servedByStage: [Address: ServedDefinition] = [:]
        let stages = try await client.read(APIPath("restapis", apiID, "stages"))?["item"]?.array ?? []
        let asked = wantsAll ? [] : Set(observation.addresses)
        for item in stages.compactMap(\.object) {
            guard let name = item["stageName"]?.string, let served = item["deploymentId"]?.string else { continue }
            let address = Address(.stage, in: root, name)
            guard wantsAll || asked.contains(address) else { continue }
            found[address] = ObservedObject(
                identity: Identity(physicalID: name, attributes: ["deploymentId": served]),
                document: ServiceDocument.stage(item, deployment: byID[served]?.fingerprint ?? served))
            let marker = byID[served]?.marker
            servedByStage[address] = ServedDefinition(
                deploymentID: served, fingerprint: marker?.fingerprint, commit: marker?.commit,
                created: byID[served]?.item["createdDate"]?.number?.int)
        }
        return servedByStage
    }

    /// Of a deployment of ours: by its marker, or, where somebody edited that, by its recorded id.
    private func fingerprint(of item: JSONObject, _ marker: SnapshotMarker?) -> String? {
        if let marker { return marker.fingerprint }
        guard let known = observation.identities[deployment], known.physicalID == item["id"]?.string else { return nil }
        return known.attributes["fingerprint"]
    }

    /// The deployment that the recorded state means: of the asked-for token, else the known one, else our newest.
    private func current(of deployments: [JSONObject]) -> JSONObject? {
        if let token = observation.tokens[deployment],
            let made = deployments.first(where: {
                SnapshotMarker(description: $0["description"]?.string)?.token == token
            })
        {
            return made
        }
        if let id = observation.identities[deployment]?.physicalID {
            return deployments.first { $0["id"]?.string == id }
        }
        return
            deployments
            .filter { SnapshotMarker(description: $0["description"]?.string) != nil }
            .max { ($0["createdDate"]?.number?.double ?? 0) < ($1["createdDate"]?.number?.double ?? 0) }
    }
}
