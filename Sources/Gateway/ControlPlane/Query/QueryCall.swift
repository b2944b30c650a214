import IAMPolicy
import JSON
import SigV4

/// One request to IAM or STS, checked against the operation's shape.
struct QueryCall: Sendable {
    let input: JSONObject
    let caller: Principal
    let environment: CallEnvironment
    let sealing: Sealing
    let authorization: Authorization
    let lastUses: LastUses
    /// What `AssumeRoleWithWebIdentity` came with, once its signature is checked.
    var webToken: WebToken?

    var accountID: String { environment.accountID }
    var quotas: IAMQuotas { environment.quotas.iam }
    var now: Int { environment.now }

    subscript(_ name: String) -> String? { input.string(name) }

    /// A required member, which the shape has made sure of.
    func text(_ name: String) -> String { input.string(name) ?? "" }

    func flag(_ name: String) -> Bool { input[name]?.bool ?? false }

    func texts(_ name: String) -> [String] { (input[name]?.array ?? []).compactMap(\.string) }
}

extension QueryOperation {
    /// Authorizes the call by the state that it then works on, and does it.
    func run(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        try checkCredentials(call)
        if !Self.freeForAll.contains(name) {
            try call.authorization.check(
                call.caller, "\(service.rawValue):\(name)", on: target.arns(call, workspace.identity),
                call.context(target, workspace.identity), workspace.identity)
        }
        return try handler(&workspace, call)
    }

    /// Operations that need no permission, and those whose own policies decide.
    private static let freeForAll: Set<String> = [
        "GetCallerIdentity", "GetSessionToken", "AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML",
    ]

    /// Sessions of users are good for IAM only with MFA, and those of federated users never.
    ///
    /// - Note: Source: IAM user guide, "Compare AWS STS credentials".
    private func checkCredentials(_ call: QueryCall) throws(ServiceError) {
        guard let session = call.caller.session else { return }
        switch session.subject {
        case .role: return
        case .root, .user:
            if service == .iam, !session.isMFA { throw ServiceError(.invalidClientTokenID) }
            if service == .sts, !["GetCallerIdentity", "AssumeRole"].contains(name) {
                throw .query(403, "AccessDenied", "Cannot call \(name) with session credentials")
            }
        case .federated:
            if service == .iam { throw ServiceError(.invalidClientTokenID) }
            if name != "GetCallerIdentity" {
                throw .query(403, "AccessDenied", "Cannot call \(name) with federation credentials")
            }
        }
    }
}
