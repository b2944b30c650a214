import JSON

/// `String.format`, which templates reach through any text: `#set($String = "")$String.format("%05d", $n)`.
extension Evaluator {
    /// - Parameter values: What the format speaks of.
    mutating func formatted(
        _ format: String, _ values: [Value], _ arguments: Arguments
    ) throws(TemplateFailure) -> String {
        try charge(1 + format.utf8.count / Self.bytesPerStep)
        let pieces: [JavaFormat.Piece]
        do { pieces = try JavaFormat.pieces(format) } catch { throw refused(error.reason, arguments) }
        var (result, next, last) = ("", 0, -1)
        for piece in pieces {
            switch piece {
            case .text(let text): result += text
            case .specifier(let specifier) where specifier.kind == "n": result += "\n"
            case .specifier(let specifier):
                try charge(1 + max(specifier.width ?? 0, specifier.precision ?? 0))
                if specifier.kind == "%" {
                    result += JavaFormat.padded("%", specifier)
                    continue
                }
                switch specifier.index {
                case nil: (last, next) = (next, next + 1)
                case 0?: break
                case let index?: last = index - 1
                }
                guard values.indices.contains(last) else {
                    throw refused("there is no argument for `%\(specifier.conversion)`", arguments)
                }
                let text = JavaFormat.padded(try converted(values[last], specifier, arguments), specifier)
                result += specifier.conversion.isUppercase ? text.uppercased() : text
            }
            result = try bounded(result)
        }
        return result
    }

    private func refused(_ reason: String, _ arguments: Arguments) -> TemplateFailure {
        TemplateFailure(.badArgument, "`\(arguments.method.rawValue)`: \(reason)", at: arguments.place)
    }

    private mutating func converted(
        _ value: Value, _ specifier: JavaFormat.Specifier, _ arguments: Arguments
    ) throws(TemplateFailure) -> String {
        let text: String?
        switch specifier.kind {
        case "b": if case .bool(let value) = value { text = "\(value)" } else { text = "\(!value.isNull)" }
        case _ where value.isNull: text = "null"
        case "s": text = try self.text(of: value)
        case "h": text = String(UInt32(bitPattern: try hash(of: value, depth: 0)), radix: 16)
        case "c": return try character(value, arguments)
        case "e", "f", "g": return try fraction(value, specifier, arguments)
        default: return try whole(value, specifier, arguments)
        }
        guard let precision = specifier.precision else { return text ?? "" }
        return JavaText.substring(text ?? "", from: 0, to: precision) ?? text ?? ""
    }

    private func character(_ value: Value, _ arguments: Arguments) throws(TemplateFailure) -> String {
        guard let scalar = value.int.flatMap({ UInt32(exactly: $0) }).flatMap(Unicode.Scalar.init) else {
            throw refused("`%c` wants the code of a character", arguments)
        }
        return String(Character(scalar))
    }

    private func whole(
        _ value: Value, _ specifier: JavaFormat.Specifier, _ arguments: Arguments
    ) throws(TemplateFailure) -> String {
        guard let number = value.wide else {
            throw refused("`%\(specifier.conversion)` wants a whole number", arguments)
        }
        if specifier.kind == "d" {
            return JavaFormat.signed("\(number.magnitude)", isNegative: number < 0, specifier)
        }
        guard let value = Int(exactly: number) else {
            throw refused("`%\(specifier.conversion)` wants a number of 64 bits", arguments)
        }
        let radix = specifier.kind == "x" ? 16 : 8
        let prefix = specifier.flags.contains("#") ? (radix == 16 ? "0x" : "0") : ""
        let digits = Self.bits(of: value, radix: radix)
        let missing = specifier.flags.contains("0") ? (specifier.width ?? 0) - prefix.count - digits.count : 0
        return prefix + String(repeating: "0", count: max(missing, 0)) + digits
    }

    private func fraction(
        _ value: Value, _ specifier: JavaFormat.Specifier, _ arguments: Arguments
    ) throws(TemplateFailure) -> String {
        guard value.wide == nil, let double = value.double else {
            throw refused("`%\(specifier.conversion)` wants a fraction", arguments)
        }
        if double.isNaN { return "NaN" }
        var specifier = specifier
        guard double.isFinite else {
            specifier.flags.subtract(["0", ","])
            return JavaFormat.signed("Infinity", isNegative: double < 0, specifier)
        }
        return JavaFormat.signed(
            JavaFormat.fraction(double.magnitude, specifier), isNegative: double.sign == .minus, specifier)
    }
}
