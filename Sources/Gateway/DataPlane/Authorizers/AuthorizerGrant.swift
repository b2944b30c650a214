import Diagnostics
import IAMPolicy
import JSON

/// What an authorizer's function has said about a caller: evaluated anew for every method it is used for. A class, so
/// that an exchange carries one pointer.
final class AuthorizerGrant: Sendable {
    let principalID: String
    /// As the function sent it.
    let document: JSONValue
    let policy: PolicySet
    /// `$context.authorizer`: the principal and the context, whose values are texts.
    let context: JSONObject
    /// `usageIdentifierKey`: the API key where the API takes keys from its authorizers.
    let usageKey: String?

    /// - Throws: Why the answer is none; for logs.
    init(parsing payload: [UInt8]) throws(AuthorizerRefusal) {
        guard payload.count <= Limits.authorizerAnswerBytesMax else {
            throw .malformed("it has more than \(Limits.authorizerAnswerBytesMax) bytes")
        }
        let answer: JSONValue
        do { answer = try JSONValue(parsing: payload) } catch { throw .malformed("it is no JSON: \(error.message)") }
        guard let principal = answer["principalId"]?.string, !principal.isEmpty else {
            throw .malformed("its `principalId` is no text")
        }
        principalID = principal
        guard let document = answer["policyDocument"], document.object != nil else {
            throw .malformed("its `policyDocument` is no object")
        }
        self.document = document
        policy = try Self.policy(document)
        switch answer["usageIdentifierKey"] {
        case nil, .null: usageKey = nil
        case .string(let key): usageKey = key
        default: throw .malformed("its `usageIdentifierKey` is no text")
        }
        var context: JSONObject = ["principalId": .string(principal)]
        try Self.add(answer["context"], to: &context)
        self.context = context
    }

    private static func policy(_ document: JSONValue) throws(AuthorizerRefusal) -> PolicySet {
        let statements = document["Statement"]?.array ?? document["Statement"].map { [$0] } ?? []
        for statement in statements {
            for resource in statement["Resource"]?.array ?? [statement["Resource"] ?? .null] {
                guard (resource.string ?? "").utf8.count <= Limits.authorizerResourceBytesMax else {
                    throw .malformed("a resource has more than \(Limits.authorizerResourceBytesMax) bytes")
                }
            }
        }
        let reading = PolicyDocument.read(document, as: .identity, sizeMax: .max)
        let errors = reading.diagnostics.filter { $0.severity == .error }
        guard let policy = reading.document, errors.isEmpty else {
            throw .malformed("its policy cannot be used: \(errors.first?.message ?? "it is no policy document")")
        }
        return PolicySet(policy, name: "authorizer")
    }

    private static func add(_ value: JSONValue?, to context: inout JSONObject) throws(AuthorizerRefusal) {
        guard let value, !value.isNull else { return }
        guard let members = value.object else { throw .malformed("its `context` is no object") }
        for (name, value) in members {
            switch value {
            case .string, .number, .bool: context[name] = .string(ExchangeScope.text(value) ?? "")
            case .null, .array, .object: throw .malformed("`\(name.prefix(64))` in its `context` is no plain value")
            }
        }
    }
}

/// Why an authorizer lets nobody pass.
enum AuthorizerRefusal: Error, Equatable {
    /// The request does not say who calls, or the function answered `Unauthorized`: 401.
    case unauthorized
    /// The function failed, or its answer is none.
    case malformed(String)
    /// The function did not answer in time.
    case late

    var error: GatewayError {
        switch self {
        case .unauthorized: .unauthorized
        case .malformed(let reason): .authorizerConfiguration("the authorizer's answer is refused: \(reason)")
        case .late: .authorizerFailure("the authorizer did not answer in time")
        }
    }
}

extension GatewayError {
    static let unauthorized = GatewayError(
        .unauthorized, 401, "Unauthorized", "UnauthorizedException", isSpaced: false)

    static func authorizerConfiguration(_ detail: String) -> GatewayError {
        var error = GatewayError(
            .authorizerConfigurationError, 500, "", "AuthorizerConfigurationException", isSpaced: false,
            detail: detail)
        error.hasMessage = false
        return error
    }

    static func authorizerFailure(_ detail: String) -> GatewayError {
        var error = authorizerConfiguration(detail)
        error.type = .authorizerFailure
        return error
    }
}
