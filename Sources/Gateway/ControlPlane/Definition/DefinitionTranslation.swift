import JSON
import OpenAPI
import Resources

/// Lays a definition in normal form over an API in service form.
struct DefinitionTranslation {
    enum Mode: String, Sendable { case merge, overwrite }

    private let definition: APIDefinition
    private let mode: Mode
    private let withDocumentation: Bool
    private let environment: CallEnvironment
    /// What the methods of the document refer to.
    private var authorizerIDs: [String: String] = [:]
    private var validatorIDs: [String: String] = [:]

    init(_ definition: APIDefinition, mode: Mode, withDocumentation: Bool, _ environment: CallEnvironment) {
        self.definition = definition
        self.mode = mode
        self.withDocumentation = withDocumentation
        self.environment = environment
    }

    private func objects(_ kind: ResourceKind) -> [(key: String, document: JSONObject)] {
        definition.objects.filter { $0.kind == kind }.map { ($0.key, $0.document.object ?? [:]) }
    }

    mutating func apply(to api: inout API) throws(ServiceError) {
        try setAttributes(of: &api)
        try setModels(of: &api)
        validatorIDs = try setNamed(.requestValidator, .validator, of: &api)
        authorizerIDs = try setNamed(.authorizer, .authorizer, of: &api)
        try setGatewayResponses(of: &api)
        let ids = try setResources(of: &api)
        try setMethods(of: &api, ids: ids)
        if withDocumentation { try setDocumentation(of: &api) }
        try checkQuotas(of: api)
    }

    private func checkQuotas(of api: API) throws(ServiceError) {
        let quotas = environment.quotas
        guard api.resources.count <= quotas.resourcesPerAPI else { throw .quota("Resources") }
        guard api.count(.model) <= quotas.modelsPerAPI else { throw .quota("models") }
        guard api.count(.authorizer) <= quotas.authorizersPerAPI else { throw .quota("authorizers") }
        guard api.count(.validator) <= quotas.requestValidatorsPerAPI else {
            throw .quota("request validators")
        }
    }

    private func setAttributes(of api: inout API) throws(ServiceError) {
        let given = definition.attributes
        var document = api.document
        if let name = given.string("name"), !name.isEmpty { document["name"] = .string(name) }
        for name in ["description", "version"] {
            if let text = given.string(name), !text.isEmpty {
                document[name] = .string(text)
            } else if mode == .overwrite {
                document[name] = nil
            }
        }
        for name in ["minimumCompressionSize", "apiKeySource", "disableExecuteApiEndpoint"] {
            if let value = given[name], !value.isNull { document[name] = value }
        }
        if let size = document["minimumCompressionSize"]?.int { try RestAPIs.checkCompression(size) }
        var types = mode == .merge ? (document["binaryMediaTypes"]?.array ?? []) : []
        for type in given["binaryMediaTypes"]?.array ?? [] where !types.contains(type) { types.append(type) }
        document["binaryMediaTypes"] = types.isEmpty ? JSONValue?.none : .array(types)
        if let policy = given["policy"], policy.object?.isEmpty == false {
            document["policy"] = try ResourcePolicy.stored(policy.text(.compact), api: api.id, environment)
        }
        if let endpoint = given["endpointConfiguration"]?.object {
            var configuration = EndpointConfiguration(stored: document["endpointConfiguration"]?.object ?? [:])
            if let ids = endpoint["vpcEndpointIds"]?.array { configuration.vpcEndpointIDs = ids.compactMap(\.string) }
            if let type = endpoint.string("ipAddressType") { configuration.addressType = type }
            try configuration.check()
            document["endpointConfiguration"] = .object(configuration.document)
        }
        api.setDocument(document)
    }

    private func setModels(of api: inout API) throws(ServiceError) {
        let models = objects(.model)
        if mode == .overwrite { remove(.model, except: Set(models.map(\.key)), of: &api) }
        for (name, given) in models {
            var model: JSONObject = [
                "id": api[.model, name]?["id"] ?? .string(RandomNames.id(length: 6)), "name": .string(name),
                "contentType": given["contentType"] ?? "application/json",
            ]
            model.take(["description"], from: given)
            if let schema = given["schema"], !schema.isNull {
                model["schema"] = .string(ModelReferences.rewritten(schema, api: api.id).text(.compact))
            }
            api.put(.model, name, model)
        }
    }

    private func remove(_ kind: ObjectKind, except kept: Set<String>, of api: inout API) {
        for object in api.all(kind) where !kept.contains(object.key) { api.remove(kind, object.key) }
    }

    /// Validators and authorizers: known to the document by name, to the API by id. A name that stays keeps its id.
    private func setNamed(
        _ kind: ResourceKind, _ table: ObjectKind, of api: inout API
    ) throws(ServiceError) -> [String: String] {
        var ids: [String: String] = [:]
        for object in api.all(table) {
            if let name = object.document.string("name"), ids[name] == nil { ids[name] = object.key }
        }
        let given = objects(kind)
        if mode == .overwrite {
            remove(table, except: Set(given.compactMap { ids[$0.key] }), of: &api)
            ids = ids.filter { id in given.contains { $0.key == id.key } }
        }
        for (name, members) in given {
            let id = ids[name] ?? RandomNames.id(length: 6) { api[table, $0] == nil }
            ids[name] = id
            var document: JSONObject = ["id": .string(id), "name": .string(name)]
            for (member, value) in members where !value.isNull { document[member] = value }
            if table == .validator {
                for member in ["validateRequestBody", "validateRequestParameters"] where document[member] == nil {
                    document[member] = false
                }
            }
            api.put(table, id, document)
        }
        return ids
    }

    private func setGatewayResponses(of api: inout API) throws(ServiceError) {
        let responses = objects(.gatewayResponse)
        if mode == .overwrite { remove(.gatewayResponse, except: Set(responses.map(\.key)), of: &api) }
        for (type, given) in responses {
            guard GatewayResponseTypes.printed.contains(type) else {
                throw .badRequest("Invalid gateway response type specified: \(type)")
            }
            api.put(.gatewayResponse, type, GatewayResponses.customised(type, given))
        }
    }

    private func setDocumentation(of api: inout API) throws(ServiceError) {
        if mode == .overwrite { remove(.documentationPart, except: [], of: &api) }
        for (key, document) in objects(.documentationPart) {
            let parts = key.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
            var location: JSONObject = [:]
            for (member, part) in zip(["type", "path", "method", "statusCode", "name"], parts) where part != "-" {
                location[member] = .string(part)
            }
            _ = try DefinitionImports.put(
                location, document["properties"]?.object ?? [:], in: &api, environment)
        }
    }
}

// MARK: Resources and methods

extension DefinitionTranslation {
    /// Makes the tree of the document; a path that stays keeps its id.
    private func setResources(of api: inout API) throws(ServiceError) -> [String: String] {
        var ids: [String: String] = [:]
        for resource in api.resources.values { ids[resource.path] = resource.id }
        let paths = objects(.resource).map(\.key).sorted { $0.utf8.count < $1.utf8.count }
        if mode == .overwrite {
            let wanted = Set(paths)
            for (path, id) in ids where path != "/" && !wanted.contains(path) {
                api.removeResource(id)
                ids[path] = nil
            }
        }
        for path in paths where ids[path] == nil {
            let slash = path.lastIndex(of: "/") ?? path.startIndex
            let parentPath = slash == path.startIndex ? "/" : String(path[..<slash])
            let part = String(path[path.index(after: slash)...])
            guard Resources.isValid(part), let parent = ids[parentPath] else {
                throw .invalidPathPart
            }
            let id = RandomNames.id(length: 6) { api.resources[$0] == nil }
            api.put(ResourceRecord(id: id, parentID: parent, pathPart: part, path: path))
            ids[path] = id
        }
        return ids
    }

    private func setMethods(of api: inout API, ids: [String: String]) throws(ServiceError) {
        let methods = objects(.method)
        if mode == .overwrite {
            let kept = Set(methods.compactMap { method(of: $0.key, ids) })
            remove(.method, except: kept, of: &api)
        }
        for (key, given) in methods {
            guard let place = method(of: key, ids), let blank = place.firstIndex(of: " ") else {
                throw .badRequest("Invalid OpenAPI input.")
            }
            let resource = String(place[..<blank])
            let name = String(place[place.index(after: blank)...])
            let document = method(name, resource: resource, given)
            do throws(ServiceError) {
                try Methods.check(document, in: api)
            } catch {
                throw .badRequest("Unable to put method '\(name)' on resource '\(key)': \(error.message)")
            }
            api.put(.method, place, document)
        }
    }

    /// `resource METHOD`, the key of a method in the API.
    private func method(of key: String, _ ids: [String: String]) -> String? {
        guard let blank = key.firstIndex(of: " ") else { return nil }
        guard let id = ids[String(key[key.index(after: blank)...])] else { return nil }
        return "\(id) \(key[..<blank])"
    }

    private func method(_ name: String, resource: String, _ given: JSONObject) -> JSONObject {
        var method: JSONObject = [
            "httpMethod": .string(name), "authorizationType": given["authorizationType"] ?? "NONE",
            "apiKeyRequired": given["apiKeyRequired"] ?? false,
        ]
        method.take(["operationName", "requestParameters", "requestModels", "authorizationScopes"], from: given)
        if let authorizer = given.string("authorizer") {
            method["authorizerId"] = .string(authorizerIDs[authorizer] ?? "")
        }
        if let validator = given.string("requestValidator") {
            method["requestValidatorId"] = .string(validatorIDs[validator] ?? "")
        }
        if let responses = given["methodResponses"]?.object, !responses.isEmpty {
            method["methodResponses"] = .object(Self.withStatus(responses))
        }
        if let integration = given["integration"]?.object {
            var complete = Integrations.complete(integration, resource: resource)
            if let responses = integration["integrationResponses"]?.object, !responses.isEmpty {
                complete["integrationResponses"] = .object(Self.withStatus(responses))
            }
            method["methodIntegration"] = .object(complete)
        }
        return method
    }

    /// The service says a response's status inside it as well.
    private static func withStatus(_ responses: JSONObject) -> JSONObject {
        JSONObject(
            responses.map { status, response in
                var document: JSONObject = ["statusCode": .string(status)]
                for (name, value) in response.object ?? [:] { document[name] = value }
                return (status, .object(document))
            })
    }
}
