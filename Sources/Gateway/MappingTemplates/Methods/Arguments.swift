/// What a method was called with.
struct Arguments {
    let values: [Value]
    let method: Method
    let place: Place

    var count: Int { values.count }

    func value(_ position: Int) throws(TemplateFailure) -> Value {
        guard position < values.count else {
            throw TemplateFailure(
                .badArgument, "`\(method.rawValue)` wants \(position + 1) or more arguments and has \(values.count)",
                at: place)
        }
        return values[position]
    }

    func int(_ position: Int) throws(TemplateFailure) -> Int {
        let value = try value(position)
        if let int = value.int { return int }
        if let double = value.double, let int = Int(exactly: double.rounded(.towardZero)) { return int }
        throw TemplateFailure(
            .badArgument, "argument \(position + 1) of `\(method.rawValue)` is not a number", at: place)
    }
}

extension Evaluator {
    /// The text of an argument.
    mutating func text(_ position: Int, _ arguments: Arguments) throws(TemplateFailure) -> String {
        try text(of: try arguments.value(position))
    }

    mutating func call(
        _ method: Method, on value: Value, _ arguments: Arguments
    ) throws(TemplateFailure) -> Value {
        switch method {
        case .toString: return .string(try text(of: value))
        case .equals: return .bool(try isAlike(value, try arguments.value(0)))
        case .hashCode: return value.isNull ? .null : .int(Int(try hash(of: value, depth: 0)))
        default: break
        }
        switch value {
        case .null: return .null
        case .string(let text): return try call(method, onText: text, arguments)
        case .list(let list): return try call(method, on: list, arguments)
        case .map(let map): return try call(method, on: map, arguments)
        case .entry(let entry):
            switch method {
            case .getKey: return .string(entry.name)
            case .getValue: return entry.value
            case .setValue:
                let value = try arguments.value(0)
                try put(value, as: entry.name, into: entry.map)
                defer { entry.value = value }
                return entry.value
            default: return .null
            }
        case .input: return try callInput(method, arguments)
        case .util: return try callUtil(method, arguments)
        case .bool(let value): return try callBool(method, on: value, arguments)
        case .int, .double, .number: return try callNumber(method, on: value, arguments)
        case .block: return try call(method, onText: try text(of: value), arguments)
        }
    }
}
