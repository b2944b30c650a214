import Bytes
import Crypto
import CryptoExtras
import JSON

/// A JSON Web Token in the compact form, signed with RS256: nothing else is read.
///
/// - Note: Source: RFC 7515, RFC 7519.
struct SignedToken: Sendable {
    let keyID: String
    let claims: JSONObject
    private let signed: ArraySlice<UInt8>
    private let signature: [UInt8]

    /// - Throws: `unauthorized`, with what is wrong with it.
    init(parsing text: String) throws(TokenRefusal) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Limits.webTokenBytesMax else {
            throw .unauthorized("the token has more than \(Limits.webTokenBytesMax) bytes")
        }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]), let claims = Self.object(parts[1]),
            let signature = Base64.decoded(Array(parts[2]), .url)
        else { throw .unauthorized("it is no signed JSON Web Token") }
        guard header["alg"]?.string == "RS256" else {
            let name = header["alg"]?.string ?? ""
            throw .unauthorized("the token is not signed by RS256 but by `\(name.prefix(32))`")
        }
        // Extensions that the reader must know: none is.
        guard header["crit"] == nil else { throw .unauthorized("the token's header has `crit`") }
        guard let keyID = header["kid"]?.string else { throw .unauthorized("the token's header has no `kid`") }
        self.keyID = keyID
        self.claims = claims
        self.signature = signature
        signed = bytes[..<(parts[0].count + 1 + parts[1].count)]
    }

    private static func object(_ part: ArraySlice<UInt8>) -> JSONObject? {
        guard let bytes = Base64.decoded(Array(part), .url) else { return nil }
        do { return try JSONValue(parsing: bytes).object } catch { return nil }
    }

    func isSigned(by key: WebKey) -> Bool {
        key.publicKey.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: signature), for: SHA256.hash(data: signed),
            padding: .insecurePKCS1v1_5)
    }
}

/// Why a token lets nobody pass.
enum TokenRefusal: Error, Equatable {
    /// It is none, or not one that is wanted; the reason is for logs.
    case unauthorized(String)
    case expired
    /// Nobody can say: the keys of its pool are not there.
    case unavailable(String)

    var error: GatewayError {
        switch self {
        case .unauthorized(let reason):
            var error = GatewayError.unauthorized
            error.detail = reason
            return error
        // SOURCE: API Gateway developer guide, "Gateway response types"; status and text as the service has them for
        // tokens of user pools.
        case .expired:
            return GatewayError(
                .expiredToken, 401, "The incoming token has expired", "UnauthorizedException", isSpaced: false)
        case .unavailable(let reason): return .authorizerFailure(reason)
        }
    }
}
