/// Header names that the gateway treats in a way of their own; found once, when a header is read.
package enum KnownHeader: UInt8, Sendable {
    case other
    case accept, acceptCharset, acceptEncoding, age, authorization, connection, contentEncoding, contentLength
    case contentMD5, contentType, date, expect, host, keepAlive, maxForwards, pragma, proxyAuthenticate
    case proxyConnection, range, referer, server, te, trailer, transferEncoding, upgrade, userAgent, via, warn
    case wwwAuthenticate, apigwID, requestID, traceID, apiID

    /// Lower case; empty for ``other``.
    var lowercasedName: String {
        switch self {
        case .other: ""
        case .accept: "accept"
        case .acceptCharset: "accept-charset"
        case .acceptEncoding: "accept-encoding"
        case .age: "age"
        case .authorization: "authorization"
        case .connection: "connection"
        case .contentEncoding: "content-encoding"
        case .contentLength: "content-length"
        case .contentMD5: "content-md5"
        case .contentType: "content-type"
        case .date: "date"
        case .expect: "expect"
        case .host: "host"
        case .keepAlive: "keep-alive"
        case .maxForwards: "max-forwards"
        case .pragma: "pragma"
        case .proxyAuthenticate: "proxy-authenticate"
        case .proxyConnection: "proxy-connection"
        case .range: "range"
        case .referer: "referer"
        case .server: "server"
        case .te: "te"
        case .trailer: "trailer"
        case .transferEncoding: "transfer-encoding"
        case .upgrade: "upgrade"
        case .userAgent: "user-agent"
        case .via: "via"
        case .warn: "warn"
        case .wwwAuthenticate: "www-authenticate"
        case .apigwID: "x-amz-apigw-id"
        case .requestID: "x-amzn-requestid"
        case .traceID: "x-amzn-trace-id"
        case .apiID: "x-amzn-apigateway-api-id"
        }
    }

    /// By the length of the name: at most five candidates each.
    private static let candidates: [[(name: [UInt8], header: KnownHeader)]] = {
        var table: [[(name: [UInt8], header: KnownHeader)]] = Array(repeating: [], count: 25)
        var raw = KnownHeader.other.rawValue + 1
        while let header = KnownHeader(rawValue: raw) {
            let name = Array(header.lowercasedName.utf8)
            table[name.count].append((name, header))
            raw += 1
        }
        return table
    }()

    init(_ name: UnsafeBufferPointer<UInt8>) {
        self = .other
        guard name.count < Self.candidates.count else { return }
        for candidate in Self.candidates[name.count] where equalsIgnoringCase(name, candidate.name) {
            self = candidate.header
            return
        }
    }

    init(_ name: String) {
        var name = name
        self = name.withUTF8 { KnownHeader($0) }
    }
}

/// True if `bytes` is `lowercased` when ASCII capitals are taken for small letters.
func equalsIgnoringCase(_ bytes: UnsafeBufferPointer<UInt8>, _ lowercased: [UInt8]) -> Bool {
    guard bytes.count == lowercased.count else { return false }
    for position in 0..<bytes.count where lowercasedASCII(bytes[position]) != lowercased[position] { return false }
    return true
}

@inline(__always)
func lowercasedASCII(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
