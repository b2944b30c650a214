/// What makes one request distinct: ids and time. Given from outside, so that the exchange stays pure.
package struct ExchangeIdentity: Sendable {
    var high: UInt64
    var low: UInt64
    var extended: UInt64
    /// Since 1970, UTC.
    package var milliseconds: Int64

    package init(high: UInt64, low: UInt64, extended: UInt64, milliseconds: Int64) {
        // Version 4, variant 1 of RFC 9562.
        self.high = high & ~0xF000 | 0x4000
        self.low = low & ~(3 << 62) | 2 << 62
        self.extended = extended
        self.milliseconds = milliseconds
    }

    /// `x-amzn-RequestId`: a UUID.
    package var requestID: String {
        String(unsafeUninitializedCapacity: 36) { Self.write(high, low, into: $0) }
    }

    /// `x-amz-apigw-id`: 15 letters and digits and `=`, as the service has it.
    package var extendedRequestID: String {
        String(unsafeUninitializedCapacity: 16) { Self.write(extended, into: $0) }
    }

    /// `Root=1-{8 hex}-{24 hex}`.
    package var traceID: String {
        var bytes = Array("Root=1-".utf8)
        Self.hex(UInt64(truncatingIfNeeded: milliseconds / 1000), 8, &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.hex(high, 16, &bytes)
        Self.hex(low, 8, &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func write(_ high: UInt64, _ low: UInt64, into target: UnsafeMutableBufferPointer<UInt8>) -> Int {
        digits.withUnsafeBufferPointer { digits in
            var position = 0
            for nibble in 0..<32 {
                if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                    target[position] = UInt8(ascii: "-")
                    position += 1
                }
                let word = nibble < 16 ? high : low
                target[position] = digits[Int(word >> UInt64(60 - 4 * (nibble & 15)) & 15)]
                position += 1
            }
            return position
        }
    }

    static func write(_ extended: UInt64, into target: UnsafeMutableBufferPointer<UInt8>) -> Int {
        letters.withUnsafeBufferPointer { letters in
            for position in 0..<15 {
                // 10 characters from 60 bits, the other five from the same bits turned.
                let word = position < 10 ? extended : extended &* 0x9E37_79B9_7F4A_7C15
                target[position] = letters[Int(word >> UInt64(6 * (position % 10)) & 63)]
            }
            target[15] = UInt8(ascii: "=")
            return 16
        }
    }

    private static func hex(_ value: UInt64, _ count: Int, _ bytes: inout [UInt8]) {
        for nibble in (0..<count).reversed() { bytes.append(digits[Int(value >> UInt64(4 * nibble) & 15)]) }
    }
}
