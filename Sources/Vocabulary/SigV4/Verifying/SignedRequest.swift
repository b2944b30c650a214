package import HTTPTypes

/// What a request says about its signer. Nothing of it is proved before ``Verifier`` agrees.
package struct SignedRequest: Sendable {
    package enum Form: Sendable, Hashable {
        /// The `Authorization` header.
        case header
        /// A presigned query, good for so many seconds (1 to 604800).
        case query(expiresSeconds: Int)
    }

    package let form: Form
    package let accessKeyID: String
    /// The day of the scope: `20150830`.
    package let scopeDay: String
    package let scope: SigningScope
    /// Lower-case, ascending, each once; `host` is always among them.
    package let signedHeaders: [String]
    /// 64 lower-case hex digits.
    package let signature: String
    package let date: SigningDate
    /// Sent by temporary credentials; the caller checks that it belongs to the key id and is alive.
    package let sessionToken: String?

    /// True for a request presigned for S3: what is sent with it is not part of what is signed.
    var leavesBodyOut: Bool { if case .query = form { scope.service == "s3" } else { false } }

    /// Reads the header form or the query form.
    ///
    /// - Throws: `sigv4.missing-authentication`, `sigv4.incomplete-signature`, `sigv4.malformed-signature` or
    ///   `sigv4.unsigned-header`.
    package static func parse(_ request: HTTPRequest) throws(SignatureFailure) -> SignedRequest {
        let authorizations = request.headerFields[values: .authorization]
        let query = Self.query(of: request)
        let algorithms = query.values(of: QueryName.algorithm)
        switch (authorizations.count, algorithms.count) {
        case (0, 0): throw .missingAuthentication
        case (1, 0): return try SignedRequest(authorization: authorizations[0], of: request)
        case (0, 1): return try SignedRequest(query: query, algorithm: algorithms[0], of: request)
        default:
            throw .malformed(
                "the request is signed more than once",
                answer: "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature "
                    + "query string parameter or the Authorization header should be specified")
        }
    }

    static func query(of request: HTTPRequest) -> QueryParameters {
        let target = Array((request.path ?? "").utf8)
        guard let mark = target.firstIndex(of: UInt8(ascii: "?")) else { return QueryParameters([]) }
        return QueryParameters(target[(mark + 1)...])
    }

    private init(authorization: String, of request: HTTPRequest) throws(SignatureFailure) {
        let header = try AuthorizationHeader(parsing: authorization)
        let tokens = request.headerFields[values: .amzSecurityToken]
        guard tokens.count <= 1 else { throw .malformed(part: "X-Amz-Security-Token") }
        try self.init(
            form: .header, credential: header.credential, signedHeaders: header.signedHeaders,
            signature: header.signature, date: Self.date(of: request), sessionToken: tokens.first, request: request)
    }

    private init(query: QueryParameters, algorithm: String, of request: HTTPRequest) throws(SignatureFailure) {
        guard algorithm == SigningKey.algorithm else { throw .malformed(part: QueryName.algorithm) }
        func value(_ name: String) throws(SignatureFailure) -> String {
            let values = query.values(of: name)
            guard let value = values.first else { throw .missing(queryParameter: name) }
            guard values.count == 1 else { throw .malformed(part: name) }
            return value
        }
        let credential = try value(QueryName.credential)
        let signedHeaders = try value(QueryName.signedHeaders)
        let signature = try value(QueryName.signature)
        let dateText = try value(QueryName.date)
        guard let date = SigningDate(text: dateText) else { throw .malformed(date: dateText) }
        let expires = try value(QueryName.expires)
        guard let seconds = Int(expires), (1...Limits.expiresSecondsMax).contains(seconds) else {
            throw .malformed(
                "`X-Amz-Expires` is not a number from 1 to \(Limits.expiresSecondsMax)",
                answer: "X-Amz-Expires must be between 1 and \(Limits.expiresSecondsMax) seconds")
        }
        let tokens = query.values(of: QueryName.securityToken)
        guard tokens.count <= 1 else { throw .malformed(part: QueryName.securityToken) }
        try self.init(
            form: .query(expiresSeconds: seconds), credential: credential, signedHeaders: signedHeaders,
            signature: signature, date: date, sessionToken: tokens.first, request: request)
    }

    private init(
        form: Form, credential: String, signedHeaders: String, signature: String, date: SigningDate,
        sessionToken: String?, request: HTTPRequest
    ) throws(SignatureFailure) {
        let parts = credential.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[4] == "aws4_request", parts.allSatisfy({ !$0.isEmpty }),
            parts[1].utf8.count == 8, parts[1].utf8.allSatisfy({ PercentCoding.digit($0).map { $0 < 10 } ?? false })
        else { throw .malformed(credential: credential) }
        guard signature.utf8.count == 64,
            signature.utf8.allSatisfy({ PercentCoding.digit($0) != nil && !(65...90).contains($0) })
        else { throw .malformed(part: "Signature") }
        self.form = form
        self.accessKeyID = String(parts[0])
        self.scopeDay = String(parts[1])
        self.scope = SigningScope(service: String(parts[3]), region: String(parts[2]))
        self.signedHeaders = try Self.names(signedHeaders)
        self.signature = signature
        self.date = date
        self.sessionToken = sessionToken
        try Self.check(signed: self.signedHeaders, of: request)
    }

    private static func names(_ list: String) throws(SignatureFailure) -> [String] {
        let names = list.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        guard names.count <= Limits.signedHeadersMax else { throw .malformed(part: "SignedHeaders") }
        for (position, name) in names.enumerated() {
            guard let field = HTTPField.Name(name), field.canonicalName == name,
                position == 0 || names[position - 1].utf8.lexicographicallyPrecedes(name.utf8)
            else { throw .malformed(part: "SignedHeaders") }
        }
        return names
    }

    /// `host` and every `x-amz-*` header that is sent must be signed.
    private static func check(signed names: [String], of request: HTTPRequest) throws(SignatureFailure) {
        guard names.contains("host") else { throw .unsigned(header: "Host") }
        for field in request.headerFields where field.name.canonicalName.hasPrefix("x-amz-") {
            guard names.contains(field.name.canonicalName) else { throw .unsigned(header: field.name.canonicalName) }
        }
    }

    private static func date(of request: HTTPRequest) throws(SignatureFailure) -> SigningDate {
        let own = request.headerFields[values: .amzDate]
        guard own.count <= 1 else { throw .malformed(part: "X-Amz-Date") }
        if let text = own.first {
            guard let date = SigningDate(text: text) else { throw .malformed(date: text) }
            return date
        }
        let general = request.headerFields[values: .date]
        guard general.count <= 1 else { throw .malformed(part: "Date") }
        guard let text = general.first else { throw .missingDate }
        guard let date = SigningDate(text: text) ?? SigningDate(httpDate: text) else { throw .malformed(date: text) }
        return date
    }
}
