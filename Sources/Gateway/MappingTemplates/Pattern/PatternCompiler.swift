/// Reads a pattern and writes its instructions.
struct PatternCompiler {
    private indirect enum Node {
        case empty
        case instruction(Pattern.Instruction)
        case sequence([Node])
        case alternatives([Node])
        case group(Int, Node)
        case look(isAhead: Bool, isWanted: Bool, Node)
        case atomic(Node)
        case loop(Node, min: Int, max: Int?, Greed)
    }

    private enum Greed {
        case greedy, lazy, possessive
    }

    private struct Flags {
        var ignoresCase = false
        var dotTakesBreaks = false
        var isMultiline = false
        var isCommented = false
    }

    private let scalars: [UInt32]
    private var position = 0
    private var depth = 0
    private var groupCount = 1
    private var groupNames: [String: Int] = [:]
    private var flags = Flags()
    private var instructions: [Pattern.Instruction] = []
    private var slotCount = 0
    private var written = 0

    init(_ text: String) { scalars = text.unicodeScalars.map(\.value) }

    mutating func compile() throws(TemplateFailure) -> Pattern {
        let tree = try alternatives()
        guard position == scalars.count else { throw bad("`)` closes nothing") }
        slotCount = groupCount * 2
        try emit(.save(0))
        try emit(tree)
        try emit(.save(1))
        try emit(.match)
        return Pattern(
            instructions: instructions, groupCount: groupCount, slotCount: slotCount, groupNames: groupNames,
            literal: Self.literal(tree))
    }

    private static func literal(_ tree: Node) -> [UInt32]? {
        switch tree {
        case .instruction(.scalar(let scalar, ignoresCase: false)): return [scalar]
        case .sequence(let nodes):
            var text: [UInt32] = []
            for node in nodes {
                guard case .instruction(.scalar(let scalar, ignoresCase: false)) = node else { return nil }
                text.append(scalar)
            }
            return text.isEmpty ? nil : text
        default: return nil
        }
    }

    private func bad(_ message: String) -> TemplateFailure {
        let shown = String(String.UnicodeScalarView(scalars.prefix(100).compactMap(Unicode.Scalar.init)))
        return TemplateFailure(
            .badPattern, "the pattern `\(shown)` cannot be read: \(message), position \(position + 1)", at: .start)
    }

    private var next: UInt32? { position < scalars.count ? scalars[position] : nil }

    private func peek(_ distance: Int) -> UInt32? {
        position + distance < scalars.count ? scalars[position + distance] : nil
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
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

    private mutating func alternatives() throws(TemplateFailure) -> Node {
        depth += 1
        guard depth <= TemplateLimits.expressionDepthMax else {
            throw TemplateFailure(
                .tooDeep, "a pattern has more than \(TemplateLimits.expressionDepthMax) groups in each other", at: .start)
        }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        depth -= 1
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence() throws(TemplateFailure) -> Node {
        var nodes: [Node] = []
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
        while let scalar = next, scalar != 0x0A { _ = scalar; position += 1 }
        return true
    }

    private func character(_ scalar: UInt32) -> Node {
        .instruction(.scalar(scalar, ignoresCase: flags.ignoresCase))
    }

    private mutating func atom() throws(TemplateFailure) -> Node {
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

    private mutating func quantified(_ atom: Node) throws(TemplateFailure) -> Node {
        guard let (min, max) = try quantifier() else { return atom }
        let greed: Greed = take("?") ? .lazy : take("+") ? .possessive : .greedy
        let loop = Node.loop(atom, min: min, max: max, greed)
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

    private mutating func group() throws(TemplateFailure) -> Node {
        let outer = flags
        defer { flags = outer }
        let node: Node
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

    private mutating func captured() throws(TemplateFailure) -> Node {
        let number = groupCount
        groupCount += 1
        return .group(number, try alternatives())
    }

    private mutating func groupName(until end: Unicode.Scalar) throws(TemplateFailure) -> String {
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
    private mutating func flagGroup(_ outer: Flags) throws(TemplateFailure) -> Node {
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

    private mutating func escape() throws(TemplateFailure) -> Node {
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

    private mutating func set() throws(TemplateFailure) -> CharacterSet {
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
                let rest = try restOfSet()
                let both = CharacterSet.both(.union(members), rest)
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

    /// What follows `&&`, up to the end of the set.
    private mutating func restOfSet() throws(TemplateFailure) -> CharacterSet {
        try set()
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

    // MARK: Writing

    private mutating func emit(_ instruction: Pattern.Instruction) throws(TemplateFailure) {
        guard instructions.count < TemplateLimits.patternInstructionsMax else {
            throw TemplateFailure(.tooLarge, "a pattern repeats too much", at: .start)
        }
        instructions.append(instruction)
    }

    private mutating func emit(_ node: Node) throws(TemplateFailure) {
        // Counted apart from the instructions: a loop over nothing writes none.
        written += 1
        guard written <= TemplateLimits.patternInstructionsMax else {
            throw TemplateFailure(.tooLarge, "a pattern repeats too much", at: .start)
        }
        switch node {
        case .empty: break
        case .instruction(let instruction): try emit(instruction)
        case .sequence(let nodes): for node in nodes { try emit(node) }
        case .group(let number, let body):
            try emit(.save(number * 2))
            try emit(body)
            try emit(.save(number * 2 + 1))
        case .alternatives(let branches): try emit(alternatives: branches)
        case .look(let isAhead, let isWanted, let body):
            let start = instructions.count
            try emit(.match)
            try emit(body)
            try emit(.match)
            instructions[start] = .look(isAhead: isAhead, isWanted: isWanted, next: instructions.count)
        case .atomic(let body):
            let start = instructions.count
            try emit(.match)
            try emit(body)
            try emit(.match)
            instructions[start] = .atomic(next: instructions.count)
        case .loop(let body, let min, let max, let greed): try emit(loop: body, min, max, isLazy: greed == .lazy)
        }
    }

    private mutating func emit(alternatives branches: [Node]) throws(TemplateFailure) {
        var jumps: [Int] = []
        for (number, branch) in branches.enumerated() {
            guard number < branches.count - 1 else {
                try emit(branch)
                break
            }
            let split = instructions.count
            try emit(.match)
            try emit(branch)
            jumps.append(instructions.count)
            try emit(.match)
            instructions[split] = .split(split + 1, instructions.count)
        }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
    }

    private mutating func emit(loop body: Node, _ min: Int, _ max: Int?, isLazy: Bool) throws(TemplateFailure) {
        for _ in 0..<min { try emit(body) }
        func split(_ inside: Int, _ outside: Int) -> Pattern.Instruction {
            isLazy ? .split(outside, inside) : .split(inside, outside)
        }
        guard let max else {
            let slot = slotCount
            slotCount += 1
            let start = instructions.count
            try emit(.match)
            try emit(.save(slot))
            try emit(body)
            let check = instructions.count
            try emit(.match)
            try emit(.jump(start))
            instructions[start] = split(start + 1, instructions.count)
            instructions[check] = .leaveIfEmpty(slot: slot, exit: instructions.count)
            return
        }
        var splits: [Int] = []
        for _ in min..<max {
            splits.append(instructions.count)
            try emit(.match)
            try emit(body)
        }
        for start in splits { instructions[start] = split(start + 1, instructions.count) }
    }
}
