import JSON

/// Tags of whatever can have some, by ARN.
enum Tags {
    static let operations: [Operation] = [
        Operation("GetTags", "GET", "/tags/{arn+}", status: 200, handler: get),
        Operation(
            "TagResource", "PUT", "/tags/{arn+}", status: 204, members: [.required("tags", .map(.string))], handler: put
        ),
        Operation("UntagResource", "DELETE", "/tags/{arn+}", status: 204, handler: delete),
    ]

    /// What has tags.
    private enum Place {
        case api(String)
        case stage(api: String, name: String)
        case object(ObjectKind, String, unknown: ServiceError)
    }

    /// - Note: Source: service authorization reference, "Resource types defined by API Gateway management".
    private static func place(_ call: Call) throws(ServiceError) -> Place {
        let arn = call.path["arn"] ?? ""
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "apigateway" else {
            throw .badRequest("Invalid resource ARN \(arn) specified")
        }
        let path = parts[5].split(separator: "/").map(String.init)
        switch (path.first, path.count) {
        case ("restapis", 2): return .api(path[1])
        case ("restapis", 4) where path[2] == "stages": return .stage(api: path[1], name: path[3])
        case ("apikeys", 2): return .object(.apiKey, path[1], unknown: APIKeys.unknown)
        case ("clientcertificates", 2):
            return .object(.clientCertificate, path[1], unknown: ClientCertificates.unknown)
        case ("vpclinks", 2): return .object(.vpcLink, path[1], unknown: VPCLinks.unknown)
        case ("domainnames", 2):
            return .object(.domainName, path[1].lowercased(), unknown: DomainNames.unknown)
        case ("usageplans", 2): return .object(.usagePlan, path[1], unknown: UsagePlans.unknown)
        default: throw .badRequest("Tagging of \(arn) is not supported")
        }
    }

    /// - Note: Source: API Gateway developer guide, "Tag restrictions".
    static func check(_ tags: JSONObject, _ environment: CallEnvironment) throws(ServiceError) {
        guard tags.count <= environment.quotas.tagsPerObject else {
            throw .badRequest("The number of tags exceeds the limit of \(environment.quotas.tagsPerObject)")
        }
        for (name, value) in tags {
            guard !name.isEmpty, name.unicodeScalars.count <= 128 else {
                throw .badRequest("Invalid tag key \(name), must have 1 to 128 characters")
            }
            guard !name.lowercased().hasPrefix("aws:") else {
                throw .badRequest(
                    "Invalid tag key \(name), aws: prefixed tag key names are not allowed for external use.")
            }
            guard (value.string?.unicodeScalars.count ?? 0) <= 256 else {
                throw .badRequest("Invalid value of tag \(name), can be at most 256 characters")
            }
        }
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        var found: JSONObject?
        try edit(&workspace, call) { (document) throws(ServiceError) in found = document["tags"]?.object }
        return .json(["tags": .object(found ?? [:])])
    }

    private static func put(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try edit(&workspace, call) { (document) throws(ServiceError) in
            try document.edit("tags") { (tags) throws(ServiceError) in
                for (name, value) in call.body["tags"]?.object ?? [:] { tags[name] = value.isNull ? "" : value }
                try check(tags, call.environment)
            }
        }
        return .empty
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try edit(&workspace, call) { (document) throws(ServiceError) in
            try document.edit("tags") { (tags) throws(ServiceError) in
                for name in call.query["tagKeys"] ?? [] { tags[name] = nil }
            }
        }
        return .empty
    }

    private static func edit(
        _ workspace: inout Workspace, _ call: Call, _ body: (inout JSONObject) throws(ServiceError) -> Void
    ) throws(ServiceError) {
        switch try place(call) {
        case .api(let id):
            try workspace.update(id, orThrow: call.environment.unknownAPI(id)) { (api) throws(ServiceError) in
                var document = api.document
                try body(&document)
                api.setDocument(document)
            }
        case .stage(let id, let name):
            try workspace.update(id, orThrow: call.environment.unknownAPI(id)) { (api) throws(ServiceError) in
                guard var document = api[.stage, name] else { throw .unknownStage }
                try body(&document)
                api.put(.stage, name, document)
            }
        case .object(let kind, let id, let unknown):
            guard var document = workspace.account[kind, id] else { throw unknown }
            try body(&document)
            workspace.put(kind, id, document)
        }
    }
}
