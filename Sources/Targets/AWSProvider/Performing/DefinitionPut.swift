import HTTPTypes
import JSON
import OpenAPI
import Resources

/// One PutRestApi in overwrite mode, and calls for what no document can carry (``DefinitionRemainder``).
struct DefinitionPut {
    let client: APIGatewayClient
    let root: String
    let apiID: String
    /// False of an endpoint that knows no documentation.
    var isDocumented = true

    /// - Parameters:
    ///   - keepingOthers: Starts from the definition that the target has; false: from an empty one.
    ///   - edit: Sets and removes objects of the definition; the RestApi's own document is among them.
    func run(
        keepingOthers: Bool, _ edit: (inout [Address: JSONValue]) -> Void
    ) async throws(ProviderFailure) {
        let api = Address(.restAPI, root)
        guard let document = try await client.read(APIPath("restapis", apiID))?.object else {
            throw ProviderFailure(.notFound, "`\(api)` is not at the target any more", effect: .none)
        }
        var objects: [Address: JSONValue] = [:]
        if keepingOthers {
            let observed = try await DefinitionReader(client: client, root: root, apiID: apiID).read()
            objects = observed.mapValues(\.document)
        }
        objects[api] = ServiceDocument.restAPI(document)
        edit(&objects)
        var attributes = objects.removeValue(forKey: api)?.object ?? [:]
        attributes["tags"] = nil
        let definition = APIDefinition(
            attributes: attributes,
            objects: objects.sorted { $0.key < $1.key }.map {
                DefinitionObject(kind: $0.key.kind, key: $0.key.key, document: $0.value)
            })
        let remainder = DefinitionRemainder(definition)
        try remainder.check()
        let calls = DefinitionCalls(client: client, root: root, apiID: apiID)
        do {
            _ = try await client.call(
                .put, APIPath("restapis", apiID, query: [("mode", "overwrite")]),
                body: OpenAPIWriter.document(for: definition))
        } catch let failure where client.isPartial && failure.mayBeOfImport {
            // What of it took effect is looked at next.
        }
        do throws(ProviderFailure) {
            if client.isPartial {
                try await calls.run(objects, offersDocumentation: isDocumented)
            } else {
                try await remainder.put(client, apiID: apiID)
            }
        } catch {
            // The import took effect: only a look can tell what else did.
            throw error.withUnknownEffect
        }
    }
}

extension ProviderFailure {
    /// An import that an endpoint cannot make may still be made call by call.
    fileprivate var mayBeOfImport: Bool {
        switch code {
        case .refused, .replyLost, .badReply, .missingOperation, .unsupported: true
        case .throttled, .conflict, .notFound, .unauthorized, .unreachable, .secretMissing, .codeMissing: false
        }
    }
}
