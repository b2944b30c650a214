import Glibc

/// Makes zip archives, also such as no program makes.
struct ZipMaker {
    struct Entry {
        var path: String
        var bytes: [UInt8] = []
        var mode: UInt32 = 0o100644
        var method: UInt16 = 0
        var flags: UInt16 = 0
        /// Nil for what is true.
        var size: UInt32?
        var sum: UInt32?
        var packed: [UInt8]?
        var localPath: String?
    }

    static func archive(_ entries: [Entry], comment: [UInt8] = []) -> [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let offset = UInt32(bytes.count)
            let packed = entry.packed ?? entry.bytes
            let sum = entry.sum ?? crc(entry.bytes)
            let sizes = long(UInt32(packed.count)) + long(entry.size ?? UInt32(entry.bytes.count))
            let name = Array(entry.path.utf8)
            let localName = Array((entry.localPath ?? entry.path).utf8)
            bytes += long(0x0403_4B50) + short(20) + short(entry.flags) + short(entry.method) + long(0) + long(sum)
            bytes += sizes + short(UInt16(localName.count)) + short(0) + localName + packed
            directory += long(0x0201_4B50) + short(3 << 8 | 20) + short(20) + short(entry.flags) + short(entry.method)
            directory += long(0) + long(sum) + sizes + short(UInt16(name.count)) + short(0) + short(0) + short(0)
            directory += short(0) + long(entry.mode << 16) + long(offset) + name
        }
        let start = UInt32(bytes.count)
        let count = short(UInt16(entries.count))
        return bytes + directory + long(0x0605_4B50) + short(0) + short(0) + count + count
            + long(UInt32(directory.count)) + long(start) + short(UInt16(comment.count)) + comment
    }

    private static func short(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }
    private static func long(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> ($0 * 8) & 0xFF) } }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
