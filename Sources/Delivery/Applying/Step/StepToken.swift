import Crypto

/// The token of one step's create: unique to apply and step, and the same each time it is computed.
///
/// 128 bits of SHA-256 over the id of the apply, itself 128 random bits, and the number of the step: two steps of one
/// apply, or of two applies, share a token with a chance of about n²/2¹²⁹.
package enum StepToken {
    /// - Returns: 32 lower-case hex digits.
    package static func token(of apply: ApplyID, step: Int) -> String {
        SHA256.hash(data: Array("gatewright.step/v1 \(apply.rawValue) \(step)".utf8)).hex(bytesCount: 16)
    }
}

extension SHA256.Digest {
    /// The first bytes as lower-case hex digits.
    func hex(bytesCount: Int = 32) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytesCount)
        for byte in self.prefix(bytesCount) {
            for half in [byte >> 4, byte & 0x0F] {
                text.append(half < 10 ? UInt8(ascii: "0") + half : UInt8(ascii: "a") + half - 10)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
