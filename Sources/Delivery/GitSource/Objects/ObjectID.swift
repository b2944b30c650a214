import CLibgit2

/// The id of a git object of one kind: SHA-1, 20 bytes.
package struct ObjectID<Kind>: Sendable, Hashable {
    private let high: UInt64
    private let middle: UInt64
    private let low: UInt32

    /// - Parameter hex: 40 hexadecimal digits; nil for anything else.
    package init?(hex: String) {
        let digits = Array(hex.utf8)
        guard digits.count == 40 else { return nil }
        var bytes: [UInt8] = []
        for position in stride(from: 0, to: 40, by: 2) {
            guard let first = Self.digit(digits[position]), let second = Self.digit(digits[position + 1]) else {
                return nil
            }
            bytes.append(first << 4 | second)
        }
        self.init(bytes: bytes)
    }

    init(_ id: git_oid) {
        self.init(bytes: withUnsafeBytes(of: id) { Array($0) })
    }

    private init(bytes: [UInt8]) {
        high = bytes[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
        middle = bytes[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes[16..<20].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    var raw: git_oid {
        var id = git_oid()
        withUnsafeMutableBytes(of: &id) { bytes in
            withUnsafeBytes(of: (high.bigEndian, middle.bigEndian)) { bytes.copyMemory(from: $0) }
            let end = UnsafeMutableRawBufferPointer(rebasing: bytes[16...])
            withUnsafeBytes(of: low.bigEndian) { end.copyMemory(from: $0) }
        }
        return id
    }

    static func hex(of bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// 40 lower-case hexadecimal digits.
    package var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(40)
        for shift in stride(from: 60, through: 0, by: -4) { text.append(digits[Int(high >> UInt64(shift) & 15)]) }
        for shift in stride(from: 60, through: 0, by: -4) { text.append(digits[Int(middle >> UInt64(shift) & 15)]) }
        for shift in stride(from: 28, through: 0, by: -4) { text.append(digits[Int(low >> UInt32(shift) & 15)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The first 7 digits, for people.
    package var short: String { String(hex.prefix(7)) }
}

extension ObjectID: CustomStringConvertible {
    package var description: String { hex }
}

/// What an ``ObjectID`` names.
package enum ObjectKind {
    package enum Commit {}
    package enum Tree {}
    package enum Blob {}
}

package typealias CommitID = ObjectID<ObjectKind.Commit>
package typealias TreeID = ObjectID<ObjectKind.Tree>
/// Equal ids, equal bytes: what is parsed can be kept by this id.
package typealias BlobID = ObjectID<ObjectKind.Blob>
