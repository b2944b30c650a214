import JSON

/// `DocumentationVersion`: the parts as they were at one moment.
enum DocumentationVersions {
    private static let versions = "/restapis/{api}/documentation/versions"

    static let operations: [Operation] = [
        Operation("GetDocumentationVersions", "GET", versions, status: 200, handler: listVersions),
        Operation(
            "CreateDocumentationVersion", "POST", versions, status: 201,
            members: [.required("documentationVersion"), .optional("stageName"), .optional("description")],
            handler: createVersion),
        Operation("GetDocumentationVersion", "GET", versions + "/{id}", status: 200, handler: getVersion),
        Operation(
            "UpdateDocumentationVersion", "PATCH", versions + "/{id}", status: 200, members: .patch,
            handler: updateVersion),
        Operation("DeleteDocumentationVersion", "DELETE", versions + "/{id}", status: 202, handler: deleteVersion),
    ]

    static let unknownVersion = ServiceError.notFound("Invalid Documentation version specified")

    /// Without the parts, which only exports show.
    private static func answer(_ version: JSONObject) -> JSONObject {
        JSONObject(version.filter { $0.name != "parts" }.map { ($0.name, $0.value) })
    }

    private static func listVersions(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let api = try workspace.existing(call)
        let items = api.all(.documentationVersion).map { Paging.Item(key: $0.key, document: answer($0.document)) }
        return try Paging.page(items, call)
    }

    private static func getVersion(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let version = try workspace.existing(call)[.documentationVersion, call.key] else { throw unknownVersion }
        return .json(answer(version))
    }

    private static func createVersion(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try workspace.update(call) { (api) throws(ServiceError) in
            guard let name = call.body.string("documentationVersion"), !name.isEmpty else {
                throw .badRequest("Documentation version cannot be blank")
            }
            guard api[.documentationVersion, name] == nil else {
                throw .conflict("Documentation version already exists: \(name)")
            }
            var version: JSONObject = [
                "version": .string(name), "createdDate": .number(JSONNumber(call.environment.now)),
            ]
            if let text = call.body.string("description"), !text.isEmpty { version["description"] = .string(text) }
            version["parts"] = .array(api.all(.documentationPart).map { .object($0.document) })
            api.put(.documentationVersion, name, version)
            if let stageName = call.body.string("stageName"), !stageName.isEmpty {
                guard var stage = api[.stage, stageName] else { throw .unknownStage }
                stage["documentationVersion"] = .string(name)
                api.put(.stage, stageName, stage)
            }
            return .json(answer(version))
        }
    }

    private static func updateVersion(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        return try workspace.update(call) { (api) throws(ServiceError) in
            guard var version = api[.documentationVersion, call.key] else { throw unknownVersion }
            for operation in operations {
                try operation.requireReplace(of: ["/description"])
                try operation.setText("description", in: &version)
            }
            api.put(.documentationVersion, call.key, version)
            return .json(answer(version))
        }
    }

    private static func deleteVersion(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try workspace.update(call) { (api) throws(ServiceError) in
            guard api[.documentationVersion, call.key] != nil else { throw unknownVersion }
            let isUsed = api.all(.stage).contains { $0.document.string("documentationVersion") == call.key }
            if isUsed { throw .conflict("Documentation version \(call.key) is used by a stage") }
            api.remove(.documentationVersion, call.key)
            return .empty
        }
    }
}
