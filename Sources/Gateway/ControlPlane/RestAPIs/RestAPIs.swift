import JSON

/// `RestApi`: create, get, list, update, delete. Imports are in `Definition`.
enum RestAPIs {
    static let operations: [Operation] = [
        Operation(
            "ImportRestApi", "POST", "/restapis", status: 201, members: nil, isImport: true,
            readsDefinition: true, handler: DefinitionImports.importRestAPI),
        Operation("CreateRestApi", "POST", "/restapis", status: 201, members: createMembers, handler: create),
        Operation("GetRestApis", "GET", "/restapis", status: 200, handler: list),
        Operation("GetRestApi", "GET", "/restapis/{api}", status: 200, handler: get),
        Operation("UpdateRestApi", "PATCH", "/restapis/{api}", status: 200, members: .patch, handler: update),
        Operation("DeleteRestApi", "DELETE", "/restapis/{api}", status: 202, handler: delete),
        Operation(
            "PutRestApi", "PUT", "/restapis/{api}", status: 200, members: nil, readsDefinition: true,
            handler: DefinitionImports.putRestAPI),
    ]

    static let apiKeySources = ["HEADER", "AUTHORIZER"]

    private static let createMembers: [Shape.Member] = [
        .required("name"), .optional("description"), .optional("version"), .optional("cloneFrom"),
        .optional("binaryMediaTypes", .list(.string)), .optional("minimumCompressionSize", .integer),
        .optional("apiKeySource", .enumeration(apiKeySources)),
        .optional(
            "endpointConfiguration",
            .structure([
                .optional("types", .list(.enumeration(EndpointConfiguration.types))),
                .optional("ipAddressType", .enumeration(EndpointConfiguration.addressTypes)),
                .optional("vpcEndpointIds", .list(.string)),
            ])),
        .optional("policy"), .optional("tags", .map(.string)), .optional("disableExecuteApiEndpoint", .boolean),
        .optional("securityPolicy"), .optional("endpointAccessMode"),
    ]

    static func create(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let input = call.body
        guard let name = input.string("name"), !name.isEmpty else { throw .badRequest("API name cannot be blank") }
        if input.string("description")?.isEmpty == true { throw .badRequest("Description cannot be an empty string") }
        if let size = input["minimumCompressionSize"]?.int { try checkCompression(size) }
        for member in ["cloneFrom", "securityPolicy", "endpointAccessMode"] where input[member]?.isNull == false {
            throw .badRequest("The member \(member) is not supported by this engine")
        }
        let endpoint = try EndpointConfiguration(input["endpointConfiguration"]?.object ?? [:])
        var api = newAPI(in: workspace, name: name, endpoint: endpoint, call)
        var document = api.document
        document.take(["description", "version", "binaryMediaTypes", "minimumCompressionSize", "tags"], from: input)
        if let source = input["apiKeySource"], !source.isNull { document["apiKeySource"] = source }
        if let flag = input["disableExecuteApiEndpoint"], !flag.isNull { document["disableExecuteApiEndpoint"] = flag }
        if let policy = input.string("policy"), !policy.isEmpty {
            document["policy"] = try ResourcePolicy.stored(policy, api: api.id, call.environment)
        }
        try Tags.check(document["tags"]?.object ?? [:], call.environment)
        try checkQuota(workspace, call)
        api.setDocument(document)
        for model in Models.defaults {
            var model = model
            model["id"] = .string(RandomNames.id(length: 6))
            api.put(.model, model.string("name") ?? "", model)
        }
        workspace.put(api)
        return .json(document)
    }

    static func checkQuota(_ workspace: Workspace, _ call: Call) throws(ServiceError) {
        guard workspace.state.apis.count < call.environment.quotas.restAPIs else { throw .quota("APIs", "") }
    }

    /// An API with its root resource and nothing else.
    static func newAPI(
        in workspace: Workspace, name: String, endpoint: EndpointConfiguration, _ call: Call
    ) -> API {
        let id = RandomNames.id(length: 10) { workspace.api($0) == nil }
        let root = RandomNames.id(length: 10)
        var api = API(
            id: id,
            document: [
                "id": .string(id), "name": .string(name),
                "createdDate": .number(JSONNumber(call.environment.now)), "apiKeySource": "HEADER",
                "endpointConfiguration": .object(endpoint.document), "disableExecuteApiEndpoint": false,
                "rootResourceId": .string(root),
            ])
        api.put(ResourceRecord(id: root, parentID: nil, pathPart: "", path: "/"))
        return api
    }

    static func checkCompression(_ size: Int) throws(ServiceError) {
        guard (0...10_485_760).contains(size) else {
            throw .badRequest("Invalid minimum compression size, must be between 0 and 10485760")
        }
    }

    /// `tags` is always there in the answers of get, update and put.
    static func withTags(_ document: JSONObject) -> JSONObject {
        var document = document
        if document["tags"] == nil { document["tags"] = [:] }
        return document
    }

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let items = workspace.state.apis.values.map { Paging.Item(key: $0.id, document: $0.document) }
        return try Paging.page(items.sorted { $0.key < $1.key }, call)
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        .json(withTags(try workspace.existing(call).document))
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let api = try workspace.existing(call)
        try BasePathMappings.requireUnmapped(api: api.id, in: workspace.account)
        workspace.delete(api)
        for stage in api.all(.stage) { workspace.publish(api.id, stage: stage.key) }
        UsagePlans.forget(api: api.id, stage: nil, in: &workspace)
        return .empty
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        return try workspace.update(call) { (api) throws(ServiceError) in
            var patch = RestAPIPatch(api.document)
            for operation in operations { try patch.apply(operation, api: api.id, call.environment) }
            let document = try patch.finished()
            api.setDocument(document)
            return .json(withTags(document))
        }
    }
}

extension Workspace {
    /// The API of the path.
    func existing(_ call: Call) throws(ServiceError) -> API {
        guard let api = api(call.apiID) else { throw call.environment.unknownAPI(call.apiID) }
        return api
    }

    /// Edits the API of the path in its place.
    mutating func update<Result>(
        _ call: Call, orThrow error: ServiceError? = nil, _ body: (inout API) throws(ServiceError) -> Result
    ) throws(ServiceError) -> Result {
        try update(call.apiID, orThrow: error ?? call.environment.unknownAPI(call.apiID), body)
    }
}
