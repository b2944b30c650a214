/// Reads XML 1.0 with namespaces: elements, attributes, text, CDATA, the five entities and character references; UTF-8 alone.
///
/// Document types are refused, so no entity can be declared, no attribute has a default, and nothing outside is ever read.
/// - Note: Source: Extensible Markup Language (XML) 1.0, fifth edition, sections 2, 3.3.3 and 4; Namespaces in XML 1.0,
///   third edition.
package struct XMLReader {
    private let bytes: [UInt8]
    private let rules: XMLRules
    private var position = 0
    private var open: [OpenElement] = []
    private var elementsCount = 0

    private struct OpenElement {
        /// With its prefix: the closing tag repeats it.
        var tag: ArraySlice<UInt8>
        /// Without what is in it yet.
        var element: XMLElement
        var children: [XMLElement.Node] = []
        var text: [UInt8] = []

        mutating func endText() {
            guard !text.isEmpty else { return }
            children.append(.text(String(decoding: text, as: UTF8.self)))
            text.removeAll(keepingCapacity: true)
        }
    }

    private init(_ bytes: [UInt8], _ rules: XMLRules) {
        self.bytes = bytes
        self.rules = rules
    }

    /// - Returns: The root element.
    /// - Throws: ``XMLProblem`` for anything but one well-formed document that `rules` allow.
    package static func read(_ bytes: [UInt8], _ rules: XMLRules) throws(XMLProblem) -> XMLElement {
        guard bytes.count <= rules.bytesMax else {
            throw XMLProblem(message: "it is longer than \(rules.bytesMax) bytes", offset: 0)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw XMLProblem(message: "it is not UTF-8", offset: 0)
        }
        // SOURCE: XML 1.0, section 2.2.
        guard !text.unicodeScalars.contains(where: { $0.value == 0xFFFE || $0.value == 0xFFFF }) else {
            throw XMLProblem(message: "a character is none of XML's", offset: 0)
        }
        var reader = XMLReader(bytes, rules)
        return try reader.document()
    }

    // MARK: The document

    private mutating func document() throws(XMLProblem) -> XMLElement {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        try skipDeclaration()
        try skipMisc()
        guard peek() == UInt8(ascii: "<") else { throw problem("it does not begin with an element") }
        let root = try rootElement()
        try skipMisc()
        guard position == bytes.count else { throw problem("something follows the root element") }
        return root
    }

    private mutating func rootElement() throws(XMLProblem) -> XMLElement {
        if let empty = try openTag() { return empty }
        while !open.isEmpty {
            guard let byte = peek() else { throw problem("the document ends inside `\(openName)`") }
            switch byte {
            case UInt8(ascii: "<"):
                if let root = try markup() { return root }
            case UInt8(ascii: "&"): append(try reference())
            default: try characters()
            }
        }
        throw problem("the document has no element")
    }

    /// What begins with `<` inside an element.
    ///
    /// - Returns: The root, once its closing tag is read.
    private mutating func markup() throws(XMLProblem) -> XMLElement? {
        if try skipInstructionOrComment() { return nil }
        if take("<![CDATA[") {
            append(try upTo("]]>", "a CDATA section"))
            return nil
        }
        if starts("<!") { throw problem("a declaration inside an element") }
        if starts("</") { return try closingTag() }
        if let empty = try openTag() { append(empty) }
        return nil
    }

    // MARK: Tags

    /// - Returns: The element where its tag closes itself; else it is the innermost open one now.
    private mutating func openTag() throws(XMLProblem) -> XMLElement? {
        position += 1
        elementsCount += 1
        guard elementsCount <= rules.elementsMax, open.count < rules.depthMax else {
            throw problem("it has more than \(rules.elementsMax) elements, or \(rules.depthMax) inside each other")
        }
        let number = elementsCount
        let tag = try name()
        var scope = open.last?.element.scope ?? [:]
        let attributes = try attributes(&scope)
        let (prefix, local) = try qualified(tag)
        let element = XMLElement(
            number: number, prefix: prefix,
            name: XMLElement.Name(namespace: try namespace(prefix, scope), local: local),
            attributes: try named(attributes, scope), scope: scope, children: [])
        if take("/>") { return element }
        guard take(">") else { throw problem("the tag of `\(local)` is not closed") }
        open.append(OpenElement(tag: tag, element: element))
        return nil
    }

    private struct WrittenAttribute {
        var prefix: String
        var local: String
        var value: String
    }

    /// - Returns: All but the declarations of namespaces, which go into `scope`.
    private mutating func attributes(_ scope: inout [String: String]) throws(XMLProblem) -> [WrittenAttribute] {
        var written: [WrittenAttribute] = []
        var names: Set<ArraySlice<UInt8>> = []
        while true {
            let hadSpace = skipSpace()
            guard let byte = peek(), byte != UInt8(ascii: ">"), byte != UInt8(ascii: "/") else { return written }
            guard hadSpace else { throw problem("an attribute does not follow a space") }
            let name = try name()
            guard names.insert(name).inserted else {
                throw problem("the attribute `\(Self.text(name))` is there twice")
            }
            let (prefix, local) = try qualified(name)
            _ = skipSpace()
            guard take("=") else { throw problem("the attribute `\(Self.text(name))` has no value") }
            _ = skipSpace()
            let value = try attributeValue()
            switch (prefix, local) {
            case ("xmlns", _): try declare(local, value, in: &scope)
            case ("", "xmlns"): try declare("", value, in: &scope)
            default: written.append(WrittenAttribute(prefix: prefix, local: local, value: value))
            }
        }
    }

    private mutating func attributeValue() throws(XMLProblem) -> String {
        guard let quote = peek(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw problem("the value of an attribute is not in quotes")
        }
        position += 1
        var value: [UInt8] = []
        while let byte = peek() {
            switch byte {
            case quote:
                position += 1
                return String(decoding: value, as: UTF8.self)
            case UInt8(ascii: "<"): throw problem("`<` in the value of an attribute")
            case UInt8(ascii: "&"): value += try reference()
            default:
                try check(byte)
                position += 1
                // SOURCE: XML 1.0, sections 2.11 and 3.3.3: white space that is not a reference is blanks.
                if byte == 0x0D, peek() == 0x0A { position += 1 }
                value.append(Self.isSpace(byte) ? 0x20 : byte)
            }
        }
        throw problem("the value of an attribute does not end")
    }

    private mutating func closingTag() throws(XMLProblem) -> XMLElement? {
        position += 2
        let tag = try name()
        _ = skipSpace()
        guard take(">") else { throw problem("the closing tag of `\(Self.text(tag))` is not closed") }
        guard var closed = open.popLast(), closed.tag == tag else {
            throw problem("`\(Self.text(tag))` is closed and was not the last one opened")
        }
        closed.endText()
        let element = XMLElement(
            number: closed.element.number, prefix: closed.element.prefix, name: closed.element.name,
            attributes: closed.element.attributes, scope: closed.element.scope, children: closed.children)
        guard !open.isEmpty else { return element }
        append(element)
        return nil
    }

    private mutating func append(_ element: XMLElement) {
        open[open.count - 1].endText()
        open[open.count - 1].children.append(.element(element))
    }

    // MARK: Namespaces

    private static let xmlNamespace = "http://www.w3.org/XML/1998/namespace"

    private func qualified(_ name: ArraySlice<UInt8>) throws(XMLProblem) -> (prefix: String, local: String) {
        let parts = name.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ $0.first.map(Self.startsName) ?? false }) else {
            throw problem("`\(Self.text(name))` is no name")
        }
        return (parts.count == 2 ? Self.text(parts[0]) : "", Self.text(parts[parts.count - 1]))
    }

    private func declare(_ prefix: String, _ value: String, in scope: inout [String: String]) throws(XMLProblem) {
        guard prefix != "xml", prefix != "xmlns", prefix.isEmpty || !value.isEmpty, value != Self.xmlNamespace,
            value != "http://www.w3.org/2000/xmlns/"
        else { throw problem("the namespace of `\(prefix)` cannot be declared so") }
        scope[prefix] = value
    }

    private func namespace(_ prefix: String, _ scope: [String: String]) throws(XMLProblem) -> String {
        if prefix == "xml" { return Self.xmlNamespace }
        if let namespace = scope[prefix] { return namespace }
        guard prefix.isEmpty else { throw problem("the prefix `\(prefix)` has no namespace") }
        return ""
    }

    /// A prefix may be declared after the attribute that has it.
    private func named(
        _ written: [WrittenAttribute], _ scope: [String: String]
    ) throws(XMLProblem) -> [XMLElement.Attribute] {
        var attributes: [XMLElement.Attribute] = []
        for one in written {
            let name = XMLElement.Name(
                namespace: one.prefix.isEmpty ? "" : try namespace(one.prefix, scope), local: one.local)
            guard !attributes.contains(where: { $0.name == name }) else {
                throw problem("the attribute `\(one.local)` is there twice")
            }
            attributes.append(XMLElement.Attribute(prefix: one.prefix, name: name, value: one.value))
        }
        return attributes
    }

    // MARK: Text

    /// LIMIT: bytes of an entity's name or a character's number.
    private static let referenceBytesMax = 16

    private mutating func characters() throws(XMLProblem) {
        while let byte = peek(), byte != UInt8(ascii: "<"), byte != UInt8(ascii: "&") {
            guard byte != UInt8(ascii: "]") || !starts("]]>") else { throw problem("`]]>` in text") }
            try check(byte)
            position += 1
            // SOURCE: XML 1.0, section 2.11: line ends are read as one line feed.
            if byte == 0x0D {
                if peek() == 0x0A { position += 1 }
                append([0x0A])
            } else {
                append([byte])
            }
        }
    }

    private mutating func reference() throws(XMLProblem) -> [UInt8] {
        let start = position
        position += 1
        while let byte = peek(), byte != UInt8(ascii: ";"), position - start <= Self.referenceBytesMax {
            position += 1
        }
        guard peek() == UInt8(ascii: ";") else { throw problem("`&` begins no entity") }
        let name = Self.text(bytes[(start + 1)..<position])
        position += 1
        switch name {
        case "lt": return [UInt8(ascii: "<")]
        case "gt": return [UInt8(ascii: ">")]
        case "amp": return [UInt8(ascii: "&")]
        case "quot": return [UInt8(ascii: "\"")]
        case "apos": return [UInt8(ascii: "'")]
        default: return Array(String(try character(name)).utf8)
        }
    }

    private func character(_ name: String) throws(XMLProblem) -> Character {
        guard name.hasPrefix("#") else { throw problem("the entity `\(name)` is not one of XML's own") }
        let isHexadecimal = name.hasPrefix("#x")
        let digits = name.dropFirst(isHexadecimal ? 2 : 1)
        guard !digits.hasPrefix("+"), !digits.hasPrefix("-"), let code = UInt32(digits, radix: isHexadecimal ? 16 : 10),
            let scalar = Unicode.Scalar(code), code >= 0x20 || [0x09, 0x0A, 0x0D].contains(code),
            code != 0xFFFE, code != 0xFFFF
        else { throw problem("`&\(name);` is no character") }
        return Character(scalar)
    }

    private mutating func append(_ part: [UInt8]) {
        open[open.count - 1].text += part
    }

    // MARK: What is skipped

    private mutating func skipDeclaration() throws(XMLProblem) {
        guard starts("<?xml"), position + 5 < bytes.count, Self.isSpace(bytes[position + 5]) else { return }
        let declaration = Self.text(try upTo("?>", "the XML declaration")[...]).lowercased()
        guard !declaration.contains("encoding") || declaration.contains("utf-8") else {
            throw problem("its encoding is not UTF-8")
        }
    }

    private mutating func skipMisc() throws(XMLProblem) {
        repeat { _ = skipSpace() } while try skipInstructionOrComment()
        guard !starts("<!") else { throw problem("a document type is not accepted") }
    }

    private mutating func skipInstructionOrComment() throws(XMLProblem) -> Bool {
        if take("<!--") {
            _ = try upTo("--", "a comment")
            guard take(">") else { throw problem("two hyphens in a comment") }
            return true
        }
        if take("<?") {
            guard rules.takesInstructions else { throw problem("an instruction is not accepted") }
            let target = try name()
            guard Self.text(target).lowercased() != "xml" else { throw problem("an XML declaration inside") }
            _ = try upTo("?>", "an instruction")
            return true
        }
        return false
    }

    /// Moves behind `end`.
    private mutating func upTo(_ end: StaticString, _ what: String) throws(XMLProblem) -> [UInt8] {
        let start = position
        while position < bytes.count {
            if starts(end) {
                defer { position += end.utf8CodeUnitCount }
                return Array(bytes[start..<position])
            }
            try check(bytes[position])
            position += 1
        }
        throw problem("\(what) does not end")
    }

    // MARK: Bytes

    private var openName: String { open.last.map { Self.text($0.tag) } ?? "" }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private func starts(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - position >= count else { return false }
        return text.withUTF8Buffer { unsafe $0.elementsEqual(bytes[position..<(position + count)]) }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        guard starts(text) else { return false }
        position += text.utf8CodeUnitCount
        return true
    }

    private mutating func skipSpace() -> Bool {
        let start = position
        while let byte = peek(), Self.isSpace(byte) { position += 1 }
        return position > start
    }

    private mutating func name() throws(XMLProblem) -> ArraySlice<UInt8> {
        let start = position
        while let byte = peek(), Self.isNameByte(byte) { position += 1 }
        guard position > start else { throw problem("a name is missing") }
        return bytes[start..<position]
    }

    private func check(_ byte: UInt8) throws(XMLProblem) {
        guard byte >= 0x20 || Self.isSpace(byte) else { throw problem("a control character") }
    }

    private func problem(_ message: String) -> XMLProblem { XMLProblem(message: message, offset: position) }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    private static func startsName(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    /// Letters, digits, `-` `.` `:` `_`, and whatever is not ASCII.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        startsName(byte) || (UInt8(ascii: "0")...UInt8(ascii: ":")).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".")
    }
}
