import Bytes
import Crypto
import Diagnostics

/// A key pair of P-256 and a certificate that it signs itself, for an engine that must say to a backend who it is.
///
/// - Note: Source: RFC 5280, section 4.1; RFC 5480, section 2.1.1; RFC 5758, section 3.2.
struct SelfSignedCertificate: Sendable {
    let pem: String
    let privateKeyPEM: String

    /// - Parameters:
    ///   - from: Seconds since 1970; the certificate is good from then on.
    ///   - until: Seconds since 1970.
    /// - Throws: What the cryptography throws, which it does not for a fresh key.
    init(commonName: String, from: Int, until: Int) throws {
        let key = P256.Signing.PrivateKey()
        var generator = SystemRandomNumberGenerator()
        let serial = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let algorithm = DER.sequence(DER.identifier([1, 2, 840, 10045, 4, 3, 2]))
        let name = DER.sequence(
            DER.set(DER.sequence(DER.identifier([2, 5, 4, 3]), DER.utf8String(commonName))))
        let body = DER.sequence(
            DER.value(0xA0, DER.integer([2])), DER.integer([1] + serial), algorithm, name,
            DER.sequence(DER.time(Self.digits(from)), DER.time(Self.digits(until))), name,
            Array(key.publicKey.derRepresentation), DER.value(0xA3, Self.extensions))
        let signature = try key.signature(for: body)
        let certificate = DER.sequence(body, algorithm, DER.bitString(Array(signature.derRepresentation)))
        pem = Self.armoured(certificate)
        privateKeyPEM = key.pemRepresentation
    }

    /// It is nobody's authority, signs, and names a client.
    private static let extensions = DER.sequence(
        DER.sequence(DER.identifier([2, 5, 29, 19]), DER.boolean(true), DER.octetString(DER.sequence())),
        DER.sequence(
            DER.identifier([2, 5, 29, 15]), DER.boolean(true), DER.octetString(DER.value(0x03, [7, 0x80]))),
        DER.sequence(
            DER.identifier([2, 5, 29, 37]),
            DER.octetString(DER.sequence(DER.identifier([1, 3, 6, 1, 5, 5, 7, 3, 2])))))

    private static func digits(_ seconds: Int) -> String {
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let rest = seconds - days * 86_400
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = CivilDate(daysSince1970: days).text.filter { $0 != "-" }
        return day + two(rest / 3600) + two(rest / 60 % 60) + two(rest % 60) + "Z"
    }

    private static func armoured(_ bytes: [UInt8]) -> String {
        let text = Array(Base64.text(of: bytes).utf8)
        var lines = ["-----BEGIN CERTIFICATE-----"]
        for start in stride(from: 0, to: text.count, by: 64) {
            lines.append(String(decoding: text[start..<min(start + 64, text.count)], as: UTF8.self))
        }
        return (lines + ["-----END CERTIFICATE-----"]).joined(separator: "\n")
    }
}
