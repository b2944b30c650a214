import JSON
import Resources

/// Endpoints that offer only a part of the API: what they do not keep is kept by the recorded state (``KeptDocument``).
extension StepCall {
    func offersDocumentation() async throws(ProviderFailure) -> Bool {
        try await DefinitionCalls(client: client, root: root, apiID: try apiID()).offersDocumentation()
    }

    func keep(
        _ identities: inout [Address: Identity?], isDocumented: Bool, image: (Step.Effect) -> JSONValue?
    ) async throws(ProviderFailure) {
        for effect in step.effects {
            guard let document = image(effect) else { continue }
            switch effect.address.kind {
            case .documentationPart where !isDocumented:
                identities[effect.address] = KeptDocument.identity(
                    Identity(physicalID: effect.address.key), keeping: document)
            case .restAPI:
                guard let known = context.identities[api] else { continue }
                let told = try await client.read(APIPath("restapis", try apiID()))
                identities[api] = KeptDocument.identity(
                    known, keeping: ["version"], of: document.object ?? [:], reply: told)
            default: continue
            }
        }
    }

    func keep(_ identity: Identity, of form: JSONObject) async throws(ProviderFailure) -> Identity {
        guard client.isPartial else { return identity }
        let path = APIPath("restapis", try apiID(), "stages", identity.physicalID)
        return KeptDocument.identity(
            identity, keeping: ["documentationVersion"], of: form, reply: try await client.read(path))
    }
}
