import IAMPolicy
import JSON

/// Whether the policies of whom a service is called as let the call: what the engine can tell before it is made.
///
/// A backend of the endpoint map does not know the engine's policies, so the engine holds them against each call. Where
/// ``ServiceResources`` cannot tell the resource, the action must be allowed on some resource; where the action cannot be
/// told, the backend alone decides.
struct ServiceAccess: Sendable, Equatable {
    /// `sns:ListTopics`
    let action: String
    /// Nil: not to be told from the request.
    let resource: String?

    /// What the policies are asked about a request: all of it must be allowed.
    ///
    /// - Parameter account: Whose the resources are that are named without one.
    /// - Returns: Nothing for a request whose action cannot be told.
    static func all(_ request: ServiceRequest, _ uri: ServiceURI, account: String) -> [ServiceAccess] {
        if uri.service == "s3" { return ofS3(request, uri).map { [$0] } ?? [] }
        if uri.service == "lambda" {
            return invokedFunction(request).map { [ServiceAccess("lambda:InvokeFunction", on: $0)] } ?? []
        }
        guard var action = request.action else { return [] }
        // Statements of PartiQL: their action stands in the statement.
        if uri.service == "dynamodb", action.hasSuffix("Statement") || action == "ExecuteTransaction" { return [] }
        if uri.service == "sqs" || uri.service == "sns", action.hasSuffix("Batch") { action.removeLast(5) }
        let resources = ServiceResources(of: request, action, uri, account: account)
        if uri.service == "dynamodb", action.hasPrefix("Transact") {
            return resources.transaction().map { ServiceAccess("dynamodb:\($0.action)", on: $0.table) }
        }
        let name = "\(uri.policyName):\(action)"
        return resources.found()?.map { ServiceAccess(name, on: $0) } ?? [ServiceAccess(name, on: nil)]
    }

    private init(_ action: String, on resource: String?) {
        self.action = action
        self.resource = resource
    }

    /// By method and path; sub-resources such as `?tagging` have actions of their own.
    private static func ofS3(_ request: ServiceRequest, _ uri: ServiceURI) -> ServiceAccess? {
        let path = request.target.prefix { $0 != "?" }
        let query = QueryText.parameters(Array(request.target.dropFirst(path.count + 1).utf8)[...])
        let plain: Set<String> = [
            "list-type", "prefix", "delimiter", "max-keys", "marker", "continuation-token", "start-after",
            "encoding-type", "fetch-owner", "x-id",
        ]
        guard query.allSatisfy({ plain.contains($0.name) }) else { return nil }
        let decoded = QueryText.decoded(Array(path.utf8.map { $0 == UInt8(ascii: "+") ? 0 : $0 })[...])
        guard !decoded.utf8.contains(0) else { return nil }
        var parts = decoded.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: true).map(String.init)
        // At AWS the bucket of `bucket.s3` stands in the host.
        if let bucket = uri.subdomain, parts.first != bucket || request.origin.host.hasPrefix(bucket + ".") {
            parts = [bucket, String(decoded.drop { $0 == "/" })].filter { !$0.isEmpty }
        }
        guard let bucket = parts.first else {
            return request.method == "GET" ? ServiceAccess("s3:ListAllMyBuckets", on: "*") : nil
        }
        let isObject = parts.count > 1 && !parts[1].isEmpty
        let arn = "arn:\(uri.partition):s3:::\(bucket)" + (isObject ? "/\(parts[1])" : "")
        switch (request.method, isObject) {
        case ("GET", true), ("HEAD", true): return ServiceAccess("s3:GetObject", on: arn)
        case ("PUT", true): return ServiceAccess("s3:PutObject", on: arn)
        case ("DELETE", true): return ServiceAccess("s3:DeleteObject", on: arn)
        case ("GET", false), ("HEAD", false): return ServiceAccess("s3:ListBucket", on: arn)
        case ("PUT", false): return ServiceAccess("s3:CreateBucket", on: arn)
        case ("DELETE", false): return ServiceAccess("s3:DeleteBucket", on: arn)
        default: return nil
        }
    }

    /// The ARN in `/2015-03-31/functions/ARN/invocations`; a name alone does not say whose function it is.
    private static func invokedFunction(_ request: ServiceRequest) -> String? {
        let path = QueryText.decoded(Array(request.target.utf8.prefix { $0 != UInt8(ascii: "?") })[...])
        let parts = path.split(separator: "/").map(String.init)
        guard let position = parts.firstIndex(of: "functions"), parts.count > position + 2,
            parts[position + 2] == "invocations", parts[position + 1].hasPrefix("arn:")
        else { return nil }
        return parts[position + 1]
    }

    /// - Returns: Nil if the call may be made; else why not.
    func refusal(of holder: KnownCaller, at milliseconds: Int64, region: String) -> Refusal? {
        var context = holder.facts
        let now = Int(milliseconds / 1000)
        context.set("aws:CurrentTime", GatewayDate(secondsSince1970: Int64(now)).internetText.dropLast() + "Z")
        context.set("aws:EpochTime", "\(now)")
        context.set("aws:RequestedRegion", region)
        let request = AccessRequest(
            caller: holder.caller, action: action, resource: resource ?? "*", resourceAccount: holder.caller.account,
            context: context)
        let isAllowed =
            resource == nil ? holder.layers.mayAllow(request) : holder.layers.decision(request).isAllowed
        guard !isAllowed else { return nil }
        return Refusal(
            message: "User: \(holder.caller.arn) is not authorized to perform: \(action) on resource: "
                + "\(resource ?? "*") because no identity-based policy allows the \(action) action")
    }

    /// What the service would answer.
    struct Refusal: Sendable, Equatable {
        var message: String

        func answer(_ template: ServiceTemplate, requestID: String) -> EndpointAnswer {
            let document: JSONValue
            switch template.action {
            case (_, .query, _)?:
                let code = template.uri.service == "sns" ? "AuthorizationError" : "AccessDenied"
                document = [
                    "Error": ["Code": .string(code), "Message": .string(message), "Type": "Sender"],
                    "RequestId": .string(requestID),
                ]
            case (_, .json, _)?:
                document = ["__type": "AccessDeniedException", "Message": .string(message)]
            case nil where template.uri.service == "s3":
                let body =
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>"
                    + Self.escaped(message) + "</Message><RequestId>\(requestID)</RequestId></Error>"
                return EndpointAnswer(
                    status: 403, headers: HeaderFields([("Content-Type", "application/xml")]), body: Array(body.utf8))
            case nil: document = ["Message": .string(message)]
            }
            return EndpointAnswer(
                status: 403,
                headers: HeaderFields([
                    ("Content-Type", "application/json"), ("x-amzn-ErrorType", "AccessDeniedException"),
                ]), body: document.bytes(.compact))
        }

        private static func escaped(_ text: String) -> String {
            text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        }
    }
}
