import JSON
import Resources

/// Reads what was asked for of one API, with the calls that this needs and no others.
struct APIObservation {
    let client: APIGatewayClient
    let environment: String
    let root: String
    let observation: Observation

    private var api: Address { Address(.restAPI, root) }
    private var deployment: Address { Address(.deployment, root) }

    func read() async throws(ProviderFailure) -> [Address: ObservedObject] {
        guard let document = try await findAPI(), let id = document["id"]?.string else { return [:] }
        var found: [Address: ObservedObject] = [:]
        let attributes = document["rootResourceId"]?.string.map { ["rootResourceId": $0] } ?? [:]
        found[api] = ObservedObject(
            identity: Identity(physicalID: id, attributes: attributes), document: ServiceDocument.restAPI(document))

        let asked = Set(observation.addresses.filter { $0.root == root }.map(\.kind))
        let wantsAll = observation.roots.contains(root)
        if wantsAll || asked.contains(where: \.isPartOfDefinition) {
            let definition = try await DefinitionReader(client: client, root: root, apiID: id).read()
            found.merge(definition) { _, new in new }
        }
        if wantsAll || asked.contains(.stage) || asked.contains(.deployment) {
            try await readStages(id, wantsAll: wantsAll, &found)
        }
        return found
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
            if token == nil, tags?["gatewright:address"]?.string == api.description,
                tags?["gatewright:environment"]?.string == environment
            {
                return item
            }
        }
        return nil
    }

    // MARK: Stages and deployments

    private func readStages(
        _ apiID: String, wantsAll: Bool, _ found: inout [Address: ObservedObject]
    ) async throws(ProviderFailure) {
        let deployments = try await client.list(APIPath("restapis", apiID, "deployments")).compactMap(\.object)
        if let newest = current(of: deployments), let id = newest["id"]?.string {
            let fingerprint = DeploymentMarker(description: newest["description"]?.string)?.fingerprint ?? id
            found[deployment] = ObservedObject(
                identity: Identity(physicalID: id, attributes: ["fingerprint": fingerprint]),
                document: .object(["fingerprint": .string(fingerprint)]))
        }
        var fingerprints: [String: String] = [:]
        for item in deployments {
            guard let id = item["id"]?.string else { continue }
            fingerprints[id] = DeploymentMarker(description: item["description"]?.string)?.fingerprint
        }
        let stages = try await client.read(APIPath("restapis", apiID, "stages"))?["item"]?.array ?? []
        let asked = Set(observation.addresses)
        for item in stages.compactMap(\.object) {
            guard let name = item["stageName"]?.string, let served = item["deploymentId"]?.string else { continue }
            let address = Address(.stage, in: root, name)
            guard wantsAll || asked.contains(address) else { continue }
            found[address] = ObservedObject(
                identity: Identity(physicalID: name, attributes: ["deploymentId": served]),
                document: ServiceDocument.stage(item, deployment: fingerprints[served] ?? served))
        }
    }

    /// The deployment that the recorded state means: of the asked-for token, else the known one, else our newest.
    private func current(of deployments: [JSONObject]) -> JSONObject? {
        if let token = observation.tokens[deployment],
            let made = deployments.first(where: {
                DeploymentMarker(description: $0["description"]?.string)?.token == token
            })
        {
            return made
        }
        if let id = observation.identities[deployment]?.physicalID {
            return deployments.first { $0["id"]?.string == id }
        }
        return
            deployments
            .filter { DeploymentMarker(description: $0["description"]?.string) != nil }
            .max { ($0["createdDate"]?.number?.double ?? 0) < ($1["createdDate"]?.number?.double ?? 0) }
    }
}
