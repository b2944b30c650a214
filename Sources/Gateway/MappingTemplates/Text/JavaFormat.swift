/// `String.format` of Java, in the locale of the United States.
///
/// Dates (`%t`) and hexadecimal fractions (`%a`) are not offered.
///
/// SOURCE: the format string syntax of `java.util.Formatter`.
struct JavaFormat {
    /// A `%` and what follows it, up to its conversion.
    struct Specifier: Equatable {
        /// Counted from 1; nil for the next one. 0 is the one before.
        var index: Int?
        var flags: Set<Character> = []
        var width: Int?
        var precision: Int?
        var conversion: Character

        /// The conversion in lower case; upper case makes what comes out upper case.
        var kind: Character { conversion.lowercased().first ?? conversion }
    }

    enum Piece: Equatable {
        case text(String)
        case specifier(Specifier)
    }

    /// Why a format is none, or does not go with its arguments.
    struct Refusal: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    static func pieces(_ format: String) throws(Refusal) -> [Piece] {
        var pieces: [Piece] = []
        var rest = Substring(format)
        while let percent = rest.firstIndex(of: "%") {
            if percent > rest.startIndex { pieces.append(.text(String(rest[..<percent]))) }
            rest = rest[rest.index(after: percent)...]
            pieces.append(.specifier(try specifier(&rest)))
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        return pieces
    }

    private static func specifier(_ rest: inout Substring) throws(Refusal) -> Specifier {
        var specifier = Specifier(conversion: "s")
        if rest.first == "<" {
            specifier.index = 0
            rest.removeFirst()
        } else if let number = leading(rest), rest.dropFirst(number.length).first == "$" {
            guard number.value > 0 else { throw Refusal("an argument is counted from 1") }
            specifier.index = number.value
            rest = rest.dropFirst(number.length + 1)
        }
        while let flag = rest.first, "-#+ 0,(".contains(flag) {
            guard specifier.flags.insert(flag).inserted else { throw Refusal("the flag `\(flag)` is there twice") }
            rest.removeFirst()
        }
        if let number = leading(rest) {
            specifier.width = number.value
            rest = rest.dropFirst(number.length)
        }
        if rest.first == "." {
            guard let number = leading(rest.dropFirst()) else { throw Refusal("a precision is missing") }
            specifier.precision = number.value
            rest = rest.dropFirst(number.length + 1)
        }
        guard let conversion = rest.popFirst() else { throw Refusal("a conversion is missing at the end") }
        specifier.conversion = conversion
        try check(specifier)
        return specifier
    }

    private static func leading(_ text: Substring) -> (value: Int, length: Int)? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let value = Int32(digits) else { return nil }
        return (Int(value), digits.count)
    }

    private static func check(_ specifier: Specifier) throws(Refusal) {
        let (conversion, flags) = (specifier.conversion, specifier.flags)
        guard "bBhHsScCdoxXeEfgG%n".contains(conversion) else {
            throw Refusal("`%\(conversion)` is no conversion")
        }
        let allowed: String
        switch specifier.kind {
        case "d": allowed = "-+ 0,("
        case "o", "x": allowed = "-#0"
        case "e": allowed = "-#+ 0("
        case "f": allowed = "-#+ 0,("
        case "g": allowed = "-+ 0,("
        case "n": allowed = ""
        default: allowed = "-"
        }
        if let flag = flags.filter({ !allowed.contains($0) }).min() {
            throw Refusal("the flag `\(flag)` does not go with `%\(conversion)`")
        }
        if flags.contains("-") && flags.contains("0") || flags.contains("+") && flags.contains(" ") {
            throw Refusal("two flags of `%\(conversion)` contradict each other")
        }
        if flags.contains("-") || flags.contains("0"), specifier.width == nil {
            throw Refusal("`%\(conversion)` has a flag that wants a width")
        }
        if specifier.precision != nil, "doxc%n".contains(specifier.kind) {
            throw Refusal("`%\(conversion)` takes no precision")
        }
        if conversion == "n", specifier.width != nil { throw Refusal("`%n` takes no width") }
    }

    // MARK: Numbers

    /// A number without its sign as it is printed: sign, grouping and zeros by the flags, up to the width.
    static func signed(_ digits: String, isNegative: Bool, _ specifier: Specifier) -> String {
        let flags = specifier.flags
        var body = digits
        if flags.contains(",") {
            let whole = body.prefix { $0.isNumber }
            body = grouped(whole) + body.dropFirst(whole.count)
        }
        let isBracketed = isNegative && flags.contains("(")
        let positive = flags.contains("+") ? "+" : flags.contains(" ") ? " " : ""
        let opening = isBracketed ? "(" : isNegative ? "-" : positive
        let closing = isBracketed ? ")" : ""
        if flags.contains("0"), let width = specifier.width {
            let missing = width - opening.count - body.count - closing.count
            if missing > 0 { body = String(repeating: "0", count: missing) + body }
        }
        return opening + body + closing
    }

    private static func grouped(_ digits: Substring) -> String {
        var result = ""
        for (position, digit) in digits.enumerated() {
            if position > 0, (digits.count - position) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return result
    }

    /// Blanks up to the width, before or behind.
    static func padded(_ text: String, _ specifier: Specifier) -> String {
        guard let width = specifier.width, text.utf16.count < width else { return text }
        let blanks = String(repeating: " ", count: width - text.utf16.count)
        return specifier.flags.contains("-") ? text + blanks : blanks + text
    }

    /// Without a sign; `value` is finite and not negative.
    static func fraction(_ value: Double, _ specifier: Specifier) -> String {
        let precision = specifier.precision ?? 6
        let isAlternate = specifier.flags.contains("#")
        switch specifier.kind {
        case "e": return exponential(value, precision, isAlternate)
        case "g":
            let wanted = max(precision, 1)
            // What it is after it was rounded decides.
            var digits = JavaDigits(value)
            digits.round(toPlaces: wanted - 1 - digits.exponent)
            if value == 0 || (digits.exponent >= -4 && digits.exponent < wanted) {
                return plain(value, max(wanted - 1 - digits.exponent, 0), false)
            }
            return exponential(value, wanted - 1, false)
        default: return plain(value, precision, isAlternate)
        }
    }

    private static func plain(_ value: Double, _ precision: Int, _ isAlternate: Bool) -> String {
        var digits = JavaDigits(value)
        digits.round(toPlaces: precision)
        var text = ""
        for place in stride(from: max(digits.exponent, 0), through: 0, by: -1) { text += "\(digits[place])" }
        if precision > 0 || isAlternate { text += "." }
        for place in 0..<precision { text += "\(digits[-1 - place])" }
        return text
    }

    private static func exponential(_ value: Double, _ precision: Int, _ isAlternate: Bool) -> String {
        var digits = JavaDigits(value)
        digits.round(toPlaces: precision - digits.exponent)
        var text = "\(digits[digits.exponent])"
        if precision > 0 || isAlternate { text += "." }
        for place in 0..<precision { text += "\(digits[digits.exponent - 1 - place])" }
        let size = "\(digits.exponent.magnitude)"
        return text + (digits.exponent < 0 ? "e-" : "e+") + (size.count < 2 ? "0" : "") + size
    }
}
