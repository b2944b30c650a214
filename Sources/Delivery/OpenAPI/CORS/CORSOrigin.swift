import JSON
import Resources

/// The text that a browser sends as `Origin`.
///
/// Source: RFC 6454 section 6.2, and the Fetch standard, "serializing a request origin", read 2026-11-23.
enum CORSOrigin {
    struct Fault {
        let message: String
        let remedy: String
    }

    /// What is wrong with the text as an element of `allowOrigins`; nil when a browser could send it, when it is `*` or
    /// `https://*`, and when it has a reference or variable that is filled in later.
    static func fault(_ text: String) -> Fault? {
        if text == "*" { return nil }
        if text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x22 || $0 == 0x27 || $0 == 0x5C || $0 >= 0x7F }) {
            return Fault(
                message: "has a character that no origin has", remedy: "write one origin as in `https://shop.example`")
        }
        if hasPlaceholder(text) { return nil }
        if text == "null" {
            return Fault(
                message: "is what every sandboxed page and file sends", remedy: "list the sites by their origins")
        }
        guard let colon = text.firstRange(of: "://") else {
            return Fault(message: "has no scheme", remedy: "write `https://\(text.clippedForCORS)`")
        }
        let (scheme, authority) = (text[..<colon.lowerBound], text[colon.upperBound...])
        guard isScheme(scheme) else {
            return Fault(message: "has no scheme that a browser knows", remedy: "write `https://` and a host name")
        }
        if authority == "*" { return nil }
        if let slash = authority.firstIndex(where: { "/?#".contains($0) }) {
            return Fault(
                message: "has more than scheme, host and port",
                remedy: "write `\(String(text[..<slash]).clippedForCORS)`")
        }
        if authority.contains("*") {
            return Fault(
                message: "has a `*` among other characters, which stands for nothing",
                remedy: "list each origin, or write `\(scheme)://*` for all of them")
        }
        if let fault = fault(authority: authority, scheme: scheme) { return fault }
        guard text == text.lowercased() else {
            return Fault(
                message: "has capitals, which no browser sends", remedy: "write `\(text.lowercased().clippedForCORS)`")
        }
        return nil
    }

    private static func fault(authority: Substring, scheme: Substring) -> Fault? {
        let (host, port) = split(authority)
        guard isHost(host) else {
            return Fault(message: "has no host name", remedy: "write a host name as in `https://shop.example`")
        }
        guard let port else { return nil }
        guard let number = Int(port), (1...65_535).contains(number), String(number) == port else {
            return Fault(message: "has no port that there can be", remedy: "write 1 to 65535 behind the colon")
        }
        guard number == (scheme == "https" ? 443 : scheme == "http" ? 80 : 0) else { return nil }
        return Fault(
            message: "has the port of its scheme, which browsers leave out",
            remedy: "write `\(String("\(scheme)://\(host)").clippedForCORS)`")
    }

    private static func split(_ authority: Substring) -> (host: Substring, port: Substring?) {
        let start = authority.lastIndex(of: "]") ?? authority.startIndex
        guard let colon = authority[start...].firstIndex(of: ":") else { return (authority, nil) }
        return (authority[..<colon], authority[authority.index(after: colon)...])
    }

    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first | 0x20) else { return false }
        return text.utf8.allSatisfy { DocumentReading.isAlphanumeric($0) || [0x2B, 0x2D, 0x2E].contains($0) }
    }

    private static func isHost(_ text: Substring) -> Bool {
        if text.hasPrefix("["), text.hasSuffix("]") {
            let inner = text.utf8.dropFirst().dropLast()
            return inner.contains(UInt8(ascii: ":"))
                && inner.allSatisfy { DocumentReading.isAlphanumeric($0) || [0x3A, 0x2E].contains($0) }
        }
        return !text.isEmpty && text.utf8.first != UInt8(ascii: ".")
            && text.utf8.allSatisfy { DocumentReading.isAlphanumeric($0) || [0x2D, 0x2E, 0x5F].contains($0) }
    }

    /// Something of `${var.x}` or `${Kind/name.attribute}` in it: what it will be is not known yet.
    static func hasPlaceholder(_ text: String) -> Bool {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return false }
        return text.contains("${var.") || !JSONValue.string(text).references.isEmpty
    }
}

extension String {
    /// For messages.
    var clippedForCORS: String { utf8.count <= 120 ? self : String(prefix(100)) + "..." }
}
