import JSON

extension PathFunction {
    /// True if the function can be called with as many.
    var takesItsArguments: Bool {
        switch name {
        case .append, .concat, .avg, .max, .min, .stddev, .sum: return true
        case .length, .size: return arguments.count <= 1
        case .first, .keys, .last: return arguments.isEmpty
        case .index:
            guard arguments.count == 1, case .value(let position) = arguments[0] else { return false }
            return position.int != nil
        }
    }
}

extension PathEvaluator {
    static func length(_ value: JSONValue) -> Int? {
        switch value {
        case .array(let elements): elements.count
        case .object(let object): object.count
        case .string(let text): text.utf16.count
        case .null, .bool, .number: nil
        }
    }

    /// What a function gives for the value of its path; nil where it has no answer.
    mutating func apply(
        _ function: PathFunction, to value: JSONValue, _ start: JSONValue
    ) throws(TemplateFailure) -> JSONValue? {
        var arguments: [JSONValue] = []
        for operand in function.arguments {
            guard let argument = try self.value(of: operand, start) else { continue }
            try count(1 + (Self.length(argument) ?? 0) / 8)
            arguments.append(argument)
        }
        switch function.name {
        case .length, .size: return Self.length(arguments.first ?? value).map { .number(JSONNumber($0)) }
        case .keys: return value.object.map { .array($0.names.map(JSONValue.string)) }
        case .first: return value.array?.first
        case .last: return value.array?.last
        case .index:
            guard let elements = value.array, let index = arguments.first?.int else { return JSONValue?.none }
            let position = index < 0 ? index + elements.count : index
            guard elements.indices.contains(position) else { return JSONValue?.none }
            return elements[position]
        case .append: return value.array.map { .array($0 + arguments) } ?? value
        case .concat:
            let texts = Self.flat(value.array ?? [], arguments).compactMap(\.string)
            try count(texts.reduce(0) { $0 + $1.utf8.count } / 64)
            return .string(texts.joined())
        case .avg, .max, .min, .stddev, .sum:
            let numbers = Self.flat(value.array ?? [], arguments).compactMap(\.number)
            try count(numbers.reduce(0) { $0 + $1.text.utf8.count } / 8)
            return Self.aggregate(function.name, numbers.map(\.double))
        }
    }

    /// The elements, and those of the arguments that are lists.
    private static func flat(_ elements: [JSONValue], _ arguments: [JSONValue]) -> [JSONValue] {
        elements + arguments.flatMap { $0.array ?? [$0] }
    }

    /// A fraction always, as Java prints one: `3.0`.
    private static func aggregate(_ name: PathFunction.Name, _ numbers: [Double]) -> JSONValue? {
        guard !numbers.isEmpty else { return nil }
        let sum = numbers.reduce(0, +)
        let mean = sum / Double(numbers.count)
        let result: Double
        switch name {
        case .min: result = numbers.min() ?? 0
        case .max: result = numbers.max() ?? 0
        case .avg: result = mean
        case .sum: result = sum
        default:
            let squares = numbers.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
            result = (squares / Double(numbers.count)).squareRoot()
        }
        return result.isFinite ? .number(JSONNumber(text: JavaNumber.text(result))) : nil
    }
}
