/// `uri`: RFC 3986, with a scheme.
enum URIFormat {
    private static let unreserved = Set("-._~".utf8)
    private static let delimiters = Set("!$&'()*+,;=".utf8)

    static func fits(_ text: [UInt8]) -> Bool {
        guard let colon = text.firstIndex(of: 0x3A), colon > 0, text[0].isLetter,
            text[..<colon].allSatisfy({ $0.isLetter || $0.isDigit || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E })
        else { return false }
        var rest = text[(colon + 1)...]
        if let hash = rest.firstIndex(of: 0x23) {
            guard areCharacters(rest[(hash + 1)...], also: ":@/?") else { return false }
            rest = rest[..<hash]
        }
        if let question = rest.firstIndex(of: 0x3F) {
            guard areCharacters(rest[(question + 1)...], also: ":@/?") else { return false }
            rest = rest[..<question]
        }
        if rest.starts(with: [0x2F, 0x2F]) {
            rest = rest.dropFirst(2)
            let authority = rest.prefix { $0 != 0x2F }
            guard isAuthority(authority) else { return false }
            rest = rest.dropFirst(authority.count)
        }
        return areCharacters(rest, also: ":@/")
    }

    private static func areCharacters(_ text: ArraySlice<UInt8>, also others: String) -> Bool {
        let others = Set(others.utf8)
        var rest = text
        while let byte = rest.popFirst() {
            if byte == 0x25 {
                guard rest.count >= 2, rest.prefix(2).allSatisfy(\.isHexDigit) else { return false }
                rest = rest.dropFirst(2)
            } else if !(byte.isLetter || byte.isDigit || unreserved.contains(byte) || delimiters.contains(byte)
                || others.contains(byte))
            {
                return false
            }
        }
        return true
    }

    private static func isAuthority(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        if let at = rest.lastIndex(of: 0x40) {
            guard areCharacters(rest[..<at], also: ":") else { return false }
            rest = rest[(at + 1)...]
        }
        if rest.first == 0x5B {
            guard let end = rest.firstIndex(of: 0x5D) else { return false }
            let address = rest[(rest.startIndex + 1)..<end]
            let isFuture = address.first.map { $0 | 0x20 == 0x76 } == true
            guard isFuture ? areCharacters(address, also: ":") : HostFormats.isIPv6(address) else { return false }
            rest = rest[(end + 1)...]
            guard rest.isEmpty || rest.first == 0x3A else { return false }
            return rest.dropFirst().allSatisfy(\.isDigit)
        }
        let host = rest.prefix { $0 != 0x3A }
        let port = rest.dropFirst(host.count).dropFirst()
        return areCharacters(host, also: "") && port.allSatisfy(\.isDigit)
    }
}
