import JSON

/// `BasePathMapping`: which API a domain serves under the first part of the path.
enum BasePathMappings {
    private static let all = "/domainnames/{domain}/basepathmappings"

    static let operations: [Operation] = [
        Operation(
            "CreateBasePathMapping", "POST", all, status: 201,
            members: [.optional("basePath"), .required("restApiId"), .optional("stage")], handler: create),
        Operation("GetBasePathMappings", "GET", all, status: 200, handler: list),
        Operation("GetBasePathMapping", "GET", all + "/{id}", status: 200, handler: get),
        Operation("UpdateBasePathMapping", "PATCH", all + "/{id}", status: 200, members: .patch, handler: update),
        Operation("DeleteBasePathMapping", "DELETE", all + "/{id}", status: 202, handler: delete),
    ]

    static let unknown = ServiceError.notFound("Invalid base path mapping identifier specified")
    private static let taken = ServiceError.conflict("Base path already exists for this domain name")

    /// How an empty base path is written.
    private static let none = "(none)"
    /// Members of a row that are not answered as they are.
    private static let domainMember = "domainName"
    static let pathMember = "path"

    private static func rowKey(_ domain: String, _ path: String) -> String { "\(domain) \(path)" }

    /// Empty for `(none)`.
    private static func path(_ text: String) -> String { text == none ? "" : text }

    private static func answer(_ mapping: JSONObject) -> JSONObject {
        let path = mapping.string(pathMember) ?? ""
        var answer: JSONObject = ["basePath": .string(path.isEmpty ? none : path)]
        answer.take(["restApiId", "stage"], from: mapping)
        return answer
    }

    static func mappings(of domain: String, in account: AccountTables) -> [JSONObject] {
        account.table(.basePathMapping).values.filter { $0.string(domainMember) == domain }
    }

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let name = DomainNames.name(call)
        guard workspace.account[.domainName, name] != nil else { throw DomainNames.unknown }
        let items = mappings(of: name, in: workspace.account).map { mapping in
            // An empty path must be a position, too.
            Paging.Item(key: "/" + (mapping.string(pathMember) ?? ""), document: answer(mapping))
        }
        return try Paging.page(items.sorted { $0.key < $1.key }, call)
    }

    private static func existing(_ workspace: Workspace, _ call: Call) throws(ServiceError) -> JSONObject {
        let name = DomainNames.name(call)
        guard workspace.account[.domainName, name] != nil else { throw DomainNames.unknown }
        guard let mapping = workspace.account[.basePathMapping, rowKey(name, path(call.key))] else { throw unknown }
        return mapping
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        .json(answer(try existing(workspace, call)))
    }

    private static func create(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let name = DomainNames.name(call)
        guard workspace.account[.domainName, name] != nil else { throw DomainNames.unknown }
        let path = path(call.body.string("basePath") ?? "")
        var mapping: JSONObject = [domainMember: .string(name), pathMember: .string(path)]
        mapping["restApiId"] = call.body["restApiId"]
        mapping.take(["stage"], from: ["stage": .string(call.body.string("stage") ?? "")])
        if mapping.string("stage")?.isEmpty == true { mapping["stage"] = nil }
        try check(mapping, workspace)
        guard workspace.account[.basePathMapping, rowKey(name, path)] == nil else { throw taken }
        guard mappings(of: name, in: workspace.account).count < call.environment.quotas.basePathMappingsPerDomain else {
            throw .quota("base path mappings", " for this domain name")
        }
        workspace.put(.basePathMapping, rowKey(name, path), mapping)
        workspace.publishDomains()
        return .json(answer(mapping))
    }

    private static func check(_ mapping: JSONObject, _ workspace: Workspace) throws(ServiceError) {
        let allowed = Set("$-_.+!*'()".utf8)
        let path = mapping.string(pathMember) ?? ""
        let isPath = path.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
                || allowed.contains($0)
        }
        guard isPath, path.utf8.count <= 300 else {
            throw .badRequest(
                "Invalid base path specified. It may only contain letters, numbers and one of the following: $-_.+!*'()"
            )
        }
        guard let api = workspace.api(mapping.string("restApiId") ?? "") else {
            throw .badRequest("Invalid REST API identifier specified")
        }
        if let stage = mapping.string("stage"), api[.stage, stage] == nil {
            throw .badRequest("Invalid stage identifier specified")
        }
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        let old = try existing(workspace, call)
        var mapping = old
        for operation in operations {
            switch operation.path {
            case "/basePath":
                try operation.require(.replace)
                mapping[pathMember] = .string(path(operation.value ?? ""))
            case "/restapiId", "/restApiId":
                try operation.require(.replace)
                mapping["restApiId"] = .string(operation.value ?? "")
            case "/stage": try operation.setText("stage", in: &mapping)
            default: throw operation.unknownPath
            }
        }
        try check(mapping, workspace)
        let name = DomainNames.name(call)
        let keys = [old, mapping].map { rowKey(name, $0.string(pathMember) ?? "") }
        if keys[0] != keys[1] {
            guard workspace.account[.basePathMapping, keys[1]] == nil else { throw taken }
            workspace.remove(.basePathMapping, keys[0])
        }
        workspace.put(.basePathMapping, keys[1], mapping)
        workspace.publishDomains()
        return .json(answer(mapping))
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let mapping = try existing(workspace, call)
        workspace.remove(
            .basePathMapping, rowKey(DomainNames.name(call), mapping.string(pathMember) ?? ""))
        workspace.publishDomains()
        return .empty
    }

    /// An API that a domain serves stays.
    static func requireUnmapped(api: String, in account: AccountTables) throws(ServiceError) {
        let domains = Set(
            account.table(.basePathMapping).values.filter { $0.string("restApiId") == api }
                .compactMap { $0.string(domainMember) })
        guard domains.isEmpty else {
            throw .badRequest(
                "Please remove all base path mappings related to the API \(api) before deleting it: "
                    + domains.sorted().joined(separator: ", "))
        }
    }
}
