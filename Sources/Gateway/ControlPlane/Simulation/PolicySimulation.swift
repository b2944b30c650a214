import IAMPolicy
import JSON

/// `SimulateCustomPolicy` and `SimulatePrincipalPolicy`: what policies would say, without asking for it.
enum PolicySimulation {
    private static let documents = Shape.list(.document)
    private static let source = Shape.Member.required("PolicySourceArn", .arn)
    private static let common: [Shape.Member] =
        [
            .optional("PermissionsBoundaryPolicyInputList", documents),
            .required("ActionNames", .list(.text(3, 128))), .optional("ResourceArns", .list(.text(1, 2048))),
            .optional("ResourcePolicy", .document), .optional("ResourceOwner", .text(1, 2048)),
            .optional("CallerArn", .text(1, 2048)),
            .optional(
                "ContextEntries",
                .list(
                    .structure([
                        .optional("ContextKeyName", .text(5, 256)), .optional("ContextKeyValues", .list(.string)),
                        .optional("ContextKeyType"),
                    ]))), .optional("ResourceHandlingOption", .text(1, 64)),
        ] + .page

    static let operations: [QueryOperation] = [
        QueryOperation("SimulateCustomPolicy", [.required("PolicyInputList", documents)] + common) {
            (_, call) throws(ServiceError) in
            var layers = PolicyLayers()
            layers.identity = try sets(call, "PolicyInputList", "PolicyInputList", .identity)
            return try simulate(call, &layers, caller: try caller(call, otherwise: .root(account: call.accountID)))
        },
        QueryOperation(
            "SimulatePrincipalPolicy", on: .arn("PolicySourceArn"),
            [source, .optional("PolicyInputList", documents)] + common
        ) { (workspace, call) throws(ServiceError) in
            let identity = workspace.identity
            let entity = try find(workspace, call)
            var layers = PolicyLayers()
            layers.identity = try sets(call, "PolicyInputList", "PolicyInputList", .identity)
            layers.identity += named(entity, identity, call)
            layers.boundary = boundary(entity, identity, call)
            return try simulate(call, &layers, caller: try caller(call, otherwise: own(entity, call)))
        },
        QueryOperation("GetContextKeysForCustomPolicy", [.required("PolicyInputList", documents)]) {
            (_, call) throws(ServiceError) in
            ["ContextKeyNames": keys(in: try read(call, "PolicyInputList", .identity))]
        },
        QueryOperation(
            "GetContextKeysForPrincipalPolicy", on: .arn("PolicySourceArn"),
            [source, .optional("PolicyInputList", documents)]
        ) { (workspace, call) throws(ServiceError) in
            let entity = try find(workspace, call)
            let own = texts(entity, workspace.identity, call).compactMap {
                PolicyDocument.read(text: $0.text, as: .identity, sizeMax: .max).document
            }
            return ["ContextKeyNames": keys(in: try read(call, "PolicyInputList", .identity) + own)]
        },
    ]
}

// MARK: What is simulated

extension PolicySimulation {
    private static func find(_ workspace: Workspace, _ call: QueryCall) throws(ServiceError) -> Entity {
        let arn = call.text("PolicySourceArn")
        for kind in [EntityKind.user, .group, .role] {
            if let entity = workspace.identity.find(kind, arn: arn, call.accountID) { return entity }
        }
        throw .noSuchEntity("Entity \(arn) cannot be found.")
    }

    private static func own(_ entity: Entity, _ call: QueryCall) -> Caller {
        switch entity.kind {
        case .role: .session(ofRole: entity.arn(call.accountID), name: "simulation", roleID: entity.id)
        default: .user(arn: entity.arn(call.accountID), id: entity.id)
        }
    }

    private static func caller(_ call: QueryCall, otherwise own: Caller) throws(ServiceError) -> Caller {
        guard let arn = call["CallerArn"] else { return own.kind == .root ? simulated(call) : own }
        guard arn.contains(":user/") else {
            throw .invalidInput("Invalid Entity Arn: \(arn) does not clearly define entity type and name.")
        }
        return .user(arn: arn)
    }

    /// Custom policies are nobody's: a user without a name of its own, since the root needs no policy.
    private static func simulated(_ call: QueryCall) -> Caller {
        .user(arn: "arn:aws:iam::\(call.accountID):user/simulation")
    }

    private static func read(
        _ call: QueryCall, _ member: String, _ kind: PolicyKind
    ) throws(ServiceError) -> [PolicyDocument] {
        var documents: [PolicyDocument] = []
        for text in call.texts(member) {
            try PolicyDocuments.check(text, as: kind)
            documents += [PolicyDocument.read(text: text, as: kind, sizeMax: .max).document].compactMap(\.self)
        }
        return documents
    }

    private static func sets(
        _ call: QueryCall, _ member: String, _ name: String, _ kind: PolicyKind
    ) throws(ServiceError) -> [PolicySet] {
        try read(call, member, kind).enumerated().map { PolicySet($0.element, name: "\(name).\($0.offset + 1)") }
    }

    private static func texts(
        _ entity: Entity, _ identity: IdentityDirectory, _ call: QueryCall
    ) -> [(name: String, text: String)] {
        ([entity] + identity.groups(of: entity)).flatMap { holder in
            holder.inline.map { (name: "\(holder.kind.rawValue)_\(holder.name)_\($0.name)", text: $0.document) }
                + holder.attached.compactMap { arn in
                    ManagedPolicies.find(arn, identity, call.accountID).flatMap(PolicyVersions.current)
                        .map { (name: ManagedPolicies.name(ofARN: arn), text: $0.text) }
                }
        }
    }

    private static func named(_ entity: Entity, _ identity: IdentityDirectory, _ call: QueryCall) -> [PolicySet] {
        texts(entity, identity, call).compactMap { policy in
            PolicyDocument.read(text: policy.text, as: .identity, sizeMax: .max).document
                .map { PolicySet($0, name: policy.name) }
        }
    }

    private static func boundary(_ entity: Entity, _ identity: IdentityDirectory, _ call: QueryCall) -> PolicySet? {
        entity.boundary.map { arn in
            let text = ManagedPolicies.find(arn, identity, call.accountID).flatMap(PolicyVersions.current)?.text
            return call.authorization.cache.set(text ?? "{}", as: .boundary)
        }
    }

    private static func keys(in documents: [PolicyDocument]) -> JSONValue {
        let keys = Set(documents.flatMap { $0.statements.flatMap { $0.conditions.map(\.key) } })
        return .array(keys.sorted().map { .string($0) })
    }
}

// MARK: Results

extension PolicySimulation {
    private static func simulate(
        _ call: QueryCall, _ layers: inout PolicyLayers, caller: Caller
    ) throws(ServiceError) -> JSONObject {
        if let bounds = try sets(call, "PermissionsBoundaryPolicyInputList", "Boundary", .boundary).first {
            layers.boundary = bounds
        }
        if let text = call["ResourcePolicy"] {
            try PolicyDocuments.check(text, as: .resource)
            layers.resource = call.authorization.cache.set(text, as: .resource)
        }
        var context = RequestContext()
        for entry in call.input["ContextEntries"]?.array ?? [] {
            let values = (entry["ContextKeyValues"]?.array ?? []).compactMap(\.string)
            context[entry["ContextKeyName"]?.string ?? ""] = values
        }
        let resources = call.texts("ResourceArns").isEmpty ? ["*"] : call.texts("ResourceArns")
        let layers = layers
        let items = call.texts("ActionNames").flatMap { action in resources.map { (action, $0) } }.enumerated().map {
            (key: Self.padded($0.offset), action: $0.element.0, resource: $0.element.1)
        }
        return try QueryPaging.page("EvaluationResults", items, call, key: \.key) { item in
            let request = AccessRequest(
                caller: caller, action: item.action, resource: item.resource,
                resourceAccount: call["ResourceOwner"].map(Self.account), context: context)
            return result(item.action, item.resource, layers.decision(request))
        }
    }

    private static func padded(_ number: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, 9 - digits.count)) + digits
    }

    private static func account(_ owner: String) -> String {
        let parts = owner.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count > 4 ? String(parts[4]) : owner
    }

    private static func result(_ action: String, _ resource: String, _ decision: AccessDecision) -> JSONValue {
        let outcome: JSONValue =
            switch decision.outcome {
            case .allowed: "allowed"
            case .explicitlyDenied: "explicitDeny"
            case .implicitlyDenied: "implicitDeny"
            }
        let matched: [JSONValue] = decision.statement.map { [["SourcePolicyId": .string($0.policy)]] } ?? []
        return [
            "EvalActionName": .string(action), "EvalResourceName": .string(resource), "EvalDecision": outcome,
            "MatchedStatements": .array(matched), "MissingContextValues": [],
        ]
    }
}
