/// Some Unicode scalars.
struct ScalarSet: Sendable {
    var ranges: [ClosedRange<UInt32>] = []
    var categories: [Unicode.GeneralCategory] = []
    /// Sets whose scalars belong to this one too.
    var members: [ScalarSet] = []
    var isNegated = false

    func contains(_ scalar: UInt32) -> Bool {
        (ranges.contains { $0.contains(scalar) } || hasCategory(of: scalar)
            || members.contains { $0.contains(scalar) }) != isNegated
    }

    private func hasCategory(of scalar: UInt32) -> Bool {
        guard !categories.isEmpty, let scalar = Unicode.Scalar(scalar) else { return false }
        return categories.contains(scalar.properties.generalCategory)
    }

    static func one(_ scalar: Unicode.Scalar) -> ScalarSet { ScalarSet(ranges: [scalar.value...scalar.value]) }
    static let digits = ScalarSet(ranges: [0x30...0x39])
    static let word = ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let blank = ScalarSet(ranges: [0x09...0x0D, 0x20...0x20])
    /// ECMA 262's `\s`: white space and line ends.
    static let wideBlank = ScalarSet(
        ranges: [0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x2028...0x2029, 0xFEFF...0xFEFF], categories: [.spaceSeparator]
    )
    static let anyButLineEnd = ScalarSet(
        ranges: [0x0A...0x0A, 0x0D...0x0D, 0x85...0x85, 0x2028...0x2029], isNegated: true)
    static let any = ScalarSet(isNegated: true)

    var inverted: ScalarSet {
        var set = self
        set.isNegated.toggle()
        return set
    }

    /// The same letters in both cases, for ASCII.
    var ignoringCase: ScalarSet {
        var set = self
        for range in ranges {
            for (from, to) in [(UInt32(0x41), UInt32(0x61)), (0x61, 0x41)] {
                let (low, high) = (max(range.lowerBound, from), min(range.upperBound, from + 25))
                if low <= high { set.ranges.append(low - from + to...high - from + to) }
            }
        }
        return set
    }

    /// The one scalar that it is; nil for every other set.
    var single: UInt32? {
        guard !isNegated, categories.isEmpty, members.isEmpty, ranges.count == 1,
            ranges[0].lowerBound == ranges[0].upperBound
        else { return nil }
        return ranges[0].lowerBound
    }
}

extension ScalarSet {
    /// `\p{...}` by general category; nil for a name that is none of them.
    init?(property name: String) {
        let letters: [Unicode.GeneralCategory] = [
            .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
        ]
        let punctuation: [Unicode.GeneralCategory] = [
            .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation,
        ]
        let found: [Unicode.GeneralCategory]
        switch name {
        case "L", "Letter", "IsL", "IsAlphabetic": found = letters
        case "Lu", "Uppercase_Letter": found = [.uppercaseLetter]
        case "Ll", "Lowercase_Letter": found = [.lowercaseLetter]
        case "Lt", "Titlecase_Letter": found = [.titlecaseLetter]
        case "Lm", "Modifier_Letter": found = [.modifierLetter]
        case "Lo", "Other_Letter": found = [.otherLetter]
        case "M", "Mark": found = [.nonspacingMark, .spacingMark, .enclosingMark]
        case "N", "Number": found = [.decimalNumber, .letterNumber, .otherNumber]
        case "Nd", "Decimal_Number", "digit": found = [.decimalNumber]
        case "P", "Punctuation", "punct": found = punctuation
        case "S", "Symbol": found = [.mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol]
        case "Sc", "Currency_Symbol": found = [.currencySymbol]
        case "Z", "Separator": found = [.spaceSeparator, .lineSeparator, .paragraphSeparator]
        case "Zs", "Space_Separator": found = [.spaceSeparator]
        case "C", "Other": found = [.control, .format, .surrogate, .privateUse, .unassigned]
        case "Cc", "Control", "cntrl": found = [.control]
        default: return nil
        }
        self.init(categories: found)
    }
}
