extension Shape {
    /// A pattern as the service's model prints it, and the few rules that these patterns come to.
    enum PrintedPattern: String, Sendable {
        case statusCode = #"[1-5]\d\d"#
        case documentedStatusCode = #"^([1-5]\d\d|\*|\s*)$"#
        case name = #"[\w+=,.@-]+"#
        case nameOrNone = #"[\w+=,.@-]*"#
        case providerName = #"[\w._-]+"#
        case word = #"[\w]+"#
        case wordOrNone = #"[\w]*"#
        case dashedWordOrNone = #"[\w-]*"#
        case serialNumber = #"[\w+=/:,.@-]+"#
        case serialNumberOrNone = #"[\w+=/:,.@-]*"#
        case externalID = #"[\w+=,.@:\/-]*"#
        case digits = #"[\d]+"#
        case digitsOrNone = #"[\d]*"#
        case path = #"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)"#
        case policyPath = #"((/[A-Za-z0-9\.,\+@=_-]+)*)/"#
        case pathPrefix = #"\u002F[\u0021-\u007F]*"#
        case latin = #"[\u0009\u000A\u000D\u0020-\u00FF]+"#
        case description = #"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*"#
        case marker = #"[\u0020-\u00FF]+"#
        case tagKey = #"[\p{L}\p{Z}\p{N}_.:/=+\-@]+"#
        case tagValue = #"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"#
        case versionID = #"v[1-9][0-9]*(\.[A-Za-z0-9-]*)?"#
        case accountAlias = #"^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$"#
        case printable =
            #"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+"#

        func matches(_ text: String) -> Bool {
            switch self {
            case .statusCode: Self.isStatusCode(text)
            case .documentedStatusCode:
                Self.isStatusCode(text) || text == "*" || text.utf8.allSatisfy { $0 == 32 || (9...13).contains($0) }
            case .name: !text.isEmpty && Self.isWord(text, or: "+=,.@-")
            case .nameOrNone: Self.isWord(text, or: "+=,.@-")
            case .providerName: !text.isEmpty && Self.isWord(text, or: ".-")
            case .word: !text.isEmpty && Self.isWord(text, or: "")
            case .wordOrNone: Self.isWord(text, or: "")
            case .dashedWordOrNone: Self.isWord(text, or: "-")
            case .serialNumber: !text.isEmpty && Self.isWord(text, or: "+=/:,.@-")
            case .serialNumberOrNone: Self.isWord(text, or: "+=/:,.@-")
            case .externalID: Self.isWord(text, or: "+=,.@:/-")
            case .digits: !text.isEmpty && text.utf8.allSatisfy(Self.isDigit)
            case .digitsOrNone: text.utf8.allSatisfy(Self.isDigit)
            case .path:
                text == "/"
                    || text.hasPrefix("/") && text.hasSuffix("/") && text.utf8.count > 2
                        && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            case .policyPath:
                text.hasPrefix("/") && text.hasSuffix("/") && !text.contains("//")
                    && Self.isWord(text, or: "/.,+@=-")
            case .pathPrefix: text.hasPrefix("/") && text.utf8.allSatisfy { (0x21...0x7F).contains($0) }
            case .latin:
                !text.isEmpty && text.unicodeScalars.allSatisfy { Self.isBlank($0) || (0x20...0xFF).contains($0.value) }
            case .description:
                text.unicodeScalars.allSatisfy {
                    Self.isBlank($0) || (0x20...0x7E).contains($0.value) || (0xA1...0xFF).contains($0.value)
                }
            case .marker: !text.isEmpty && text.unicodeScalars.allSatisfy { (0x20...0xFF).contains($0.value) }
            case .tagKey: !text.isEmpty && text.unicodeScalars.allSatisfy(Self.isTagScalar)
            case .tagValue: text.unicodeScalars.allSatisfy(Self.isTagScalar)
            case .versionID: Self.isVersionID(text)
            case .accountAlias: Self.isAlias(text)
            case .printable:
                !text.isEmpty
                    && text.unicodeScalars.allSatisfy {
                        Self.isBlank($0) || (0x20...0x7E).contains($0.value) || $0.value == 0x85 || $0.value >= 0xA0
                    }
            }
        }
    }
}

extension Shape.PrintedPattern {
    private static func isStatusCode(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 3 && (UInt8(ascii: "1")...UInt8(ascii: "5")).contains(bytes[0])
            && bytes[1...].allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// `\w` is ASCII here.
    private static func isWord(_ text: String, or others: String) -> Bool {
        text.utf8.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "_") || others.utf8.contains($0) }
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { [9, 10, 13].contains(scalar.value) }

    private static func isTagScalar(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII, "_.:/=+-@".unicodeScalars.contains(scalar) { return true }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .spaceSeparator,
            .lineSeparator, .paragraphSeparator, .decimalNumber, .letterNumber, .otherNumber:
            return true
        default: return false
        }
    }

    private static func isVersionID(_ text: String) -> Bool {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = parts[0].utf8.dropFirst()
        guard parts[0].hasPrefix("v"), let first = digits.first, first != UInt8(ascii: "0"),
            digits.allSatisfy(isDigit)
        else { return false }
        return parts.count == 1
            || parts[1].utf8.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isAlias(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let isInside = { (byte: UInt8) in
            isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        }
        guard (3...63).contains(bytes.count), isInside(bytes[0]), isInside(bytes[bytes.count - 1]) else { return false }
        return bytes.allSatisfy { isInside($0) || $0 == UInt8(ascii: "-") } && !text.contains("--")
    }
}
