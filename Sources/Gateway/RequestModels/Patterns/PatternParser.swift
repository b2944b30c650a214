/// Reads regular expressions: no back references, no look-behind, look-ahead in schemas only.
struct PatternParser {
    typealias Malformed = PatternMalformed

    let dialect: PatternDialect
    let scalars: [Unicode.Scalar]
    var position = 0
    private var depth = 0
    private var ignoresCase = false
    private var dotMatchesAll = false

    init(_ text: String, dialect: PatternDialect) {
        self.dialect = dialect
        scalars = Array(text.unicodeScalars)
    }

    mutating func parse() throws(Malformed) -> PatternSyntax {
        let syntax = try choice()
        guard position == scalars.count else { throw Malformed(reason: "`)` without `(`") }
        return syntax
    }

    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
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
            case "{":
                let start = position
                do {
                    bounds = try counts()
                } catch {
                    guard dialect == .schema else { throw error }
                    // ECMA 262 takes a brace that counts nothing for itself.
                    position = start
                    return result
                }
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
        case "[": return .set(cased(try dialect == .schema ? schemaSet() : bracket()))
        case "\\":
            if dialect == .schema, next == "b" || next == "B" { return .boundary(take("b") || !take("B")) }
            return .set(cased(try escape(inSet: false)))
        case "{" where dialect == .schema: return .set(.one(scalar))
        case "*", "+", "?", "{": throw Malformed(reason: "`\(scalar)` repeats nothing")
        default: return .set(cased(.one(scalar)))
        }
    }

    private func cased(_ set: ScalarSet) -> ScalarSet { ignoresCase ? set.ignoringCase : set }

    private mutating func group() throws(Malformed) -> PatternSyntax {
        depth += 1
        defer { depth -= 1 }
        guard depth < ModelLimits.patternDepthMax else { throw Malformed(reason: "groups are too deep") }
        let outer = (ignoresCase, dotMatchesAll)
        if take("?") {
            if dialect == .schema, next == "=" || next == "!" {
                let isWanted = take("=") || !take("!")
                let inner = try choice()
                guard take(")") else { throw Malformed(reason: "`(` without `)`") }
                (ignoresCase, dotMatchesAll) = outer
                return .look(inner, isWanted: isWanted)
            }
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
}
