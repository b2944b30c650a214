/// A regular expression of Java's dialect, compiled to instructions of a backtracking machine with a step budget.
struct Pattern: Sendable {
    indirect enum Instruction: Sendable {
        case scalar(UInt32, ignoresCase: Bool)
        case any(lineBreaks: Bool)
        case set(CharacterSet)
        case textStart, textEnd, textEndOrLastBreak
        case lineStart, lineEnd
        case wordBoundary(Bool)
        /// Tries the first, and the second if that fails.
        case split(Int, Int)
        case jump(Int)
        /// Notes the position in a slot: where a group starts or ends, or where a turn of a loop began.
        case save(Int)
        /// Goes on at `exit` if the turn that began at the slot's position matched nothing.
        case leaveIfEmpty(slot: Int, exit: Int)
        case backReference(Int, ignoresCase: Bool)
        /// The instructions from the next one to the matching `.match` must match, or must not, without moving.
        case look(isAhead: Bool, isWanted: Bool, next: Int)
        /// What they match is never given back.
        case atomic(next: Int)
        case match

        /// True if it takes one character, whatever it is.
        var isCharacter: Bool {
            switch self {
            case .scalar, .any, .set: true
            default: false
            }
        }
    }

    var instructions: [Instruction]
    /// The groups, with the whole match as group 0; two slots each come first.
    var groupCount: Int
    var slotCount: Int
    var groupNames: [String: Int]
    /// The text that is wanted, if the pattern is nothing but text.
    var literal: [UInt32]?

    /// - Throws: `template.bad-pattern`, `template.too-large` or `template.too-deep`.
    init(parsing text: String) throws(TemplateFailure) {
        guard text.utf8.count <= TemplateLimits.expressionBytesMax else {
            throw TemplateFailure(
                .tooLarge, "a pattern has more than \(TemplateLimits.expressionBytesMax) bytes", at: .start)
        }
        var reader = PatternReader(text)
        let tree = try reader.wholePattern()
        var compiler = PatternCompiler()
        self = try compiler.compile(tree, groupCount: reader.groupCount, groupNames: reader.groupNames)
    }

    init(
        instructions: [Instruction], groupCount: Int, slotCount: Int, groupNames: [String: Int], literal: [UInt32]?
    ) {
        self.instructions = instructions
        self.groupCount = groupCount
        self.slotCount = slotCount
        self.groupNames = groupNames
        self.literal = literal
    }
}

/// Which characters a place of a pattern takes.
indirect enum CharacterSet: Sendable {
    case range(ClosedRange<UInt32>, ignoresCase: Bool)
    case digit, word, space
    case letter, upper, lower, alphanumeric, punctuation
    case not(CharacterSet)
    case union([CharacterSet])
    case both(CharacterSet, CharacterSet)

    func contains(_ scalar: UInt32) -> Bool {
        switch self {
        case .range(let range, let ignoresCase):
            return range.contains(scalar)
                || (ignoresCase
                    && (range.contains(Self.lower(scalar)) || range.contains(Self.upper(scalar))))
        case .digit: return (0x30...0x39).contains(scalar)
        case .word: return Self.isWord(scalar)
        case .space: return scalar == 0x20 || (0x09...0x0D).contains(scalar)
        case .letter: return Unicode.Scalar(scalar)?.properties.isAlphabetic ?? false
        case .upper: return Unicode.Scalar(scalar)?.properties.isUppercase ?? false
        case .lower: return Unicode.Scalar(scalar)?.properties.isLowercase ?? false
        case .alphanumeric: return Self.isWord(scalar) && scalar != 0x5F
        case .punctuation:
            return (0x21...0x2F).contains(scalar) || (0x3A...0x40).contains(scalar)
                || (0x5B...0x60).contains(scalar) || (0x7B...0x7E).contains(scalar)
        case .not(let set): return !set.contains(scalar)
        case .union(let sets): return sets.contains { $0.contains(scalar) }
        case .both(let left, let right): return left.contains(scalar) && right.contains(scalar)
        }
    }

    /// Steps that asking costs, past the one that each instruction costs.
    var cost: Int {
        switch self {
        case .union(let sets): sets.count / 16
        case .not(let set): set.cost
        case .both(let left, let right): left.cost + right.cost
        default: 0
        }
    }

    static func isWord(_ scalar: UInt32) -> Bool {
        (0x30...0x39).contains(scalar) || (0x41...0x5A).contains(scalar) || (0x61...0x7A).contains(scalar)
            || scalar == 0x5F
    }

    static func lower(_ scalar: UInt32) -> UInt32 { (0x41...0x5A).contains(scalar) ? scalar + 32 : scalar }
    static func upper(_ scalar: UInt32) -> UInt32 { (0x61...0x7A).contains(scalar) ? scalar - 32 : scalar }
}
