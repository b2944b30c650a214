import JSON

/// A token of a user pool whose signature was right. A class, so that an exchange carries one pointer.
final class TokenGrant: Sendable {
    let claims: JSONObject
    /// `$context.authorizer`: the claims as texts.
    let context: JSONObject

    init(_ claims: JSONObject) {
        self.claims = claims
        var texts = JSONObject()
        for (name, value) in claims { texts[name] = Self.text(value, of: name).map { .string($0) } }
        context = ["claims": .object(texts)]
    }

    /// Lists are their elements with commas between; times are dates, as the service shows them.
    private static func text(_ value: JSONValue, of name: String) -> String? {
        if name == "exp" || name == "iat", let seconds = value.int, dates.contains(seconds) {
            return GatewayDate(secondsSince1970: Int64(seconds)).logText
        }
        guard let elements = value.array else { return ExchangeScope.text(value) }
        return elements.compactMap(ExchangeScope.text).joined(separator: ",")
    }

    /// Seconds since 1970 with a year of four digits.
    private static let dates = 0...253_402_300_799

    var use: String? { claims["token_use"]?.string }
    /// `scope` of an access token.
    var scopes: [Substring] { (claims["scope"]?.string ?? "").split(separator: " ") }
    /// The app clients that the token is for: an access token calls its one `client_id`.
    var audiences: [String] {
        guard let named = claims["aud"] ?? claims["client_id"] else { return [] }
        return (named.array ?? [named]).compactMap(\.string)
    }

    /// - Parameter now: Milliseconds since 1970.
    func checkTime(_ now: Int64) throws(TokenRefusal) {
        let seconds = Double(now / 1000)
        let skew = Double(Limits.webTokenSkewSeconds)
        guard let expires = claims["exp"]?.number?.double, expires.isFinite else {
            throw .unauthorized("the token has no `exp`")
        }
        guard seconds < expires + skew else { throw .expired }
        guard let begins = claims["nbf"], !begins.isNull else { return }
        guard let begins = begins.number?.double, begins <= seconds + skew else {
            throw .unauthorized("the token does not hold yet")
        }
    }

    /// - Parameter scopes: Of the method; one of them must be the token's. Without any an ID token is wanted.
    func checkUse(_ scopes: [String]) throws(TokenRefusal) {
        let wanted = scopes.isEmpty ? "id" : "access"
        guard use == wanted else {
            throw .unauthorized("the token's `token_use` is `\((use ?? "").prefix(32))`, not `\(wanted)`")
        }
        guard scopes.isEmpty || self.scopes.contains(where: { scopes.contains(String($0)) }) else {
            throw .unauthorized("the token has no scope of the method")
        }
    }
}
