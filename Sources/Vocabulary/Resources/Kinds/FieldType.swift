package import IAMPolicy

/// What a member's value may be.
package indirect enum FieldType: Sendable {
    case string(StringRule)
    /// Whole numbers of the range.
    case integer(ClosedRange<Int>)
    /// Numbers of the range.
    case number(ClosedRange<Double>)
    case boolean
    case list(of: FieldType, ListRule)
    case map(MapRule, of: FieldType)
    /// Members of these names and no others.
    case structure([FieldSchema])
    /// Exactly one of the members, which chooses the form, and any of those beside it.
    case choice([FieldSchema], beside: [FieldSchema] = [])
    /// One of the words, or members of these names and no others.
    case wordOrStructure(StringRule, [FieldSchema])
    /// Any JSON value, kept as it is written.
    case any
    /// What no file may hold: only `valueFrom`, which says where it is.
    case secret
    /// A text, or `valueFrom` in place of one that no file may hold; a change of either is made in place.
    case textOrSecret(StringRule)
    /// An IAM policy document, for what it is written for.
    case policy(PolicyKind)
}

/// What a text may be.
package struct StringRule: Sendable {
    package var pattern: TextPattern?
    /// In Unicode scalars.
    package var length: ClosedRange<Int>
    /// The only values; empty for no such limit.
    package var values: [String]
    /// The service reads it without regard to case and returns capitals.
    package var isUpperCase: Bool
    /// Null is a value of its own, and empty text says the same as null: a template that does nothing.
    package var isNullable: Bool

    init(
        pattern: TextPattern? = nil, length: ClosedRange<Int> = 0...Limits.textScalars, values: [String] = [],
        isUpperCase: Bool = false, isNullable: Bool = false
    ) {
        self.pattern = pattern
        self.length = length
        self.values = values
        self.isUpperCase = isUpperCase
        self.isNullable = isNullable
    }
}

package struct ListRule: Sendable {
    /// Order and repetition do not matter; the normal form is sorted.
    package var isSet: Bool
    package var count: ClosedRange<Int>

    init(isSet: Bool = false, count: ClosedRange<Int> = 0...Limits.elements) {
        self.isSet = isSet
        self.count = count
    }
}

package struct MapRule: Sendable {
    /// What the names of the members are, in one or two words: `stage name`.
    package var keyName: String
    package var keyPattern: TextPattern?
    /// Members whose name starts so belong to Gatewright: never in a document.
    package var reservedPrefix: String?
    /// An empty value of another member says something only beside a member of this name.
    package var fallbackKey: String?
    package var count: ClosedRange<Int>

    init(
        _ keyName: String, pattern: TextPattern? = nil, reservedPrefix: String? = nil, fallbackKey: String? = nil,
        count: ClosedRange<Int> = 0...Limits.elements
    ) {
        self.keyName = keyName
        self.keyPattern = pattern
        self.reservedPrefix = reservedPrefix
        self.fallbackKey = fallbackKey
        self.count = count
    }
}

extension FieldType {
    static var text: Self { .string(StringRule()) }
    /// A text that is null where it is empty.
    static var template: Self { .string(StringRule(isNullable: true)) }

    static func text(_ length: ClosedRange<Int>) -> Self { .string(StringRule(length: length)) }
    static func text(_ pattern: TextPattern) -> Self { .string(StringRule(pattern: pattern)) }
    static func oneOf(_ values: String...) -> Self { .string(StringRule(values: values)) }
    static func upperCase(_ values: String...) -> Self { .string(StringRule(values: values, isUpperCase: true)) }
    static func set(of element: FieldType) -> Self { .list(of: element, ListRule(isSet: true)) }

    /// What is one level further inside: members by name, or elements that are all of one type.
    var inside: (fields: [FieldSchema]?, element: FieldType?) {
        switch self {
        case .structure(let fields), .wordOrStructure(_, let fields): (fields, nil)
        case .choice(let fields, let others): (fields + others, nil)
        case .map(_, let element), .list(let element, _): (nil, element)
        case .string, .integer, .number, .boolean, .any, .policy, .secret, .textOrSecret: (nil, nil)
        }
    }

    /// For messages and pages: `a string`, `a list`, ...
    package var typeName: String {
        switch self {
        case .string: "a string"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "a boolean"
        case .list: "a list"
        case .map, .structure, .choice: "a map"
        case .wordOrStructure: "a word or a map"
        case .any: "any value"
        case .secret: "a map with `valueFrom`"
        case .textOrSecret: "a string, or a map with `valueFrom`"
        case .policy: "a policy document"
        }
    }
}
