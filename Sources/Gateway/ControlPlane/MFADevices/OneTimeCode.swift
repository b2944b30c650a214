import Crypto

/// Six digits of a shared seed and a moment.
///
/// - Note: Source: RFC 6238 with RFC 4226, HMAC-SHA-1, 30 seconds.
enum OneTimeCode {
    static let periodSeconds = 30

    /// - Parameter seed: In Base32.
    static func code(_ seed: String, _ counter: Int) -> String {
        let moment = (0..<8).reversed().map { UInt8(truncatingIfNeeded: counter >> (8 * $0)) }
        let mac = Array(
            HMAC<Insecure.SHA1>.authenticationCode(for: moment, using: SymmetricKey(data: decoded(seed))))
        let offset = Int(mac[19] & 15)
        let number =
            Int(mac[offset] & 0x7F) << 24 | Int(mac[offset + 1]) << 16 | Int(mac[offset + 2]) << 8
            | Int(mac[offset + 3])
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    private static func decoded(_ base32: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var bits = 0
        var held = 0
        for character in base32.utf8 {
            let value: Int
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = Int(character) - 65
            case UInt8(ascii: "2")...UInt8(ascii: "7"): value = Int(character) - 50 + 26
            default: continue
            }
            held = (held << 5 | value) & 0xFFF
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> bits))
            }
        }
        return bytes
    }
}
