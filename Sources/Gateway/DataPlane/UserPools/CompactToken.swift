import Bytes
import Crypto
import CryptoExtras
package import JSON

/// A JSON Web Token in the compact form, taken apart: nothing that it says is proved.
///
/// - Note: Source: RFC 7515, RFC 7519.
package struct CompactToken: Sendable {
    package let header: JSONObject
    package let claims: JSONObject
    /// The header and the claims as they were sent: what the signature is over.
    package let signed: [UInt8]
    package let signature: [UInt8]

    /// Nil for what is no such token.
    package init?(parsing text: String) {
        let bytes = Array(text.utf8)
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]), let claims = Self.object(parts[1]),
            let signature = Base64.decoded(Array(parts[2]), .url)
        else { return nil }
        self.header = header
        self.claims = claims
        self.signature = signature
        signed = Array(bytes[..<(parts[0].count + 1 + parts[1].count)])
    }

    private static func object(_ part: ArraySlice<UInt8>) -> JSONObject? {
        guard let bytes = Base64.decoded(Array(part), .url) else { return nil }
        do { return try JSONValue(parsing: bytes).object } catch { return nil }
    }

    /// True for a signature by RS256, whatever the header says.
    package func isSigned(by key: WebKey) -> Bool {
        key.publicKey.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: signature), for: SHA256.hash(data: signed),
            padding: .insecurePKCS1v1_5)
    }
}
