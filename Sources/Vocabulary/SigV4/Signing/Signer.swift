package import HTTPTypes

/// Signs requests before they are sent.
package enum Signer {
    /// Whether the receiver is told the body's hash, and whether the body is signed at all.
    package enum Payload: Sendable, Hashable {
        /// The hash is signed and not sent: what every service but S3 wants.
        case hashed
        /// The hash is signed and sent as `x-amz-content-sha256`.
        case hashedWithHeader
        /// `UNSIGNED-PAYLOAD` is signed and sent as `x-amz-content-sha256`.
        case unsigned
    }

    /// Adds `X-Amz-Date`, the session token and `Authorization`; those already there are replaced.
    ///
    /// All headers are signed except those that proxies may change. `host` is the request's authority; a request
    /// without one must carry a `Host` header.
    /// - Parameters:
    ///   - pathForm: Nil takes what the service wants: ``SigningScope/pathForm``.
    ///   - keys: Saves deriving the key when many requests are signed.
    package static func sign(
        _ request: inout HTTPRequest, body: [UInt8], credentials: SigningCredentials, scope: SigningScope,
        at date: SigningDate, payload: Payload = .hashed, pathForm: PathForm? = nil, keys: SigningKeyCache? = nil
    ) {
        request.headerFields[.authorization] = nil
        request.headerFields[.amzSecurityToken] = credentials.sessionToken
        request.headerFields[.amzDate] = date.text
        let hash = payload == .unsigned ? PayloadHash.unsigned : PayloadHash(of: body)
        request.headerFields[.amzContentSHA256] = payload == .hashed ? nil : hash.text
        let names = signedHeaders(of: request)
        let canonical = CanonicalRequest(
            request, pathForm: pathForm ?? scope.pathForm, signedHeaders: names, payload: hash)
        let signature = signature(of: canonical, credentials: credentials, scope: scope, at: date, keys: keys)
        request.headerFields[.authorization] =
            "\(SigningKey.algorithm) Credential=\(credential(credentials, scope, date)), "
            + "SignedHeaders=\(names.joined(separator: ";")), Signature=\(signature)"
    }

    /// Puts the signature into the query: the URL alone then carries the right to make this request.
    ///
    /// The body's hash is signed; a presigned request for S3 passes `.unsigned`.
    /// - Precondition: `expiresSeconds` is between 1 and ``Limits/expiresSecondsMax``.
    package static func presign(
        _ request: inout HTTPRequest, body: [UInt8], credentials: SigningCredentials, scope: SigningScope,
        at date: SigningDate, expiresSeconds: Int, payload: Payload = .hashed, pathForm: PathForm? = nil,
        keys: SigningKeyCache? = nil
    ) {
        precondition((1...Limits.expiresSecondsMax).contains(expiresSeconds), "a presigned request lives 1 s to 7 days")
        let hash = payload == .unsigned ? PayloadHash.unsigned : PayloadHash(of: body)
        request.headerFields[.amzContentSHA256] = payload == .hashedWithHeader ? hash.text : nil
        let names = signedHeaders(of: request)
        var path = request.path ?? "/"
        path += path.utf8.contains(UInt8(ascii: "?")) ? "&" : "?"
        path += "\(QueryName.algorithm)=\(SigningKey.algorithm)"
        path += "&\(QueryName.credential)=\(encoded(credential(credentials, scope, date)))"
        path += "&\(QueryName.date)=\(date.text)"
        path += "&\(QueryName.signedHeaders)=\(encoded(names.joined(separator: ";")))"
        path += "&\(QueryName.expires)=\(expiresSeconds)"
        if let token = credentials.sessionToken { path += "&\(QueryName.securityToken)=\(encoded(token))" }
        request.path = path
        let canonical = CanonicalRequest(
            request, pathForm: pathForm ?? scope.pathForm, signedHeaders: names, payload: hash)
        let signature = signature(of: canonical, credentials: credentials, scope: scope, at: date, keys: keys)
        request.path = "\(path)&\(QueryName.signature)=\(signature)"
    }

    private static func signature(
        of canonical: CanonicalRequest, credentials: SigningCredentials, scope: SigningScope, at date: SigningDate,
        keys: SigningKeyCache?
    ) -> String {
        let key =
            keys?.key(
                accessKeyID: credentials.accessKeyID, secret: credentials.secretAccessKey, day: date.day, scope: scope)
            ?? SigningKey(secret: credentials.secretAccessKey, day: date.day, scope: scope)
        return key.signature(of: canonical.stringToSign(date: date, scope: scope))
    }

    private static func credential(
        _ credentials: SigningCredentials, _ scope: SigningScope, _ date: SigningDate
    ) -> String {
        "\(credentials.accessKeyID)/\(date.day)/\(scope.region)/\(scope.service)/aws4_request"
    }

    private static func encoded(_ text: String) -> String {
        String(decoding: PercentCoding.encode(text.utf8), as: UTF8.self)
    }

    private static func signedHeaders(of request: HTTPRequest) -> [String] {
        var names: Set<String> = ["host"]
        for field in request.headerFields where !neverSigned.contains(field.name.canonicalName) {
            names.insert(field.name.canonicalName)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Hops on the way add, drop or rewrite these.
    private static let neverSigned: Set<String> = [
        "accept-encoding", "authorization", "connection", "content-length", "expect", "keep-alive",
        "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade", "user-agent",
        "via", "x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto",
    ]
}

extension HTTPField.Name {
    /// A name of this target; each is a valid one.
    private static func known(_ name: String) -> HTTPField.Name {
        guard let known = HTTPField.Name(name) else { preconditionFailure("`\(name)` is a header name") }
        return known
    }

    static let amzDate = known("X-Amz-Date")
    static let amzSecurityToken = known("X-Amz-Security-Token")
    static let amzContentSHA256 = known("X-Amz-Content-Sha256")
}
