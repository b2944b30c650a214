import Bytes
import Crypto
import DataPlane
import JSON

/// A token of a web identity provider: a JSON Web Token in the compact form.
///
/// - Note: Source: RFC 7519, RFC 7515, OpenID Connect Core 1.0 section 2.
struct WebToken: Sendable {
    let algorithm: String
    let keyID: String?
    private let token: CompactToken

    var claims: JSONObject { token.claims }

    /// - Throws: `InvalidIdentityToken`.
    init(parsing text: String) throws(ServiceError) {
        guard let token = CompactToken(parsing: text), let algorithm = token.header.string("alg"),
            token.claims.string("iss") != nil
        else {
            throw .invalidIdentityToken(
                "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)")
        }
        self.algorithm = algorithm
        keyID = token.header.string("kid")
        self.token = token
    }

    /// Who made it, without the scheme: the name of a provider.
    var provider: String {
        let issuer = claims.string("iss") ?? ""
        let name = issuer.hasPrefix("https://") ? String(issuer.dropFirst(8)) : issuer
        return name.hasSuffix("/") ? String(name.dropLast()) : name
    }

    var subject: String { claims.string("sub") ?? "" }

    var audiences: [String] {
        claims.string("aud").map { [$0] } ?? (claims["aud"]?.array ?? []).compactMap(\.string)
    }

    /// True when one of the keys has made the signature, by an algorithm of two keys: `none` and shared secrets never.
    func isSigned(byOneOf keys: [JSONObject]) -> Bool {
        keys.contains { key in
            guard keyID == nil || key.string("kid") == nil || key.string("kid") == keyID else { return false }
            do {
                switch (algorithm, key.string("kty")) {
                case ("RS256", "RSA"): return WebKey(.object(key)).map(token.isSigned) ?? false
                case ("ES256", "EC"): return try isSignedEC(key)
                default: return false
                }
            } catch {
                return false
            }
        }
    }

    private func isSignedEC(_ key: JSONObject) throws -> Bool {
        guard key.string("crv") == "P-256", let x = key.string("x").flatMap({ Base64.decoded($0, .url) }),
            let y = key.string("y").flatMap({ Base64.decoded($0, .url) })
        else { return false }
        let publicKey = try P256.Signing.PublicKey(x963Representation: [4] + x + y)
        return publicKey.isValidSignature(
            try P256.Signing.ECDSASignature(rawRepresentation: token.signature), for: SHA256.hash(data: token.signed))
    }

    /// - Throws: `ExpiredTokenException`, `InvalidIdentityToken`.
    func checkTime(_ now: Int) throws(ServiceError) {
        guard let expires = claims["exp"]?.number?.double, expires.isFinite else {
            throw .invalidIdentityToken("Missing a required claim: exp")
        }
        guard Double(now) < expires else {
            throw .query(
                400, "ExpiredTokenException",
                "Token expired: current date/time \(now) must be before the expiration date/time \(Int64(expires))")
        }
        if let begins = claims["nbf"]?.number?.double, Double(now + Limits.webTokenSkewSeconds) < begins {
            throw .invalidIdentityToken("Token is not valid yet")
        }
    }
}

extension ServiceError {
    static func invalidIdentityToken(_ message: String) -> Self { query(400, "InvalidIdentityToken", message) }
}
