import HTTPTypes
import IAMPolicy
import JSON
import OpenAPI

/// What a caller of API Gateway's own API must be allowed: the verb on the path, and passing each role that is saved.
///
/// - Note: Source: service authorization reference, "Actions defined by API Gateway management".
struct ManagementPermission: Sendable {
    private let principal: Principal
    private let method: String
    private let path: String
    private let environment: CallEnvironment
    private let authorization: Authorization

    init(
        _ exchange: Exchange, _ principal: Principal, _ environment: CallEnvironment, _ authorization: Authorization
    ) {
        self.principal = principal
        self.environment = environment
        self.authorization = authorization
        method = exchange.request.method.rawValue
        path = exchange.request.path ?? "/"
    }

    private var resource: String { "arn:aws:apigateway:\(environment.region)::" + path.prefix { $0 != "?" } }

    func check(_ identity: IdentityDirectory) throws(ServiceError) {
        try authorization.check(principal, "apigateway:\(method)", on: [resource], environment.context, identity)
    }

    /// Members that hold the ARN of a role which API Gateway is to assume.
    private static let roleMembers: Set<String> = ["credentials", "authorizerCredentials", "cloudwatchRoleArn"]

    func checkRoles(_ call: Call, _ identity: IdentityDirectory) throws(ServiceError) {
        guard principal != .root else { return }
        var arns: Set<String> = []
        for member in Self.roleMembers { if let arn = call.body.string(member) { arns.insert(arn) } }
        for operation in call.body["patchOperations"]?.array ?? [] {
            let name = operation["path"]?.string?.split(separator: "/").last.map(String.init) ?? ""
            if Self.roleMembers.contains(name), let arn = operation["value"]?.string { arns.insert(arn) }
        }
        for object in call.reading?.definition?.objects ?? [] {
            if let document = object.document.object { Self.collect(document, into: &arns) }
        }
        var context = environment.context
        context.set("iam:PassedToService", "apigateway.amazonaws.com")
        // `arn:aws:iam::*:user/*` passes the caller's own credentials on: there is no role to pass.
        for arn in arns.sorted() where arn.contains(":role/") {
            try authorization.check(principal, "iam:PassRole", on: [arn], context, identity)
        }
    }

    private static func collect(_ object: JSONObject, into arns: inout Set<String>) {
        for (name, value) in object {
            if roleMembers.contains(name), let arn = value.string { arns.insert(arn) }
            if let inner = value.object { collect(inner, into: &arns) }
        }
    }
}
