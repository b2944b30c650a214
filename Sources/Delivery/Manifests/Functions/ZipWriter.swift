/// Writes a zip archive of which equal files give equal bytes: stored and not compressed, in the order given, all of one
/// moment.
///
/// SOURCE: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16; a file's mode stands in the upper half of its
/// external attributes, for an archive made on Unix.
struct ZipWriter {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// 1980-01-01, the first day that the format has.
    private static let firstDay: UInt16 = 0x21
    /// LIMIT: files; more needs another form of the archive.
    static let filesMax = 65_535

    mutating func add(_ path: String, _ content: [UInt8], isExecutable: Bool) {
        let name = Array(path.utf8)
        var entry: [UInt8] = []
        // Version 2.0, UTF-8 names, stored, midnight of the first day.
        entry.append(little: UInt16(20), UInt16(0x0800), 0, 0, Self.firstDay)
        entry.append(little: CRC32.of(content), UInt32(content.count), UInt32(content.count))
        entry.append(little: UInt16(name.count), 0)
        let offset = UInt32(bytes.count)
        bytes.append(little: UInt32(0x0403_4B50))
        bytes += entry + name + content
        directory.append(little: UInt32(0x0201_4B50))
        directory.append(little: UInt16(3 << 8 | 20))
        directory += entry
        directory.append(little: UInt16(0), 0, 0)
        directory.append(little: UInt32(isExecutable ? 0o100755 : 0o100644) << 16, offset)
        directory += name
        count += 1
    }

    func finished() -> [UInt8] {
        var result = bytes + directory
        result.append(little: UInt32(0x0605_4B50))
        result.append(little: UInt16(0), 0, UInt16(count), UInt16(count))
        result.append(little: UInt32(directory.count), UInt32(bytes.count))
        result.append(little: UInt16(0))
        return result
    }
}

extension [UInt8] {
    fileprivate mutating func append<Number: FixedWidthInteger>(little numbers: Number...) {
        for number in numbers {
            for byte in 0..<(Number.bitWidth / 8) {
                append(UInt8(truncatingIfNeeded: number >> (8 * byte)))
            }
        }
    }
}

/// SOURCE: PKWARE APPNOTE 6.3.10, section 4.4.7: the polynomial 0xEDB88320.
enum CRC32 {
    static func of(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes { sum = table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ (sum >> 8) }
        return ~sum
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }
}
