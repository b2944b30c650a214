import JSON

/// What stands in `[?( … )]`, and the arguments of functions.
extension PathParser {
    mutating func condition() throws(TemplateFailure) -> PathCondition {
        depth += 1
        guard depth <= TemplateLimits.expressionDepthMax else { throw tooDeep() }
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
            guard depth <= TemplateLimits.expressionDepthMax else { throw tooDeep() }
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
            guard bytes[position...].starts(with: text, by: { ($0.isLetter ? $0 | 0x20 : $0) == $1 }) else { continue }
            if text[0].isLetter, peek(text.count)?.continuesWord == true { continue }
            position += text.count
            return candidate
        }
        return nil
    }

    mutating func operand() throws(TemplateFailure) -> PathOperand {
        switch next {
        case UInt8(ascii: "@"), UInt8(ascii: "$"):
            let isRelative = next == UInt8(ascii: "@")
            position += 1
            depth += 1
            guard depth <= TemplateLimits.expressionDepthMax else { throw tooDeep() }
            let path = try segments()
            depth -= 1
            return .path(path, isRelative: isRelative)
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .value(.string(try string()))
        case UInt8(ascii: "/"): return .pattern(try pattern())
        case UInt8(ascii: "["):
            position += 1
            return .value(.array(try list()))
        case UInt8(ascii: "{"):
            position += 1
            return .value(.object(try object()))
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
            elements.append(try literal())
            skipSpace()
            if take("]") { return elements }
            guard take(",") else { throw bad("`]` is missing") }
        }
    }

    private mutating func object() throws(TemplateFailure) -> JSONObject {
        var object = JSONObject()
        skipSpace()
        if take("}") { return object }
        while true {
            skipSpace()
            let name = try string()
            skipSpace()
            guard take(":") else { throw bad("`:` is missing") }
            object[name] = try literal()
            skipSpace()
            if take("}") { return object }
            guard take(",") else { throw bad("`}` is missing") }
        }
    }

    /// A value inside a list or an object.
    private mutating func literal() throws(TemplateFailure) -> JSONValue {
        depth += 1
        guard depth <= TemplateLimits.expressionDepthMax else { throw tooDeep() }
        skipSpace()
        guard next != UInt8(ascii: "@"), next != UInt8(ascii: "$"), case .value(let value) = try operand() else {
            throw bad("a list or an object in a filter holds plain values")
        }
        depth -= 1
        return value
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
        var flags = ""
        while let byte = next, "imsxduU".utf8.contains(byte) {
            position += 1
            // `d` and the two for Unicode make no difference here.
            if "imsx".utf8.contains(byte) { flags.unicodeScalars.append(Unicode.Scalar(byte)) }
        }
        return try Pattern(parsing: (flags.isEmpty ? "" : "(?\(flags))") + String(decoding: content, as: UTF8.self))
    }
}
