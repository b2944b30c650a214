import DataPlane
import JSON

/// `VpcLink`: made at once; usable, or failed for good, a moment later, as the service has it.
///
/// A link fails when the engine's configuration says nothing about its load balancer. What is said later counts: the
/// status follows the configuration that the engine was started with.
enum VPCLinks {
    private static let one = "/vpclinks/{id}"

    static let operations: [Operation] = [
        Operation(
            "CreateVpcLink", "POST", "/vpclinks", status: 202,
            members: [
                .required("name"), .optional("description"), .required("targetArns", .list(.string)),
                .optional("tags", .map(.string)),
            ], handler: create),
        Operation("GetVpcLinks", "GET", "/vpclinks", status: 200, handler: list),
        Operation("GetVpcLink", "GET", one, status: 200, handler: get),
        Operation("UpdateVpcLink", "PATCH", one, status: 200, members: .patch, handler: update),
        Operation("DeleteVpcLink", "DELETE", one, status: 202, handler: delete),
    ]

    static let unknown = ServiceError.notFound("Invalid Vpc Link identifier specified")
    /// The member of a row that says from when on the link is usable; never answered.
    private static let readyMember = "readyDate"

    private static func answer(_ link: JSONObject, _ environment: CallEnvironment) -> JSONObject {
        var answer = link.without(readyMember)
        let isReady = environment.now >= link[readyMember]?.int ?? 0
        let target = targetARN(link)
        guard isReady else {
            answer["status"] = "PENDING"
            return answer
        }
        let isKnown = environment.links.knows(target)
        answer["status"] = isKnown ? "AVAILABLE" : "FAILED"
        answer["statusMessage"] = .string(
            isKnown
                ? "Your vpc link is ready for use"
                : "NLB \(target) is not known to this engine: its configuration has no such entry in "
                    + "engine.endpoints.targets")
        return answer
    }

    private static func targetARN(_ link: JSONObject) -> String { link["targetArns"]?.array?.first?.string ?? "" }

    /// The links as the data plane is told of them.
    static func table(_ account: AccountTables) -> [String: LinkRegistry.Link] {
        account.table(.vpcLink).sorted.reduce(into: [:]) { links, item in
            let ready = Int64(item.value[readyMember]?.int ?? 0)
            links[item.key] = LinkRegistry.Link(targetARN: targetARN(item.value), readyAt: ready * 1000)
        }
    }

    private static func create(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let name = call.body.string("name"), !name.isEmpty else {
            throw .badRequest("Vpc link name cannot be blank")
        }
        let targets = (call.body["targetArns"]?.array ?? []).compactMap(\.string)
        guard targets.count == 1 else { throw .badRequest("Exactly one target ARN must be specified for a vpc link") }
        guard isLoadBalancer(targets[0]) else {
            throw .badRequest("Invalid target ARN specified: \(targets[0]). It must be that of a network load balancer")
        }
        guard workspace.account.count(.vpcLink) < call.environment.quotas.vpcLinks else {
            throw .quota("Vpc Links", "")
        }
        let id = RandomNames.id(length: 6) { [account = workspace.account] in account[.vpcLink, $0] == nil }
        var link: JSONObject = ["id": .string(id), "name": .string(name)]
        if let text = call.body.string("description"), !text.isEmpty { link["description"] = .string(text) }
        link["targetArns"] = .array(targets.map { .string($0) })
        link.take(["tags"], from: call.body)
        try Tags.check(link["tags"]?.object ?? [:], call.environment)
        link[readyMember] = .number(JSONNumber(call.environment.now + Limits.vpcLinkPendingSeconds))
        workspace.put(.vpcLink, id, link)
        return .json(answer(link, call.environment))
    }

    private static func isLoadBalancer(_ arn: String) -> Bool {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        return parts.count == 6 && parts[0] == "arn" && parts[2] == "elasticloadbalancing"
            && parts[5].hasPrefix("loadbalancer/net/")
    }

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let items = workspace.account.all(.vpcLink)
        return try Paging.page(
            items.map { Paging.Item(key: $0.key, document: answer($0.document, call.environment)) }, call)
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let link = workspace.account[.vpcLink, call.key] else { throw unknown }
        return .json(RestAPIs.withTags(answer(link, call.environment)))
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        guard var link = workspace.account[.vpcLink, call.key] else { throw unknown }
        for operation in operations {
            guard ["/name", "/description"].contains(operation.path) else { throw operation.unknownPath }
            try operation.require(.replace)
            guard operation.path != "/name" || operation.value?.isEmpty == false else {
                throw .badRequest("Vpc link name cannot be blank")
            }
            try operation.setText(operation.parts[0], in: &link)
        }
        workspace.put(.vpcLink, call.key, link)
        return .json(RestAPIs.withTags(answer(link, call.environment)))
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard workspace.account[.vpcLink, call.key] != nil else { throw unknown }
        let users = users(of: call.key, in: workspace)
        guard users.isEmpty else {
            throw .badRequest(
                "Cannot delete vpc link. Vpc link '\(call.key)', is referenced in [\(users.joined(separator: ", "))] "
                    + "in format of [Method:Resource:Stage].")
        }
        workspace.remove(.vpcLink, call.key)
        return .empty
    }

    /// Integrations over the link, as they are now and as stages serve them.
    private static func users(of id: String, in workspace: Workspace) -> [String] {
        var users: Set<String> = []
        for api in workspace.state.apis.values {
            for resource in api.resources.values {
                for method in api.methods(of: resource.id)
                where method.document["methodIntegration"]?["connectionId"]?.string == id {
                    users.insert("\(method.name):\(resource.id)")
                }
            }
            for stage in api.all(.stage) {
                for resource in api.snapshots[stage.document.string("deploymentId") ?? ""]?.resources ?? [] {
                    for (name, method) in resource.methods
                    where method["methodIntegration"]?["connectionId"]?.string == id {
                        users.insert("\(name):\(resource.id):\(stage.key)")
                    }
                }
            }
        }
        return users.sorted()
    }
}
