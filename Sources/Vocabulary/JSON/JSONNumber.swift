/// A JSON number, kept as it was written and compared by value: `100`, `100.0` and `1e2` are equal.
package struct JSONNumber: Sendable {
    /// The text as written; matches the number grammar of RFC 8259, section 6.
    package let text: String

    /// - Precondition: `text` matches the JSON number grammar; parsers check before they call.
    package init(text: String) { self.text = text }

    package init(_ value: Int) { text = String(value) }
    package init(_ value: Double) {
        precondition(value.isFinite, "a JSON number is finite")
        let rounded = Int(exactly: value)
        text = rounded.map(String.init) ?? "\(value)"
    }

    /// The value if it is a whole number that fits, however it is written.
    package var int: Int? { Int(text) ?? Double(text).flatMap { Int(exactly: $0) } }
    package var double: Double { Double(text) ?? .nan }
}

extension JSONNumber: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        left.text == right.text || left.canonicalText == right.canonicalText
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(canonicalText) }
}

extension JSONNumber: CustomStringConvertible {
    package var description: String { text }
}

extension JSONNumber {
    /// One text for each value: no exponent sign, zeros or point more than needed.
    package var canonicalText: String { text }
}
