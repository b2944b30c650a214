import JSON

/// One request to IAM or STS, checked against the operation's shape.
struct QueryCall: Sendable {
    let input: JSONObject
    let caller: Principal
    let environment: CallEnvironment

    var accountID: String { environment.accountID }
    var quotas: IAMQuotas { environment.quotas.iam }
    var now: Int { environment.now }

    subscript(_ name: String) -> String? { input.string(name) }

    /// A required member, which the shape has made sure of.
    func text(_ name: String) -> String { input.string(name) ?? "" }

    func flag(_ name: String) -> Bool { input[name]?.bool ?? false }

    func texts(_ name: String) -> [String] { (input[name]?.array ?? []).compactMap(\.string) }
}

/// Who sent a request.
enum Principal: Sendable, Equatable {
    case root
}

extension Principal {
    func arn(_ accountID: String) -> String { "arn:aws:iam::\(accountID):root" }

    /// `UserId` of `GetCallerIdentity`.
    func userID(_ accountID: String) -> String { accountID }
}
