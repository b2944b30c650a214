package import Diagnostics

/// A request that is not authenticated, and why.
package struct SignatureFailure: Failure, Equatable {
    package enum Code: String, StableCode {
        case missingAuthentication = "sigv4.missing-authentication"
        case incompleteSignature = "sigv4.incomplete-signature"
        case malformedSignature = "sigv4.malformed-signature"
        case unsignedHeader = "sigv4.unsigned-header"
        case signatureMismatch = "sigv4.signature-mismatch"
        case payloadMismatch = "sigv4.payload-mismatch"
        case expired = "sigv4.expired"
        case notYetValid = "sigv4.not-yet-valid"
        case wrongScope = "sigv4.wrong-scope"
    }

    package let code: Code
    package let message: String
    /// What an AWS service answers in this case.
    package let refusal: AWSRefusal

    /// The caller has to sign differently; nothing here can be tried again.
    package var recovery: Recovery { .askOperator(runbook: "target-credentials.md") }

    init(_ code: Code, _ message: String, _ refusal: AWSRefusal) {
        self.code = code
        self.message = message
        self.refusal = refusal
    }
}

extension SignatureFailure.Code {
    package var explanation: Explanation {
        switch self {
        case .missingAuthentication:
            Explanation(
                meaning: "the request carries no signature",
                cause: "neither an `Authorization` header nor a presigned query",
                remedy: "sign the request, for example with `aws --endpoint-url`",
                example: "curl http://127.0.0.1:4600/restapis")
        case .incompleteSignature:
            Explanation(
                meaning: "a part of the signature is missing",
                cause: "no `Credential`, `SignedHeaders`, `Signature` or date",
                remedy: "let an SDK sign; a proxy that rewrites headers is the usual culprit",
                example: "Authorization: AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/iam/aws4_request")
        case .malformedSignature:
            Explanation(
                meaning: "a part of the signature is there and cannot be read",
                cause: "a scope that has not five parts, a date of another form, an unknown algorithm, a part twice",
                remedy: "let an SDK sign",
                example: "Credential=AKID/20150830/us-east-1/aws4_request")
        case .unsignedHeader:
            Explanation(
                meaning: "a header that must be signed is not",
                cause: "`host` or an `x-amz-*` header is not in `SignedHeaders`, perhaps added on the way",
                remedy: "sign every `x-amz-*` header; keep proxies from adding one")
        case .signatureMismatch:
            Explanation(
                meaning: "the signature does not belong to this request and secret",
                cause: "a wrong secret, or a request that was changed after signing",
                remedy: "check the secret; keep proxies from changing path, query or host")
        case .payloadMismatch:
            Explanation(
                meaning: "the body is not the one that `x-amz-content-sha256` names",
                cause: "a body that was changed or cut off, or one of a form that is not accepted here",
                remedy: "send the body that was signed; `UNSIGNED-PAYLOAD` and chunk signatures only where allowed")
        case .expired:
            Explanation(
                meaning: "the signature is too old",
                cause: "a clock that is slow, a replayed request, a presigned URL past its life",
                remedy: "set the clock (five minutes are tolerated) and sign again")
        case .notYetValid:
            Explanation(
                meaning: "the signature is dated in the future",
                cause: "a clock that is fast",
                remedy: "set the clock (five minutes are tolerated) and sign again")
        case .wrongScope:
            Explanation(
                meaning: "the signature is good for another day, region or service",
                cause: "a client set up for another region or service",
                remedy: "set the region that the message names, for example by `AWS_REGION`",
                example: "Credential=AKID/20150830/eu-west-1/iam/aws4_request, and iam is served in us-east-1")
        }
    }
}
