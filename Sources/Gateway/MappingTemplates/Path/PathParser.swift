import JSON

/// Reads a path.
struct PathParser {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
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

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func peek(_ distance: Int) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        let isThere = text.withUTF8Buffer { buffer in
            buffer.elementsEqual(bytes[position..<(position + count)])
        }
        if isThere { position += count }
        return isThere
    }

    private mutating func skipSpace() { while next?.isSpace == true { position += 1 } }

    private func shown() -> String { String(decoding: bytes[position...].prefix(20), as: UTF8.self) }

    private func bad(_ message: String) -> TemplateFailure {
        let column = bytes[..<min(position, bytes.count)].reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 } - added
        let text = String(decoding: bytes[added...].prefix(200), as: UTF8.self)
        return TemplateFailure(
            .badPath, "the path `\(text)` cannot be read: \(message)",
            at: Place(line: 1, column: Int32(max(column, 0) + 1)))
    }

    // MARK: Segments

    private mutating func segments() throws(TemplateFailure) -> JSONPath {
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
        while let byte = next, !Self.endsName(byte) { position += 1 }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        guard !name.isEmpty else { throw bad("a name is missing") }
        guard next == UInt8(ascii: "(") else {
            segments.append(.names([name]))
            return nil
        }
        return try function(name)
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        byte.isSpace || ".[()]=<>!&|,".utf8.contains(byte)
    }

    private mutating func function(_ name: String) throws(TemplateFailure) -> PathFunction {
        position += 1
        skipSpace()
        let argument = try int()
        skipSpace()
        guard take(")") else { throw bad("`)` is missing") }
        switch (name, argument) {
        case ("length", nil), ("size", nil): return .length
        case ("min", nil): return .min
        case ("max", nil): return .max
        case ("avg", nil): return .avg
        case ("sum", nil): return .sum
        case ("stddev", nil): return .stddev
        case ("keys", nil): return .keys
        case ("first", nil): return .first
        case ("last", nil): return .last
        case ("index", let index?): return .index(index)
        default: throw bad("there is no function `\(name)` with such arguments")
        }
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
            var step = 1
            if take(":") {
                skipSpace()
                step = try int() ?? 1
                guard step > 0 else { throw bad("the step of a slice must be above zero") }
            }
            return .slice(from: first, to: to, step: step)
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

    private mutating func int() throws(TemplateFailure) -> Int? {
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
    private mutating func string() throws(TemplateFailure) -> String {
        guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            throw bad("a name in quotes is missing")
        }
        position += 1
        var content: [UInt8] = []
        while let byte = next {
            position += 1
            if byte == quote { return String(decoding: content, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), let quoted = next {
                position += 1
                content.append(quoted)
            } else {
                content.append(byte)
            }
        }
        throw bad("a quote is not closed")
    }

    // MARK: Filters

    private mutating func condition() throws(TemplateFailure) -> PathCondition {
        depth += 1
        guard depth <= TemplateLimits.expressionDepthMax else {
            throw TemplateFailure(.tooDeep, "a path has too many filters in each other", at: .start)
        }
        var left = try conjunction()
        skipSpace()
        while take("||") {
            left = .or(left, try conjunction())
            skipSpace()
        }
        depth -= 1
        return left
    }

    private mutating func conjunction() throws(TemplateFailure) -> PathCondition {
        var left = try term()
        skipSpace()
        while take("&&") {
            left = .and(left, try term())
            skipSpace()
        }
        return left
    }

    private mutating func term() throws(TemplateFailure) -> PathCondition {
        skipSpace()
        if next == UInt8(ascii: "!") {
            position += 1
            depth += 1
            guard depth <= TemplateLimits.expressionDepthMax else {
                throw TemplateFailure(.tooDeep, "a path has too many filters in each other", at: .start)
            }
            let inner = try term()
            depth -= 1
            return .not(inner)
        }
        if take("(") {
            let inner = try condition()
            skipSpace()
            guard take(")") else { throw bad("`)` is missing") }
            return inner
        }
        let left = try operand()
        skipSpace()
        guard let comparison = comparison() else {
            guard case .path = left else { throw bad("an operator is missing") }
            return .exists(left)
        }
        skipSpace()
        let right = try operand()
        if comparison == .matches, case .pattern = right { return .comparison(left, comparison, right) }
        if comparison == .matches { throw bad("`=~` wants a pattern such as `/a.*/i`") }
        if case .pattern = right { throw bad("a pattern belongs to `=~`") }
        return .comparison(left, comparison, right)
    }

    private mutating func comparison() -> PathCondition.Operator? {
        for candidate in PathCondition.Operator.allCases {
            let text = Array(candidate.rawValue.utf8)
            guard bytes[position...].starts(with: text) else { continue }
            if text[0].isLetter, peek(text.count)?.continuesWord == true { continue }
            position += text.count
            return candidate
        }
        return nil
    }

    private mutating func operand() throws(TemplateFailure) -> PathOperand {
        switch next {
        case UInt8(ascii: "@"), UInt8(ascii: "$"):
            let isRelative = next == UInt8(ascii: "@")
            position += 1
            depth += 1
            guard depth <= TemplateLimits.expressionDepthMax else {
                throw TemplateFailure(.tooDeep, "a path has too many filters in each other", at: .start)
            }
            let path = try segments()
            depth -= 1
            return .path(path, isRelative: isRelative)
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .value(.string(try string()))
        case UInt8(ascii: "/"): return .pattern(try pattern())
        case UInt8(ascii: "["):
            position += 1
            return .value(.array(try list()))
        default: break
        }
        let start = position
        while let byte = next, byte.continuesName || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+") {
            position += 1
        }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        switch word {
        case "true": return .value(.bool(true))
        case "false": return .value(.bool(false))
        case "null": return .value(.null)
        default:
            do throws(JSONFailure) {
                if case .number(let number) = try JSONValue(parsing: word) { return .value(.number(number)) }
            } catch {
                // Not a number either: the message below says so with the place in the path.
            }
            position = start
            throw bad("`\(shown())` is no value")
        }
    }

    private mutating func list() throws(TemplateFailure) -> [JSONValue] {
        var elements: [JSONValue] = []
        skipSpace()
        if take("]") { return elements }
        while true {
            skipSpace()
            guard next != UInt8(ascii: "["), case .value(let value) = try operand() else {
                throw bad("a list in a filter holds plain values")
            }
            elements.append(value)
            skipSpace()
            if take("]") { return elements }
            guard take(",") else { throw bad("`]` is missing") }
        }
    }

    private mutating func pattern() throws(TemplateFailure) -> Pattern {
        position += 1
        var content: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "/") {
            position += 1
            if byte == UInt8(ascii: "\\"), let quoted = next {
                position += 1
                if quoted != UInt8(ascii: "/") { content.append(byte) }
                content.append(quoted)
            } else {
                content.append(byte)
            }
        }
        guard take("/") else { throw bad("a pattern is not closed") }
        let flags = take("i") ? "(?i)" : ""
        return try Pattern(parsing: flags + String(decoding: content, as: UTF8.self))
    }
}
