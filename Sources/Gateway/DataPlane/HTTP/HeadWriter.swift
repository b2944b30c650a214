/// Writes message heads.
struct HeadWriter {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(512) }

    mutating func start(status: Int) {
        bytes.append(contentsOf: Self.statusLine(status))
    }

    mutating func start(method: String, target: String) {
        bytes.append(contentsOf: method.utf8)
        bytes.append(0x20)
        bytes.append(contentsOf: target.utf8)
        bytes.append(contentsOf: Self.version)
    }

    mutating func append(_ name: String, _ value: String) {
        bytes.append(contentsOf: name.utf8)
        bytes.append(0x3A)
        bytes.append(0x20)
        bytes.append(contentsOf: value.utf8)
        end()
    }

    mutating func append(_ headers: HeaderFields) {
        for field in headers.fields {
            bytes.append(contentsOf: headers.storage[Int(field.nameStart)..<Int(field.nameEnd)])
            bytes.append(0x3A)
            bytes.append(0x20)
            bytes.append(contentsOf: headers.storage[Int(field.valueStart)..<Int(field.valueEnd)])
            end()
        }
    }

    mutating func append(raw: [UInt8]) { bytes.append(contentsOf: raw) }

    /// The end of a line; after the last header it is the empty line.
    mutating func end() {
        bytes.append(0x0D)
        bytes.append(0x0A)
    }

    private static let version = Array(" HTTP/1.1\r\n".utf8)

    static func mayHaveBody(_ status: Int) -> Bool { status >= 200 && status != 204 && status != 304 }

    private static let statusLines: [[UInt8]] = (0..<600).map { status in
        Array("HTTP/1.1 \(status) \(reasons[status] ?? "")\r\n".utf8)
    }

    static func statusLine(_ status: Int) -> [UInt8] {
        statusLines.indices.contains(status) ? statusLines[status] : statusLines[500]
    }

    private static let reasons: [Int: String] = [
        100: "Continue", 101: "Switching Protocols", 200: "OK", 201: "Created", 202: "Accepted",
        203: "Non-Authoritative Information", 204: "No Content", 205: "Reset Content", 206: "Partial Content",
        207: "Multi-Status", 300: "Multiple Choices", 301: "Moved Permanently", 302: "Found", 303: "See Other",
        304: "Not Modified", 305: "Use Proxy", 307: "Temporary Redirect", 308: "Permanent Redirect",
        400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 406: "Not Acceptable", 407: "Proxy Authentication Required",
        408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required", 412: "Precondition Failed",
        413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type", 416: "Range Not Satisfiable",
        417: "Expectation Failed", 418: "I'm a teapot", 422: "Unprocessable Content", 423: "Locked",
        424: "Failed Dependency", 426: "Upgrade Required", 428: "Precondition Required", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 451: "Unavailable For Legal Reasons", 500: "Internal Server Error",
        501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
        505: "HTTP Version Not Supported", 507: "Insufficient Storage", 511: "Network Authentication Required",
    ]
}
