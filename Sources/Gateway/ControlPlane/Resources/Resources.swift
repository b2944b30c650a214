import JSON

/// `Resource`: the tree of paths.
enum Resources {
    static let operations: [Operation] = [
        Operation("GetResources", "GET", "/restapis/{api}/resources", status: 200, handler: list),
        Operation("GetResource", "GET", "/restapis/{api}/resources/{resource}", status: 200, handler: get),
        Operation(
            "CreateResource", "POST", "/restapis/{api}/resources/{resource}", status: 201,
            members: [.required("pathPart")], handler: create),
        Operation(
            "UpdateResource", "PATCH", "/restapis/{api}/resources/{resource}", status: 200, members: .patch,
            handler: update),
        Operation("DeleteResource", "DELETE", "/restapis/{api}/resources/{resource}", status: 202, handler: delete),
    ]

    static func document(_ resource: ResourceRecord) -> JSONObject {
        var document: JSONObject = ["id": .string(resource.id), "path": .string(resource.path)]
        if let parent = resource.parentID {
            document["parentId"] = .string(parent)
            document["pathPart"] = .string(resource.pathPart)
        }
        return document
    }

    /// With `resourceMethods`: empty objects, or the methods themselves when they are embedded.
    private static func document(_ resource: ResourceRecord, of api: API, embedsMethods: Bool) -> JSONObject {
        var document = document(resource)
        let methods = api.methods(of: resource.id)
        if !methods.isEmpty {
            document["resourceMethods"] = .object(
                JSONObject(methods.map { ($0.name, .object(embedsMethods ? $0.document : [:])) }))
        }
        return document
    }

    private static func embedsMethods(_ call: Call) -> Bool {
        (call.query["embed"] ?? []).contains { $0.split(separator: ",").contains("methods") }
    }

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let api = try workspace.existing(call)
        let embeds = embedsMethods(call)
        let items = api.resources.values.sorted { $0.path < $1.path }.map { resource in
            Paging.Item(key: resource.path, document: document(resource, of: api, embedsMethods: embeds))
        }
        return try Paging.page(items, call)
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let api = workspace.api(call.apiID), let resource = api.resources[call.resourceID] else {
            throw .unknownResource
        }
        return .json(document(resource, of: api, embedsMethods: embedsMethods(call)))
    }

    private static func create(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try workspace.update(call, orThrow: .unknownResource) { (api) throws(ServiceError) in
            guard let parent = api.resources[call.resourceID] else { throw .unknownResource }
            let part = call.body.string("pathPart") ?? ""
            try check(part, under: parent, in: api)
            guard api.resources.count < call.environment.quotas.resourcesPerAPI else {
                throw .quota("Resources")
            }
            let id = RandomNames.id(length: 6) { api.resources[$0] == nil }
            let resource = ResourceRecord(
                id: id, parentID: parent.id, pathPart: part, path: path(of: part, under: parent))
            api.put(resource)
            return .json(document(resource))
        }
    }

    static func path(of part: String, under parent: ResourceRecord) -> String {
        parent.parentID == nil ? "/" + part : parent.path + "/" + part
    }

    /// May a resource with this part stand there? `moved` is the one that is being renamed or moved.
    private static func check(
        _ part: String, under parent: ResourceRecord, in api: API, moved: String? = nil
    ) throws(ServiceError) {
        guard isValid(part) else {
            throw .invalidPathPart
        }
        if isGreedy(parent.pathPart) {
            throw .badRequest("Cannot create a child of a resource with a greedy path variable: \(parent.pathPart)")
        }
        for sibling in api.children(of: parent.id) where sibling.id != moved {
            if sibling.pathPart == part {
                throw .conflict("Another resource with the same parent already has this name: \(part)")
            }
            if part.hasPrefix("{"), sibling.pathPart.hasPrefix("{"), isGreedy(part) == isGreedy(sibling.pathPart) {
                throw .badRequest(
                    "A sibling (\(sibling.pathPart)) of this resource already has a variable path part "
                        + "-- only one is allowed"
                )
            }
        }
    }

    static func isGreedy(_ part: String) -> Bool { part.hasPrefix("{") && part.hasSuffix("+}") }

    static func isValid(_ part: String) -> Bool {
        var text = part.utf8[...]
        if text.first == UInt8(ascii: "{") {
            guard text.count > 2, text.last == UInt8(ascii: "}") else { return false }
            text = text.dropFirst().dropLast()
            if text.last == UInt8(ascii: "+") { text = text.dropLast() }
        }
        return !text.isEmpty
            && text.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
                    UInt8(ascii: ":"):
                    true
                default: false
                }
            }
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        return try workspace.update(call, orThrow: .unknownResource) { (api) throws(ServiceError) in
            guard api.resources[call.resourceID] != nil else { throw .unknownResource }
            for operation in operations {
                try operation.requireReplace(of: ["/parentId", "/pathPart"])
                try apply(operation, to: call.resourceID, in: &api)
            }
            guard let resource = api.resources[call.resourceID] else { throw .unknownResource }
            return .json(document(resource, of: api, embedsMethods: false))
        }
    }

    private static func apply(_ operation: PatchOperation, to id: String, in api: inout API) throws(ServiceError) {
        guard var resource = api.resources[id] else { throw .unknownResource }
        let value = operation.value ?? ""
        let isRename = operation.path == "/pathPart"
        guard let parentID = resource.parentID else {
            throw .badRequest("Root resource cannot update its \(isRename ? "pathPart" : "parentId").")
        }
        guard let parent = api.resources[isRename ? parentID : value] else { throw .unknownResource }
        let below = api.subtree(of: id)
        if below.contains(where: { $0.id == parent.id }) { throw .badRequest("Resources cannot be cyclical.") }
        if isRename { resource.pathPart = value }
        try check(resource.pathPart, under: parent, in: api, moved: id)
        let old = resource.path
        resource.parentID = parent.id
        resource.path = path(of: resource.pathPart, under: parent)
        api.put(resource)
        for var child in below where child.id != id {
            child.path = resource.path + child.path.dropFirst(old.count)
            api.put(child)
        }
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try workspace.update(call, orThrow: .unknownResource) { (api) throws(ServiceError) in
            guard let resource = api.resources[call.resourceID] else { throw .unknownResource }
            guard resource.parentID != nil else { throw .badRequest("Root resource cannot be deleted.") }
            for below in api.subtree(of: resource.id) { api.removeResource(below.id) }
            return .empty
        }
    }
}
