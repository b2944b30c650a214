import JSON
import Resources

/// The calls of Lambda.
enum FunctionMoves {
    /// What waits for a function: no call that changes anything.
    static let wait = "AwaitFunction"
    /// What one call sets together.
    static let configuration = [
        "description", "runtime", "handler", "role", "environment", "memorySize", "timeout",
    ]

    static func moves(_ kind: ResourceKind, from before: JSONObject?, to after: JSONObject?) -> [Move] {
        switch kind {
        case .permission: permission(from: before, to: after)
        case .alias: alias(from: before, to: after)
        default: function(from: before, to: after)
        }
    }

    private static func function(from before: JSONObject?, to after: JSONObject?) -> [Move] {
        switch (before, after) {
        case (nil, nil): return []
        case (nil, let after?):
            var first = after
            first["reservedConcurrentExecutions"] = JSONValue?.none
            return [Move(operation: "CreateFunction", after: first), Move(operation: wait, after: first)]
                + update(from: first, to: after)
        case (.some, nil): return [Move(operation: "DeleteFunction", after: nil)]
        case (let before?, let after?): return update(from: before, to: after)
        }
    }

    private static func update(from before: JSONObject, to after: JSONObject) -> [Move] {
        var list = MoveList(.function, from: before, to: after)
        list.set(["code"], by: "UpdateFunctionCode")
        list.set(configuration, by: "UpdateFunctionConfiguration")
        // Which secret the target has is no part of a document: what there is now is sent with every change.
        if refersToSecrets(after, .function), before != after,
            !list.moves.contains(where: { $0.operation == "UpdateFunctionConfiguration" })
        {
            list.add("UpdateFunctionConfiguration")
        }
        list.set("reservedConcurrentExecutions", by: "PutFunctionConcurrency", remove: "DeleteFunctionConcurrency")
        list.tags(set: "TagFunction", remove: "UntagFunction")
        // Until one update has taken effect the service refuses the next.
        return list.moves.flatMap { move in
            move.operation.hasPrefix("UpdateFunction") ? [move, Move(operation: wait, after: move.after)] : [move]
        }
    }

    /// The call takes the version that is there, or publishes it.
    private static func alias(from before: JSONObject?, to after: JSONObject?) -> [Move] {
        guard before != after else { return [] }
        let operation = before == nil ? "CreateAlias" : after == nil ? "DeleteAlias" : "UpdateAlias"
        return [Move(operation: operation, after: after)]
    }

    /// A statement never changes: it goes and comes back.
    private static func permission(from before: JSONObject?, to after: JSONObject?) -> [Move] {
        guard before != after else { return [] }
        return (before == nil ? [] : [Move(operation: "RemovePermission", after: nil)])
            + (after.map { [Move(operation: "AddPermission", after: $0)] } ?? [])
    }

    private static func refersToSecrets(_ document: JSONObject, _ kind: ResourceKind) -> Bool {
        KindTable.object(kind)?.secrets(of: .object(document)).isEmpty == false
    }

    /// The calls that write a document again although it stays as it is, since what it refers to was made anew, or a secret
    /// was rotated.
    static func renewals(_ document: JSONObject, _ kind: ResourceKind, since renewed: Set<Address>) -> [Move] {
        func refers(_ fields: [String]) -> Bool {
            fields.contains { field in
                document[field]?.references.contains { renewed.contains($0.address) } ?? false
            }
        }
        if kind == .permission {
            let fields = ["function", "principal", "sourceArn", "sourceAccount"]
            return refers(fields) ? [Move(operation: "AddPermission", after: document)] : []
        }
        let isRotated = refersToSecrets(document, kind)
        if kind == .alias {
            return isRotated || refers(["function", "content"]) ? [Move(operation: "UpdateAlias", after: document)] : []
        }
        guard isRotated || refers(configuration) else { return [] }
        return [
            Move(operation: "UpdateFunctionConfiguration", after: document), Move(operation: wait, after: document),
        ]
    }
}
