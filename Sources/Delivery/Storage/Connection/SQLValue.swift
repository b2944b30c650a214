/// What a column holds.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

extension SQLValue {
    package static func int(_ value: Int) -> SQLValue { .integer(Int64(value)) }
    package static func bool(_ value: Bool) -> SQLValue { .integer(value ? 1 : 0) }
    /// `null` for nil.
    package static func text(orNull value: String?) -> SQLValue { value.map { .text($0) } ?? .null }

    var name: String {
        switch self {
        case .null: "null"
        case .integer: "an integer"
        case .real: "a number"
        case .text: "a text"
        case .blob: "bytes"
        }
    }
}
