import JSON

/// Text from the repository or the target, made safe to show: nothing in it moves the cursor, reorders the line or
/// starts a new one.
enum Shown {
    static func text(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isUnsafe(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A value on one line, cut at ``Limits/valueCharactersMax``; of a fingerprint, or the hash of code, the first digits
    /// say enough.
    static func value(_ value: JSONValue) -> String {
        if case .string(let text) = value, isFingerprint(text) || isHashOfCode(text) { return "\(text.prefix(8))…" }
        return line(value.text(.compact)[...])
    }

    private static func isFingerprint(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy(isHexDigit)
    }

    /// SHA-256 in base64.
    private static func isHashOfCode(_ text: String) -> Bool {
        text.utf8.count == 44 && text.hasSuffix("=")
            && text.utf8.dropLast().allSatisfy {
                isHexDigit($0) || (UInt8(ascii: "g")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || $0 == UInt8(ascii: "+")
                    || $0 == UInt8(ascii: "/")
            }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// One line of a longer text, cut like a value.
    static func line(_ line: Substring) -> String {
        // In scalars: one character may have any number of them.
        let cut = line.unicodeScalars.prefix(Limits.valueCharactersMax)
        return text(cut.endIndex == line.endIndex ? String(line) : String(cut) + "…")
    }

    /// Control characters, line and paragraph separators, and marks that change the direction of the text.
    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
