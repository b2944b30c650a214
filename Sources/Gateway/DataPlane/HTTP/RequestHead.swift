/// A request line and its headers.
struct RequestHead: Sendable {
    enum Framing: Equatable, Sendable {
        case none
        /// More than 0 bytes.
        case length(Int)
        case chunked
    }

    var method: String
    /// The head as it came; path, query and headers are places in it.
    var bytes: [UInt8]
    var path: Range<Int>
    /// Without the question mark; empty if there is none.
    var query: Range<Int>
    /// Name and port as asked for: from an absolute target, else the Host header.
    var authority: Range<Int>
    var isVersion10: Bool
    var headers: HeaderFields
    var framing: Framing
    var keepsAlive: Bool
    var expectsContinue: Bool

    /// - Parameter bytes: A whole head, its empty line included.
    init(parsing bytes: UnsafeBufferPointer<UInt8>) throws(WireFailure) {
        var line = RequestLine()
        try line.read(bytes)
        let (fields, summary) = try HeadScanner.fields(of: bytes, from: line.end)
        let copy = Array(bytes)
        method = String(decoding: UnsafeBufferPointer(rebasing: bytes[line.method]), as: UTF8.self)
        path = line.path
        query = line.query
        isVersion10 = line.isVersion10
        guard summary.hostCount <= 1, summary.hostCount == 1 || line.isVersion10 else { throw .malformed }
        authority = line.authority
        if authority.isEmpty, let host = fields.first(where: { $0.known == .host }) {
            authority = Int(host.valueStart)..<Int(host.valueEnd)
        }
        if summary.hasTransferEncoding {
            // Both lengths at once, or chunks in HTTP/1.0: the usual dress of a smuggled request.
            guard summary.contentLength == nil, !line.isVersion10 else { throw .malformed }
            framing = .chunked
        } else if let length = summary.contentLength, length > 0 {
            framing = .length(length)
        } else {
            framing = .none
        }
        keepsAlive = line.isVersion10 ? summary.asksKeepAlive && !summary.asksClose : !summary.asksClose
        expectsContinue = summary.expectsContinue && !line.isVersion10
        headers = HeaderFields(storage: copy, fields: fields)
        self.bytes = copy
    }
}

/// The first line of a request, as places in the head.
struct RequestLine {
    var method = 0..<0
    var path = 0..<0
    var query = 0..<0
    var authority = 0..<0
    var isVersion10 = false
    /// Where the headers begin.
    var end = 0

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(WireFailure) {
        var position = 0
        while position < bytes.count, HeadScanner.isToken(bytes[position]) { position += 1 }
        guard position > 0, position < 32, bytes[position] == 0x20 else { throw .malformed }
        method = 0..<position
        position += 1
        let start = position
        while position < bytes.count, bytes[position] > 0x20, bytes[position] < 0x7F { position += 1 }
        try splitTarget(bytes, start..<position)
        try readVersion(bytes, position)
    }

    private mutating func readVersion(
        _ bytes: UnsafeBufferPointer<UInt8>, _ position: Int
    ) throws(WireFailure) {
        let expected: StaticString = " HTTP/1."
        guard position + 11 <= bytes.count else { throw .malformed }
        for offset in 0..<7 where bytes[position + offset] != expected.utf8Start[offset] {
            // ` HTTP/` and a digit other than 1 is a version; the rest is no HTTP at all.
            let isVersion = offset == 6 && bytes[position + 6] >= 0x30 && bytes[position + 6] <= 0x39
            throw isVersion ? .versionNotSupported : .malformed
        }
        guard bytes[position + 7] == UInt8(ascii: ".") else { throw .malformed }
        switch bytes[position + 8] {
        case UInt8(ascii: "0"): isVersion10 = true
        case UInt8(ascii: "1"): isVersion10 = false
        default: throw .versionNotSupported
        }
        guard bytes[position + 9] == 0x0D, bytes[position + 10] == 0x0A else { throw .malformed }
        end = position + 11
    }

    private mutating func splitTarget(
        _ bytes: UnsafeBufferPointer<UInt8>, _ target: Range<Int>
    ) throws(WireFailure) {
        guard !target.isEmpty else { throw .malformed }
        var start = target.lowerBound
        if bytes[start] != UInt8(ascii: "/") {
            start = try skipScheme(bytes, target)
        }
        var position = start
        var question = target.upperBound
        while position < target.upperBound {
            let byte = bytes[position]
            if byte == UInt8(ascii: "?"), question == target.upperBound { question = position }
            guard byte != UInt8(ascii: "#") else { throw .malformed }
            position += 1
        }
        path = start..<question
        query = min(question + 1, target.upperBound)..<target.upperBound
    }

    /// The absolute form, as sent to proxies: `http://host/path`. A bare authority or `*` has no route here.
    private mutating func skipScheme(
        _ bytes: UnsafeBufferPointer<UInt8>, _ target: Range<Int>
    ) throws(WireFailure) -> Int {
        for scheme in [Array("http://".utf8), Array("https://".utf8)] where target.count > scheme.count {
            let start = target.lowerBound
            guard equalsIgnoringCase(UnsafeBufferPointer(rebasing: bytes[start..<start + scheme.count]), scheme) else {
                continue
            }
            var position = start + scheme.count
            while position < target.upperBound, bytes[position] != UInt8(ascii: "/") { position += 1 }
            guard position < target.upperBound, position > start + scheme.count else { throw .malformed }
            authority = start + scheme.count..<position
            return position
        }
        throw .malformed
    }
}
