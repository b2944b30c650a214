import JSON

/// Numbers and booleans, and the static methods of their Java classes, which templates reach through any value of them.
extension Evaluator {
    mutating func callNumber(
        _ method: Method, on value: Value, _ arguments: Arguments
    ) throws(TemplateFailure) -> Value {
        if case .number(let number) = value { try charge(number.text.utf8.count / Self.bytesPerStep) }
        switch method {
        case .byteValue: return .int(Int(Int8(truncatingIfNeeded: Self.narrow(value))))
        case .shortValue: return .int(Int(Int16(truncatingIfNeeded: Self.narrow(value))))
        case .intValue: return .int(Int(Self.narrow(value)))
        case .longValue: return .int(Self.whole(value))
        case .doubleValue: return value.double.map(Value.double) ?? .null
        case .floatValue: return value.double.flatMap { Double("\(Float($0))") }.map(Value.double) ?? .null
        case .isNaN: return .bool(try (arguments.count > 0 ? arguments.value(0) : value).double?.isNaN ?? false)
        case .isInfinite:
            return .bool(try (arguments.count > 0 ? arguments.value(0) : value).double?.isInfinite ?? false)
        case .compareTo: return Self.order(value, try arguments.value(0)).map(Value.int) ?? .null
        case .compare: return Self.order(try arguments.value(0), try arguments.value(1)).map(Value.int) ?? .null
        case .max: return try larger(arguments, isWanted: true)
        case .min: return try larger(arguments, isWanted: false)
        case .sum:
            let (left, right) = (try arguments.value(0), try arguments.value(1))
            if let left = left.int, let right = right.int { return .int(left &+ right) }
            guard let left = left.double, let right = right.double else { return .null }
            return .double(left + right)
        case .signum: return .int(try arguments.int(0).signum())
        case .toHexString: return .string(try digits(arguments, radix: 16))
        case .toOctalString: return .string(try digits(arguments, radix: 8))
        case .toBinaryString: return .string(try digits(arguments, radix: 2))
        default: return try parseNumber(arguments)
        }
    }

    mutating func callBool(_ method: Method, on value: Bool, _ arguments: Arguments) throws(TemplateFailure) -> Value {
        switch method {
        case .booleanValue: return .bool(value)
        case .compareTo:
            guard case .bool(let other) = try arguments.value(0) else { return .null }
            return .int(value == other ? 0 : value ? 1 : -1)
        case .parseBoolean, .valueOf: return .bool(try text(0, arguments).lowercased() == "true")
        default: return .null
        }
    }

    private mutating func parseNumber(_ arguments: Arguments) throws(TemplateFailure) -> Value {
        switch arguments.method {
        case .parseInt, .parseLong:
            let text = try text(0, arguments)
            let radix = arguments.count > 1 ? try arguments.int(1) : 10
            guard (2...36).contains(radix), let int = Int(text, radix: radix),
                arguments.method == .parseLong || Int32(exactly: int) != nil
            else { throw notANumber(text, arguments) }
            return .int(int)
        case .parseDouble, .parseFloat:
            let text = JavaText.trimmed(try text(0, arguments))
            guard let double = Double(text) else { throw notANumber(text, arguments) }
            return .double(double)
        case .valueOf:
            let text = try text(0, arguments)
            if let int = Int(text) { return .int(int) }
            guard let double = Double(text) else { throw notANumber(text, arguments) }
            return .double(double)
        default: return .null
        }
    }

    private func larger(_ arguments: Arguments, isWanted: Bool) throws(TemplateFailure) -> Value {
        let (left, right) = (try arguments.value(0), try arguments.value(1))
        guard let order = Self.order(left, right) else { return .null }
        return (order > 0) == isWanted ? left : right
    }

    private func digits(_ arguments: Arguments, radix: Int) throws(TemplateFailure) -> String {
        Self.bits(of: try arguments.int(0), radix: radix)
    }

    /// The bits of a whole number, as an `int` of Java has them, or as a `long` where it is none.
    static func bits(of value: Int, radix: Int) -> String {
        if let narrow = Int32(exactly: value) { return String(UInt32(bitPattern: narrow), radix: radix) }
        return String(UInt(bitPattern: value), radix: radix)
    }

    /// -1, 0 or 1.
    private static func order(_ left: Value, _ right: Value) -> Int? {
        if let left = left.int, let right = right.int { return left < right ? -1 : left > right ? 1 : 0 }
        guard let left = left.double, let right = right.double else { return nil }
        return left < right ? -1 : left > right ? 1 : 0
    }

    private static func whole(_ value: Value) -> Int {
        if let int = value.int { return int }
        if let wide = value.wide { return Int(truncatingIfNeeded: wide) }
        guard let double = value.double, !double.isNaN else { return 0 }
        return Int(exactly: double.rounded(.towardZero)) ?? (double < 0 ? .min : .max)
    }

    /// The low 32 bits of a whole number; a fraction past them becomes the nearest that there is.
    private static func narrow(_ value: Value) -> Int32 {
        if value.wide != nil { return Int32(truncatingIfNeeded: whole(value)) }
        return Int32(clamping: whole(value))
    }

    private func notANumber(_ text: String, _ arguments: Arguments) -> TemplateFailure {
        TemplateFailure(
            .badArgument, "`\(arguments.method.rawValue)` cannot make a number of `\(text.prefix(64))`",
            at: arguments.place)
    }

    /// `hashCode()` as Java counts it.
    mutating func hash(of value: Value, depth: Int) throws(TemplateFailure) -> Int32 {
        try charge(1)
        guard depth <= TemplateLimits.valueDepthMax else {
            throw TemplateFailure(.tooDeep, "a list or map that is counted contains itself", at: place)
        }
        switch value {
        case .null, .block, .input, .util: return 0
        case .bool(let value): return value ? 1231 : 1237
        case .string(let text):
            try charge(text.utf8.count / Self.bytesPerStep)
            return text.utf16.reduce(0) { $0 &* 31 &+ Int32($1) }
        case .int, .number, .double:
            if let int = value.int {
                return Int32(exactly: int)
                    ?? Int32(truncatingIfNeeded: int ^ Int(bitPattern: UInt(bitPattern: int) >> 32))
            }
            if case .number(let number) = value { try charge(number.text.utf8.count) }
            let bits = (value.double ?? 0).bitPattern
            return Int32(truncatingIfNeeded: bits ^ (bits >> 32))
        case .entry(let entry):
            return try hash(of: .string(entry.name), depth: depth) ^ hash(of: entry.value, depth: depth + 1)
        case .list(let list):
            var result: Int32 = 1
            for element in list.elements { result = result &* 31 &+ (try hash(of: element, depth: depth + 1)) }
            return result
        case .map(let map):
            var result: Int32 = 0
            for member in map.members {
                let name = try hash(of: .string(member.name), depth: depth)
                result &+= name ^ (try hash(of: member.value, depth: depth + 1))
            }
            return result
        }
    }
}
