/// Line and column of an offset; walks forward only, so that all places of a text together cost one pass.
struct PlaceCursor {
    private(set) var line = 1
    private(set) var column = 1
    private var offset = 0

    /// A line ends at a line feed, at a carriage return, or at both together; a byte order mark has no column.
    mutating func advance(to target: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        let target = min(target, bytes.count)
        if offset == 0, bytes.hasByteOrderMark { offset = 3 }
        while offset < target {
            let byte = bytes[offset]
            offset += 1
            switch byte {
            case 0x0A:
                line += 1
                column = 1
            case 0x0D:
                if offset < bytes.count, bytes[offset] == 0x0A { continue }
                line += 1
                column = 1
            case 0x80...0xBF: break  // the rest of a scalar
            default: column += 1
            }
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    var hasByteOrderMark: Bool { count >= 3 && self[0] == 0xEF && self[1] == 0xBB && self[2] == 0xBF }
}
