/// Reads the lines of a message head. Strict, since two readers that disagree about where a message ends let one
/// request hide in another: no bare line feeds, no folded lines, no blank before a colon, no doubtful lengths.
///
/// SOURCE: RFC 9110 section 5, RFC 9112 sections 2 to 6.
struct HeadScanner {
    /// What the header fields say about framing and the connection.
    struct Summary {
        var contentLength: Int?
        var hasTransferEncoding = false
        var asksClose = false
        var asksKeepAlive = false
        var hostCount = 0
        var expectsContinue = false
    }

    /// Where the head ends: past its empty line; nil when it has not come yet.
    ///
    /// - Parameter scanned: Bytes that an earlier call has seen; none of them ended the head.
    static func end(of bytes: UnsafeBufferPointer<UInt8>, scanned: Int) -> Int? {
        var position = max(scanned - 3, 0)
        while position + 3 < bytes.count {
            // The third byte decides how far to go: most bytes are neither CR nor LF.
            switch bytes[position + 3] {
            case 0x0A:
                if bytes[position + 2] == 0x0D, bytes[position + 1] == 0x0A, bytes[position] == 0x0D {
                    return position + 4
                }
                position += 2
            case 0x0D: position += 1
            default: position += 4
            }
        }
        return nil
    }

    /// Reads the fields from `start` to the empty line that ends `bytes`.
    static func fields(
        of bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) throws(WireFailure) -> (fields: [HeaderFields.Field], summary: Summary) {
        var fields: [HeaderFields.Field] = []
        fields.reserveCapacity(12)
        var summary = Summary()
        var position = start
        let end = bytes.count - 2
        while position < end {
            guard fields.count < Limits.headerCountMax else { throw .tooManyHeaders }
            let field = try field(of: bytes, at: &position)
            if field.known != .other { try note(field, bytes, &summary) }
            fields.append(field)
        }
        guard position == end else { throw .malformed }
        return (fields, summary)
    }

    private static func field(
        of bytes: UnsafeBufferPointer<UInt8>, at position: inout Int
    ) throws(WireFailure) -> HeaderFields.Field {
        let nameStart = position
        while position < bytes.count, isToken(bytes[position]) { position += 1 }
        let nameEnd = position
        guard nameEnd > nameStart, position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
            throw .malformed
        }
        position += 1
        while position < bytes.count, isBlank(bytes[position]) { position += 1 }
        let valueStart = position
        while position < bytes.count, isValue(bytes[position]) { position += 1 }
        guard position + 1 < bytes.count, bytes[position] == 0x0D, bytes[position + 1] == 0x0A else {
            throw .malformed
        }
        var valueEnd = position
        while valueEnd > valueStart, isBlank(bytes[valueEnd - 1]) { valueEnd -= 1 }
        position += 2
        return HeaderFields.Field(
            nameStart: Int32(nameStart), nameEnd: Int32(nameEnd), valueStart: Int32(valueStart),
            valueEnd: Int32(valueEnd),
            known: KnownHeader(UnsafeBufferPointer(rebasing: bytes[nameStart..<nameEnd])))
    }

    private static func note(
        _ field: HeaderFields.Field, _ bytes: UnsafeBufferPointer<UInt8>, _ summary: inout Summary
    ) throws(WireFailure) {
        let value = UnsafeBufferPointer(rebasing: bytes[Int(field.valueStart)..<Int(field.valueEnd)])
        switch field.known {
        case .contentLength:
            guard summary.contentLength == nil, let length = length(value) else { throw .malformed }
            summary.contentLength = length
        case .transferEncoding:
            guard !summary.hasTransferEncoding else { throw .malformed }
            guard equalsIgnoringCase(value, chunked) else { throw .transferCodingNotSupported }
            summary.hasTransferEncoding = true
        case .connection:
            forEachToken(value) { token in
                if equalsIgnoringCase(token, close) { summary.asksClose = true }
                if equalsIgnoringCase(token, keepAlive) { summary.asksKeepAlive = true }
            }
        case .host: summary.hostCount += 1
        case .expect: summary.expectsContinue = equalsIgnoringCase(value, continues)
        default: break
        }
    }

    /// Digits only, at most 15 of them, so that it cannot overflow.
    private static func length(_ value: UnsafeBufferPointer<UInt8>) -> Int? {
        guard (1...15).contains(value.count) else { return nil }
        var length = 0
        for byte in value {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            length = length * 10 + Int(byte - 0x30)
        }
        return length
    }

    private static func forEachToken(_ value: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void)
    {
        var start = 0
        while start <= value.count {
            var end = start
            while end < value.count, value[end] != UInt8(ascii: ",") { end += 1 }
            var (from, to) = (start, end)
            while from < to, isBlank(value[from]) { from += 1 }
            while to > from, isBlank(value[to - 1]) { to -= 1 }
            body(UnsafeBufferPointer(rebasing: value[from..<to]))
            start = end + 1
        }
    }

    private static let chunked = Array("chunked".utf8)
    private static let close = Array("close".utf8)
    private static let keepAlive = Array("keep-alive".utf8)
    private static let continues = Array("100-continue".utf8)

    @inline(__always)
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Visible ASCII, blanks and everything above ASCII.
    @inline(__always)
    private static func isValue(_ byte: UInt8) -> Bool { (byte >= 0x20 && byte != 0x7F) || byte == 0x09 }

    /// `tchar` of RFC 9110: letters, digits and ``!#$%&'*+-.^_`|~``, as two masks of 64 bits.
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        if byte < 64 { return (0x03FF_6CFA_0000_0000 as UInt64) >> UInt64(byte) & 1 == 1 }
        return byte < 128 && (0x57FF_FFFF_C7FF_FFFE as UInt64) >> UInt64(byte - 64) & 1 == 1
    }
}
