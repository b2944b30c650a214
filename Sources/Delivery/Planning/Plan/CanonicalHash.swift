import Crypto
import JSON

/// SHA-256 of one JSON value after another, each in canonical form on a line of its own.
struct CanonicalHash {
    private var hash = SHA256()
    private static let lineFeed: [UInt8] = [0x0A]

    mutating func add(_ value: JSONValue) {
        hash.update(data: value.bytes(.canonical))
        hash.update(data: Self.lineFeed)
    }

    /// 64 lower-case hex digits.
    var finalized: String { Self.hex(hash.finalize()) }

    /// SHA-256 of the canonical form of one value alone.
    static func of(_ value: JSONValue) -> String { hex(SHA256.hash(data: value.bytes(.canonical))) }

    private static func hex(_ digest: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0x0F)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
