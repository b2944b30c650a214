/// Names and addresses of hosts, and what contains them.
enum HostFormats {
    /// RFC 1034, section 3.5, with digits first allowed by RFC 1123.
    static func isHostname(_ text: ArraySlice<UInt8>) -> Bool {
        guard !text.isEmpty, text.count <= 253 else { return false }
        return text.split(separator: 0x2E, omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.count) && label.first != 0x2D && label.last != 0x2D
                && label.allSatisfy { $0.isDigit || $0.isLetter || $0 == 0x2D }
        }
    }

    /// Four numbers without zeros before them.
    static func isIPv4(_ text: ArraySlice<UInt8>) -> Bool {
        let parts = text.split(separator: 0x2E, omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy(\.isDigit) && (part.count == 1 || part.first != 0x30)
                    && part.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 255
            }
    }

    /// RFC 4291, section 2.2; without a zone.
    static func isIPv6(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count <= 45 else { return false }
        var groups = text.split(separator: 0x3A, omittingEmptySubsequences: false)
        guard groups.count >= 3 else { return false }
        var wanted = 8
        if let last = groups.last, last.contains(0x2E) {
            guard isIPv4(last) else { return false }
            groups.removeLast()
            wanted = 6
            // A gap before it now ends what is left.
            if groups.last?.isEmpty == true { groups.append([]) }
        }
        // `::` shows as an empty group; at either end as two of them.
        var gaps = groups.indices.filter { groups[$0].isEmpty }
        if gaps.count >= 2, gaps[0] == 0, gaps[1] == 1 { gaps.removeFirst() }
        if gaps.count >= 2, gaps[gaps.count - 1] == groups.count - 1, gaps[gaps.count - 2] == groups.count - 2 {
            gaps.removeLast()
        }
        let filled = groups.filter { !$0.isEmpty }
        guard filled.allSatisfy({ $0.count <= 4 && $0.allSatisfy(\.isHexDigit) }) else { return false }
        switch gaps.count {
        case 0: return filled.count == wanted
        case 1:
            // An empty group at an end is half of no `::`.
            let isEnd = gaps[0] == 0 || gaps[0] == groups.count - 1
            let isWhole = !isEnd || groups.filter(\.isEmpty).count >= 2
            return isWhole && filled.count < wanted
        default: return false
        }
    }

    /// A local part of RFC 5321, quoted or not, and a host or an address in brackets.
    static func isEmail(_ text: [UInt8]) -> Bool {
        guard text.count <= 320, let at = text.lastIndex(of: 0x40), at > 0 else { return false }
        let (local, domain) = (text[..<at], text[(at + 1)...])
        guard local.first == 0x22 ? isQuoted(local) : isDotted(local) else { return false }
        guard domain.first == 0x5B else { return isHostname(domain) }
        guard domain.last == 0x5D, domain.count > 2 else { return false }
        let address = domain.dropFirst().dropLast()
        let prefix = Array("IPv6:".utf8)
        return isIPv4(address) || (address.starts(with: prefix) && isIPv6(address.dropFirst(prefix.count)))
    }

    private static let atomMarks = Set("!#$%&'*+-/=?^_`{|}~".utf8)

    private static func isDotted(_ local: ArraySlice<UInt8>) -> Bool {
        local.split(separator: 0x2E, omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty && atom.allSatisfy { $0.isDigit || $0.isLetter || atomMarks.contains($0) }
        }
    }

    private static func isQuoted(_ local: ArraySlice<UInt8>) -> Bool {
        guard local.count >= 2, local.last == 0x22 else { return false }
        var rest = local.dropFirst().dropLast()
        while let byte = rest.popFirst() {
            if byte == 0x5C {
                guard let escaped = rest.popFirst(), (0x20...0x7E).contains(escaped) else { return false }
            } else if byte == 0x22 || !(0x20...0x7E).contains(byte) {
                return false
            }
        }
        return true
    }
}
