package import JSON

extension PolicyDocument {
    /// Reads a document that stands in a file, YAML or JSON.
    ///
    /// - Parameter sizeMax: Nil is what the kind may have; `.max` sets no limit.
    /// - Returns: The document, and everything that is wrong with it (``PolicyCode``); warnings leave it valid.
    package static func read(_ node: Node, as kind: PolicyKind, sizeMax: Int? = nil) -> PolicyReading {
        var reader = DocumentReader(kind, hasSpans: true)
        let document = reader.document(node, size: size(of: node.value, as: kind), sizeMax: sizeMax ?? kind.sizeMax)
        return reader.reading(document)
    }

    /// Reads a document in a JSON file.
    package static func read(
        json bytes: [UInt8], file: String, as kind: PolicyKind, sizeMax: Int? = nil
    ) -> PolicyReading {
        read(json: bytes, file: file, as: kind, sizeMax: sizeMax, hasSpans: true)
    }

    /// Reads a document that came over a wire: diagnostics have no places.
    package static func read(text: String, as kind: PolicyKind, sizeMax: Int? = nil) -> PolicyReading {
        read(json: Array(text.utf8), file: "", as: kind, sizeMax: sizeMax, hasSpans: false)
    }

    /// Reads a document that is a value already: diagnostics have no places.
    package static func read(_ value: JSONValue, as kind: PolicyKind, sizeMax: Int? = nil) -> PolicyReading {
        read(json: value.bytes(.compact), file: "", as: kind, sizeMax: sizeMax, hasSpans: false)
    }

    private static func read(
        json bytes: [UInt8], file: String, as kind: PolicyKind, sizeMax: Int?, hasSpans: Bool
    ) -> PolicyReading {
        // AWS's own managed policies are longer than what is read from users.
        let limits = JSONLimits(
            bytesMax: sizeMax == .max ? JSONLimits.standard.bytesMax : Limits.documentBytesMax,
            depthMax: Limits.depthMax)
        let parsed = Node.parse(json: bytes, file: file, limits: limits)
        var reader = DocumentReader(kind, hasSpans: hasSpans)
        for diagnostic in parsed.diagnostics { reader.add(diagnostic) }
        guard let node = parsed.node else { return reader.reading(nil) }
        let size = size(ofText: bytes, as: kind)
        let document = reader.document(node, size: size, sizeMax: sizeMax ?? kind.sizeMax)
        return reader.reading(document)
    }

    private static func size(of value: JSONValue, as kind: PolicyKind) -> Int {
        size(ofText: value.bytes(.compact), as: kind)
    }

    /// Characters of a JSON text without the whitespace outside its strings; bytes for the policy of a resource.
    static func size(ofText bytes: [UInt8], as kind: PolicyKind) -> Int {
        var count = 0
        var isInString = false
        var isEscaped = false
        for byte in bytes {
            if isInString {
                isInString = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            } else {
                if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { continue }
                isInString = byte == UInt8(ascii: "\"")
            }
            if kind == .resource || byte & 0xC0 != 0x80 { count += 1 }
        }
        return count
    }
}
