import JSON
import Resources

/// The calls of IAM.
enum IAMMoves {
    /// Fields that only a call of their own can set.
    static let attached = ["managedPolicyArns", "inlinePolicies", "groups", "roles"]

    static func moves(_ kind: ResourceKind, from before: JSONObject?, to after: JSONObject?) -> [Move] {
        let noun = noun(kind)
        switch (before, after) {
        case (nil, nil): return []
        case (nil, let after?):
            let first = stub(after)
            return [Move(operation: "Create\(noun)", after: first)] + update(kind, noun, from: first, to: after)
        case (let before?, nil):
            let last = stub(before)
            return update(kind, noun, from: before, to: last) + [Move(operation: "Delete\(noun)", after: nil)]
        case (let before?, let after?): return update(kind, noun, from: before, to: after)
        }
    }

    /// What calls are named after.
    static func noun(_ kind: ResourceKind) -> String {
        kind == .oidcProvider ? "OpenIDConnectProvider" : kind.rawValue
    }

    /// What one call makes.
    private static func stub(_ document: JSONObject) -> JSONObject {
        JSONObject(document.filter { !attached.contains($0.name) }.map { ($0.name, $0.value) })
    }

    private static func update(
        _ kind: ResourceKind, _ noun: String, from before: JSONObject, to after: JSONObject
    ) -> [Move] {
        var list = MoveList(kind, from: before, to: after)
        switch kind {
        case .user, .group: list.set(["name", "path"], by: "Update\(noun)")
        case .role:
            list.set(["description", "maxSessionDuration"], by: "UpdateRole")
            list.set(["assumeRolePolicyDocument"], by: "UpdateAssumeRolePolicy")
        case .policy: list.set(["policyDocument"], by: "CreatePolicyVersion")
        case .oidcProvider:
            list.elements(
                "clientIdList", add: "AddClientIDTo\(noun)", remove: "RemoveClientIDFrom\(noun)")
            list.set(["thumbprintList"], by: "UpdateOpenIDConnectProviderThumbprint")
        case .samlProvider: list.set(["samlMetadataDocument"], by: "UpdateSAMLProvider")
        case .instanceProfile:
            // There is room for one.
            if before["roles"] != nil, after["roles"] != nil, before["roles"] != after["roles"] {
                var empty = MoveList(kind, from: before, to: stub(before))
                empty.elements("roles", add: "", remove: "RemoveRoleFromInstanceProfile")
                return empty.moves + update(kind, noun, from: stub(before), to: after)
            }
            list.elements("roles", add: "AddRoleToInstanceProfile", remove: "RemoveRoleFromInstanceProfile")
        default: break
        }
        if kind == .user || kind == .role {
            list.set(
                "permissionsBoundary", by: "Put\(noun)PermissionsBoundary",
                remove: "Delete\(noun)PermissionsBoundary")
        }
        if kind == .user || kind == .role || kind == .group {
            list.elements("managedPolicyArns", add: "Attach\(noun)Policy", remove: "Detach\(noun)Policy")
            list.members("inlinePolicies", put: "Put\(noun)Policy", delete: "Delete\(noun)Policy")
        }
        if kind == .user { list.elements("groups", add: "AddUserToGroup", remove: "RemoveUserFromGroup") }
        if kind != .group { list.tags(set: "Tag\(noun)", remove: "Untag\(noun)") }
        return list.moves
    }

    /// The calls that write a document again although it stays as it is, since what it refers to was made anew.
    static func renewals(_ document: JSONObject, _ kind: ResourceKind, since renewed: Set<Address>) -> [Move] {
        func refers(_ field: String) -> Bool {
            document[field]?.references.contains { renewed.contains($0.address) } ?? false
        }
        var moves: [Move] = []
        if refers("assumeRolePolicyDocument") {
            moves.append(Move(operation: "UpdateAssumeRolePolicy", after: document))
        }
        if refers("policyDocument") { moves.append(Move(operation: "CreatePolicyVersion", after: document)) }
        if refers("permissionsBoundary") {
            moves.append(Move(operation: "Put\(noun(kind))PermissionsBoundary", after: document))
        }
        return moves
    }
}
