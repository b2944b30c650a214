import HTTPTypes
import JSON
import OpenAPI
import Resources

/// The mutating call of one step.
struct StepCall {
    let client: APIGatewayClient
    let step: Step
    let context: StepContext

    var root: String { step.effects[0].address.root }
    var api: Address { Address(.restAPI, root) }

    /// The API's id; known since the API is made by an earlier step or recorded.
    func apiID() throws(ProviderFailure) -> String {
        guard let id = context.identities[api]?.physicalID else {
            throw ProviderFailure(.notFound, "the id of `\(api)` is not known", effect: .none)
        }
        return id
    }

    /// The document with every reference answered.
    func resolved(_ document: JSONValue?) -> JSONObject {
        document?.resolved(with: context.identities).object ?? [:]
    }

    // MARK: RestApi

    func createRestAPI() async throws(ProviderFailure) -> StepResult {
        let form = resolved(step.effects[0].after)
        var body = form
        body["policy"] = form["policy"].map { .string($0.text(.compact)) }
        var tags = form["tags"]?.object ?? [:]
        for (name, value) in OwnershipMarker(context, api).tags { tags[name] = .string(value) }
        body["tags"] = .object(tags)
        let reply = try await client.call(.post, APIPath("restapis"), body: .object(body))
        guard let id = reply["id"]?.string else {
            throw ProviderFailure(.badReply, "the reply to CreateRestApi has no `id`", effect: .unknown)
        }
        let attributes = reply["rootResourceId"]?.string.map { ["rootResourceId": $0] } ?? [:]
        let made = Identity(physicalID: id, attributes: attributes)
        guard client.isPartial else { return StepResult(identities: [api: made]) }
        return StepResult(identities: [
            api: KeptDocument.identity(made, keeping: ["version"], of: form, reply: reply)
        ])
    }

    func updateRestAPI() async throws(ProviderFailure) -> StepResult {
        let patch = PatchOperations.restAPI(
            from: resolved(step.effects[0].before), to: resolved(step.effects[0].after))
        guard !patch.isEmpty else { return StepResult() }
        _ = try await client.call(.patch, APIPath("restapis", try apiID()), body: patch.body)
        return StepResult()
    }

    func tagRestAPI() async throws(ProviderFailure) -> StepResult {
        try await setTags("restapis/\(try apiID())")
    }

    func deleteRestAPI() async throws(ProviderFailure) -> StepResult {
        let id = try apiID()
        do {
            _ = try await client.call(.delete, APIPath("restapis", id))
        } catch let failure where failure.code == .notFound {
            // Gone already: what the step wants.
        }
        return StepResult(identities: Dictionary(uniqueKeysWithValues: step.effects.map { ($0.address, nil) }))
    }

    // MARK: Definition

    /// Imports the definition with this step's effects in it.
    ///
    /// - Parameters:
    ///   - keepingOthers: What the step does not touch is read first and sent along unchanged; false on an API that the
    ///     plan itself made.
    ///   - image: The document that each effect's object gets; an undo puts back the one of before.
    func putDefinition(
        keepingOthers: Bool, image: (Step.Effect) -> JSONValue? = { $0.after }
    ) async throws(ProviderFailure) -> StepResult {
        var put = DefinitionPut(client: client, root: root, apiID: try apiID())
        if client.isPartial { put.isDocumented = try await offersDocumentation() }
        try await put.run(keepingOthers: keepingOthers) { (objects: inout [Address: JSONValue]) in
            for effect in step.effects where !effect.address.isDisplaced {
                objects[effect.address] = image(effect).map { $0.resolved(with: context.identities) }
            }
        }
        // Objects inside a definition go by their address: the ids that the service gives are never asked for.
        var identities: [Address: Identity?] = Dictionary(
            uniqueKeysWithValues: step.effects.filter { $0.address.kind != .restAPI && !$0.address.isDisplaced }.map {
                ($0.address, image($0) == nil ? nil : Identity(physicalID: $0.address.key))
            })
        if client.isPartial { try await keep(&identities, isDocumented: put.isDocumented, image: image) }
        return StepResult(identities: identities)
    }

    // MARK: Deployment

    func createDeployment() async throws(ProviderFailure) -> StepResult {
        let effect = step.effects[0]
        guard let fingerprint = effect.after?["fingerprint"]?.string else {
            throw ProviderFailure(.unsupported, "`\(effect.address)` has no fingerprint", effect: .none)
        }
        let description = OwnershipMarker(context, effect.address).description(
            resolved(effect.after)["description"]?.string, fingerprint: fingerprint)
        let reply = try await client.call(
            .post, APIPath("restapis", try apiID(), "deployments"), body: ["description": .string(description)])
        guard let id = reply["id"]?.string else {
            throw ProviderFailure(.badReply, "the reply to CreateDeployment has no `id`", effect: .unknown)
        }
        return StepResult(identities: [
            effect.address: Identity(physicalID: id, attributes: ["fingerprint": fingerprint])
        ])
    }

    /// Writes another description; the marker in it stays as it is.
    func describeDeployment(as document: JSONValue?) async throws(ProviderFailure) -> StepResult {
        let address = step.effects[0].address
        let form = resolved(document)
        let fingerprint = form["fingerprint"]?.string ?? ""
        let id = try await deploymentID(fingerprint: fingerprint)
        let path = APIPath("restapis", try apiID(), "deployments", id)
        let marker = SnapshotMarker(description: try await client.read(path)?["description"]?.string)
        let text = form["description"]?.string
        let description =
            marker.map { SnapshotMarker.description(text, $0.written) }
            ?? OwnershipMarker(context, address).description(text, fingerprint: fingerprint)
        var patch = PatchOperations()
        patch.add("replace", "/description", description)
        let identity = Identity(physicalID: id, attributes: ["fingerprint": fingerprint])
        do {
            _ = try await client.call(.patch, path, body: patch.body)
            return StepResult(identities: [address: identity])
        } catch let failure
            where client.isPartial && (failure.code == .missingOperation || failure.effect == .unknown)
        {
            // One that offers the call without having it breaks down instead: whether it took effect is to be seen.
            let told = try await client.read(path)?["description"]?.string
            guard told != description else { return StepResult(identities: [address: identity]) }
        }
        return StepResult(identities: [
            address: KeptDocument.identity(identity, keeping: ["description": form["description"] ?? .null])
        ])
    }

    func updateDeployment() async throws(ProviderFailure) -> StepResult {
        try await describeDeployment(as: step.effects[0].after)
    }

    /// The id of the deployment that carries this fingerprint; the newest where several do.
    func deploymentID(fingerprint: String) async throws(ProviderFailure) -> String {
        let address = Address(.deployment, root)
        if let known = context.identities[address], known.attributes["fingerprint"] == fingerprint {
            return known.physicalID
        }
        let deployments = try await client.list(APIPath("restapis", try apiID(), "deployments")).compactMap(\.object)
        guard let id = Self.deploymentID(fingerprint: fingerprint, among: deployments) else {
            throw ProviderFailure(
                .notFound, "`\(root)` has no deployment with the fingerprint `\(fingerprint.prefix(12))`",
                effect: .none)
        }
        return id
    }

    /// The newest that carries the fingerprint, or that has it as its id: a deployment which is not ours.
    static func deploymentID(fingerprint: String, among deployments: [JSONObject]) -> String? {
        deployments
            .filter {
                SnapshotMarker(description: $0["description"]?.string)?.fingerprint == fingerprint
                    || $0["id"]?.string == fingerprint
            }
            .max { ($0["createdDate"]?.number?.double ?? 0) < ($1["createdDate"]?.number?.double ?? 0) }?["id"]?.string
    }

    // MARK: Stage

    func createStage() async throws(ProviderFailure) -> StepResult {
        try await createStage(resolved(step.effects[0].after))
    }

    /// A new stage takes method settings only by a patch: without any, one call makes it whole.
    func createStage(_ form: JSONObject) async throws(ProviderFailure) -> StepResult {
        let address = step.effects[0].address
        let apiID = try apiID()
        let deploymentID = try await deploymentID(fingerprint: form["deployment"]?.string ?? "")
        var body = form.keeping([
            "description", "variables", "cacheClusterEnabled", "cacheClusterSize", "tracingEnabled",
            "documentationVersion", "tags", "canarySettings",
        ])
        body["stageName"] = .string(address.key)
        body["deploymentId"] = .string(deploymentID)
        _ = try await client.call(.post, APIPath("restapis", apiID, "stages"), body: .object(body))
        var made = body.keeping([
            "description", "variables", "cacheClusterEnabled", "cacheClusterSize", "tracingEnabled",
            "documentationVersion", "canarySettings",
        ])
        made["deployment"] = form["deployment"]
        let patch = PatchOperations.stage(from: made, to: form, deploymentID: nil)
        if !patch.isEmpty {
            do {
                _ = try await client.call(
                    .patch, APIPath("restapis", apiID, "stages", address.key), body: patch.body)
            } catch let failure where failure.effect != .unknown {
                // Half a stage must not stay: the step is refused as a whole.
                do {
                    _ = try await client.call(.delete, APIPath("restapis", apiID, "stages", address.key))
                } catch let cleanup {
                    // It stays for now: only a look and an undo can tell and mend that.
                    if cleanup.code != .notFound { throw failure.withUnknownEffect }
                }
                throw failure
            }
        }
        let identity = Identity(physicalID: address.key, attributes: ["deploymentId": deploymentID])
        return StepResult(identities: [address: try await keep(identity, of: form)])
    }

    func updateStage() async throws(ProviderFailure) -> StepResult {
        let effect = step.effects[0]
        // Where what it names was made anew, the documents do not tell the difference.
        guard effect.before != effect.after, step.effects.count == 1 else {
            return try await StepUndo(client: client, step: step, context: context)
                .bringStage(to: resolved(effect.after))
        }
        let before = resolved(effect.before)
        let after = resolved(effect.after)
        var deployment: String?
        if before["deployment"] != after["deployment"] {
            deployment = try await deploymentID(fingerprint: after["deployment"]?.string ?? "")
        }
        return try await patchStage(from: before, to: after, deploymentID: deployment)
    }

    func patchStage(
        from before: JSONObject, to after: JSONObject, deploymentID: String?
    ) async throws(ProviderFailure) -> StepResult {
        let address = step.effects[0].address
        let patch = PatchOperations.stage(from: before, to: after, deploymentID: deploymentID)
        guard !patch.isEmpty else { return StepResult() }
        let reply = try await client.call(
            .patch, APIPath("restapis", try apiID(), "stages", address.key), body: patch.body)
        let served = reply["deploymentId"]?.string.map { ["deploymentId": $0] } ?? [:]
        let identity = Identity(physicalID: address.key, attributes: served)
        return StepResult(identities: [address: try await keep(identity, of: after)])
    }

    func tagStage() async throws(ProviderFailure) -> StepResult {
        try await setTags("restapis/\(try apiID())/stages/\(step.effects[0].address.key)")
    }

    func deleteStage() async throws(ProviderFailure) -> StepResult {
        let address = step.effects[0].address
        do {
            _ = try await client.call(.delete, APIPath("restapis", try apiID(), "stages", address.key))
        } catch let failure where failure.code == .notFound {
            // Gone already: what the step wants.
        }
        return StepResult(identities: [address: nil])
    }

    // MARK: Tags

    private func setTags(_ path: String) async throws(ProviderFailure) -> StepResult {
        try await setTags(
            path, from: resolved(step.effects[0].before)["tags"]?.object ?? [:],
            to: resolved(step.effects[0].after)["tags"]?.object ?? [:])
    }

    func setTags(
        _ path: String, from before: JSONObject, to after: JSONObject
    ) async throws(ProviderFailure) -> StepResult {
        try await client.setTags(path, from: before, to: after)
        return StepResult()
    }
}
