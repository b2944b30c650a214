/// Reads XML 1.0 with namespaces, as far as assertions need it: no document type, so no entities of its own and no default
/// attributes; no processing instructions; UTF-8 alone.
///
/// - Note: Source: Extensible Markup Language 1.0, fifth edition; Namespaces in XML 1.0, third edition.
struct XMLReader {
    struct Problem: Error {
        var message: String
    }

    private static let xmlNamespace = "http://www.w3.org/XML/1998/namespace"

    private let bytes: [UInt8]
    private var position = 0
    private var count = 0

    /// - Returns: The root element.
    static func read(_ bytes: [UInt8]) throws(Problem) -> XMLElement {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Problem(message: "it is not UTF-8") }
        var reader = XMLReader(bytes)
        return try reader.document()
    }

    /// Line ends are one character from here on, as the specification has it.
    private init(_ text: [UInt8]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        for (index, byte) in text.enumerated() {
            if byte == 0x0A, index > 0, text[index - 1] == 0x0D { continue }
            bytes.append(byte == 0x0D ? 0x0A : byte)
        }
        self.bytes = bytes
    }

    private mutating func document() throws(Problem) -> XMLElement {
        skip("\u{FEFF}")
        if skip("<?xml") {
            let declaration = try take(until: "?>").lowercased()
            guard !declaration.contains("encoding") || declaration.contains("utf-8") else {
                throw Problem(message: "its encoding is not UTF-8")
            }
        }
        try between()
        let root = try element(in: [:], depth: 1)
        try between()
        guard position == bytes.count else { throw Problem(message: "there is something after the root element") }
        return root
    }

    /// White space and comments.
    private mutating func between() throws(Problem) {
        blanks()
        while skip("<!--") {
            try comment()
            blanks()
        }
    }

    private mutating func comment() throws(Problem) {
        _ = try take(until: "--")
        guard skip(">") else { throw Problem(message: "there are two hyphens in a comment") }
    }

    // MARK: Elements

    private mutating func element(in outer: [String: String], depth: Int) throws(Problem) -> XMLElement {
        count += 1
        guard depth <= Limits.xmlDepthMax, count <= Limits.xmlElementsMax else {
            throw Problem(message: "it has too many elements")
        }
        let number = count
        guard skip("<") else { throw Problem(message: "an element was expected") }
        let tag = try name()
        var written: [(prefix: String, local: String, value: String)] = []
        var scope = outer
        while true {
            let hasBlank = blanks()
            if peek(">") || peek("/>") { break }
            guard hasBlank else { throw Problem(message: "white space is missing before an attribute") }
            let attribute = try name()
            blanks()
            guard skip("=") else { throw Problem(message: "an attribute has no value") }
            blanks()
            let value = try attributeValue()
            if attribute.prefix == "xmlns" || (attribute.prefix.isEmpty && attribute.local == "xmlns") {
                let prefix = attribute.prefix.isEmpty ? "" : attribute.local
                try declare(prefix, value, in: &scope, written.contains { $0.prefix == "xmlns" && $0.local == prefix })
                written.append(("xmlns", prefix, value))
            } else {
                written.append((attribute.prefix, attribute.local, value))
            }
        }
        var element = XMLElement(
            number: number, prefix: tag.prefix,
            name: XMLElement.Name(namespace: try namespace(tag.prefix, scope), local: tag.local), attributes: [],
            scope: scope, children: [])
        for attribute in written where attribute.prefix != "xmlns" {
            let name = XMLElement.Name(
                namespace: attribute.prefix.isEmpty ? "" : try namespace(attribute.prefix, scope),
                local: attribute.local)
            guard !element.attributes.contains(where: { $0.name == name }) else {
                throw Problem(message: "an attribute is there twice")
            }
            element.attributes.append(.init(prefix: attribute.prefix, name: name, value: attribute.value))
        }
        if skip("/>") { return element }
        guard skip(">") else { throw Problem(message: "a tag does not end") }
        element.children = try content(scope, depth: depth)
        let end = try name()
        blanks()
        guard end == tag, skip(">") else { throw Problem(message: "an element is ended by another's name") }
        return element
    }

    private func declare(
        _ prefix: String, _ value: String, in scope: inout [String: String], _ isTaken: Bool
    ) throws(Problem) {
        guard !isTaken, prefix != "xml", prefix != "xmlns", prefix.isEmpty || !value.isEmpty,
            value != Self.xmlNamespace, value != "http://www.w3.org/2000/xmlns/"
        else { throw Problem(message: "a namespace cannot be declared so") }
        scope[prefix] = value
    }

    private func namespace(_ prefix: String, _ scope: [String: String]) throws(Problem) -> String {
        if prefix == "xml" { return Self.xmlNamespace }
        if let namespace = scope[prefix] { return namespace }
        guard prefix.isEmpty else { throw Problem(message: "a prefix has no namespace") }
        return ""
    }

    /// Up to and with `</`.
    private mutating func content(_ scope: [String: String], depth: Int) throws(Problem) -> [XMLElement.Node] {
        var children: [XMLElement.Node] = []
        var text = ""
        while true {
            guard position < bytes.count else { throw Problem(message: "an element does not end") }
            if skip("<!--") {
                try comment()
            } else if skip("<![CDATA[") {
                text += try checked(take(until: "]]>"))
            } else if peek("</") || (peek("<") && !peek("<!") && !peek("<?")) {
                if !text.isEmpty { children.append(.text(text)) }
                text = ""
                if skip("</") { return children }
                children.append(.element(try element(in: scope, depth: depth + 1)))
            } else if peek("<") {
                throw Problem(message: "document types and processing instructions are not taken")
            } else {
                text += try characters(until: "<", isAttribute: false)
            }
        }
    }

    // MARK: Text

    private mutating func attributeValue() throws(Problem) -> String {
        for quote in ["\"", "'"] where skip(quote) {
            let value = try characters(until: quote, isAttribute: true)
            guard skip(quote) else { throw Problem(message: "an attribute's value does not end") }
            return value
        }
        throw Problem(message: "an attribute's value has no quotes")
    }

    /// Characters and references up to `end`, which is one ASCII character.
    private mutating func characters(until end: String, isAttribute: Bool) throws(Problem) -> String {
        let stop = end.utf8.first ?? 0
        var value: [UInt8] = []
        while position < bytes.count, bytes[position] != stop {
            let byte = bytes[position]
            if byte == UInt8(ascii: "&") {
                position += 1
                value += Array(try reference().utf8)
                continue
            }
            if isAttribute, byte == UInt8(ascii: "<") { throw Problem(message: "a value has a `<` in it") }
            if !isAttribute, peek("]]>") { throw Problem(message: "a text has `]]>` in it") }
            // White space of a value that is not a reference is blanks.
            value.append(isAttribute && (byte == 0x0A || byte == 0x09) ? 0x20 : byte)
            position += 1
        }
        return try checked(String(decoding: value, as: UTF8.self))
    }

    private mutating func reference() throws(Problem) -> String {
        guard let end = bytes[position...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
            throw Problem(message: "a reference does not end")
        }
        let name = String(decoding: bytes[position..<end], as: UTF8.self)
        position = end + 1
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        let isHex = name.hasPrefix("#x")
        guard name.hasPrefix("#"), let first = name.dropFirst(isHex ? 2 : 1).utf8.first, first != UInt8(ascii: "+"),
            let number = UInt32(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10),
            let scalar = Unicode.Scalar(number), Self.isCharacter(scalar)
        else { throw Problem(message: "there is no entity of that name") }
        return String(Character(scalar))
    }

    private func checked(_ text: String) throws(Problem) -> String {
        guard text.unicodeScalars.allSatisfy(Self.isCharacter) else {
            throw Problem(message: "a character is none of XML's")
        }
        return text
    }

    private static func isCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    // MARK: Words

    private struct QualifiedName: Equatable {
        var prefix: String
        var local: String
    }

    private mutating func name() throws(Problem) -> QualifiedName {
        let start = position
        while position < bytes.count, Self.isNameByte(bytes[position]) { position += 1 }
        let parts = String(decoding: bytes[start..<position], as: UTF8.self)
            .split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (1...2).contains(parts.count), parts.allSatisfy({ $0.utf8.first.map(Self.startsName) ?? false }) else {
            throw Problem(message: "a name is none")
        }
        return QualifiedName(prefix: parts.count == 2 ? parts[0] : "", local: parts[parts.count - 1])
    }

    private static func startsName(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        startsName(byte) || (0x30...0x3A).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    @discardableResult
    private mutating func blanks() -> Bool {
        let start = position
        while position < bytes.count, [0x20, 0x09, 0x0A].contains(bytes[position]) { position += 1 }
        return position > start
    }

    private func peek(_ text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    @discardableResult
    private mutating func skip(_ text: String) -> Bool {
        guard peek(text) else { return false }
        position += text.utf8.count
        return true
    }

    /// What is before `end`, which is skipped too.
    private mutating func take(until end: String) throws(Problem) -> String {
        let start = position
        while position < bytes.count {
            if peek(end) {
                defer { position += end.utf8.count }
                return String(decoding: bytes[start..<position], as: UTF8.self)
            }
            position += 1
        }
        throw Problem(message: "`\(end)` is missing")
    }
}
