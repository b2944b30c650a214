import JSON
import RequestModels

/// A Lambda authorizer of a stage: it reads who calls, asks its function, and remembers the answer.
final class LambdaAuthorizer: Sendable {
    enum Kind { case token, request }

    let id: String
    private let kind: Kind
    let target: FunctionTarget
    private let sources: [ParameterSource]
    /// What a token must look like to be worth a call.
    private let validation: TextPattern?
    /// 0 asks every time.
    private let secondsKept: Int
    private let sourceARN: String
    private let account: String
    let grants = GrantCache<AuthorizerGrant>()

    /// - Parameter document: As `GetAuthorizer` answers it, of type `TOKEN` or `REQUEST`.
    init(
        _ document: JSONValue, id: String, _ definition: StageDefinition, _ endpoints: EndpointMap = EndpointMap()
    ) throws(CompileStop) {
        self.id = id
        account = definition.accountID
        sourceARN =
            "arn:aws:execute-api:\(definition.region):\(definition.accountID):\(definition.apiID)/authorizers/\(id)"
        kind = document["type"]?.string == "TOKEN" ? .token : .request
        do {
            let uri = document["authorizerUri"]?.string ?? ""
            var target = try FunctionTarget(
                parsing: uri, credentials: document["authorizerCredentials"], stageVariables: definition.variables,
                account: definition.accountID)
            target.service = try ServiceTemplate(
                elsewhere: uri, credentials: document["authorizerCredentials"]?.string, definition.variables, endpoints)
            self.target = target
        } catch {
            throw CompileStop(.authorization, "its authorizer `\(id)` cannot be asked: \(error.reason)")
        }
        sources = try Self.sources(document["identitySource"]?.string, kind, id)
        validation = try Self.pattern(document["identityValidationExpression"]?.string, kind, id)
        let seconds = document["authorizerResultTtlInSeconds"]?.int ?? Limits.authorizerSecondsDefault
        guard (0...Limits.authorizerSecondsMax).contains(seconds) else {
            throw CompileStop(.authorization, "its authorizer `\(id)` keeps answers for `\(seconds)` s, not 0 to 3600")
        }
        // Without anything that tells callers apart, the answer for one would be that for all.
        secondsKept = sources.isEmpty ? 0 : seconds
    }

    private static func sources(
        _ text: String?, _ kind: Kind, _ id: String
    ) throws(CompileStop) -> [ParameterSource] {
        let names = (text ?? "").split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
        var sources: [ParameterSource] = []
        for name in names {
            let source = try ParameterSource(parsing: name, in: .gatewayResponse)
            switch (source, kind) {
            case (.requestHeader, _), (.requestQuery, .request), (.stageVariable, .request), (.context, .request):
                sources.append(source)
            default:
                throw CompileStop(.authorization, "its authorizer `\(id)` has the identity source `\(name)`")
            }
        }
        guard kind == .request || sources.count <= 1 else {
            throw CompileStop(.authorization, "its authorizer `\(id)` has more than one identity source")
        }
        return sources.isEmpty && kind == .token ? [.requestHeader("Authorization")] : sources
    }

    private static func pattern(_ text: String?, _ kind: Kind, _ id: String) throws(CompileStop) -> TextPattern? {
        guard kind == .token, let text, !text.isEmpty else { return nil }
        do {
            return try TextPattern(parsing: text, dialect: .selection)
        } catch {
            throw CompileStop(
                .authorization, "its authorizer `\(id)` has the validation expression `\(text)`: \(error.reason)")
        }
    }

    /// Who calls, as the request says; what grants are kept by.
    ///
    /// - Throws: `unauthorized` when a call of the function would be in vain.
    func identity(_ scope: ExchangeScope) throws(AuthorizerRefusal) -> [String] {
        let values = sources.map { scope.values($0).last ?? "" }
        switch kind {
        case .token:
            guard let token = values.first, !token.isEmpty, validation?.matchesWhole(token) ?? true else {
                throw .unauthorized
            }
        case .request:
            guard secondsKept == 0 || !values.contains("") else { throw .unauthorized }
        }
        return values
    }

    func kept(_ identity: [String], at milliseconds: Int64) -> AuthorizerGrant? {
        secondsKept == 0 ? nil : grants.grant(identity, at: milliseconds)
    }

    /// - Parameter methodARN: What is asked for.
    /// - Throws: `malformed` when the function is elsewhere and must not be called.
    func call(
        _ identity: [String], _ scope: ExchangeScope, methodARN: String, traceID: String
    ) throws(AuthorizerRefusal) -> FunctionCall {
        var event: JSONObject = [
            "type": kind == .token ? "TOKEN" : "REQUEST", "methodArn": .string(methodARN),
        ]
        if kind == .token {
            event["authorizationToken"] = .string(identity.first ?? "")
        } else {
            for (name, value) in ProxyEvent(scope: scope, traceID: traceID).document(body: [])
            where name != "body" && name != "isBase64Encoded" {
                // What is null for an integration is an empty map for an authorizer.
                event[name] = value.isNull ? .object(JSONObject()) : value
            }
        }
        let authority: FunctionCall.Authority =
            if case .role(let arn) = target.credentials { .role(arn, sourceARN: sourceARN) } else {
                .service(sourceARN: sourceARN, sourceAccount: account)
            }
        var call = FunctionCall(
            function: target.function, event: JSONValue.object(event).bytes(.compact), authority: authority,
            requestID: scope.request.identity.requestID, traceID: traceID,
            timeout: Limits.authorizerTimeoutMilliseconds)
        guard let service = target.service else { return call }
        do throws(GatewayError) {
            let sent = try scope.request(service, call)
            switch try scope.sign(sent, service, source: sourceARN, traceID: traceID, timeout: call.timeout) {
            case .call(let elsewhere): call.elsewhere = elsewhere
            case .refused(let refusal): throw GatewayError.configuration(refusal.message)
            }
        } catch {
            throw .malformed(error.detail ?? error.message)
        }
        return call
    }

    func grant(
        _ reply: FunctionReply, _ identity: [String], at milliseconds: Int64
    ) throws(AuthorizerRefusal) -> AuthorizerGrant {
        switch reply {
        case .answered(let payload, nil):
            let grant = try AuthorizerGrant(parsing: payload)
            if secondsKept > 0 { grants.keep(grant, identity, from: milliseconds, seconds: secondsKept) }
            return grant
        case .answered(let payload, .some):
            let message = Exchange.errorMessage(payload)
            guard message != "Unauthorized" else { throw .unauthorized }
            throw .malformed("the function failed: \(message.prefix(256))")
        case .accepted: throw .malformed("there is none")
        case .refused(let status, let type, let message): throw .malformed("\(status) \(type): \(message)")
        case .unavailable(let reason): throw .malformed(reason)
        }
    }
}
