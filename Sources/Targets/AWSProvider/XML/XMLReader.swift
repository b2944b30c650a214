/// Reads XML 1.0 as services answer with it: elements, text, CDATA, the five entities and character references.
///
/// Document types are refused, so no entity can be declared and nothing outside is ever read.
/// - Note: Source: Extensible Markup Language (XML) 1.0, fifth edition, sections 2 and 4.
package struct XMLReader {
    private let bytes: [UInt8]
    private var position = 0
    private var open: [OpenElement] = []
    private var elementsCount = 0

    private struct OpenElement {
        /// With its prefix: the closing tag repeats it.
        var tag: ArraySlice<UInt8>
        var children: [XMLElement] = []
        var text: [UInt8] = []
    }

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Returns: The root element.
    /// - Throws: ``XMLProblem`` for anything but one well-formed document within the limits.
    package static func read(_ bytes: [UInt8]) throws -> XMLElement {
        try document(bytes)
    }

    static func document(_ bytes: [UInt8]) throws(XMLProblem) -> XMLElement {
        guard bytes.count <= Limits.replyBytesMax else {
            throw XMLProblem(message: "it is longer than \(Limits.replyBytesMax) bytes", offset: 0)
        }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw XMLProblem(message: "it is not UTF-8", offset: 0)
        }
        var reader = XMLReader(bytes)
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
        if let empty = try openTag() { open[open.count - 1].children.append(empty) }
        return nil
    }

    // MARK: Tags

    /// - Returns: The element where its tag closes itself; else it is the innermost open one now.
    private mutating func openTag() throws(XMLProblem) -> XMLElement? {
        position += 1
        elementsCount += 1
        guard elementsCount <= Limits.xmlElementsMax else {
            throw problem("it has more than \(Limits.xmlElementsMax) elements")
        }
        let tag = try name()
        try attributes()
        if take("/>") { return XMLElement(Self.local(tag)) }
        guard take(">") else { throw problem("the tag of `\(Self.local(tag))` is not closed") }
        guard open.count < Limits.xmlDepthMax else {
            throw problem("elements are nested deeper than \(Limits.xmlDepthMax)")
        }
        open.append(OpenElement(tag: tag))
        return nil
    }

    private mutating func attributes() throws(XMLProblem) {
        var names: Set<ArraySlice<UInt8>> = []
        while true {
            let hadSpace = skipSpace()
            guard let byte = peek(), byte != UInt8(ascii: ">"), byte != UInt8(ascii: "/") else { return }
            guard hadSpace else { throw problem("an attribute does not follow a space") }
            let name = try name()
            guard names.insert(name).inserted else {
                throw problem("the attribute `\(Self.text(name))` is there twice")
            }
            _ = skipSpace()
            guard take("=") else { throw problem("the attribute `\(Self.text(name))` has no value") }
            _ = skipSpace()
            try attributeValue()
        }
    }

    private mutating func attributeValue() throws(XMLProblem) {
        guard let quote = peek(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw problem("the value of an attribute is not in quotes")
        }
        position += 1
        while let byte = peek() {
            switch byte {
            case quote:
                position += 1
                return
            case UInt8(ascii: "<"): throw problem("`<` in the value of an attribute")
            case UInt8(ascii: "&"): _ = try reference()
            default:
                try check(byte)
                position += 1
            }
        }
        throw problem("the value of an attribute does not end")
    }

    private mutating func closingTag() throws(XMLProblem) -> XMLElement? {
        position += 2
        let tag = try name()
        _ = skipSpace()
        guard take(">") else { throw problem("the closing tag of `\(Self.local(tag))` is not closed") }
        guard let element = open.popLast(), element.tag == tag else {
            throw problem("`\(Self.text(tag))` is closed and was not the last one opened")
        }
        let text = element.children.isEmpty ? String(decoding: element.text, as: UTF8.self) : ""
        let closed = XMLElement(Self.local(tag), children: element.children, text: text)
        guard !open.isEmpty else { return closed }
        open[open.count - 1].children.append(closed)
        return nil
    }

    // MARK: Text

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
        while let byte = peek(), byte != UInt8(ascii: ";"), position - start <= Limits.xmlReferenceBytesMax {
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
        _ = try upTo("?>", "the XML declaration")
    }

    private mutating func skipMisc() throws(XMLProblem) {
        repeat { _ = skipSpace() } while try skipInstructionOrComment()
        guard !starts("<!") else { throw problem("a document type is not accepted") }
    }

    private mutating func skipInstructionOrComment() throws(XMLProblem) -> Bool {
        if take("<!--") {
            _ = try upTo("-->", "a comment")
            return true
        }
        if take("<?") {
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
        guard position > start, let first = bytes[start...].first, !(0x2D...0x3A).contains(first) || first == 0x3A
        else { throw problem("a name is missing") }
        return bytes[start..<position]
    }

    private func check(_ byte: UInt8) throws(XMLProblem) {
        guard byte >= 0x20 || Self.isSpace(byte) else { throw problem("a control character") }
    }

    private func problem(_ message: String) -> XMLProblem { XMLProblem(message: message, offset: position) }

    private static func local(_ tag: ArraySlice<UInt8>) -> String {
        guard let colon = tag.lastIndex(of: UInt8(ascii: ":")) else { return text(tag) }
        return text(tag[(colon + 1)...])
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    /// Letters, digits, `-` `.` `:` `_`, and whatever is not ASCII.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"),
            UInt8(ascii: "_"), 0x80...0xFF:
            true
        default: false
        }
    }
}
