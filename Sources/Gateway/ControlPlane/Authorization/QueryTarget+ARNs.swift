import IAMPolicy
import JSON

extension QueryTarget {
    /// The resources that a policy has to allow the operation on.
    func arns(_ call: QueryCall, _ identity: IdentityDirectory) -> [String] {
        switch self {
        case .any: return ["*"]
        case .arn(let member): return [call.text(member)]
        case .federatedUser: return ["arn:aws:sts::\(call.accountID):federated-user/\(call.text("Name"))"]
        case .named(let kind, let member):
            let name = call.text(member)
            let found = identity[kind, name]
            return [
                found?.arn(call.accountID)
                    ?? Entity.arn(kind, path: call["Path"] ?? "/", name: name, call.accountID)
            ]
        case .userOrCaller:
            guard let name = call["UserName"] else { return [call.caller.arn(call.accountID)] }
            let path = identity[.user, name]?.path ?? "/"
            return [Entity.arn(.user, path: path, name: name, call.accountID)]
        }
    }
}

extension QueryCall {
    /// The condition keys that an operation's parameters give.
    func context(_ target: QueryTarget, _ identity: IdentityDirectory) -> RequestContext {
        var context = environment.context
        if let arn = self["PolicyArn"] { context.set("iam:PolicyARN", arn) }
        if let arn = self["PermissionsBoundary"] { context.set("iam:PermissionsBoundary", arn) }
        if let name = self["AWSServiceName"] { context.set("iam:AWSServiceName", name) }
        var keys: [String] = texts("TagKeys")
        for tag in input["Tags"]?.array ?? [] {
            guard let key = tag["Key"]?.string, let value = tag["Value"]?.string else { continue }
            context.set("aws:RequestTag/\(key)", value)
            keys.append(key)
        }
        if !keys.isEmpty { context["aws:TagKeys"] = keys }
        for tag in entity(target, identity)?.tags ?? [] {
            context.set("aws:ResourceTag/\(tag.key)", tag.value)
            context.set("iam:ResourceTag/\(tag.key)", tag.value)
        }
        return context
    }

    private func entity(_ target: QueryTarget, _ identity: IdentityDirectory) -> Entity? {
        switch target {
        case .any, .federatedUser: nil
        case .named(let kind, let member): identity[kind, text(member)]
        case .arn(let member):
            [EntityKind.policy, .role, .mfaDevice, .oidcProvider, .samlProvider].lazy.compactMap {
                identity.find($0, arn: text(member), accountID)
            }.first
        case .userOrCaller: self["UserName"].map { identity[.user, $0] } ?? caller.user(identity)
        }
    }
}
