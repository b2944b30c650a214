extension PatternParser {
    /// What follows a backslash.
    mutating func escape(inSet: Bool) throws(Malformed) -> ScalarSet {
        guard let scalar = next else { throw Malformed(reason: "`\\` at the end") }
        position += 1
        switch scalar {
        case "d": return .digits
        case "D": return ScalarSet.digits.inverted
        case "w": return .word
        case "W": return ScalarSet.word.inverted
        case "s": return dialect == .schema ? .wideBlank : .blank
        case "S": return (dialect == .schema ? ScalarSet.wideBlank : .blank).inverted
        case "n": return .one("\n")
        case "r": return .one("\r")
        case "t": return .one("\t")
        default: break
        }
        if dialect == .schema, let set = try schemaEscape(scalar, inSet: inSet) { return set }
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": throw Malformed(reason: "`\\\(scalar)` is not offered")
        default: return .one(scalar)
        }
    }

    /// The escapes of ECMA 262 that Java's selection patterns do without.
    private mutating func schemaEscape(_ scalar: Unicode.Scalar, inSet: Bool) throws(Malformed) -> ScalarSet? {
        switch scalar {
        case "f": return .one("\u{0C}")
        case "v": return .one("\u{0B}")
        case "b" where inSet: return .one("\u{08}")
        case "0": return .one("\0")
        case "c":
            guard let letter = next, letter.isASCII, letter.properties.isAlphabetic else {
                throw Malformed(reason: "`\\c` needs a letter")
            }
            position += 1
            return ScalarSet(ranges: [letter.value % 32...letter.value % 32])
        case "x": return ScalarSet(ranges: [try hexadecimal(2)].map { $0...$0 })
        case "u": return ScalarSet(ranges: [try unicode()].map { $0...$0 })
        case "p", "P":
            guard take("{") else { throw Malformed(reason: "`\\\(scalar)` needs a property in braces") }
            var name = ""
            while let letter = next, letter != "}" {
                name.unicodeScalars.append(letter)
                position += 1
            }
            guard take("}"), let set = ScalarSet(property: name) else {
                throw Malformed(reason: "the property `\(name)` is not offered")
            }
            return scalar == "P" ? set.inverted : set
        default: return nil
        }
    }

    private mutating func hexadecimal(_ count: Int) throws(Malformed) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let scalar = next, let digit = Character(scalar).hexDigitValue, scalar.isASCII else {
                throw Malformed(reason: "an escape needs \(count) hexadecimal digits")
            }
            value = value * 16 + UInt32(digit)
            position += 1
        }
        return value
    }

    /// Two escapes may be the halves of one scalar.
    private mutating func unicode() throws(Malformed) -> UInt32 {
        let first = try hexadecimal(4)
        guard (0xD800...0xDBFF).contains(first), next == "\\", position + 1 < scalars.count,
            scalars[position + 1] == "u"
        else { return first }
        position += 2
        let second = try hexadecimal(4)
        guard (0xDC00...0xDFFF).contains(second) else { throw Malformed(reason: "a half of a character stands alone") }
        return 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }

    /// `[...]` of Java's dialect.
    mutating func bracket() throws(Malformed) -> ScalarSet {
        var set = ScalarSet()
        let isNegated = take("^")
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            position += 1
            guard scalar != "[", !(scalar == "&" && next == "&") else {
                throw Malformed(reason: "sets inside `[]` are not offered")
            }
            try add(scalar, to: &set)
        }
        guard take("]") else { throw Malformed(reason: "`[` without `]`") }
        set.isNegated = isNegated
        return set
    }

    /// `[...]` of ECMA 262: the first `]` closes, a `[` inside is itself.
    mutating func schemaSet() throws(Malformed) -> ScalarSet {
        var set = ScalarSet()
        let isNegated = take("^")
        while let scalar = next, scalar != "]" {
            position += 1
            try add(scalar, to: &set)
        }
        guard take("]") else { throw Malformed(reason: "`[` without `]`") }
        set.isNegated = isNegated
        return set
    }

    /// One scalar, class or range, whose first scalar has been taken.
    private mutating func add(_ scalar: Unicode.Scalar, to set: inout ScalarSet) throws(Malformed) {
        let low = scalar == "\\" ? try escape(inSet: true) : .one(scalar)
        guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]",
            low.single != nil || dialect == .selection
        else {
            guard !low.isNegated || dialect == .schema else {
                throw Malformed(reason: "a negated class inside `[]` is not offered")
            }
            if low.isNegated || !low.categories.isEmpty {
                set.members.append(low)
            } else {
                set.ranges += low.ranges
            }
            return
        }
        position += 1
        let end = scalars[position]
        position += 1
        let high = end == "\\" ? try escape(inSet: true) : .one(end)
        guard let from = low.single, let to = high.single, from <= to else {
            throw Malformed(reason: "a range in `[]` is not valid")
        }
        set.ranges.append(from...to)
    }
}
