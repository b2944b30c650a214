import Diagnostics

/// What is refused of a file before it is read: its size, its encoding, and line breaks of YAML 1.1 alone.
struct SourceCheck {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let file: String

    init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) {
        self.bytes = bytes
        self.file = file
    }

    func refusal(bytesMax: Int) -> Diagnostic? {
        guard bytes.count <= bytesMax else {
            return Diagnostic(
                .error, YAMLCode.tooLarge, "the file has \(bytes.count) bytes, and \(bytesMax) are read",
                at: span(of: 0), remedy: "split it")
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || bytes.prefix(2).contains(0) {
            return Diagnostic(
                .error, YAMLCode.notUTF8, "the file is UTF-16 or UTF-32", at: span(of: 0), remedy: "save it as UTF-8")
        }
        return oddLineBreak()
    }

    /// SOURCE: YAML 1.2.2, section 5.4: NEL, LS and PS are no line breaks; libyaml takes them for some, as YAML 1.1 did.
    private func oddLineBreak() -> Diagnostic? {
        var at = 0
        while at + 1 < bytes.count {
            let (first, second) = (bytes[at], bytes[at + 1])
            if first == 0xC2, second == 0x85 { return oddLineBreak("U+0085", #"\N"#, at: at) }
            if first == 0xE2, second == 0x80, at + 2 < bytes.count {
                if bytes[at + 2] == 0xA8 { return oddLineBreak("U+2028", #"\L"#, at: at) }
                if bytes[at + 2] == 0xA9 { return oddLineBreak("U+2029", #"\P"#, at: at) }
            }
            at += 1
        }
        return nil
    }

    private func oddLineBreak(_ name: String, _ escape: String, at offset: Int) -> Diagnostic {
        Diagnostic(
            .error, YAMLCode.oddLineBreak, "the character \(name), which some readers take for a line break",
            at: span(of: offset), remedy: "remove it, or write `\(escape)` in double quotes")
    }

    /// The place of a byte.
    func span(of offset: Int) -> SourceSpan {
        var line = 1
        var column = 1
        var isAfterReturn = false
        for byte in bytes.prefix(max(0, offset)) {
            switch byte {
            case 0x0A where isAfterReturn: break
            case 0x0A, 0x0D:
                line += 1
                column = 1
            case 0x80...0xBF: break  // the rest of a scalar
            default: column += 1
            }
            isAfterReturn = byte == 0x0D
        }
        return SourceSpan(file: file, line: line, column: column)
    }
}
