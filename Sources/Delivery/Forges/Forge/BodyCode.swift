import Crypto

/// Codes that prove that a body was written by who has the secret.
enum BodyCode {
    /// Lower-case hex digits.
    static func hex(_ body: [UInt8], secret: [UInt8]) -> String {
        hex(HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: secret)))
    }

    static func bytes(_ body: [UInt8], secret: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: secret)))
    }

    static func hash(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

    /// True for equal bytes. The time it takes says nothing about where they differ, nor how long the secret is.
    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        // Both as digests of one length: comparing these byte by byte in full reveals nothing of the texts.
        let key = SymmetricKey(size: .bits256)
        let first = HMAC<SHA256>.authenticationCode(for: left, using: key)
        return HMAC<SHA256>.isValidAuthenticationCode(first, authenticating: right, using: key)
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
