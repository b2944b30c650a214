/// A name compared by its bytes: `String` holds texts equal that differ only in how accents are composed, the
/// services and JSON do not.
package struct ExactName: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func == (left: Self, right: Self) -> Bool { left.text.isExactly(right.text) }
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension String {
    /// True if both have the same bytes.
    @inline(__always)
    package func isExactly(_ other: String) -> Bool { self == other && utf8.elementsEqual(other.utf8) }
}
