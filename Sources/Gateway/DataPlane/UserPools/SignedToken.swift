import JSON

/// A token signed with RS256: nothing else is read.
struct SignedToken: Sendable {
    let keyID: String
    private let token: CompactToken

    var claims: JSONObject { token.claims }

    /// - Throws: `unauthorized`, with what is wrong with it.
    init(parsing text: String) throws(TokenRefusal) {
        guard text.utf8.count <= Limits.webTokenBytesMax else {
            throw .unauthorized("the token has more than \(Limits.webTokenBytesMax) bytes")
        }
        guard let token = CompactToken(parsing: text) else { throw .unauthorized("it is no signed JSON Web Token") }
        guard token.header["alg"]?.string == "RS256" else {
            let name = token.header["alg"]?.string ?? ""
            throw .unauthorized("the token is not signed by RS256 but by `\(name.prefix(32))`")
        }
        // Extensions that the reader must know: none is.
        guard token.header["crit"] == nil else { throw .unauthorized("the token's header has `crit`") }
        guard let keyID = token.header["kid"]?.string else { throw .unauthorized("the token's header has no `kid`") }
        self.keyID = keyID
        self.token = token
    }

    func isSigned(by key: WebKey) -> Bool { token.isSigned(by: key) }
}
