/// How a value is written.
package enum JSONStyle: Sendable, Hashable, CaseIterable {
    /// One line without blanks; the order of the members and the text of the numbers are kept.
    case compact
    /// One text for each value: as ``compact``, members sorted by the UTF-8 bytes of their names, numbers by
    /// ``JSONNumber/canonicalText``. What hashes are made of.
    case canonical
    /// A line for each member and element, indented by two blanks; order and text are kept as in ``compact``.
    case pretty
}

extension JSONValue {
    /// The JSON text of the value. It has no line break at its end.
    package func text(_ style: JSONStyle) -> String { String(decoding: bytes(style), as: UTF8.self) }

    /// The JSON text of the value, in UTF-8. It has no line break at its end.
    package func bytes(_ style: JSONStyle) -> [UInt8] {
        var writer = JSONWriter(style)
        writer.write(self)
        return writer.bytes
    }
}
