import Resources

/// The parts of a text: `${var.name}`, `${Kind/name.attribute}`, and everything else as it is. O(bytes) for all parts.
struct Placeholders: IteratorProtocol {
    enum Part {
        case text(Substring)
        case variable(String, written: Substring)
        case reference(SymbolicReference, written: Substring)
    }

    private let text: String
    private var position: String.Index
    /// Found already, behind the text that was given last.
    private var found: Part?

    init(_ text: String) {
        self.text = text
        position = text.startIndex
    }

    mutating func next() -> Part? {
        if let part = found {
            found = nil
            return part
        }
        guard position < text.endIndex else { return nil }
        let start = position
        var from = position
        while let (open, close) = braces(from) {
            let after = text.utf8.index(after: close)
            let inner = text[text.utf8.index(open, offsetBy: 2)..<close]
            if let part = Self.part(inner, written: text[open..<after]) {
                position = after
                guard open > start else { return part }
                found = part
                return .text(text[start..<open])
            }
            from = after
        }
        position = text.endIndex
        return .text(text[start...])
    }

    /// The next `}` that a `${` stands before, and the last of these.
    private func braces(_ from: String.Index) -> (open: String.Index, close: String.Index)? {
        var open: String.Index?
        var isAfterDollar = false
        var index = from
        while index < text.endIndex {
            let byte = text.utf8[index]
            if byte == UInt8(ascii: "{"), isAfterDollar { open = text.utf8.index(before: index) }
            if byte == UInt8(ascii: "}"), let open { return (open, index) }
            isAfterDollar = byte == UInt8(ascii: "$")
            index = text.utf8.index(after: index)
        }
        return nil
    }

    private static func part(_ inner: Substring, written: Substring) -> Part? {
        if inner.hasPrefix("var.") {
            let name = String(inner.dropFirst(4))
            return TextPattern.variableName.matches(name) ? .variable(name, written: written) : nil
        }
        return SymbolicReference(text: inner).map { .reference($0, written: written) }
    }
}
