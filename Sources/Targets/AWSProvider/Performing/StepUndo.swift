import HTTPTypes
import JSON
import Resources

/// Takes the call of one step back: the target has `before` of each effect again.
///
/// An undo reads first what is there now and goes from that to `before`, so that doing it twice, or after a call that
/// took effect in part, is harmless.
struct StepUndo {
    private let client: APIGatewayClient
    private let step: Step
    private let context: StepContext
    private let call: StepCall

    init(client: APIGatewayClient, step: Step, context: StepContext) {
        self.client = client
        self.step = step
        var context = context
        // What was made anew beside the old one is named as the old one again.
        for effect in step.effects where effect.address.isDisplaced && effect.before == effect.after {
            guard let old = context.identities[effect.address] else { continue }
            for place in context.identities.keys where effect.address.isDisplaced(from: place) {
                context.identities[place] = old
            }
        }
        self.context = context
        call = StepCall(client: client, step: step, context: context)
    }

    // MARK: RestApi

    func createRestAPI() async throws(ProviderFailure) -> StepResult {
        guard context.identities[call.api] != nil else { return StepResult(identities: [call.api: nil]) }
        return try await call.deleteRestAPI()
    }

    func updateRestAPI() async throws(ProviderFailure) -> StepResult {
        let id = try call.apiID()
        let now = try await currentAPI(id)
        var before = call.resolved(step.effects[0].before)
        before["tags"] = now["tags"]
        before["version"] = now["version"]
        let patch = PatchOperations.restAPI(from: now, to: before)
        guard !patch.isEmpty else { return StepResult() }
        _ = try await client.call(.patch, APIPath("restapis", id), body: patch.body)
        return StepResult()
    }

    func tagRestAPI() async throws(ProviderFailure) -> StepResult {
        let id = try call.apiID()
        let now = try await currentAPI(id)
        return try await call.setTags(
            "restapis/\(id)", from: now["tags"]?.object ?? [:],
            to: call.resolved(step.effects[0].before)["tags"]?.object ?? [:])
    }

    private func currentAPI(_ id: String) async throws(ProviderFailure) -> JSONObject {
        guard let document = try await client.read(APIPath("restapis", id))?.object else {
            throw ProviderFailure(.notFound, "`\(call.api)` is not at the target any more", effect: .none)
        }
        return ServiceDocument.restAPI(document).object ?? [:]
    }

    // MARK: Definition

    func putDefinition(keepingOthers: Bool) async throws(ProviderFailure) -> StepResult {
        try await call.putDefinition(keepingOthers: keepingOthers) { $0.before }
    }

    // MARK: Deployment

    /// Found by its token rather than by its id, which a lost reply never told. What is recorded afterwards is the
    /// deployment that carries the fingerprint of before.
    func createDeployment() async throws(ProviderFailure) -> StepResult {
        let address = step.effects[0].address
        let apiID = try call.apiID()
        var kept: [JSONObject] = []
        for deployment in try await client.list(APIPath("restapis", apiID, "deployments")).compactMap(\.object) {
            guard let id = deployment["id"]?.string else { continue }
            guard SnapshotMarker(description: deployment["description"]?.string)?.token == context.token else {
                kept.append(deployment)
                continue
            }
            do {
                _ = try await client.call(.delete, APIPath("restapis", apiID, "deployments", id))
            } catch let failure where failure.code == .notFound {
                // Gone already: what the undo wants.
            }
        }
        guard let fingerprint = step.effects[0].before?["fingerprint"]?.string else {
            return StepResult(identities: [address: nil])
        }
        guard let id = StepCall.deploymentID(fingerprint: fingerprint, among: kept) else { return StepResult() }
        return StepResult(identities: [
            address: Identity(physicalID: id, attributes: ["fingerprint": fingerprint])
        ])
    }

    func updateDeployment() async throws(ProviderFailure) -> StepResult {
        try await call.describeDeployment(as: step.effects[0].before)
    }

    // MARK: Documentation

    func createDocumentationVersion() async throws(ProviderFailure) -> StepResult {
        try await call.takeBackDocumentationVersion()
    }

    // MARK: Stage

    func createStage() async throws(ProviderFailure) -> StepResult { try await call.deleteStage() }

    func updateStage() async throws(ProviderFailure) -> StepResult { try await restoreStage() }

    func deleteStage() async throws(ProviderFailure) -> StepResult {
        if try await currentStage() == nil {
            return try await call.createStage(call.resolved(step.effects[0].before))
        }
        return try await restoreStage()
    }

    private func restoreStage() async throws(ProviderFailure) -> StepResult {
        try await bringStage(to: call.resolved(step.effects[0].before))
    }

    /// From what is there now.
    func bringStage(to before: JSONObject) async throws(ProviderFailure) -> StepResult {
        guard let now = try await currentStage() else {
            throw ProviderFailure(
                .notFound, "`\(step.effects[0].address)` is not at the target any more", effect: .none)
        }
        let wanted = try await call.deploymentID(fingerprint: before["deployment"]?.string ?? "")
        let served = now["deploymentId"]?.string
        return try await call.patchStage(
            from: ServiceDocument.stage(now, deployment: "").object ?? [:], to: before,
            deploymentID: wanted == served ? nil : wanted)
    }

    func tagStage() async throws(ProviderFailure) -> StepResult {
        guard let now = try await currentStage() else { return StepResult() }
        return try await call.setTags(
            "restapis/\(try call.apiID())/stages/\(step.effects[0].address.key)",
            from: ServiceDocument.userTags(now)?.object ?? [:],
            to: call.resolved(step.effects[0].before)["tags"]?.object ?? [:])
    }

    private func currentStage() async throws(ProviderFailure) -> JSONObject? {
        try await client.read(APIPath("restapis", try call.apiID(), "stages", step.effects[0].address.key))?.object
    }
}
