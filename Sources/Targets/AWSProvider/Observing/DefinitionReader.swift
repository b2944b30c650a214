import JSON
import Resources

/// Reads the whole definition of one API in a handful of bulk reads, whatever its size.
struct DefinitionReader {
    let client: APIGatewayClient
    let root: String
    let apiID: String

    /// - Returns: Every object of the definition, the models that the service made itself included.
    func read() async throws(ProviderFailure) -> [Address: ObservedObject] {
        var objects: [Address: ObservedObject] = [:]
        var names = DefinitionNames()

        for item in try await list("requestvalidators") {
            guard let id = item["id"]?.string, let name = item["name"]?.string else { continue }
            names.validators[id] = name
            add(.requestValidator, name, id, ServiceForm.requestValidator(item), to: &objects)
        }
        for item in try await list("authorizers") {
            guard let id = item["id"]?.string, let name = item["name"]?.string else { continue }
            names.authorizers[id] = name
            add(.authorizer, name, id, ServiceForm.authorizer(item), to: &objects)
        }
        for item in try await list("models") {
            guard let id = item["id"]?.string, let name = item["name"]?.string else { continue }
            add(.model, name, id, ServiceForm.model(item, apiID: apiID), to: &objects)
        }
        for item in try await list("gatewayresponses") where item["defaultResponse"]?.bool != true {
            guard let type = item["responseType"]?.string else { continue }
            add(.gatewayResponse, type, type, ServiceForm.gatewayResponse(item), to: &objects)
        }
        for item in try await list("documentation", "parts") {
            guard let id = item["id"]?.string else { continue }
            let key = ServiceForm.documentationKey(item)
            add(.documentationPart, key, id, ServiceForm.documentationPart(item), to: &objects)
        }
        try await readResources(names, &objects)
        return objects
    }

    private func readResources(
        _ names: DefinitionNames, _ objects: inout [Address: ObservedObject]
    ) async throws(ProviderFailure) {
        let path = APIPath("restapis", apiID, "resources", query: [("embed", "methods")])
        for item in try await client.list(path).compactMap(\.object) {
            guard let id = item["id"]?.string, let path = item["path"]?.string else { continue }
            add(.resource, path, id, .object([:]), to: &objects)
            for (name, document) in item["resourceMethods"]?.object ?? [:] {
                let form = ServiceForm.method(document.object ?? [:], resourceID: id, names: names)
                add(.method, "\(name) \(path)", "\(id) \(name)", form, to: &objects)
            }
        }
    }

    private func list(_ parts: String...) async throws(ProviderFailure) -> [JSONObject] {
        let path: APIPath =
            parts.count == 1
            ? APIPath("restapis", apiID, parts[0]) : APIPath("restapis", apiID, parts[0], parts[1])
        return try await client.listIfOffered(path).compactMap(\.object)
    }

    private func add(
        _ kind: ResourceKind, _ key: String, _ id: String, _ document: JSONValue,
        to objects: inout [Address: ObservedObject]
    ) {
        objects[Address(kind, in: root, key)] = ObservedObject(
            identity: Identity(physicalID: id), document: document)
    }
}
