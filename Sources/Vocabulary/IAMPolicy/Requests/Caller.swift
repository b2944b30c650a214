/// Who asks: the principal of a request, with what policies and condition keys want to know of it.
package struct Caller: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case root, user, roleSession, federatedUser
        /// A service of AWS, `lambda.amazonaws.com`; ``Caller/arn`` is its name.
        case service
        /// Somebody whom an identity provider vouches for and who has no session yet; ``Caller/arn`` is the provider's
        /// ARN or name.
        case federated
        /// Nobody signed; ``Caller/arn`` is empty.
        case anonymous
    }

    package let kind: Kind
    /// The caller's own ARN: of a role session that of the session (`arn:aws:sts::A:assumed-role/R/S`).
    package let arn: String
    /// Nil for services, providers and the anonymous.
    package let account: String?
    /// Of a role session alone, with the role's path.
    package let roleARN: String?
    /// `aws:userid`; nil leaves the key out.
    package let id: String?
    /// `aws:username`, of a user alone.
    package let name: String?

    private init(
        _ kind: Kind, arn: String, account: String?, roleARN: String? = nil, id: String? = nil, name: String? = nil
    ) {
        self.kind = kind
        self.arn = arn
        self.account = account
        self.roleARN = roleARN
        self.id = id
        self.name = name
    }

    /// The root user of an account.
    package static func root(account: String, partition: String = "aws") -> Caller {
        Caller(.root, arn: "arn:\(partition):iam::\(account):root", account: account, id: account)
    }

    /// An IAM user; `arn` has its path (`arn:aws:iam::A:user/team/dev`), `id` is its unique id (AIDA...).
    package static func user(arn: String, id: String? = nil) -> Caller {
        Caller(.user, arn: arn, account: account(of: arn), id: id, name: lastName(of: arn))
    }

    /// A session of a role; `roleID` is the role's unique id (AROA...).
    package static func session(ofRole roleARN: String, name: String, roleID: String? = nil) -> Caller {
        let parts = roleARN.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        let (partition, account) = parts.count == 6 ? (parts[1], parts[4]) : ("aws", "")
        return Caller(
            .roleSession, arn: "arn:\(partition):sts::\(account):assumed-role/\(lastName(of: roleARN))/\(name)",
            account: String(account), roleARN: roleARN, id: roleID.map { "\($0):\(name)" })
    }

    /// A session of GetFederationToken.
    package static func federatedUser(account: String, name: String, partition: String = "aws") -> Caller {
        Caller(
            .federatedUser, arn: "arn:\(partition):sts::\(account):federated-user/\(name)", account: account,
            id: "\(account):\(name)")
    }

    /// A service, for trust policies and permissions of resources.
    package static func service(_ name: String) -> Caller { Caller(.service, arn: name, account: nil) }

    /// Somebody with a token of an identity provider, for trust policies.
    package static func federated(provider: String) -> Caller { Caller(.federated, arn: provider, account: nil) }

    package static let anonymous = Caller(.anonymous, arn: "", account: nil, id: "anonymous")

    private static func account(of arn: String) -> String? {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        return parts.count == 6 ? String(parts[4]) : nil
    }

    private static func lastName(of arn: String) -> String {
        arn.lastIndex(of: "/").map { String(arn[arn.index(after: $0)...]) } ?? arn
    }
}

extension Caller {
    /// The value of a condition key that follows from who the caller is; nil where the caller has none.
    ///
    /// - Parameter key: In lower case.
    func value(of key: String) -> String? {
        switch key {
        case "aws:username": name
        case "aws:userid": id
        case "aws:principaltype": principalType
        case "aws:principalarn":
            switch kind {
            case .roleSession: roleARN
            case .root, .user, .federatedUser: arn
            case .service, .federated, .anonymous: nil
            }
        case "aws:principalaccount": account
        case "aws:principalisawsservice": kind == .anonymous ? nil : kind == .service ? "true" : "false"
        case "aws:principalservicename": kind == .service ? arn : nil
        default: nil
        }
    }

    private var principalType: String? {
        switch kind {
        case .root: "Account"
        case .user: "User"
        case .roleSession: "AssumedRole"
        case .federatedUser: "FederatedUser"
        case .anonymous: "Anonymous"
        case .service, .federated: nil
        }
    }
}
