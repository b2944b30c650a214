internal import Crypto

/// The last line of a canonical request.
package struct PayloadHash: Sendable, Hashable {
    /// 64 lower-case hex digits, or `UNSIGNED-PAYLOAD`.
    package let text: String

    private init(text: String) { self.text = text }

    /// SHA-256 of the body.
    package init(of body: [UInt8]) {
        text = body.isEmpty ? Self.ofNothing : PercentCoding.hex(SHA256.hash(data: body))
    }

    /// Says that the body is not part of what is signed.
    package static let unsigned = PayloadHash(text: "UNSIGNED-PAYLOAD")

    private static let ofNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
}
