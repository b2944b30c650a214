import Bytes
import Crypto
import CryptoExtras
import XML

/// What an identity provider says of itself: its name, and the keys that it signs with.
///
/// - Note: Source: SAML 2.0 metadata.
struct SAMLMetadata: Sendable {
    private static let namespace = "urn:oasis:names:tc:SAML:2.0:metadata"

    let entityID: String
    /// Of RSA; from the certificates, of which nothing else is looked at: who the provider is says the account.
    let keys: [_RSA.Signing.PublicKey]
    /// Seconds since 1970.
    let validUntil: Int?

    /// Nil when it cannot be read or has no key.
    init?(_ text: String) {
        let root: XMLElement
        do { root = try XMLElement.saml(Array(text.utf8)) } catch { return nil }
        guard root.name == .init(namespace: Self.namespace, local: "EntityDescriptor"),
            let entityID = root.attribute("entityID"), !entityID.isEmpty
        else { return nil }
        self.entityID = entityID
        if let text = root.attribute("validUntil") {
            guard let seconds = SAMLTime.seconds(text) else { return nil }
            validUntil = seconds
        } else {
            validUntil = nil
        }
        var keys: [_RSA.Signing.PublicKey] = []
        for role in root.elements(Self.namespace, "IDPSSODescriptor") {
            for descriptor in role.elements(Self.namespace, "KeyDescriptor")
            where descriptor.attribute("use") ?? "signing" == "signing" {
                for element in descriptor.all
                where element.name == .init(namespace: XMLSignature.namespace, local: "X509Certificate") {
                    if let key = Self.key(ofCertificate: element.trimmedText ?? "") { keys.append(key) }
                }
            }
        }
        guard !keys.isEmpty else { return nil }
        self.keys = keys
    }

    private static func key(ofCertificate text: String) -> _RSA.Signing.PublicKey? {
        let digits = String(text.unicodeScalars.filter { !" \t\n\r".unicodeScalars.contains($0) })
        guard let bytes = Base64.decoded(digits), let key = CertificateKey.bytes(ofCertificate: bytes) else {
            return nil
        }
        do { return try _RSA.Signing.PublicKey(derRepresentation: key) } catch { return nil }
    }
}

/// Finds the public key in a certificate.
///
/// - Note: Source: RFC 5280, section 4.1.
enum CertificateKey {
    /// - Returns: `SubjectPublicKeyInfo`, with its head; nil when the bytes are no certificate.
    static func bytes(ofCertificate bytes: [UInt8]) -> [UInt8]? {
        var outer = bytes[...]
        guard let certificate = next(&outer), certificate.tag == 0x30 else { return nil }
        var inside = certificate.content
        guard let body = next(&inside), body.tag == 0x30 else { return nil }
        var rest = body.content
        guard var field = next(&rest) else { return nil }
        // The version may be left out.
        if field.tag == 0xA0 {
            guard let serial = next(&rest) else { return nil }
            field = serial
        }
        // Serial number; then the algorithm, issuer, validity and subject.
        guard field.tag == 0x02 else { return nil }
        for _ in 0..<4 { guard next(&rest)?.tag == 0x30 else { return nil } }
        guard let key = next(&rest), key.tag == 0x30 else { return nil }
        return Array(key.whole)
    }

    private struct Value {
        var tag: UInt8
        var content: ArraySlice<UInt8>
        var whole: ArraySlice<UInt8>
    }

    /// Takes the value at the beginning.
    private static func next(_ bytes: inout ArraySlice<UInt8>) -> Value? {
        let start = bytes.startIndex
        guard bytes.count >= 2 else { return nil }
        let (tag, first) = (bytes[start], bytes[start + 1])
        var (length, head) = (Int(first), 2)
        if first >= 0x80 {
            let count = Int(first & 0x7F)
            guard (1...3).contains(count), bytes.count >= 2 + count else { return nil }
            length = bytes[(start + 2)..<(start + 2 + count)].reduce(0) { $0 << 8 | Int($1) }
            head += count
        }
        guard bytes.count - head >= length else { return nil }
        let end = start + head + length
        defer { bytes = bytes[end...] }
        return Value(tag: tag, content: bytes[(start + head)..<end], whole: bytes[start..<end])
    }
}
