/// The gateway's own answers by type.
enum GatewayResponseTypes {
    /// In the order in which the service prints them.
    static let printed = [
        "REQUEST_TOO_LARGE", "RESOURCE_NOT_FOUND", "AUTHORIZER_CONFIGURATION_ERROR", "MISSING_AUTHENTICATION_TOKEN",
        "BAD_REQUEST_BODY", "INVALID_SIGNATURE", "INVALID_API_KEY", "BAD_REQUEST_PARAMETERS", "AUTHORIZER_FAILURE",
        "UNAUTHORIZED", "INTEGRATION_TIMEOUT", "ACCESS_DENIED", "DEFAULT_4XX", "DEFAULT_5XX", "WAF_FILTERED",
        "QUOTA_EXCEEDED", "THROTTLED", "API_CONFIGURATION_ERROR", "UNSUPPORTED_MEDIA_TYPE", "INTEGRATION_FAILURE",
        "EXPIRED_TOKEN",
    ]

    static let sorted = printed.sorted()

    /// Nil for the two that stand for all others.
    static func defaultStatus(_ type: String) -> String? {
        switch type {
        case "DEFAULT_4XX", "DEFAULT_5XX": nil
        case "BAD_REQUEST_BODY", "BAD_REQUEST_PARAMETERS": "400"
        case "UNAUTHORIZED": "401"
        case "ACCESS_DENIED", "EXPIRED_TOKEN", "INVALID_API_KEY", "INVALID_SIGNATURE", "MISSING_AUTHENTICATION_TOKEN",
            "WAF_FILTERED":
            "403"
        case "RESOURCE_NOT_FOUND": "404"
        case "REQUEST_TOO_LARGE": "413"
        case "UNSUPPORTED_MEDIA_TYPE": "415"
        case "QUOTA_EXCEEDED", "THROTTLED": "429"
        case "INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT": "504"
        default: "500"
        }
    }
}
