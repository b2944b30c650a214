import JSON
import Resources

/// The calls of API Gateway on objects that are part of no API.
enum GatewayMoves {
    /// What waits for a link: no call that changes anything.
    static let wait = "AwaitVpcLink"

    static func moves(_ kind: ResourceKind, from before: JSONObject?, to after: JSONObject?) -> [Move]? {
        if kind == .account { return before == after ? [] : [Move(operation: "UpdateAccount", after: after)] }
        guard let own = GatewayKind.of(kind) else { return nil }
        switch (before, after) {
        case (nil, nil): return []
        case (nil, let after?):
            let first = form(kind, stub(kind, after))
            var moves = [Move(operation: "Create\(own.noun)", after: first)]
            // It is usable only some time after the reply.
            if kind == .vpcLink { moves.append(Move(operation: wait, after: first)) }
            return moves + update(own, from: first, to: after)
        case (let before?, nil):
            // What refers to others goes first, by calls that can be taken back.
            var last = stub(kind, before)
            if kind == .usagePlan { last["apiStages"] = JSONValue?.none }
            return update(own, from: before, to: form(kind, last)) + [Move(operation: "Delete\(own.noun)", after: nil)]
        case (let before?, let after?): return update(own, from: before, to: after)
        }
    }

    private static func update(_ own: GatewayKind, from before: JSONObject, to after: JSONObject) -> [Move] {
        var list = MoveList(own.kind, from: before, to: after)
        list.set(own.told + ["productCode"], by: "Update\(own.noun)")
        // A service's own name for the tags of all kinds.
        list.tags(set: "Tag\(own.noun)", remove: "Untag\(own.noun)")
        switch own.kind {
        case .usagePlan: list.elements("keys", add: "CreateUsagePlanKey", remove: "DeleteUsagePlanKey")
        case .domainName:
            list.members("basePathMappings", put: "PutBasePathMapping", delete: "DeleteBasePathMapping")
        default: break
        }
        return list.moves
    }

    /// What one call makes.
    private static func stub(_ kind: ResourceKind, _ document: JSONObject) -> JSONObject {
        let later = ["keys", "basePathMappings"] + (kind == .usagePlan ? ["productCode"] : [])
        return JSONObject(document.filter { !later.contains($0.name) }.map { ($0.name, $0.value) })
    }

    private static func form(_ kind: ResourceKind, _ document: JSONObject) -> JSONObject {
        KindTable.object(kind)?.normalForm(of: .object(document)).object ?? document
    }

    /// The calls that put in what was made anew although the document stays as it is.
    static func renewals(_ document: JSONObject, _ kind: ResourceKind, since renewed: Set<Address>) -> [Move] {
        guard kind == .usagePlan,
            document["keys"]?.references.contains(where: { renewed.contains($0.address) }) == true
        else { return [] }
        return [Move(operation: "CreateUsagePlanKey", after: document)]
    }
}
