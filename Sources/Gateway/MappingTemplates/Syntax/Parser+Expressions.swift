import JSON

extension Parser {
    private enum Operator {
        case or, and
        case comparison(Expression.Comparison)
        case arithmetic(Expression.Arithmetic)

        /// Tighter binding is higher.
        var level: Int {
            switch self {
            case .or: 1
            case .and: 2
            case .comparison(.equal), .comparison(.notEqual): 3
            case .comparison: 4
            case .arithmetic(.add), .arithmetic(.subtract): 5
            case .arithmetic: 6
            }
        }
    }

    mutating func expression() throws(TemplateFailure) -> Expression {
        try expression(from: 1)
    }

    private mutating func expression(from level: Int) throws(TemplateFailure) -> Expression {
        try enter()
        var left = try operand()
        skipSpace()
        var operators = 0
        while let (next, length) = operatorHere(), next.level >= level {
            operators += 1
            guard operators <= TemplateLimits.operatorsMax else {
                throw TemplateFailure(
                    .tooDeep, "more than \(TemplateLimits.operatorsMax) operators follow each other", at: cursor.place()
                )
            }
            cursor.advance(length)
            let right = try expression(from: next.level + 1)
            switch next {
            case .or: left = .or(left, right)
            case .and: left = .and(left, right)
            case .comparison(let comparison): left = .comparison(comparison, left, right)
            case .arithmetic(let arithmetic): left = .arithmetic(arithmetic, left, right)
            }
            skipSpace()
        }
        depth -= 1
        return left
    }

    private func operatorHere() -> (Operator, length: Int)? {
        guard let byte = cursor.byte else { return nil }
        let next = cursor.peek(1)
        let isDoubled = next == byte
        let takesEquals = next == UInt8(ascii: "=")
        switch byte {
        case UInt8(ascii: "|"): return isDoubled ? (.or, 2) : nil
        case UInt8(ascii: "&"): return isDoubled ? (.and, 2) : nil
        case UInt8(ascii: "="): return isDoubled ? (.comparison(.equal), 2) : nil
        case UInt8(ascii: "!"): return takesEquals ? (.comparison(.notEqual), 2) : nil
        case UInt8(ascii: "<"): return takesEquals ? (.comparison(.lessOrEqual), 2) : (.comparison(.less), 1)
        case UInt8(ascii: ">"): return takesEquals ? (.comparison(.greaterOrEqual), 2) : (.comparison(.greater), 1)
        case UInt8(ascii: "+"): return (.arithmetic(.add), 1)
        case UInt8(ascii: "-"): return (.arithmetic(.subtract), 1)
        case UInt8(ascii: "*"): return (.arithmetic(.multiply), 1)
        case UInt8(ascii: "/"): return (.arithmetic(.divide), 1)
        case UInt8(ascii: "%"): return (.arithmetic(.modulo), 1)
        default: break
        }
        guard byte.isLetter, let word = wordHere() else { return nil }
        switch word {
        case "or": return (.or, 2)
        case "and": return (.and, 3)
        case "eq": return (.comparison(.equal), 2)
        case "ne": return (.comparison(.notEqual), 2)
        case "lt": return (.comparison(.less), 2)
        case "le": return (.comparison(.lessOrEqual), 2)
        case "gt": return (.comparison(.greater), 2)
        case "ge": return (.comparison(.greaterOrEqual), 2)
        default: return nil
        }
    }

    /// The word at the cursor, if it is as short as a keyword.
    private func wordHere() -> String? {
        var length = 0
        while let byte = cursor.peek(length), byte.continuesWord {
            length += 1
            if length > 5 { return nil }
        }
        return length == 0 ? nil : cursor.text(cursor.position..<(cursor.position + length))
    }

    mutating func operand() throws(TemplateFailure) -> Expression {
        skipSpace()
        guard let byte = cursor.byte else { throw unexpected("a value") }
        switch byte {
        case UInt8(ascii: "$"):
            guard let reference = try reference() else { throw unexpected("a name after `$`") }
            return .reference(reference)
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return try string()
        case UInt8(ascii: "["): return try list()
        case UInt8(ascii: "{"): return try map()
        case UInt8(ascii: "("):
            cursor.advance()
            let inner = try expression()
            skipSpace()
            guard cursor.take(UInt8(ascii: ")")) else { throw unexpected("`)`") }
            return inner
        case UInt8(ascii: "!"):
            cursor.advance()
            return .not(try nested())
        case UInt8(ascii: "-"):
            cursor.advance()
            return .negative(try nested())
        default:
            if byte.isDigit { return number() }
            guard let word = wordHere() else { throw unexpected("a value") }
            switch word {
            case "true", "false":
                cursor.advance(word.utf8.count)
                return .constant(.bool(word == "true"))
            case "null":
                cursor.advance(4)
                return .constant(.null)
            case "not":
                cursor.advance(3)
                return .not(try nested())
            default: throw unexpected("a value")
            }
        }
    }

    private mutating func nested() throws(TemplateFailure) -> Expression {
        try enter()
        let inner = try operand()
        depth -= 1
        return inner
    }

    private mutating func number() -> Expression {
        let start = cursor.position
        func skipDigits() { while let byte = cursor.byte, byte.isDigit { cursor.advance() } }
        skipDigits()
        var isWhole = true
        if cursor.byte == UInt8(ascii: "."), cursor.peek(1)?.isDigit == true {
            isWhole = false
            cursor.advance()
            skipDigits()
        }
        if let byte = cursor.byte, byte | 0x20 == UInt8(ascii: "e") {
            let hasSign = cursor.peek(1) == UInt8(ascii: "-") || cursor.peek(1) == UInt8(ascii: "+")
            if cursor.peek(hasSign ? 2 : 1)?.isDigit == true {
                isWhole = false
                cursor.advance(hasSign ? 2 : 1)
                skipDigits()
            }
        }
        let text = cursor.text(start..<cursor.position)
        if isWhole, let int = Int(text) { return .constant(.int(int)) }
        if isWhole, let wide = Int128(text) { return .constant(.number(JSONNumber(text: String(wide)))) }
        return .constant(.double(Double(text) ?? .infinity))
    }

    private mutating func list() throws(TemplateFailure) -> Expression {
        let place = cursor.place()
        cursor.advance()
        skipSpace()
        if cursor.take(UInt8(ascii: "]")) { return .list([]) }
        var elements = [try expression()]
        skipSpace()
        if cursor.hasPrefix("..") {
            cursor.advance(2)
            let end = try expression()
            skipSpace()
            guard cursor.take(UInt8(ascii: "]")) else { throw unexpected("`]` of the range") }
            return .range(elements[0], end, place)
        }
        while !cursor.take(UInt8(ascii: "]")) {
            guard cursor.take(UInt8(ascii: ",")) else { throw unexpected("`]` of the list") }
            elements.append(try expression())
            skipSpace()
        }
        return .list(elements)
    }

    private mutating func map() throws(TemplateFailure) -> Expression {
        cursor.advance()
        skipSpace()
        var members: [(name: Expression, value: Expression)] = []
        if cursor.take(UInt8(ascii: "}")) { return .map(members) }
        while true {
            let name = try expression()
            skipSpace()
            guard cursor.take(UInt8(ascii: ":")) else { throw unexpected("`:` of the map") }
            members.append((name, try expression()))
            skipSpace()
            if cursor.take(UInt8(ascii: "}")) { return .map(members) }
            guard cursor.take(UInt8(ascii: ",")) else { throw unexpected("`}` of the map") }
        }
    }

    // MARK: Strings

    /// A quote inside is written twice. Backslashes stay as they are, `\u0041` in double quotes apart.
    private mutating func string() throws(TemplateFailure) -> Expression {
        let open = cursor.place()
        let quote = cursor.byte
        cursor.advance()
        let place = cursor.place()
        var content: [UInt8] = []
        while true {
            guard let byte = cursor.byte else {
                throw TemplateFailure(.syntax, "the string is not closed", at: open)
            }
            cursor.advance()
            if byte == quote {
                guard cursor.byte == quote else { break }
                cursor.advance()
            }
            content.append(byte)
        }
        guard quote == UInt8(ascii: "\"") else {
            return .constant(.string(String(decoding: content, as: UTF8.self)))
        }
        content = Self.unescaped(content)
        guard content.contains(UInt8(ascii: "$")) || content.contains(UInt8(ascii: "#")) else {
            return .constant(.string(String(decoding: content, as: UTF8.self)))
        }
        var inner = Parser(content, at: place, symbols: symbols, depth: depth)
        let nodes = try inner.wholeText()
        switch (nodes.count, nodes.first) {
        case (0, _): return .constant(.string(""))
        case (1, .text(let bytes)): return .constant(.string(String(decoding: bytes, as: UTF8.self)))
        default: return .template(nodes)
        }
    }

    private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "\\")) else { return bytes }
        var units: [UInt16] = []
        var result: [UInt8] = []
        var position = 0
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "\\"), position + 5 < bytes.count,
                bytes[position + 1] == UInt8(ascii: "u"),
                let unit = UInt16(String(decoding: bytes[(position + 2)..<(position + 6)], as: UTF8.self), radix: 16),
                bytes[position + 2] != UInt8(ascii: "+")
            {
                units.append(unit)
                position += 6
                continue
            }
            if !units.isEmpty { result.append(contentsOf: String(decoding: units, as: UTF16.self).utf8) }
            units = []
            result.append(bytes[position])
            position += 1
        }
        if !units.isEmpty { result.append(contentsOf: String(decoding: units, as: UTF16.self).utf8) }
        return result
    }
}
