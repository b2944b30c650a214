import JSON

/// One operation of IAM or STS: what it takes and what it does.
struct QueryOperation: Sendable {
    /// Works on the copy of the state that it is given; a thrown error throws that copy away.
    ///
    /// - Returns: The members of the result; nil when the operation has none.
    typealias Handler = @Sendable (inout Workspace, QueryCall) throws(ServiceError) -> JSONObject?

    /// The service's name of it: `CreateUser`.
    let name: String
    let service: QueryService
    let effect: Operation.Effect
    let members: [Shape.Member]
    /// What a policy has to name for it to be allowed.
    let target: QueryTarget
    let handler: Handler

    init(
        _ name: String, of service: QueryService = .iam, on target: QueryTarget = .any,
        _ members: [Shape.Member] = [], _ handler: @escaping Handler
    ) {
        self.name = name
        self.service = service
        self.target = target
        self.members = members
        self.handler = handler
        let reads = ["Get", "List", "Simulate", "AssumeRole", "Decode"].contains { name.hasPrefix($0) }
        effect = reads ? .read : .write
    }
}

/// What an operation is about.
enum QueryTarget: Sendable {
    case any
    /// The entity that a member names, there or not.
    case named(EntityKind, String)
    /// The ARN that a member is.
    case arn(String)
    /// The user that `UserName` names, else the caller.
    case userOrCaller
    /// The federated user that `Name` names.
    case federatedUser
}
