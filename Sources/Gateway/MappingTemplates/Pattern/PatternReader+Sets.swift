extension PatternReader {
    mutating func escape() throws(TemplateFailure) -> PatternNode {
        guard let scalar = next else { throw bad("a backslash ends it") }
        if let set = try classEscape() { return .instruction(.set(set)) }
        switch Unicode.Scalar(scalar) {
        case "b", "B":
            position += 1
            return .instruction(.wordBoundary(scalar == 0x62))
        case "A":
            position += 1
            return .instruction(.textStart)
        case "z":
            position += 1
            return .instruction(.textEnd)
        case "Z":
            position += 1
            return .instruction(.textEndOrLastBreak)
        case "k":
            position += 1
            guard take("<") else { throw bad("the name of a group is missing") }
            let name = try groupName(until: ">")
            guard let number = groupNames[name] else { throw bad("no group is named `\(name)`") }
            return .instruction(.backReference(number, ignoresCase: flags.ignoresCase))
        case let digit? where ("1"..."9").contains(digit):
            position += 1
            let number = Int(scalar - 0x30)
            guard number < groupCount else { throw bad("there is no group \(number)") }
            return .instruction(.backReference(number, ignoresCase: flags.ignoresCase))
        default: return character(try escapedScalar())
        }
    }

    /// `\d` and the like; nil, with nothing taken, for any other escape.
    private mutating func classEscape() throws(TemplateFailure) -> CharacterSet? {
        guard let scalar = next, let character = Unicode.Scalar(scalar) else { return nil }
        let set: CharacterSet
        switch character {
        case "d": set = .digit
        case "D": set = .not(.digit)
        case "w": set = .word
        case "W": set = .not(.word)
        case "s": set = .space
        case "S": set = .not(.space)
        case "p", "P":
            position += 1
            let named = try property()
            return character == "P" ? .not(named) : named
        default: return nil
        }
        position += 1
        return set
    }

    private mutating func property() throws(TemplateFailure) -> CharacterSet {
        var name = String.UnicodeScalarView()
        if take("{") {
            while let scalar = next, scalar != 0x7D, let scalar = Unicode.Scalar(scalar) {
                name.append(scalar)
                position += 1
            }
            guard take("}") else { throw bad("`\\p{` is not closed") }
        } else if let scalar = next.flatMap(Unicode.Scalar.init) {
            name.append(scalar)
            position += 1
        }
        switch String(name) {
        case "L", "IsL", "Alpha", "IsAlphabetic": return .letter
        case "Lu", "IsLu", "Upper": return .upper
        case "Ll", "IsLl", "Lower": return .lower
        case "N", "Nd", "IsN", "IsNd", "Digit", "IsDigit": return .digit
        case "Alnum": return .alphanumeric
        case "Punct", "P": return .punctuation
        case "Space": return .space
        case "ASCII": return .range(0...0x7F, ignoresCase: false)
        case let other: throw bad("the class `\(other)` is not known")
        }
    }

    /// The character that an escape stands for.
    private mutating func escapedScalar() throws(TemplateFailure) -> UInt32 {
        guard let scalar = next else { throw bad("a backslash ends it") }
        position += 1
        switch Unicode.Scalar(scalar) {
        case "n": return 0x0A
        case "r": return 0x0D
        case "t": return 0x09
        case "f": return 0x0C
        case "a": return 0x07
        case "e": return 0x1B
        case "x": return try hex(digits: 2)
        case "u": return try hex(digits: 4)
        case _ where CharacterSet.isWord(scalar) && scalar != 0x5F:
            position -= 1
            throw bad("an unknown letter follows a backslash")
        default: return scalar
        }
    }

    private mutating func hex(digits: Int) throws(TemplateFailure) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let scalar = next, scalar < 0x80, let digit = Hex.digit(UInt8(scalar)) else {
                throw bad("\(digits) hex digits must follow")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    // MARK: Sets

    mutating func set() throws(TemplateFailure) -> CharacterSet {
        depth += 1
        guard depth <= TemplateLimits.expressionDepthMax else { throw bad("sets are nested too deep") }
        defer { depth -= 1 }
        let isNegated = take("^")
        var members: [CharacterSet] = []
        var isFirst = true
        while let scalar = next {
            if scalar == 0x5D, !isFirst {
                position += 1
                let union = CharacterSet.union(members)
                return isNegated ? .not(union) : union
            }
            isFirst = false
            if scalar == 0x26, peek(1) == 0x26 {
                position += 2
                // What follows `&&` is read as a set of its own, up to the same bracket.
                let both = CharacterSet.both(.union(members), try set())
                return isNegated ? .not(both) : both
            }
            if take("[") {
                members.append(try set())
                continue
            }
            if take("\\"), let known = try classEscape() {
                members.append(known)
                continue
            }
            members.append(try range(isEscaped: scalar == 0x5C))
        }
        throw bad("`[` is not closed")
    }

    private mutating func range(isEscaped: Bool) throws(TemplateFailure) -> CharacterSet {
        let first: UInt32
        if isEscaped {
            first = try escapedScalar()
        } else {
            first = scalars[position]
            position += 1
        }
        var last = first
        if next == 0x2D, let after = peek(1), after != 0x5D, after != 0x5B {
            position += 1
            if take("\\") {
                last = try escapedScalar()
            } else {
                last = scalars[position]
                position += 1
            }
            guard last >= first else { throw bad("a range in a set runs backwards") }
        }
        return .range(first...last, ignoresCase: flags.ignoresCase)
    }
}
