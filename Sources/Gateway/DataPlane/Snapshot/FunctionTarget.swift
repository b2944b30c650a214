import JSON

/// The Lambda function behind an integration or an authorizer, and the right by which it is invoked.
struct FunctionTarget: Sendable {
    enum Credentials: Sendable, Equatable {
        /// The resource-based policy of the function decides.
        case none
        case role(String)
        /// `arn:aws:iam::*:user/*`: who signed the request.
        case caller
    }

    /// An ARN, or a name: with or without a version or an alias.
    let function: String
    let credentials: Credentials
    /// Of the uri.
    let region: String
    /// Nil: the engine runs the function itself.
    var service: ServiceTemplate?

    /// The address that the service would call; for logs.
    var url: String { "https://lambda.\(region).amazonaws.com/2015-03-31/functions/\(function)/invocations" }

    /// True for `arn:aws:apigateway:REGION:lambda:path/...`.
    static func isFunction(_ uri: String) -> Bool {
        let parts = uri.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        return parts.count == 6 && parts[0] == "arn" && parts[2] == "apigateway" && parts[4] == "lambda"
            && parts[5].hasPrefix("path/")
    }

    /// - Parameters:
    ///   - uri: `arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/FUNCTION/invocations`; stage variables may
    ///     stand anywhere in it.
    ///   - account: Whose functions there are; empty where that is not known.
    /// - Throws: When no function can be meant.
    init(
        parsing uri: String, credentials: JSONValue?, stageVariables: [String: String], account: String
    ) throws(CompileStop) {
        let filled = EndpointTemplate.fill(uri, stageVariables)
        let parts = filled.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        let path = Self.isFunction(filled) ? parts[5].split(separator: "/") : []
        guard path.count == 5, path[1] == "2015-03-31", path[2] == "functions", path[4] == "invocations" else {
            throw CompileStop(
                .endpoint,
                "`\(uri)` names no function to invoke; the form is "
                    + "`arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations`")
        }
        region = String(parts[3])
        function = String(path[3])
        try Self.check(function, uri, account)
        self.credentials = try Self.credentials(credentials, stageVariables)
    }

    private static func check(_ function: String, _ uri: String, _ account: String) throws(CompileStop) {
        guard function.hasPrefix("arn:") else { return }
        let parts = function.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 7 || parts.count == 8, parts[2] == "lambda", parts[5] == "function",
            parts[6...].allSatisfy({ !$0.isEmpty })
        else {
            throw CompileStop(
                .endpoint, "`\(function)` in `\(uri)` is no ARN of a function, perhaps for an unset stage variable")
        }
        guard account.isEmpty || parts[4] == account else {
            throw CompileStop(
                .integration,
                "the function `\(function)` is of account `\(parts[4])`; only those of `\(account)` can be invoked")
        }
    }

    private static func credentials(
        _ value: JSONValue?, _ stageVariables: [String: String]
    ) throws(CompileStop) -> Credentials {
        guard let text = value?.string, !text.isEmpty else { return .none }
        let filled = EndpointTemplate.fill(text, stageVariables)
        let parts = filled.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam" else {
            throw CompileStop(.integration, "the credentials `\(text)` are no ARN of a role")
        }
        if parts[4] == "*", parts[5] == "user/*" { return .caller }
        guard parts[5].hasPrefix("role/"), parts[5].utf8.count > "role/".utf8.count else {
            throw CompileStop(
                .integration, "the credentials `\(text)` are neither a role nor `arn:aws:iam::*:user/*`")
        }
        return .role(filled)
    }
}
