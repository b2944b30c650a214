import IAMPolicy
import SigV4

extension GatewayError {
    /// The request is not signed, or not as it should be.
    static func signature(_ failure: SignatureFailure) -> GatewayError {
        guard failure.code != .missingAuthentication else { return .missingAuthenticationToken }
        return refused(failure.refusal, detail: failure.message)
    }

    /// - Note: Source: API Gateway developer guide, "Gateway response types": what is wrong with a signature or its key
    ///   is `INVALID_SIGNATURE`, temporary credentials past their life are `EXPIRED_TOKEN`.
    static func refused(_ refusal: AWSRefusal, detail: String) -> GatewayError {
        GatewayError(
            refusal == .expiredToken ? .expiredToken : .invalidSignature, refusal.status, refusal.message,
            refusal.jsonCode, isSpaced: false, detail: detail)
    }

    static func accessDenied(
        _ caller: Caller, resource: String, _ outcome: AccessDecision.Outcome
    ) -> GatewayError {
        let refusal = RouteRefusal.iam(caller, resource: resource, outcome)
        var error = GatewayError(
            .accessDenied, 403, refusal.message, "AccessDeniedException", isSpaced: false,
            detail: "\(outcome.rawValue): `\(caller.arn.isEmpty ? "anonymous" : caller.arn)` on `\(resource)`")
        error.member = refusal.member
        return error
    }

    /// An authorizer's policy does not let the caller pass.
    static func notAuthorized(
        _ principal: String, resource: String, _ outcome: AccessDecision.Outcome
    ) -> GatewayError {
        let refusal = RouteRefusal.authorizer(outcome)
        var error = GatewayError(
            .accessDenied, 403, refusal.message, "AccessDeniedException", isSpaced: false,
            detail: "\(outcome.rawValue) by the authorizer: `\(principal)` on `\(resource)`")
        error.member = refusal.member
        return error
    }

    /// The ARN of what is asked for is longer than one may be.
    static let addressTooLong = GatewayError(
        .default4XX, 414, "Request-URI Too Long", "RequestURITooLongException", isSpaced: false)
}
