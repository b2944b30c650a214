import CZlib

/// The files of a zip archive, read strictly: what is damaged, hides something or would leave its folder is refused
/// whole. Nothing of it is believed that is not checked: offsets, sizes and sums.
/// SOURCE: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4.
package enum ZipArchive {
    /// The plain files, in the archive's order; folders are left out.
    ///
    /// - Throws: `functions.archive-invalid`, `functions.archive-too-large`.
    package static func files(_ bytes: [UInt8]) throws(FunctionsFailure) -> [CodeFile] {
        guard bytes.count <= Limits.archiveBytesMax else {
            throw .archiveTooLarge("the archive has \(bytes.count) bytes; \(Limits.archiveBytesMax) are the most")
        }
        let reader = LittleEndian(bytes)
        let directory = try directory(reader)
        guard directory.count <= Limits.codeFilesMax else {
            throw .archiveTooLarge("the archive has \(directory.count) entries; \(Limits.codeFilesMax) are the most")
        }
        // Before anything is inflated, and by the entries' own words, which inflating is held to.
        var whole = 0
        for entry in directory {
            whole += entry.size
            guard whole <= Limits.codeBytesMax else {
                throw .archiveTooLarge("the files of the archive have more than \(Limits.codeBytesMax) bytes")
            }
        }
        var files: [CodeFile] = []
        for entry in directory {
            if entry.isLink { throw .archiveInvalid("`\(entry.path)` is a link") }
            if entry.isSpecial { throw .archiveInvalid("`\(entry.path)` is neither a file nor a folder") }
            if entry.path.hasSuffix("/") {
                guard entry.size == 0 else { throw .archiveInvalid("the folder `\(entry.path)` has a content") }
                continue
            }
            files.append(
                CodeFile(path: entry.path, bytes: try content(entry, reader), isExecutable: entry.isExecutable))
        }
        return files
    }

    /// An entry of the central directory.
    private struct Entry {
        var path: String
        var method: Int
        var sum: UInt32
        var packedSize: Int
        var size: Int
        var offset: Int
        /// As Unix has it; zero where the archive was made elsewhere.
        var mode: UInt32

        var isLink: Bool { mode & 0xF000 == 0xA000 }
        var isSpecial: Bool { ![0, 0x8000, 0x4000, 0xA000].contains(mode & 0xF000) }
        var isExecutable: Bool { mode & 0o111 != 0 }
    }

    private static let endSignature: UInt32 = 0x0605_4B50
    private static let directorySignature: UInt32 = 0x0201_4B50
    private static let localSignature: UInt32 = 0x0403_4B50
    private static let endByteCount = 22
    private static let directoryByteCount = 46
    private static let localByteCount = 30

    private static func directory(_ reader: LittleEndian) throws(FunctionsFailure) -> [Entry] {
        guard let end = endRecord(reader) else { throw .archiveInvalid("this is no zip archive") }
        let count = Int(try reader.short(end + 10))
        let size = Int(try reader.long(end + 12))
        let start = Int(try reader.long(end + 16))
        guard try reader.short(end + 4) == 0, Int(try reader.short(end + 8)) == count, count != 0xFFFF,
            start + size == end
        else { throw .archiveInvalid("its directory is not where its end says, or it has several parts") }
        var entries: [Entry] = []
        var position = start
        for _ in 0..<count {
            let (entry, next) = try entry(reader, position, end: end)
            entries.append(entry)
            position = next
        }
        guard position == end else { throw .archiveInvalid("its directory has more than its end says") }
        return entries
    }

    /// The last 22 bytes, or as many before them as the comment has.
    private static func endRecord(_ reader: LittleEndian) -> Int? {
        let last = reader.count - endByteCount
        guard last >= 0 else { return nil }
        for position in stride(from: last, through: max(0, last - 0xFFFF), by: -1) {
            do {
                guard try reader.long(position) == endSignature else { continue }
                if position + endByteCount + Int(try reader.short(position + 20)) == reader.count { return position }
            } catch { return nil }
        }
        return nil
    }

    private static func entry(
        _ reader: LittleEndian, _ position: Int, end: Int
    ) throws(FunctionsFailure) -> (Entry, next: Int) {
        guard try reader.long(position) == directorySignature else { throw .archiveInvalid("its directory is damaged") }
        let lengths = (
            Int(try reader.short(position + 28)), Int(try reader.short(position + 30)),
            Int(try reader.short(position + 32))
        )
        let next = position + directoryByteCount + lengths.0 + lengths.1 + lengths.2
        guard next <= end else { throw .archiveInvalid("its directory is damaged") }
        let name = try reader.bytes(position + directoryByteCount, lengths.0)
        guard let path = String(validating: name, as: UTF8.self) else {
            throw .archiveInvalid("it has a name that is no UTF-8")
        }
        guard try reader.short(position + 8) & 0x2041 == 0 else { throw .archiveInvalid("`\(path)` is encrypted") }
        let isUnix = try reader.short(position + 4) >> 8 == 3
        let entry = Entry(
            path: path, method: Int(try reader.short(position + 10)), sum: try reader.long(position + 16),
            packedSize: Int(try reader.long(position + 20)), size: Int(try reader.long(position + 24)),
            offset: Int(try reader.long(position + 42)),
            mode: isUnix ? try reader.long(position + 38) >> 16 : 0)
        return (entry, next)
    }

    private static func content(_ entry: Entry, _ reader: LittleEndian) throws(FunctionsFailure) -> [UInt8] {
        guard try reader.long(entry.offset) == localSignature,
            let name = Optional(
                try reader.bytes(entry.offset + localByteCount, Int(try reader.short(entry.offset + 26)))),
            name.elementsEqual(entry.path.utf8)
        else { throw .archiveInvalid("`\(entry.path)` is not where the directory says") }
        let start = entry.offset + localByteCount + name.count + Int(try reader.short(entry.offset + 28))
        let packed = try reader.bytes(start, entry.packedSize)
        let bytes: [UInt8]
        switch entry.method {
        case 0:
            guard entry.packedSize == entry.size else { throw .archiveInvalid("`\(entry.path)` is damaged") }
            bytes = Array(packed)
        case 8: bytes = try inflate(packed, entry)
        default: throw .archiveInvalid("`\(entry.path)` is packed by a method other than store and deflate")
        }
        let sum = bytes.withUnsafeBufferPointer { gw_crc32($0.baseAddress, $0.count) }
        guard bytes.isEmpty || sum == entry.sum else { throw .archiveInvalid("the sum of `\(entry.path)` is wrong") }
        return bytes
    }

    private static func inflate(_ packed: ArraySlice<UInt8>, _ entry: Entry) throws(FunctionsFailure) -> [UInt8] {
        // One byte more than promised shows a stream that goes on.
        let capacity = entry.size + 1
        var written = -1
        let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            written = packed.withUnsafeBufferPointer {
                gw_inflate_raw($0.baseAddress, $0.count, buffer.baseAddress, capacity)
            }
            count = max(0, written)
        }
        guard written == entry.size else { throw .archiveInvalid("`\(entry.path)` is damaged") }
        return bytes
    }
}

/// Bytes read as numbers; nothing beyond their end.
private struct LittleEndian {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var count: Int { bytes.count }

    func bytes(_ position: Int, _ count: Int) throws(FunctionsFailure) -> ArraySlice<UInt8> {
        guard position >= 0, count >= 0, position <= bytes.count, count <= bytes.count - position else {
            throw .archiveInvalid("it is cut off")
        }
        return bytes[position..<position + count]
    }

    func short(_ position: Int) throws(FunctionsFailure) -> UInt16 {
        try bytes(position, 2).reversed().reduce(0) { $0 << 8 | UInt16($1) }
    }

    func long(_ position: Int) throws(FunctionsFailure) -> UInt32 {
        try bytes(position, 4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}

extension FunctionsFailure {
    static func archiveInvalid(_ reason: String) -> Self {
        Self(.archiveInvalid, "the archive of code cannot be taken: \(reason)")
    }

    static func archiveTooLarge(_ reason: String) -> Self {
        Self(.archiveTooLarge, reason)
    }
}
