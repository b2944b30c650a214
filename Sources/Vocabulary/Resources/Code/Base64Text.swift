/// Base64 of RFC 4648, section 4, with padding.
package enum Base64Text {
    package static func encoded(_ bytes: some Collection<UInt8>) -> String {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = bytes.startIndex
        while index != bytes.endIndex {
            var word: UInt32 = 0
            var count = 0
            for _ in 0..<3 {
                word <<= 8
                guard index != bytes.endIndex else { continue }
                word |= UInt32(bytes[index])
                bytes.formIndex(after: &index)
                count += 1
            }
            for position in 0..<4 {
                let shift = UInt32(18 - 6 * position)
                result.append(position <= count ? digits[Int(word >> shift & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}
