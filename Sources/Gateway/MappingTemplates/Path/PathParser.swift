import JSON

/// Reads a path.
struct PathParser {
    let bytes: [UInt8]
    var position = 0
    var depth = 0
    /// What the text was before a leading `$.` was added.
    private let added: Int

    init(_ text: String) {
        var trimmed = Array(text.utf8)[...]
        while trimmed.first?.isSpace == true { trimmed.removeFirst() }
        while trimmed.last?.isSpace == true { trimmed.removeLast() }
        if let first = trimmed.first, first != UInt8(ascii: "$"), first != UInt8(ascii: "@") {
            let prefix = first == UInt8(ascii: "[") ? "$" : "$."
            bytes = Array(prefix.utf8) + trimmed
            added = prefix.utf8.count
        } else {
            bytes = Array(trimmed)
            added = 0
        }
    }

    mutating func wholePath() throws(TemplateFailure) -> JSONPath {
        guard !bytes.isEmpty else { throw bad("it is empty") }
        position = 1
        let path = try segments()
        guard position == bytes.count else { throw bad("`\(shown())` cannot follow") }
        return path
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    func peek(_ distance: Int) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        let isThere = text.withUTF8Buffer { buffer in
            buffer.elementsEqual(bytes[position..<(position + count)])
        }
        if isThere { position += count }
        return isThere
    }

    mutating func skipSpace() { while next?.isSpace == true { position += 1 } }

    func shown() -> String { String(decoding: bytes[position...].prefix(20), as: UTF8.self) }

    func bad(_ message: String) -> TemplateFailure {
        let column = bytes[..<min(position, bytes.count)].reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 } - added
        let text = String(decoding: bytes[added...].prefix(200), as: UTF8.self)
        return TemplateFailure(
            .badPath, "the path `\(text)` cannot be read: \(message)",
            at: Place(line: 1, column: Int32(max(column, 0) + 1)))
    }

    // MARK: Segments

    mutating func segments() throws(TemplateFailure) -> JSONPath {
        var segments: [PathSegment] = []
        while true {
            if take("..") {
                segments.append(.descend)
                guard next == UInt8(ascii: "[") else {
                    guard let function = try name(into: &segments) else { continue }
                    return JSONPath(segments: segments, function: function)
                }
            } else if next == UInt8(ascii: "."), peek(1) != nil {
                position += 1
                guard next != UInt8(ascii: "[") else { continue }
                guard let function = try name(into: &segments) else { continue }
                return JSONPath(segments: segments, function: function)
            } else if next == UInt8(ascii: "[") {
                position += 1
                segments.append(try bracket())
            } else if next == UInt8(ascii: ".") {
                throw bad("it ends with a dot")
            } else {
                return JSONPath(segments: segments, function: nil)
            }
        }
    }

    /// A name, `*` or a function behind a dot; gives the function, which ends the path.
    private mutating func name(into segments: inout [PathSegment]) throws(TemplateFailure) -> PathFunction? {
        if take("*") {
            segments.append(.all)
            return nil
        }
        let start = position
        while let byte = next, !endsName(byte) { position += 1 }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        guard !name.isEmpty else { throw bad("a name is missing") }
        guard next == UInt8(ascii: "(") else {
            segments.append(.names([name]))
            return nil
        }
        return try function(name)
    }

    /// In a filter or among arguments a name ends where an operator may begin.
    private func endsName(_ byte: UInt8) -> Bool {
        byte.isSpace || (depth == 0 ? ".[(" : ".[()]=<>!&|,").utf8.contains(byte)
    }

    private mutating func function(_ name: String) throws(TemplateFailure) -> PathFunction {
        position += 1
        var arguments: [PathOperand] = []
        depth += 1
        guard depth <= TemplateLimits.expressionDepthMax else { throw tooDeep() }
        skipSpace()
        if next != UInt8(ascii: ")") {
            repeat {
                skipSpace()
                arguments.append(try operand())
                skipSpace()
            } while take(",")
        }
        depth -= 1
        guard take(")") else { throw bad("`)` is missing") }
        let function = PathFunction.Name(rawValue: name).map { PathFunction(name: $0, arguments: arguments) }
        guard let function, function.takesItsArguments else {
            throw bad("there is no function `\(name)` with such arguments")
        }
        return function
    }

    /// What stands behind `[`.
    private mutating func bracket() throws(TemplateFailure) -> PathSegment {
        skipSpace()
        let segment: PathSegment
        switch next {
        case UInt8(ascii: "*"):
            position += 1
            segment = .all
        case UInt8(ascii: "'"), UInt8(ascii: "\""): segment = .names(try names())
        case UInt8(ascii: "?"):
            position += 1
            skipSpace()
            guard take("(") else { throw bad("`(` must follow `?`") }
            let condition = try condition()
            skipSpace()
            guard take(")") else { throw bad("`)` of the filter is missing") }
            segment = .filter(condition)
        default: segment = try positions()
        }
        skipSpace()
        guard take("]") else { throw bad("`]` is missing") }
        return segment
    }

    private mutating func names() throws(TemplateFailure) -> [String] {
        var names: [String] = []
        repeat {
            skipSpace()
            names.append(try string())
            skipSpace()
        } while take(",")
        return names
    }

    private mutating func positions() throws(TemplateFailure) -> PathSegment {
        let first = try int()
        skipSpace()
        if take(":") {
            skipSpace()
            let to = try int()
            skipSpace()
            // A step is read and has no effect.
            if take(":") {
                skipSpace()
                _ = try int()
            }
            guard first != nil || to != nil else { throw bad("a slice needs a beginning or an end") }
            return .slice(from: first, to: to)
        }
        guard let first else { throw bad("a name in quotes, a position, `*` or `?(` must follow `[`") }
        var positions = [first]
        while take(",") {
            skipSpace()
            guard let more = try int() else { throw bad("a position is missing") }
            positions.append(more)
            skipSpace()
        }
        return .positions(positions)
    }

    mutating func int() throws(TemplateFailure) -> Int? {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        while next?.isDigit == true { position += 1 }
        guard position > start else { return nil }
        guard let value = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            throw bad("a position is not a number")
        }
        return value
    }

    /// Quotes of either kind; a backslash quotes what follows.
    mutating func string() throws(TemplateFailure) -> String {
        guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            throw bad("a name in quotes is missing")
        }
        position += 1
        var content: [UInt8] = []
        while let byte = next {
            position += 1
            if byte == quote { return String(decoding: content, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), next != nil {
                escape(into: &content)
            } else {
                content.append(byte)
            }
        }
        throw bad("a quote is not closed")
    }

    /// What follows a backslash; all but the letters below stand for themselves.
    private mutating func escape(into content: inout [UInt8]) {
        guard let quoted = next else { return }
        position += 1
        switch quoted {
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "u"):
            var units = [unit()].compactMap(\.self)
            guard let first = units.first else { return content.append(quoted) }
            // Two of them make one character past the first 65,536.
            if UTF16.isLeadSurrogate(first), next == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "u") {
                position += 2
                if let second = unit() { units.append(second) } else { position -= 2 }
            }
            content.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
        default: content.append(quoted)
        }
    }

    /// Four hex digits.
    private mutating func unit() -> UInt16? {
        guard position + 4 <= bytes.count else { return nil }
        var unit: UInt16 = 0
        for byte in bytes[position..<(position + 4)] {
            guard let digit = Hex.digit(byte) else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        position += 4
        return unit
    }

    func tooDeep() -> TemplateFailure {
        TemplateFailure(.tooDeep, "a path has too many filters in each other", at: .start)
    }
}
