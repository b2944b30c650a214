import Bytes

/// A value of a condition: read once, or for each request where variables stand in it.
enum ConditionValue<Value: Sendable & Hashable>: Sendable, Hashable {
    case fixed(Value)
    case variable(VariableText)

    /// Nil for a value that `read` does not take.
    init?(_ text: VariableText, _ read: ([UInt8]) -> Value?) {
        guard let bytes = text.fixed else {
            self = .variable(text)
            return
        }
        guard let value = read(bytes) else { return nil }
        self = .fixed(value)
    }

    /// Nil where a variable has no value, or one that `read` does not take.
    func value(_ request: AccessRequest, _ read: ([UInt8]) -> Value?) -> Value? {
        switch self {
        case .fixed(let value): value
        case .variable(let text): text.resolved(request).flatMap(read)
        }
    }
}

/// How values are read from the bytes of a text; nil for bytes that are no such value.
enum ConditionReading {
    static func text(_ bytes: [UInt8]) -> [UInt8]? { bytes }
    static func lowercased(_ bytes: [UInt8]) -> [UInt8]? {
        // Wildcards are no characters, and this operator has none.
        Array(String(decoding: bytes, as: UTF8.self).lowercased().utf8)
    }
    static func number(_ bytes: [UInt8]) -> DecimalText? { DecimalText(String(decoding: bytes, as: UTF8.self)) }
    static func moment(_ bytes: [UInt8]) -> Moment? { Moment(String(decoding: bytes, as: UTF8.self)) }
    static func range(_ bytes: [UInt8]) -> AddressRange? { AddressRange(bytes) }
    static func binary(_ bytes: [UInt8]) -> [UInt8]? { Base64.decoded(bytes) }
    static func arn(_ bytes: [UInt8]) -> ARNText? { ARNText(bytes) }

    static func bool(_ bytes: [UInt8]) -> Bool? {
        switch String(decoding: bytes, as: UTF8.self).lowercased() {
        case "true": true
        case "false": false
        default: nil
        }
    }
}
