extension SignatureFailure {
    static let missingAuthentication = SignatureFailure(
        .missingAuthentication, "the request is not signed", .missingAuthenticationToken)

    /// - Parameter parts: `Credential`, `SignedHeaders`, `Signature`, each if it is missing.
    static func missing(parts: [String]) -> SignatureFailure {
        SignatureFailure(
            .incompleteSignature, "the `Authorization` header lacks \(list(parts))",
            .incompleteSignature(
                parts.map { "Authorization header requires '\($0)' parameter." }.joined(separator: " ")))
    }

    static func missing(queryParameter name: String) -> SignatureFailure {
        SignatureFailure(
            .incompleteSignature, "the presigned query lacks `\(name)`",
            .incompleteSignature(
                "AWS query-string parameters must include '\(name)'. Re-examine the query-string parameters."))
    }

    static let missingDate = SignatureFailure(
        .incompleteSignature, "the request has neither an `X-Amz-Date` nor a `Date` header",
        .incompleteSignature(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."))

    static func malformed(_ message: String, answer: String) -> SignatureFailure {
        SignatureFailure(.malformedSignature, message, .incompleteSignature(answer))
    }

    static func malformed(credential: String) -> SignatureFailure {
        malformed(
            "the credential `\(shown(credential))` is not `key/date/region/service/aws4_request`",
            answer: "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
                + "got '\(shown(credential))'")
    }

    static func malformed(date: String) -> SignatureFailure {
        malformed(
            "the date `\(shown(date))` has not the form `20150830T123600Z`",
            answer: "Date must be in ISO-8601 'basic format'. Got '\(shown(date))'. "
                + "See http://en.wikipedia.org/wiki/ISO_8601")
    }

    static func malformed(part name: String) -> SignatureFailure {
        malformed("`\(name)` cannot be read", answer: "'\(name)' not a valid value in Authorization.")
    }

    static func unsigned(header: String) -> SignatureFailure {
        SignatureFailure(
            .unsignedHeader, "the header `\(header)` is not signed",
            .signatureDoesNotMatch("'\(header)' must be a 'SignedHeader' in the AWS Authorization."))
    }

    static let signatureMismatch = SignatureFailure(
        .signatureMismatch, "the signature does not match the request", .signatureDoesNotMatch())

    static let payloadMismatch = SignatureFailure(
        .payloadMismatch, "the body does not match the header `x-amz-content-sha256`", .signatureDoesNotMatch())

    static let payloadUnsigned = SignatureFailure(
        .payloadMismatch, "the header `x-amz-content-sha256` leaves the body unsigned, which is not accepted here",
        .signatureDoesNotMatch())

    static func expired(date: SigningDate, now: SigningDate, skewSeconds: Int) -> SignatureFailure {
        let earliest = now.advanced(bySeconds: -skewSeconds)
        return SignatureFailure(
            .expired, "the signature of \(date) is older than \(earliest)",
            .signatureDoesNotMatch(
                "Signature expired: \(date) is now earlier than \(earliest) (\(now) - \(skewSeconds / 60) min.)"))
    }

    static func presignedExpired(at end: SigningDate) -> SignatureFailure {
        SignatureFailure(.expired, "the presigned request was good until \(end)", .requestExpired)
    }

    static func notYetValid(date: SigningDate, now: SigningDate, skewSeconds: Int) -> SignatureFailure {
        let latest = now.advanced(bySeconds: skewSeconds)
        return SignatureFailure(
            .notYetValid, "the signature of \(date) is dated later than \(latest)",
            .signatureDoesNotMatch(
                "Signature not yet current: \(date) is still later than \(latest) (\(now) + \(skewSeconds / 60) min.)"))
    }

    static func wrongScope(region: String, expected: String) -> SignatureFailure {
        SignatureFailure(
            .wrongScope, "the signature is for region `\(shown(region))`, not `\(expected)`",
            .signatureDoesNotMatch("Credential should be scoped to a valid region: '\(expected)'."))
    }

    static func wrongScope(service: String, expected: String) -> SignatureFailure {
        SignatureFailure(
            .wrongScope, "the signature is for service `\(shown(service))`, not `\(expected)`",
            .signatureDoesNotMatch("Credential should be scoped to correct service: '\(expected)'."))
    }

    static func wrongScope(day: String, date: SigningDate) -> SignatureFailure {
        SignatureFailure(
            .wrongScope, "the scope names the day `\(day)` and the request is of `\(date.day)`",
            .signatureDoesNotMatch(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                    + "'\(day)' != '\(date.day)', from '\(date)'."))
    }

    private static func list(_ parts: [String]) -> String {
        parts.map { "`\($0)`" }.joined(separator: ", ")
    }

    /// What a stranger sent, short enough for a message.
    private static func shown(_ text: String) -> String {
        text.utf8.count > 128 ? "\(text.prefix(128))…" : text
    }
}
