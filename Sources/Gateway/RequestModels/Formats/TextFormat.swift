/// The values of `format` that are checked; every other one says nothing.
///
/// SOURCE: JSON Schema Validation, draft 4, section 7.3; `regex` is left to ``TextPattern``.
enum TextFormat: String, Sendable {
    case dateTime = "date-time"
    case email, hostname, ipv4, ipv6, uri, regex

    /// What a text that does not fit is called.
    var complaint: String {
        switch self {
        case .dateTime:
            "is invalid against requested date format(s) [yyyy-MM-dd'T'HH:mm:ssZ, "
                + "yyyy-MM-dd'T'HH:mm:ss.SSSZ]"
        case .email: "is not a valid email address"
        case .hostname: "is not a valid hostname"
        case .ipv4: "is not a valid IPv4 address"
        case .ipv6: "is not a valid IPv6 address"
        case .uri: "is not a valid URI"
        case .regex: "is not a valid ECMA 262 regular expression"
        }
    }

    func fits(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        switch self {
        case .dateTime: return DateTimeFormat.fits(bytes)
        case .email: return HostFormats.isEmail(bytes)
        case .hostname: return HostFormats.isHostname(bytes[...])
        case .ipv4: return HostFormats.isIPv4(bytes[...])
        case .ipv6: return HostFormats.isIPv6(bytes[...])
        case .uri: return URIFormat.fits(bytes)
        case .regex:
            do {
                _ = try TextPattern(parsing: text, dialect: .schema)
                return true
            } catch {
                return false
            }
        }
    }
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }
    var isHexDigit: Bool { isDigit || (0x61...0x66).contains(self | 0x20) }
}
