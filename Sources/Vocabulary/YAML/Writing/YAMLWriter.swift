package import JSON

/// Writes values as YAML that people read: a line for each member and element, texts of several lines as blocks.
package struct YAMLWriter {
    private var text = ""

    /// The YAML of the value, with a line break at its end. Reading it gives an equal value.
    package static func text(_ value: JSONValue) -> String {
        var writer = YAMLWriter()
        writer.write(value, indent: 0, isAfterName: false)
        return writer.text
    }

    /// - Parameter isAfterName: The line has a name and a colon, or a dash, in front; a map or list starts a new one.
    private mutating func write(_ value: JSONValue, indent: Int, isAfterName: Bool) {
        switch value {
        case .object(let object) where !object.isEmpty:
            if isAfterName { text += "\n" }
            write(object, indent: indent, isFirstIndented: true)
        case .array(let elements) where !elements.isEmpty:
            if isAfterName { text += "\n" }
            for element in elements { write(element: element, indent: indent) }
        default:
            if isAfterName { text += " " }
            text += scalar(value, indent: indent) + "\n"
        }
    }

    private mutating func write(_ object: JSONObject, indent: Int, isFirstIndented: Bool) {
        var isIndented = isFirstIndented
        for (name, value) in object {
            if isIndented { text += blanks(indent) }
            isIndented = true
            let key = YAMLScalar.line(name)
            // SOURCE: YAML 1.2.2, section 8.2.2: a key on the line of its value has at most 1024 characters.
            if key.utf8.count > 1_000 {
                text += "? \(key)\n\(blanks(indent)):"
            } else {
                text += key + ":"
            }
            write(value, indent: indent + 2, isAfterName: true)
        }
    }

    private mutating func write(element: JSONValue, indent: Int) {
        text += blanks(indent) + "-"
        if case .object(let object) = element, !object.isEmpty {
            text += " "
            write(object, indent: indent + 2, isFirstIndented: false)
        } else {
            write(element, indent: indent + 2, isAfterName: true)
        }
    }

    private func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

    private func scalar(_ value: JSONValue, indent: Int) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .number(let number): number.text
        case .string(let text): indent > 0 ? YAMLScalar.block(text, indent: indent) : YAMLScalar.line(text)
        case .array: "[]"
        case .object: "{}"
        }
    }
}

/// How one text is written.
enum YAMLScalar {
    /// On one line: plain where nothing else could be meant, else between double quotes.
    static func line(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

    /// As ``line(_:)``, or as a literal block where the text has several lines that a block keeps as they are.
    static func block(_ text: String, indent: Int) -> String {
        guard isBlock(text) else { return line(text) }
        let hasEnd = text.hasSuffix("\n")
        let lines = (hasEnd ? text.dropLast() : text[...]).split(separator: "\n", omittingEmptySubsequences: false)
        let start = String(repeating: " ", count: indent)
        return (hasEnd ? "|\n" : "|-\n") + lines.map { $0.isEmpty ? "" : start + $0 }.joined(separator: "\n")
    }

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) || first == UInt8(ascii: "/") || first == UInt8(ascii: "_"),
            text.utf8.last != UInt8(ascii: " "), !words.contains(text.lowercased())
        else { return false }
        return text.utf8.allSatisfy { byte in
            isLetter(byte) || (0x30...0x39).contains(byte) || plainMarks.contains(byte)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private static let plainMarks = Set(" ./_-+$".utf8)

    /// What some readers take for something else than text.
    private static let words: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

    private static func isBlock(_ text: String) -> Bool {
        guard text.utf8.contains(0x0A), let first = text.utf8.first, first != 0x0A, first != 0x20,
            !text.hasSuffix("\n\n")
        else { return false }
        return text.unicodeScalars.allSatisfy { $0 == "\n" || isPrintable($0) }
    }

    /// Without tabs and byte order marks, which readers differ about.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
            }
        }
        return result + "\""
    }
}
