import HTTPTypes
import JSON
import Resources

extension StepCall {
    func createDocumentationVersion() async throws(ProviderFailure) -> StepResult {
        let effect = step.effects[0]
        guard let fingerprint = effect.after?["fingerprint"]?.string else {
            throw ProviderFailure(.unsupported, "`\(effect.address)` has no fingerprint", effect: .none)
        }
        if client.isPartial, try await !offersDocumentation() {
            let identity = Identity(physicalID: effect.address.key, attributes: ["fingerprint": fingerprint])
            return StepResult(identities: [
                effect.address: KeptDocument.identity(
                    identity, keeping: .object(["fingerprint": .string(fingerprint)]))
            ])
        }
        let description = OwnershipMarker(context, effect.address).description(fingerprint: fingerprint)
        let reply = try await client.call(
            .post, APIPath("restapis", try apiID(), "documentation", "versions"),
            body: ["documentationVersion": .string(effect.address.key), "description": .string(description)])
        guard let made = DocumentationSnapshot(reply, known: nil) else {
            throw ProviderFailure(
                .badReply, "the reply to CreateDocumentationVersion has no `version`", effect: .unknown)
        }
        return StepResult(identities: [effect.address: made.object.identity])
    }

    /// Deletes the version if it is the one that this step made: a lost create may have met one of the same name.
    func takeBackDocumentationVersion() async throws(ProviderFailure) -> StepResult {
        let address = step.effects[0].address
        if client.isPartial, try await !offersDocumentation() { return StepResult(identities: [address: nil]) }
        let path = APIPath("restapis", try apiID(), "documentation", "versions", address.key)
        let found = try await client.read(path).flatMap { DocumentationSnapshot($0, known: nil) }
        if let found, found.token == context.token {
            do {
                _ = try await client.call(.delete, path)
            } catch let failure where failure.code == .notFound {
                // Gone already: what the undo wants.
            }
        }
        return StepResult(identities: [address: nil])
    }
}
