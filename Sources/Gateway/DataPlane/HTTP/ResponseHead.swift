/// A status line and headers, as an endpoint sent them.
struct ResponseHead: Sendable {
    enum Framing: Equatable, Sendable {
        case none
        case length(Int)
        case chunked
        case untilClose
    }

    var status: Int
    var headers: HeaderFields
    var framing: Framing
    var keepsAlive: Bool
    /// What Content-Length says, even where no body follows (HEAD).
    var declaredLength: Int?

    /// - Parameters:
    ///   - bytes: A whole head, its empty line included.
    ///   - isBodyless: True when the request was HEAD: whatever the headers say, no body follows.
    init(parsing bytes: UnsafeBufferPointer<UInt8>, isBodyless: Bool) throws(WireFailure) {
        // `HTTP/1.1 200 Any reason` and CRLF; the reason may be empty, with or without the blank before it.
        guard bytes.count >= 14, equalsIgnoringCase(UnsafeBufferPointer(rebasing: bytes[0..<7]), Self.start),
            bytes[7] == UInt8(ascii: "0") || bytes[7] == UInt8(ascii: "1"), bytes[8] == 0x20
        else { throw .malformed }
        var status = 0
        for position in 9..<12 {
            guard bytes[position] >= 0x30, bytes[position] <= 0x39 else { throw .malformed }
            status = status * 10 + Int(bytes[position] - 0x30)
        }
        guard (100...599).contains(status), bytes[12] == 0x20 || bytes[12] == 0x0D else { throw .malformed }
        var position = 12
        while position < bytes.count, bytes[position] >= 0x20 || bytes[position] == 0x09 { position += 1 }
        guard position + 1 < bytes.count, bytes[position] == 0x0D, bytes[position + 1] == 0x0A else { throw .malformed }
        let (fields, summary) = try HeadScanner.fields(of: bytes, from: position + 2)
        self.status = status
        headers = HeaderFields(storage: Array(bytes), fields: fields)
        let isVersion10 = bytes[7] == UInt8(ascii: "0")
        var keepsAlive = isVersion10 ? summary.asksKeepAlive && !summary.asksClose : !summary.asksClose
        if isBodyless || status < 200 || status == 204 || status == 304 {
            framing = .none
        } else if summary.hasTransferEncoding {
            guard summary.contentLength == nil else { throw .malformed }
            framing = .chunked
        } else if let length = summary.contentLength {
            framing = length == 0 ? .none : .length(length)
        } else {
            framing = .untilClose
            keepsAlive = false
        }
        self.keepsAlive = keepsAlive
        declaredLength = summary.contentLength
    }

    private static let start = Array("http/1.".utf8)
}
