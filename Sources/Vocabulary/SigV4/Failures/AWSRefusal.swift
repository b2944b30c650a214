/// How an AWS service refuses a caller: status, code and message.
///
/// Query services (IAM, STS) and REST-JSON services (API Gateway, Lambda) have a code each for the same thing.
/// Source: IAM and STS "Common errors", API Gateway "Gateway responses".
package struct AWSRefusal: Sendable, Hashable {
    package let status: Int
    /// `<Code>` of the Query protocol: `SignatureDoesNotMatch`.
    package let queryCode: String
    /// `x-amzn-ErrorType` of REST-JSON: `InvalidSignatureException`.
    package let jsonCode: String
    package let message: String

    package init(status: Int, queryCode: String, jsonCode: String, message: String) {
        self.status = status
        self.queryCode = queryCode
        self.jsonCode = jsonCode
        self.message = message
    }
}

extension AWSRefusal {
    /// No signature at all.
    package static let missingAuthenticationToken = AWSRefusal(
        status: 403, queryCode: "MissingAuthenticationToken", jsonCode: "MissingAuthenticationTokenException",
        message: "Missing Authentication Token")

    /// A key id that nobody has, or a session token that does not belong to it.
    package static let invalidClientTokenID = AWSRefusal(
        status: 403, queryCode: "InvalidClientTokenId", jsonCode: "UnrecognizedClientException",
        message: "The security token included in the request is invalid.")

    /// Temporary credentials past their life.
    package static let expiredToken = AWSRefusal(
        status: 403, queryCode: "ExpiredToken", jsonCode: "ExpiredTokenException",
        message: "The security token included in the request is expired")

    /// A presigned request past its life.
    package static let requestExpired = AWSRefusal(
        status: 403, queryCode: "RequestExpired", jsonCode: "InvalidSignatureException",
        message: "Request has expired.")

    static func incompleteSignature(_ message: String) -> AWSRefusal {
        AWSRefusal(
            status: 403, queryCode: "IncompleteSignature", jsonCode: "IncompleteSignatureException", message: message)
    }

    static func signatureDoesNotMatch(
        _ message: String = "The request signature we calculated does not match the signature you provided. "
            + "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
    ) -> AWSRefusal {
        AWSRefusal(
            status: 403, queryCode: "SignatureDoesNotMatch", jsonCode: "InvalidSignatureException", message: message)
    }
}
