/// Why the gateway answers by itself.
///
/// SOURCE: recorded answers of the service: status, message, `x-amzn-ErrorType`, and the blank after the colon, which
/// some bodies have and others do not.
package struct GatewayError: Error, Sendable, Equatable {
    package var type: GatewayResponseType
    /// The status where nothing is customised.
    package var status: Int
    package var message: String
    /// `x-amzn-ErrorType`.
    package var errorType: String
    /// True if the uncustomised body is `{"message": "..."}`, false for `{"message":"..."}`.
    var isSpaced = true
    /// What the message is called in the uncustomised body: `Message` where policies refuse.
    var member = "message"
    /// False: the message is null.
    var hasMessage = true
    /// `$context.error.validationErrorString`: what of a body does not fit its model.
    package var validation: String?
    /// For the log of a test invocation and the access record; never sent.
    package var detail: String?

    init(
        _ type: GatewayResponseType, _ status: Int, _ message: String, _ errorType: String, isSpaced: Bool = true,
        detail: String? = nil
    ) {
        self.type = type
        self.status = status
        self.message = message
        self.errorType = errorType
        self.isSpaced = isSpaced
        self.detail = detail
    }

    static let missingAuthenticationToken = GatewayError(
        .missingAuthenticationToken, 403, "Missing Authentication Token", "MissingAuthenticationTokenException",
        isSpaced: false)
    static let requestTooLarge = GatewayError(
        .requestTooLarge, 413, "Request Too Long", "RequestTooLargeException", isSpaced: false)
    static let unsupportedMediaType = GatewayError(
        .unsupportedMediaType, 415, "Unsupported Media Type", "BadRequestException")
    static let tooManyRequests = GatewayError(
        .throttled, 429, "Too Many Requests", "TooManyRequestsException", isSpaced: false)

    static let invalidAPIKey = GatewayError(
        .invalidAPIKey, 403, "Forbidden", "ForbiddenException", isSpaced: false)
    static let limitExceeded = GatewayError(
        .quotaExceeded, 429, "Limit Exceeded", "LimitExceededException", isSpaced: false)

    static func missingParameters(_ names: [String]) -> GatewayError {
        GatewayError(
            .badRequestParameters, 400, "Missing required request parameters: [\(names.joined(separator: ", "))]",
            "BadRequestException")
    }
    static func invalidBody(_ mismatches: [String]) -> GatewayError {
        var error = GatewayError(.badRequestBody, 400, "Invalid request body", "BadRequestException")
        error.validation = "[\(mismatches.joined(separator: ", "))]"
        return error
    }
    static let bodyNotJSON = GatewayError(
        .badRequestBody, 400, "Could not parse request body into json", "BadRequestException")

    /// A template, a mapping, a conversion or the configuration does not work.
    static func configuration(_ detail: String) -> GatewayError {
        GatewayError(
            .apiConfigurationError, 500, "Internal server error", "InternalServerErrorException", detail: detail)
    }
    /// The endpoint answered, but not with something that can be passed on.
    static func badAnswer(_ detail: String) -> GatewayError {
        GatewayError(.integrationFailure, 500, "Internal server error", "InternalServerErrorException", detail: detail)
    }
    static func network(_ detail: String) -> GatewayError {
        GatewayError(
            .integrationFailure, 504, "Network error communicating with endpoint", "InternalServerErrorException",
            detail: detail)
    }
    static let timeout = GatewayError(
        .integrationTimeout, 504, "Endpoint request timed out", "InternalServerErrorException")
}
