/// A regular expression as a tree.
indirect enum PatternSyntax {
    case empty
    case set(ScalarSet)
    case start
    case end
    case sequence([PatternSyntax])
    case choice([PatternSyntax])
    case repeated(PatternSyntax, least: Int, most: Int?)
}

/// Some Unicode scalars.
struct ScalarSet: Sendable {
    var ranges: [ClosedRange<UInt32>]
    var isNegated = false

    func contains(_ scalar: UInt32) -> Bool { ranges.contains { $0.contains(scalar) } != isNegated }

    static func one(_ scalar: Unicode.Scalar) -> ScalarSet { ScalarSet(ranges: [scalar.value...scalar.value]) }
    static let digits = ScalarSet(ranges: [0x30...0x39])
    static let word = ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let blank = ScalarSet(ranges: [0x09...0x0D, 0x20...0x20])
    static let anyButLineEnd = ScalarSet(
        ranges: [0x0A...0x0A, 0x0D...0x0D, 0x85...0x85, 0x2028...0x2029], isNegated: true)
    static let any = ScalarSet(ranges: [], isNegated: true)

    var inverted: ScalarSet { ScalarSet(ranges: ranges, isNegated: !isNegated) }

    /// The same letters in both cases, for ASCII.
    var ignoringCase: ScalarSet {
        var all = ranges
        for range in ranges {
            for (from, to) in [(UInt32(0x41), UInt32(0x61)), (0x61, 0x41)] {
                let (low, high) = (max(range.lowerBound, from), min(range.upperBound, from + 25))
                if low <= high { all.append(low - from + to...high - from + to) }
            }
        }
        return ScalarSet(ranges: all, isNegated: isNegated)
    }
}

/// Reads the regular expressions that selection patterns are made of: no look-around, no back references.
struct PatternParser {
    struct Malformed: Error {
        var reason: String
    }

    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0
    private var ignoresCase = false
    private var dotMatchesAll = false

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    mutating func parse() throws(Malformed) -> PatternSyntax {
        let syntax = try choice()
        guard position == scalars.count else { throw Malformed(reason: "`)` without `(`") }
        return syntax
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }
    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    private mutating func choice() throws(Malformed) -> PatternSyntax {
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(Malformed) -> PatternSyntax {
        var parts: [PatternSyntax] = []
        while let scalar = next, scalar != "|", scalar != ")" { parts.append(try repetition(of: atom())) }
        return parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func repetition(of atom: PatternSyntax) throws(Malformed) -> PatternSyntax {
        var result = atom
        while let scalar = next {
            let bounds: (Int, Int?)
            switch scalar {
            case "*": bounds = (0, nil)
            case "+": bounds = (1, nil)
            case "?": bounds = (0, 1)
            case "{": bounds = try counts()
            default: return result
            }
            position += 1
            // Lazy or not makes no difference to whether the whole text matches; possessive does.
            _ = take("?")
            guard next != "+" else { throw Malformed(reason: "possessive repetition is not offered") }
            result = .repeated(result, least: bounds.0, most: bounds.1)
        }
        return result
    }

    /// `{n}`, `{n,}`, `{n,m}`; leaves the position on the closing brace.
    private mutating func counts() throws(Malformed) -> (Int, Int?) {
        position += 1
        guard let least = number() else { throw Malformed(reason: "`{` needs a count") }
        var most: Int? = least
        if take(",") { most = number() }
        guard next == "}", (most ?? least) >= least else { throw Malformed(reason: "a count in `{}` is not valid") }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = next, ("0"..."9").contains(scalar), (value ?? 0) < 1000 {
            value = (value ?? 0) * 10 + Int(scalar.value - 0x30)
            position += 1
        }
        return value
    }

    private mutating func atom() throws(Malformed) -> PatternSyntax {
        let scalar = scalars[position]
        position += 1
        switch scalar {
        case ".": return .set(dotMatchesAll ? .any : .anyButLineEnd)
        case "^": return .start
        case "$": return .end
        case "(": return try group()
        case "[": return .set(cased(try bracket()))
        case "\\": return .set(cased(try escape()))
        case "*", "+", "?", "{": throw Malformed(reason: "`\(scalar)` repeats nothing")
        default: return .set(cased(.one(scalar)))
        }
    }

    private func cased(_ set: ScalarSet) -> ScalarSet { ignoresCase ? set.ignoringCase : set }

    private mutating func group() throws(Malformed) -> PatternSyntax {
        depth += 1
        defer { depth -= 1 }
        guard depth < 50 else { throw Malformed(reason: "groups are too deep") }
        let outer = (ignoresCase, dotMatchesAll)
        if take("?") {
            while let flag = next, flag == "i" || flag == "s" {
                if flag == "i" { ignoresCase = true } else { dotMatchesAll = true }
                position += 1
            }
            // `(?i)` holds to the end of the group around it, `(?i:...)` for its own.
            if take(")") { return .empty }
            guard take(":") else { throw Malformed(reason: "this kind of group is not offered") }
        }
        let inner = try choice()
        guard take(")") else { throw Malformed(reason: "`(` without `)`") }
        (ignoresCase, dotMatchesAll) = outer
        return inner
    }

    private mutating func escape() throws(Malformed) -> ScalarSet {
        guard let scalar = next else { throw Malformed(reason: "`\\` at the end") }
        position += 1
        switch scalar {
        case "d": return .digits
        case "D": return ScalarSet.digits.inverted
        case "w": return .word
        case "W": return ScalarSet.word.inverted
        case "s": return .blank
        case "S": return ScalarSet.blank.inverted
        case "n": return .one("\n")
        case "r": return .one("\r")
        case "t": return .one("\t")
        case "a"..."z", "A"..."Z", "0"..."9": throw Malformed(reason: "`\\\(scalar)` is not offered")
        default: return .one(scalar)
        }
    }

    private mutating func bracket() throws(Malformed) -> ScalarSet {
        var set = ScalarSet(ranges: [])
        let isNegated = take("^")
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            position += 1
            guard scalar != "[", !(scalar == "&" && next == "&") else {
                throw Malformed(reason: "sets inside `[]` are not offered")
            }
            let low = scalar == "\\" ? try escape() : .one(scalar)
            guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                guard !low.isNegated else { throw Malformed(reason: "a negated class inside `[]` is not offered") }
                set.ranges += low.ranges
                continue
            }
            position += 1
            let end = scalars[position]
            position += 1
            let high = end == "\\" ? try escape() : .one(end)
            guard low.ranges.count == 1, high.ranges.count == 1, !low.isNegated, !high.isNegated,
                low.ranges[0].lowerBound <= high.ranges[0].lowerBound
            else { throw Malformed(reason: "a range in `[]` is not valid") }
            set.ranges.append(low.ranges[0].lowerBound...high.ranges[0].lowerBound)
        }
        guard take("]") else { throw Malformed(reason: "`[` without `]`") }
        set.isNegated = isNegated
        return set
    }
}
