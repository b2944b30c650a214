extension Caller {
    /// The caller that a text names: the ARN of a user, a role, a role session, a federated user or an account's root, an
    /// account id, the name of a service, or `anonymous`. Nil for anything else.
    ///
    /// Of a role it is a session; of a session's ARN, which has no path, the role is the one without a path.
    package init?(naming text: String) {
        if text == "anonymous" {
            self = .anonymous
            return
        }
        guard let principal = PolicyPrincipal(text, kind: text.contains(".amazonaws.com") ? "Service" : "AWS") else {
            return nil
        }
        switch principal {
        case .account(let account):
            let partition = text.split(separator: ":").dropFirst().first.map(String.init)
            self = .root(account: account, partition: text.hasPrefix("arn:") ? partition ?? "aws" : "aws")
        case .service(let name): self = .service(name)
        case .aws(let arn) where arn.hasPrefix("arn:"): self = Self.caller(arn)
        case .everyone, .aws, .federated, .canonicalUser: return nil
        }
    }

    /// - Precondition: The ARN is one that a policy may name.
    private static func caller(_ arn: String) -> Caller {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        let names = parts[5].split(separator: "/").map(String.init)
        switch names[0] {
        case "user": return .user(arn: arn)
        case "role": return .session(ofRole: arn, name: "session")
        case "federated-user":
            return .federatedUser(account: parts[4], name: names[1], partition: parts[1])
        default:
            return .session(ofRole: "arn:\(parts[1]):iam::\(parts[4]):role/\(names[1])", name: names[2])
        }
    }
}
