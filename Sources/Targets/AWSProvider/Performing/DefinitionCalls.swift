import HTTPTypes
import JSON
import Resources

/// Brings a definition to what it should be call by call, where an endpoint's import does only a part of it.
struct DefinitionCalls {
    let client: APIGatewayClient
    let root: String
    let apiID: String

    /// Whether the endpoint knows parts of the documentation.
    func offersDocumentation() async throws(ProviderFailure) -> Bool {
        do {
            _ = try await client.list(path("documentation", "parts"))
            return true
        } catch {
            guard error.code == .missingOperation else { throw error }
            return false
        }
    }

    /// - Parameters:
    ///   - wanted: The whole definition, in normal form.
    ///   - offersDocumentation: False leaves out the parts of the documentation.
    func run(_ wanted: [Address: JSONValue], offersDocumentation: Bool) async throws(ProviderFailure) {
        let wanted = offersDocumentation ? wanted : wanted.filter { $0.key.kind != .documentationPart }
        let found = try await DefinitionReader(client: client, root: root, apiID: apiID).read()
        let changed = wanted.filter { address, document in
            let form = KindTable.object(address.kind)?.normalForm(of: document) ?? document
            return found[address]?.document != form
        }
        let gone = found.filter { wanted[$0.key] == nil }
        for (address, object) in gone.sorted(by: { $0.key > $1.key }) where address.kind == .method {
            let words = object.identity.physicalID.split(separator: " ").map(String.init)
            if words.count == 2 { try await delete("resources", words[0], "methods", words[1]) }
        }
        try await putParts(changed, found)
        var ids = found.filter { $0.key.kind == .resource }.map { ($0.key.key, $0.value.identity.physicalID) }
            .reduce(into: [String: String]()) { $0[$1.0] = $1.1 }
        try await putResources(changed, &ids)
        try await putMethods(changed, found, ids)
        try await remove(gone)
    }

    // MARK: Parts beside the routes

    private func putParts(
        _ changed: [Address: JSONValue], _ found: [Address: ObservedObject]
    ) async throws(ProviderFailure) {
        for (address, document) in changed.sorted(by: { $0.key < $1.key }) {
            let id = found[address]?.identity.physicalID
            var body = document.object ?? [:]
            body["name"] = .string(address.key)
            switch address.kind {
            case .model:
                if id != nil { try await delete("models", address.key) }
                body["contentType"] = body["contentType"] ?? "application/json"
                body["schema"] = body["schema"].map { .string(referring($0).text(.compact)) }
                try await call(.post, path("models"), body)
            case .requestValidator:
                if let id { try await delete("requestvalidators", id) }
                try await call(.post, path("requestvalidators"), body)
            case .authorizer:
                if let id { try await delete("authorizers", id) }
                try await call(.post, path("authorizers"), body)
            case .gatewayResponse:
                body["name"] = nil
                try await call(.put, path("gatewayresponses", address.key), body)
            case .documentationPart: try await putDocumentation(address, document, id)
            default: continue
            }
        }
    }

    private func putDocumentation(
        _ address: Address, _ document: JSONValue, _ id: String?
    ) async throws(ProviderFailure) {
        if let id { try await delete("documentation", "parts", id) }
        let names = ["type", "path", "method", "statusCode", "name"]
        let parts = address.key.split(separator: " ", maxSplits: 4).map(String.init)
        let location = zip(names, parts).filter { $0.1 != "-" }.map { ($0.0, JSONValue.string($0.1)) }
        try await call(
            .post, path("documentation", "parts"),
            [
                "location": .object(JSONObject(location)),
                "properties": .string((document["properties"] ?? [:]).text(.compact)),
            ])
    }

    /// Schemas name each other by URLs of the service.
    private func referring(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(referring))
        case .object(let object):
            return .object(
                JSONObject(
                    object.map { name, value in
                        let start = "#/definitions/"
                        guard name == "$ref", let text = value.string, text.hasPrefix(start) else {
                            return (name, referring(value))
                        }
                        let model = text.dropFirst(start.utf8.count)
                        return (
                            name, .string("https://apigateway.amazonaws.com/restapis/\(apiID)/models/\(model)")
                        )
                    }))
        default: return value
        }
    }

    // MARK: Routes

    private func putResources(
        _ changed: [Address: JSONValue], _ ids: inout [String: String]
    ) async throws(ProviderFailure) {
        let paths = changed.keys.filter { $0.kind == .resource }.map(\.key).sorted()
        for path in paths where ids[path] == nil && path != "/" {
            let name = path.split(separator: "/").last.map(String.init) ?? ""
            let above = path.dropLast(name.utf8.count + 1)
            guard let parent = ids[above.isEmpty ? "/" : String(above)] else {
                throw ProviderFailure(.badReply, "the resource above `\(path)` is not there", effect: .none)
            }
            let reply = try await client.call(
                .post, self.path("resources", parent), body: ["pathPart": .string(name)])
            ids[path] = reply["id"]?.string
        }
    }

    private func putMethods(
        _ changed: [Address: JSONValue], _ found: [Address: ObservedObject], _ ids: [String: String]
    ) async throws(ProviderFailure) {
        let methods = changed.filter { $0.key.kind == .method }.sorted { $0.key < $1.key }
        guard !methods.isEmpty else { return }
        let validators = try await names("requestvalidators")
        let authorizers = try await names("authorizers")
        for (address, document) in methods {
            let words = address.key.split(separator: " ", maxSplits: 1).map(String.init)
            guard words.count == 2, let id = ids[words[1]] else { continue }
            if found[address] != nil { try await delete("resources", id, "methods", words[0]) }
            let form = document.object ?? [:]
            var body = form.keeping([
                "authorizationType", "authorizationScopes", "apiKeyRequired", "operationName", "requestParameters",
                "requestModels",
            ])
            body["authorizerId"] = form["authorizer"]?.string.flatMap { authorizers[$0] }.map { .string($0) }
            body["requestValidatorId"] = form["requestValidator"]?.string.flatMap { validators[$0] }.map { .string($0) }
            let method = ["resources", id, "methods", words[0]]
            try await call(.put, path(method), body)
            for (status, response) in form["methodResponses"]?.object ?? [:] {
                try await call(.put, path(method + ["responses", status]), response.object ?? [:])
            }
            guard var integration = form["integration"]?.object else { continue }
            let responses = integration["integrationResponses"]?.object ?? [:]
            integration["integrationResponses"] = nil
            try await call(.put, path(method + ["integration"]), integration)
            for (status, response) in responses {
                try await call(.put, path(method + ["integration", "responses", status]), response.object ?? [:])
            }
        }
    }

    /// Name to id.
    private func names(_ list: String) async throws(ProviderFailure) -> [String: String] {
        try await client.listIfOffered(path(list)).reduce(into: [:]) { names, item in
            if let name = item["name"]?.string, let id = item["id"]?.string { names[name] = id }
        }
    }

    // MARK: What is not wanted

    private func remove(_ gone: [Address: ObservedObject]) async throws(ProviderFailure) {
        // Deeper resources come after those above them.
        for (address, object) in gone.sorted(by: { $0.key > $1.key }) {
            let id = object.identity.physicalID
            switch address.kind {
            case .resource where address.key != "/": try await delete("resources", id)
            case .model: try await delete("models", address.key)
            case .requestValidator: try await delete("requestvalidators", id)
            case .authorizer: try await delete("authorizers", id)
            case .gatewayResponse: try await delete("gatewayresponses", address.key)
            case .documentationPart: try await delete("documentation", "parts", id)
            default: continue
            }
        }
    }

    private func path(_ parts: String...) -> APIPath { path(parts) }

    private func path(_ parts: [String]) -> APIPath { APIPath(["restapis", apiID] + parts) }

    private func call(
        _ method: HTTPRequest.Method, _ path: APIPath, _ body: JSONObject
    ) async throws(ProviderFailure) {
        _ = try await client.call(method, path, body: .object(body))
    }

    private func delete(_ parts: String...) async throws(ProviderFailure) {
        do {
            _ = try await client.call(.delete, path(parts))
        } catch let failure where failure.code == .notFound {
            // Gone already: what is wanted.
        }
    }
}
