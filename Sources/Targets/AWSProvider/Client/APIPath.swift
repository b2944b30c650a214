/// A path of the management API, each part escaped once.
package struct APIPath: Sendable {
    private var path: String
    package var query: [(name: String, value: String)] = []

    package init(_ parts: String..., query: [(String, String)] = []) {
        self.init(parts, query: query)
    }

    package init(_ parts: [String], query: [(String, String)] = []) {
        path = parts.map { "/" + Self.escaped($0) }.joined()
        self.query = query.map { (name: $0.0, value: $0.1) }
    }

    /// Path and query as they go into the request line.
    package var text: String {
        guard !query.isEmpty else { return path }
        return path + "?"
            + query.map { "\(Self.escaped($0.name))=\(Self.escaped($0.value))" }.joined(separator: "&")
    }

    /// SOURCE: RFC 3986, section 2.3: everything but unreserved characters is escaped.
    static func escaped(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
