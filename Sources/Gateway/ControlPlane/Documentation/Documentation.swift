import JSON

/// `DocumentationPart`.
enum Documentation {
    private static let parts = "/restapis/{api}/documentation/parts"

    static let operations: [Operation] = [
        Operation("GetDocumentationParts", "GET", parts, status: 200, handler: listParts),
        Operation(
            "CreateDocumentationPart", "POST", parts, status: 201,
            members: [.required("location", .structure(locationMembers)), .required("properties")],
            handler: createPart),
        Operation(
            "ImportDocumentationParts", "PUT", parts, status: 200, members: nil,
            handler: DefinitionImports.importDocumentationParts),
        Operation("GetDocumentationPart", "GET", parts + "/{id}", status: 200, handler: getPart),
        Operation(
            "UpdateDocumentationPart", "PATCH", parts + "/{id}", status: 200, members: .patch, handler: updatePart),
        Operation("DeleteDocumentationPart", "DELETE", parts + "/{id}", status: 202, handler: deletePart),
    ]

    /// In the order in which the service prints them.
    static let types = [
        "RESPONSE_BODY", "RESPONSE", "METHOD", "MODEL", "AUTHORIZER", "RESPONSE_HEADER", "RESOURCE",
        "PATH_PARAMETER", "REQUEST_BODY", "QUERY_PARAMETER", "API", "REQUEST_HEADER",
    ]

    static let locationMembers: [Shape.Member] = [
        .required("type", .enumeration(types)), .optional("path"), .optional("method"),
        .optional("statusCode", .pattern(.documentedStatusCode)), .optional("name"),
    ]

    static let unknownPart = ServiceError.notFound("Invalid Documentation part identifier specified")

    private static func listParts(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let api = try workspace.existing(call)
        // Every part that there is, is documented.
        if call.query("locationStatus") == "UNDOCUMENTED" { return .json(["item": []]) }
        let filters = ["type", "path", "name"].compactMap { name in call.query(name).map { (name, $0) } }
        let found = api.all(.documentationPart).filter { part in
            filters.allSatisfy { part.document["location"]?[$0.0]?.string == $0.1 }
        }
        return try Paging.page(found.map { Paging.Item(key: $0.key, document: $0.document) }, call)
    }

    private static func getPart(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let part = workspace.api(call.apiID)?[.documentationPart, call.key] else { throw unknownPart }
        return .json(part)
    }

    private static func createPart(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let properties = try checkedProperties(call.body.string("properties"))
        return try workspace.update(call) { (api) throws(ServiceError) in
            let location = call.body["location"]?.object ?? [:]
            if part(at: location, in: api) != nil {
                throw .conflict("Documentation part already exists for the specified location")
            }
            return .json(try add(location, properties, to: &api, call.environment))
        }
    }

    /// The part of a location; members that are absent or empty are the same.
    static func part(at location: JSONObject, in api: API) -> (key: String, document: JSONObject)? {
        let wanted = normalized(location)
        return api.all(.documentationPart).first { normalized($0.document["location"]?.object ?? [:]) == wanted }
    }

    /// With the defaults that the service adds when it compares: any method, any status.
    private static func normalized(_ location: JSONObject) -> [String] {
        ["type", "path", "method", "statusCode", "name"].map { member in
            let text = location.string(member) ?? ""
            return text == "*" ? "" : text
        }
    }

    static func add(
        _ location: JSONObject, _ properties: String, to api: inout API, _ environment: CallEnvironment
    ) throws(ServiceError) -> JSONObject {
        guard api.count(.documentationPart) < environment.quotas.documentationPartsPerAPI else {
            throw .quota("documentation parts")
        }
        let id = RandomNames.id(length: 6) { api[.documentationPart, $0] == nil }
        var kept: JSONObject = [:]
        kept.take(["type", "path", "method", "statusCode", "name"], from: location)
        let part: JSONObject = ["id": .string(id), "location": .object(kept), "properties": .string(properties)]
        api.put(.documentationPart, id, part)
        return part
    }

    private static func checkedProperties(_ text: String?) throws(ServiceError) -> String {
        guard let text, !text.isEmpty else { throw .badRequest("Documentation part properties must be non-empty") }
        do {
            if try JSONValue(parsing: text).object != nil { return text }
        } catch {
            throw .badRequest("Documentation part properties must be a valid JSON object: \(error.message)")
        }
        throw .badRequest("Documentation part properties must be a valid JSON object")
    }

    private static func updatePart(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        return try workspace.update(call, orThrow: unknownPart) { (api) throws(ServiceError) in
            guard var part = api[.documentationPart, call.key] else { throw unknownPart }
            for operation in operations {
                try operation.requireReplace(of: ["/properties"])
                part["properties"] = .string(try checkedProperties(operation.value))
            }
            api.put(.documentationPart, call.key, part)
            return .json(part)
        }
    }

    private static func deletePart(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try workspace.update(call) { (api) throws(ServiceError) in
            guard api[.documentationPart, call.key] != nil else { throw unknownPart }
            api.remove(.documentationPart, call.key)
            return .empty
        }
    }
}
