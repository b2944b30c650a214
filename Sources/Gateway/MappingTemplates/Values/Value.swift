import JSON

/// What an expression gives while a template is rendered.
enum Value {
    /// What is not there, and a JSON null: prints nothing and is true in `#if`, as the service has it.
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    /// A number of a JSON text, which prints as it was written.
    case number(JSONNumber)
    case string(String)
    case list(ListValue)
    case map(MapValue)
    case entry(MapEntry)
    /// A `#define`: rendered anew whenever it is printed.
    case block(Int)
    /// `$input`
    case input
    /// `$util`
    case util
}

/// A pair of `entrySet()`.
final class MapEntry {
    let map: MapValue
    let name: String
    var value: Value

    init(of map: MapValue, name: String, value: Value) {
        self.map = map
        self.name = name
        self.value = value
    }
}

extension Value {
    init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let value): self = .number(value)
        case .string(let value): self = .string(value)
        case .array(let elements): self = .list(ListValue(json: elements))
        case .object(let object): self = .map(MapValue(json: object))
        }
    }

    init(_ constant: Expression.Constant) {
        switch constant {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .double(let value): self = .double(value)
        case .string(let value): self = .string(value)
        case .number(let value): self = .number(value)
        }
    }

    /// Only false is false.
    var isTrue: Bool { if case .bool(false) = self { false } else { true } }
    var isNull: Bool { if case .null = self { true } else { false } }

    /// The whole number that this is, without going through text.
    var int: Int? {
        switch self {
        case .int(let value): value
        case .number(let number): number.isWholeText ? Int(number.text) : nil
        default: nil
        }
    }

    /// The same for numbers of up to 128 bits, in which what outgrows 64 is counted on.
    var wide: Int128? {
        switch self {
        case .int(let value): Int128(value)
        case .number(let number): number.isWholeText ? Int128(number.text) : nil
        default: nil
        }
    }

    /// The value as a number of any kind.
    var double: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        case .number(let number): number.double
        default: nil
        }
    }

    var isContainer: Bool {
        switch self {
        case .list, .map, .entry: true
        default: false
        }
    }
}

extension JSONNumber {
    /// True if it is written without point and exponent: Java then makes it a whole number.
    var isWholeText: Bool { text.utf8.count <= 40 && text.utf8.allSatisfy { $0.isDigit || $0 == UInt8(ascii: "-") } }
}
