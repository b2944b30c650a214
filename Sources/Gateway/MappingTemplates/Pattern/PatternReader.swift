/// Reads a pattern.
struct PatternReader {
    private enum Greed {
        case greedy, lazy, possessive
    }

    struct Flags {
        var ignoresCase = false
        var dotTakesBreaks = false
        var isMultiline = false
        var isCommented = false
    }

    let scalars: [UInt32]
    var position = 0
    var depth = 0
    private(set) var groupCount = 1
    private(set) var groupNames: [String: Int] = [:]
    var flags = Flags()

    init(_ text: String) { scalars = text.unicodeScalars.map(\.value) }

    /// - Throws: `template.bad-pattern` or `template.too-deep`.
    mutating func wholePattern() throws(TemplateFailure) -> PatternNode {
        let tree = try alternatives()
        guard position == scalars.count else { throw bad("`)` closes nothing") }
        return tree
    }

    func bad(_ message: String) -> TemplateFailure {
        let shown = String(String.UnicodeScalarView(scalars.prefix(100).compactMap(Unicode.Scalar.init)))
        return TemplateFailure(
            .badPattern, "the pattern `\(shown)` cannot be read: \(message), position \(position + 1)", at: .start)
    }

    var next: UInt32? { position < scalars.count ? scalars[position] : nil }

    func peek(_ distance: Int) -> UInt32? {
        position + distance < scalars.count ? scalars[position + distance] : nil
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == character.value else { return false }
        position += 1
        return true
    }

    private mutating func take(text: String) -> Bool {
        let wanted = text.unicodeScalars.map(\.value)
        guard scalars[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    // MARK: Reading

    private mutating func alternatives() throws(TemplateFailure) -> PatternNode {
        depth += 1
        guard depth <= TemplateLimits.expressionDepthMax else {
            throw TemplateFailure(
                .tooDeep, "a pattern has more than \(TemplateLimits.expressionDepthMax) groups in each other",
                at: .start)
        }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        depth -= 1
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence() throws(TemplateFailure) -> PatternNode {
        var nodes: [PatternNode] = []
        while let scalar = next, scalar != 0x7C, scalar != 0x29 {
            if flags.isCommented, skipComment(scalar) { continue }
            if take(text: "\\Q") {
                while next != nil, !take(text: "\\E") {
                    nodes.append(character(scalars[position]))
                    position += 1
                }
                continue
            }
            let atom = try atom()
            nodes.append(try quantified(atom))
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func skipComment(_ scalar: UInt32) -> Bool {
        if scalar == 0x20 || (0x09...0x0D).contains(scalar) {
            position += 1
            return true
        }
        guard scalar == 0x23 else { return false }
        while let scalar = next, scalar != 0x0A { position += 1 }
        return true
    }

    func character(_ scalar: UInt32) -> PatternNode {
        .instruction(.scalar(scalar, ignoresCase: flags.ignoresCase))
    }

    private mutating func atom() throws(TemplateFailure) -> PatternNode {
        guard let scalar = next else { return .empty }
        position += 1
        switch Unicode.Scalar(scalar) {
        case ".": return .instruction(.any(lineBreaks: flags.dotTakesBreaks))
        case "^": return .instruction(flags.isMultiline ? .lineStart : .textStart)
        case "$": return .instruction(flags.isMultiline ? .lineEnd : .textEndOrLastBreak)
        case "(": return try group()
        case "[":
            let set = try set()
            return .instruction(.set(set))
        case "\\": return try escape()
        case "*", "+", "?":
            position -= 1
            throw bad("a quantifier has nothing before it")
        case "{": throw bad("`{` has nothing before it")
        default: return character(scalar)
        }
    }

    private mutating func quantified(_ atom: PatternNode) throws(TemplateFailure) -> PatternNode {
        guard let (min, max) = try quantifier() else { return atom }
        let greed: Greed = take("?") ? .lazy : take("+") ? .possessive : .greedy
        let loop = PatternNode.loop(atom, min: min, max: max, isLazy: greed == .lazy)
        guard try quantifier() == nil else { throw bad("a quantifier follows a quantifier") }
        return greed == .possessive ? .atomic(loop) : loop
    }

    private mutating func quantifier() throws(TemplateFailure) -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard take("{") else { return nil }
        guard let min = try count() else { throw bad("a number must follow `{`") }
        var max: Int? = min
        if take(",") { max = try count() }
        guard take("}") else { throw bad("`{` is not closed") }
        if let max, max < min { throw bad("the range of `{\(min),\(max)}` is empty") }
        return (min, max)
    }

    private mutating func count() throws(TemplateFailure) -> Int? {
        var value: Int?
        while let scalar = next, (0x30...0x39).contains(scalar) {
            value = (value ?? 0) * 10 + Int(scalar - 0x30)
            guard value ?? 0 <= 10_000 else { throw bad("a repetition is above 10000") }
            position += 1
        }
        return value
    }

    private mutating func group() throws(TemplateFailure) -> PatternNode {
        let outer = flags
        defer { flags = outer }
        let node: PatternNode
        if !take("?") {
            node = try captured()
        } else if take(":") {
            node = try alternatives()
        } else if take(text: "<=") {
            node = .look(isAhead: false, isWanted: true, try alternatives())
        } else if take(text: "<!") {
            node = .look(isAhead: false, isWanted: false, try alternatives())
        } else if take("=") {
            node = .look(isAhead: true, isWanted: true, try alternatives())
        } else if take("!") {
            node = .look(isAhead: true, isWanted: false, try alternatives())
        } else if take(">") {
            node = .atomic(try alternatives())
        } else if take("<") {
            let name = try groupName(until: ">")
            guard groupNames[name] == nil else { throw bad("two groups are named `\(name)`") }
            groupNames[name] = groupCount
            node = try captured()
        } else {
            return try flagGroup(outer)
        }
        guard take(")") else { throw bad("`(` is not closed") }
        return node
    }

    private mutating func captured() throws(TemplateFailure) -> PatternNode {
        let number = groupCount
        groupCount += 1
        return .group(number, try alternatives())
    }

    mutating func groupName(until end: Unicode.Scalar) throws(TemplateFailure) -> String {
        var name = String.UnicodeScalarView()
        if let scalar = next, (0x30...0x39).contains(scalar) { throw bad("the name of a group starts with a digit") }
        while let scalar = next, CharacterSet.isWord(scalar), let scalar = Unicode.Scalar(scalar) {
            name.append(scalar)
            position += 1
        }
        guard !name.isEmpty, take(end) else { throw bad("the name of a group is missing") }
        return String(name)
    }

    /// `(?i)` counts up to the end of the group around it, `(?i:…)` inside only.
    private mutating func flagGroup(_ outer: Flags) throws(TemplateFailure) -> PatternNode {
        var isOn = true
        while let scalar = next {
            position += 1
            switch Unicode.Scalar(scalar) {
            case "-": isOn = false
            case "i": flags.ignoresCase = isOn
            case "s": flags.dotTakesBreaks = isOn
            case "m": flags.isMultiline = isOn
            case "x": flags.isCommented = isOn
            case "u", "U", "d": break
            case ":":
                let node = try alternatives()
                guard take(")") else { throw bad("`(` is not closed") }
                return node
            case ")":
                // The rest of the group around it is read with these flags.
                let rest = try alternatives()
                return rest
            default: throw bad("an unknown flag follows `(?`")
            }
        }
        throw bad("`(` is not closed")
    }
}
