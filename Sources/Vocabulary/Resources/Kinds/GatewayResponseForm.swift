package import JSON

/// What a gateway response is where nothing is said of it, which depends on its type.
package enum GatewayResponseForm {
    /// The normal form of a `GatewayResponse` of this type.
    package static func normalForm(of document: JSONObject, type: String) -> JSONObject {
        let normal = KindTable.gatewayResponse.normalForm(of: .object(document)).object ?? document
        guard let status = normal["statusCode"]?.string, status == defaultStatus(type) else { return normal }
        return JSONObject(normal.filter { $0.name != "statusCode" }.map { ($0.name, $0.value) })
    }

    /// Nil for the two types that stand for all others.
    ///
    /// SOURCE: recorded GetGatewayResponses.
    package static func defaultStatus(_ type: String) -> String? {
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
