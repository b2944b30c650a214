package import HTTPTypes

/// Checks that whoever signed a request knew the secret, and that the request is what was signed.
package struct Verifier: Sendable {
    /// What a listener serves; a nil part accepts any.
    package struct Expectation: Sendable, Hashable {
        package var service: String?
        package var region: String?

        package init(service: String?, region: String?) {
            self.service = service
            self.region = region
        }
    }

    /// How far the clocks may be apart, in seconds.
    package var skewSeconds: Int
    /// True lets a signer leave the body out of the signature (`UNSIGNED-PAYLOAD`), as S3 does.
    package var acceptsUnsignedPayload: Bool
    private let keys: SigningKeyCache

    package init(
        keys: SigningKeyCache = SigningKeyCache(), skewSeconds: Int = Limits.skewSeconds,
        acceptsUnsignedPayload: Bool = false
    ) {
        self.keys = keys
        self.skewSeconds = skewSeconds
        self.acceptsUnsignedPayload = acceptsUnsignedPayload
    }

    /// Returns if the signature is right, and throws the first thing that is wrong.
    ///
    /// - Parameters:
    ///   - signed: Made by ``SignedRequest/parse(_:)`` from this very request.
    ///   - bodyHash: Of the body that was received.
    /// - Throws: `sigv4.wrong-scope`, `sigv4.expired`, `sigv4.not-yet-valid`, `sigv4.payload-mismatch` or
    ///   `sigv4.signature-mismatch`.
    package func verify(
        _ signed: SignedRequest, of request: HTTPRequest, secret: String, bodyHash: PayloadHash,
        expecting expected: Expectation, now: SigningDate, pathForm: PathForm? = nil
    ) throws(SignatureFailure) {
        try checkScope(signed, expected)
        try checkTime(signed, now)
        let payload = try payload(of: request, signed, bodyHash)
        let canonical = CanonicalRequest(
            request, pathForm: pathForm ?? signed.scope.pathForm, signedHeaders: signed.signedHeaders,
            payload: payload)
        let key = keys.key(
            accessKeyID: signed.accessKeyID, secret: secret, day: signed.scopeDay, scope: signed.scope)
        let expected = key.signature(of: canonical.stringToSign(date: signed.date, scope: signed.scope))
        guard Self.isEqual(expected, signed.signature) else { throw .signatureMismatch }
    }

    private func checkScope(_ signed: SignedRequest, _ expected: Expectation) throws(SignatureFailure) {
        if let service = expected.service, signed.scope.service != service {
            throw .wrongScope(service: signed.scope.service, expected: service)
        }
        if let region = expected.region, signed.scope.region != region {
            throw .wrongScope(region: signed.scope.region, expected: region)
        }
        guard signed.scopeDay == signed.date.day else { throw .wrongScope(day: signed.scopeDay, date: signed.date) }
    }

    private func checkTime(_ signed: SignedRequest, _ now: SigningDate) throws(SignatureFailure) {
        guard signed.date <= now.advanced(bySeconds: skewSeconds) else {
            throw .notYetValid(date: signed.date, now: now, skewSeconds: skewSeconds)
        }
        switch signed.form {
        case .header:
            guard signed.date >= now.advanced(bySeconds: -skewSeconds) else {
                throw .expired(date: signed.date, now: now, skewSeconds: skewSeconds)
            }
        case .query(let expiresSeconds):
            let end = signed.date.advanced(bySeconds: expiresSeconds)
            guard now <= end else { throw .presignedExpired(at: end) }
        }
    }

    private func payload(
        of request: HTTPRequest, _ signed: SignedRequest, _ bodyHash: PayloadHash
    ) throws(SignatureFailure) -> PayloadHash {
        let claims = request.headerFields[values: .amzContentSHA256]
        guard let claim = claims.first else {
            // A request presigned for S3 leaves its body out without saying so.
            return acceptsUnsignedPayload && signed.leavesBodyOut ? .unsigned : bodyHash
        }
        guard claims.count == 1 else { throw .payloadMismatch }
        if claim == PayloadHash.unsigned.text {
            guard acceptsUnsignedPayload else { throw .payloadUnsigned }
            return .unsigned
        }
        guard Self.isEqual(claim, bodyHash.text) else { throw .payloadMismatch }
        return bodyHash
    }

    /// Takes as long for a wrong guess as for a right one.
    private static func isEqual(_ left: String, _ right: String) -> Bool {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for position in left.indices { difference |= left[position] ^ right[position] }
        return difference == 0
    }
}
