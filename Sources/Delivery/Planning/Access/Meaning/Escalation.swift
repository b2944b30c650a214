import IAMPolicy
import Resources

/// A known way to get more permissions than one was given.
struct Escalation: Hashable {
    /// `iam:CreatePolicyVersion`, or several actions with `+`.
    let way: String
    let principal: String
    /// What it is done to.
    let resource: String
    /// What it comes to.
    let meaning: String

    /// Actions that must all be allowed, and what they are done to.
    private struct Way {
        let actions: [(name: String, on: Target)]
        let meaning: String

        var title: String { actions.map(\.name).joined(separator: " + ") }
    }

    private enum Target { case policies, users, groups, roles, functions, integrations }

    private static let ways: [Way] = [
        Way(actions: [("iam:CreatePolicyVersion", .policies)], meaning: "writes a policy anew"),
        Way(actions: [("iam:SetDefaultPolicyVersion", .policies)], meaning: "brings back an older policy"),
        Way(actions: [("iam:AttachUserPolicy", .users)], meaning: "attaches any policy to a user"),
        Way(actions: [("iam:AttachGroupPolicy", .groups)], meaning: "attaches any policy to a group"),
        Way(actions: [("iam:AttachRolePolicy", .roles)], meaning: "attaches any policy to a role"),
        Way(actions: [("iam:PutUserPolicy", .users)], meaning: "writes an inline policy of a user"),
        Way(actions: [("iam:PutGroupPolicy", .groups)], meaning: "writes an inline policy of a group"),
        Way(actions: [("iam:PutRolePolicy", .roles)], meaning: "writes an inline policy of a role"),
        Way(actions: [("iam:AddUserToGroup", .groups)], meaning: "joins any group"),
        Way(actions: [("iam:CreateAccessKey", .users)], meaning: "makes keys of another user"),
        Way(actions: [("iam:CreateLoginProfile", .users)], meaning: "gives another user a password"),
        Way(actions: [("iam:UpdateLoginProfile", .users)], meaning: "changes the password of another user"),
        Way(actions: [("iam:UpdateAssumeRolePolicy", .roles)], meaning: "lets itself assume a role"),
        Way(actions: [("iam:DeleteUserPermissionsBoundary", .users)], meaning: "takes a boundary away"),
        Way(actions: [("iam:DeleteRolePermissionsBoundary", .roles)], meaning: "takes a boundary away"),
        Way(
            actions: [
                ("iam:PassRole", .roles), ("lambda:CreateFunction", .functions), ("lambda:InvokeFunction", .functions),
            ], meaning: "runs code as a role"),
        Way(
            actions: [("iam:PassRole", .roles), ("apigateway:PUT", .integrations)],
            meaning: "calls services as a role through an integration"),
        Way(actions: [("lambda:UpdateFunctionCode", .functions)], meaning: "runs code as the role of a function"),
    ]

    /// What the policies allow, and how many requests were asked.
    static func all(
        _ principal: Address, _ world: AccessWorld, _ caller: Caller, _ layers: PolicyLayers
    ) -> (found: [Escalation], asked: Int) {
        var asked = 0
        var found: [Escalation] = []
        for way in ways {
            var first: String?
            let isOpen = way.actions.allSatisfy { action in
                let resource = targets(action.on, world, besides: principal).first { resource in
                    asked += 1
                    return layers.decision(AccessRequest(caller: caller, action: action.name, resource: resource))
                        .isAllowed
                }
                if first == nil { first = resource }
                return resource != nil
            }
            guard isOpen, let first else { continue }
            found.append(
                Escalation(way: way.title, principal: principal.description, resource: first, meaning: way.meaning))
        }
        return (found, asked)
    }

    /// Objects of the environment first, then one that stands for all others.
    private static func targets(_ target: Target, _ world: AccessWorld, besides own: Address) -> [String] {
        let home = world.home
        func objects(_ kind: ResourceKind, _ other: String) -> [String] {
            world.documents.keys.filter { $0.kind == kind && $0 != own }.sorted().prefix(Limits.escalationTargetsMax)
                .map(world.arn) + [home.identityARN(other)]
        }
        switch target {
        case .policies: return objects(.policy, "policy/x")
        case .users: return objects(.user, "user/x")
        case .groups: return objects(.group, "group/x")
        case .roles: return objects(.role, "role/x")
        case .functions: return ["arn:\(home.partition):lambda:\(home.region):\(home.account):function:x"]
        case .integrations:
            return [home.managementARN("/restapis/a1b2c3d4e5/resources/r1/methods/GET/integration")]
        }
    }
}
