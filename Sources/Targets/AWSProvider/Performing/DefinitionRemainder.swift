import HTTPTypes
import JSON
import OpenAPI
import Resources

/// What `OpenAPIWriter.losses(of:in:)` lists: set at the target by hand, taken away by an import, put back by calls of
/// their own.
struct DefinitionRemainder {
    /// Model name to its description.
    private var descriptions: [(model: String, text: String)] = []
    /// Of two responses of one pattern a document has the last.
    private var responses: [Response] = []
    private var contentTypes: [(model: String, type: String)] = []

    private struct Response {
        let path: String
        let method: String
        let status: String
        let document: JSONObject
    }

    init(_ definition: APIDefinition) {
        for object in definition.objects {
            switch object.kind {
            case .model:
                if let text = object.document["description"]?.string { descriptions.append((object.key, text)) }
                if let type = object.document["contentType"]?.string { contentTypes.append((object.key, type)) }
            case .method: addResponses(of: object)
            default: continue
            }
        }
    }

    private mutating func addResponses(of method: DefinitionObject) {
        let words = method.key.split(separator: " ", maxSplits: 1).map(String.init)
        guard words.count == 2 else { return }
        let all = method.document["integration"]?["integrationResponses"]?.object ?? [:]
        var patterns: Set<String> = []
        for response in all.members.sorted(by: { $0.name > $1.name }) {
            let isWritten = patterns.insert(response.value["selectionPattern"]?.string ?? "default").inserted
            if isWritten { continue }
            responses.append(
                Response(
                    path: words[1], method: words[0], status: response.name, document: response.value.object ?? [:]))
        }
    }

    /// - Throws: `provider.refused` for a content type, which a model has from its creation on: an import would make the
    ///   model anew, as one of JSON.
    func check() throws(ProviderFailure) {
        guard let first = contentTypes.first else { return }
        throw ProviderFailure(
            .refused,
            "the model `\(first.model)` at the target has the content type `\(first.type)`, which an import would take "
                + "away; delete the model there, or describe it in the definition", effect: .none)
    }

    func put(_ client: APIGatewayClient, apiID: String) async throws(ProviderFailure) {
        for (model, text) in descriptions {
            let operation: JSONValue = ["op": "replace", "path": "/description", "value": .string(text)]
            _ = try await client.call(
                .patch, APIPath("restapis", apiID, "models", model), body: ["patchOperations": [operation]])
        }
        guard !responses.isEmpty else { return }
        var ids: [String: String] = [:]
        for item in try await client.list(APIPath("restapis", apiID, "resources")) {
            if let path = item["path"]?.string, let id = item["id"]?.string { ids[path] = id }
        }
        for response in responses {
            guard let id = ids[response.path] else { continue }
            let path = APIPath(
                "restapis", apiID, "resources", id, "methods", response.method, "integration", "responses",
                response.status)
            _ = try await client.call(.put, path, body: .object(response.document))
        }
    }
}
