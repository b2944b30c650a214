/// Why a token lets nobody pass.
enum TokenRefusal: Error, Equatable {
    /// It is none, or not one that is wanted; the reason is for logs.
    case unauthorized(String)
    case expired
    /// Nobody can say: the keys of its pool are not there.
    case unavailable(String)

    var error: GatewayError {
        switch self {
        case .unauthorized(let reason):
            var error = GatewayError.unauthorized
            error.detail = reason
            return error
        // SOURCE: API Gateway developer guide, "Gateway response types"; status and text as the service has them for
        // tokens of user pools.
        case .expired:
            return GatewayError(
                .expiredToken, 401, "The incoming token has expired", "UnauthorizedException", isSpaced: false)
        case .unavailable(let reason): return .authorizerFailure(reason)
        }
    }
}
