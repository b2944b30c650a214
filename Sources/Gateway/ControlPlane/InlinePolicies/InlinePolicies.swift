import IAMPolicy
import JSON

/// Policies that belong to one user, group or role.
enum InlinePolicies {
    private static let policy = Shape.Member.required("PolicyName", .name128)

    /// Characters of all inline policies of one entity together.
    private static func sizeMax(_ kind: EntityKind) -> Int {
        switch kind {
        case .group: 5120
        case .role: 10240
        default: 2048
        }
    }

    static let operations: [QueryOperation] = [EntityKind.user, .group, .role].flatMap { kind in
        let member = Shape.Member.required("\(kind.noun)Name", kind == .role ? .name64 : .name128)
        let target = QueryTarget.named(kind, member.name)
        return [
            QueryOperation(
                "Put\(kind.noun)Policy", on: target, [member, policy, .required("PolicyDocument", .document)]
            ) { (workspace, call) throws(ServiceError) in
                try put(kind, &workspace, call)
                return nil
            },
            QueryOperation("Get\(kind.noun)Policy", on: target, [member, policy]) {
                (workspace, call) throws(ServiceError) in
                let entity = try workspace.existing(kind, call)
                let found = entity.inline[try position(of: call.text("PolicyName"), in: entity)]
                return [
                    member.name: .string(entity.name), "PolicyName": .string(found.name),
                    "PolicyDocument": PolicyDocuments.encoded(found.document),
                ]
            },
            QueryOperation("Delete\(kind.noun)Policy", on: target, [member, policy]) {
                (workspace, call) throws(ServiceError) in
                var entity = try workspace.modifiable(kind, call)
                entity.inline.remove(at: try position(of: call.text("PolicyName"), in: entity))
                workspace.identity.put(entity)
                return nil
            },
            QueryOperation("List\(kind.noun)Policies", on: target, [member] + .page) {
                (workspace, call) throws(ServiceError) in
                let names = try workspace.existing(kind, call).inline.map(\.name).sorted()
                return try QueryPaging.page("PolicyNames", names, call, key: \.self) { .string($0) }
            },
        ]
    }

    private static func position(of name: String, in entity: Entity) throws(ServiceError) -> Int {
        guard let position = entity.inline.firstIndex(where: { $0.name == name }) else {
            throw .noSuchEntity("The \(entity.kind.rawValue) policy with name \(name) cannot be found.")
        }
        return position
    }

    private static func put(
        _ kind: EntityKind, _ workspace: inout Workspace, _ call: QueryCall
    ) throws(ServiceError) {
        var entity = try workspace.modifiable(kind, call)
        let name = call.text("PolicyName")
        let document = call.text("PolicyDocument")
        try PolicyDocuments.check(document, as: .identity)
        let policy = Entity.InlinePolicy(name: name, document: document)
        if let position = entity.inline.firstIndex(where: { $0.name.lowercased() == name.lowercased() }) {
            entity.inline[position] = policy
        } else {
            entity.inline.append(policy)
        }
        let size = entity.inline.reduce(0) { $0 + PolicyDocuments.size($1.document) }
        guard size <= sizeMax(kind) else {
            throw .limitExceeded(
                "Maximum policy size of \(sizeMax(kind)) bytes exceeded for \(kind.rawValue) \(entity.name)")
        }
        workspace.identity.put(entity)
    }

    static func documents(_ entity: Entity) -> JSONValue {
        .array(
            entity.inline.map {
                ["PolicyName": .string($0.name), "PolicyDocument": PolicyDocuments.encoded($0.document)]
            })
    }
}
