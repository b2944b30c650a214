/// Reads one JSON text by RFC 8259, strictly, on its bytes; `Maker` decides what becomes of it.
///
/// A byte order mark at the start is skipped, as section 8.1 allows.
struct JSONScanner<Maker: TreeMaking> {
    let bytes: UnsafeBufferPointer<UInt8>
    private let limits: JSONLimits
    var position = 0
    private var depth = 0
    /// Strings with escapes are put together here.
    var unescaped: [UInt8] = []
    var maker: Maker

    init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits, maker: Maker) {
        self.bytes = bytes
        self.limits = limits
        self.maker = maker
    }

    mutating func scan() throws(ScanFault) -> Maker.Tree {
        guard bytes.count <= limits.bytesMax else {
            throw ScanFault(
                .tooLarge, "the text has \(bytes.count) bytes, and \(limits.bytesMax) are read", at: 0,
                remedy: "split it")
        }
        if bytes.hasByteOrderMark { position = 3 }
        if bytes.count >= 2, bytes[0] == 0 || bytes[1] == 0 || (bytes[0] ^ bytes[1] == 1 && bytes[0] >= 0xFE) {
            throw ScanFault(.notUTF8, "the text is UTF-16 or UTF-32", at: 0, remedy: "save it as UTF-8")
        }
        skipBlanks()
        let tree = try value()
        skipBlanks()
        guard position == bytes.count else {
            throw ScanFault(.syntax, "\(found()) after the end of the value", at: position, remedy: "remove it")
        }
        return tree
    }

    private mutating func value() throws(ScanFault) -> Maker.Tree {
        let start = position
        guard start < bytes.count else { throw expected("a value") }
        switch bytes[start] {
        case UInt8(ascii: "\""):
            let text = try string()
            return maker.string(text, at: maker.place(bytes, from: start, to: position))
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let text = try number()
            return maker.number(text, at: maker.place(bytes, from: start, to: position))
        case UInt8(ascii: "t"):
            try word("true")
            return maker.bool(true, at: maker.place(bytes, from: start, to: position))
        case UInt8(ascii: "f"):
            try word("false")
            return maker.bool(false, at: maker.place(bytes, from: start, to: position))
        case UInt8(ascii: "n"):
            try word("null")
            return maker.null(at: maker.place(bytes, from: start, to: position))
        default: throw expected("a value")
        }
    }

    private mutating func array() throws(ScanFault) -> Maker.Tree {
        let place = try enter()
        defer { depth -= 1 }
        var elements: [Maker.Tree] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return maker.array(elements, at: place) }
        while true {
            skipBlanks()
            elements.append(try value())
            skipBlanks()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw expected("`,` or `]` after an element") }
            return maker.array(elements, at: place)
        }
    }

    private mutating func object() throws(ScanFault) -> Maker.Tree {
        let place = try enter()
        defer { depth -= 1 }
        var members = maker.noMembers()
        skipBlanks()
        if take(UInt8(ascii: "}")) { return maker.object(members, at: place) }
        while true {
            skipBlanks()
            let start = position
            guard start < bytes.count, bytes[start] == UInt8(ascii: "\"") else {
                throw expected("the name of a member, in double quotes")
            }
            let name = try string()
            let end = position
            let namePlace = maker.place(bytes, from: start, to: end)
            let isNew = maker.admits(name, to: members)
            if !isNew { try maker.refuse(name, at: namePlace, from: start, to: end) }
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw expected("`:` after the name of a member") }
            skipBlanks()
            let value = try value()
            if isNew { maker.append(name, at: namePlace, value, to: &members) }
            skipBlanks()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw expected("`,` or `}` after a member") }
            return maker.object(members, at: place)
        }
    }

    private mutating func enter() throws(ScanFault) -> Maker.Place {
        guard depth < limits.depthMax else {
            throw ScanFault(
                .tooDeep, "more than \(limits.depthMax) arrays and objects inside one another", at: position,
                remedy: "make the text flatter")
        }
        depth += 1
        position += 1
        return maker.place(bytes, from: position - 1, to: position)
    }
}

extension JSONScanner {
    @inline(__always)
    private mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    @inline(__always)
    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    func expected(_ what: String) -> ScanFault {
        ScanFault(.syntax, "expected \(what), found \(found())", at: position)
    }

    func found() -> String {
        guard position < bytes.count else { return "the end of the text" }
        let byte = bytes[position]
        switch byte {
        case 0x21...0x7E: return "`\(Unicode.Scalar(byte))`"
        case 0x80...: break
        default: return "a control character"
        }
        let next = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self)
        let scalar = next.unicodeScalars.first
        return scalar.map { $0 == "\u{FFFD}" ? "a byte that is not UTF-8" : "`\($0)`" } ?? "a byte that is not UTF-8"
    }

    func badNumber(_ start: Int, at end: Int, _ what: String) -> ScanFault {
        ScanFault(.syntax, "a number without \(what)", at: start, to: max(end, start + 1))
    }

    func unterminated(from start: Int) -> ScanFault {
        ScanFault(.syntax, "a string without its closing double quote", at: start)
    }

    func controlCharacter(at offset: Int) -> ScanFault {
        ScanFault(
            .syntax, "a line break or another control character in a string", at: offset,
            remedy: "close the string, or write `\\n`, `\\t` or `\\u00XX`")
    }

    func loneSurrogate(at start: Int) -> ScanFault {
        ScanFault(
            .syntax, "half of a surrogate pair", at: start, to: start + 6,
            remedy: "write both halves, or the character itself")
    }

    func notUTF8(_ slice: Slice<UnsafeBufferPointer<UInt8>>) -> ScanFault {
        var offset = slice.startIndex
        var decoder = UTF8()
        var iterator = slice.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
        return ScanFault(.notUTF8, "bytes that are not UTF-8", at: offset, remedy: "save the text as UTF-8")
    }
}
