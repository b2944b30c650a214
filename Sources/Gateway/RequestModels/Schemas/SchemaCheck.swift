import JSON

/// One thing that a schema asks of a value.
enum SchemaCheck: Sendable {
    case reference(Int)
    case types(TypeSet)
    case values([JSONValue])
    case least(Decimal, isExclusive: Bool)
    case most(Decimal, isExclusive: Bool)
    case multiple(Decimal)
    case length(least: Int, most: Int?)
    case pattern(TextPattern)
    case format(TextFormat)
    /// One schema for all elements.
    case elements(Int)
    /// A schema a position; nil for the rest: no more may follow.
    case tuple([Int], rest: Rest)
    case count(least: Int, most: Int?)
    case unique
    case members(named: [ExactName: Int], patterns: [(TextPattern, Int)], rest: Rest)
    case memberCount(least: Int, most: Int?)
    case required([String])
    /// The second must be there where the first is.
    case needs(String, [String])
    case applies(ifMember: String, Int)
    case all([Int])
    case any([Int])
    case one([Int])
    case none(Int)

    /// What is asked of elements and members that no other keyword names.
    enum Rest: Sendable {
        case free
        case refused
        case schema(Int)
    }

    /// Schemas that hold for the same value, so that a cycle through them would not end.
    var sameValue: [Int] {
        switch self {
        case .reference(let target), .none(let target), .applies(_, let target): [target]
        case .all(let targets), .any(let targets), .one(let targets): targets
        default: []
        }
    }
}

/// The primitive types of the draft.
struct TypeSet: OptionSet, Sendable {
    let rawValue: UInt8

    static let null = TypeSet(rawValue: 1)
    static let boolean = TypeSet(rawValue: 2)
    static let integer = TypeSet(rawValue: 4)
    static let number = TypeSet(rawValue: 8)
    static let string = TypeSet(rawValue: 16)
    static let array = TypeSet(rawValue: 32)
    static let object = TypeSet(rawValue: 64)

    private static let names: [(String, TypeSet)] = [
        ("array", .array), ("boolean", .boolean), ("integer", .integer), ("null", .null), ("number", .number),
        ("object", .object), ("string", .string),
    ]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init?(name: String) {
        guard let found = Self.names.first(where: { $0.0 == name }) else { return nil }
        self = found.1
    }

    /// The type of a value; a number written with a fraction or an exponent is no integer in this draft.
    init(of value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool: self = .boolean
        case .number(let number):
            self = number.text.utf8.contains { $0 == 0x2E || $0 | 0x20 == 0x65 } ? .number : .integer
        case .string: self = .string
        case .array: self = .array
        case .object: self = .object
        }
    }

    var names: [String] { Self.names.filter { contains($0.1) }.map(\.0) }

    func allows(_ type: TypeSet) -> Bool { contains(type) || (type == .integer && contains(.number)) }
}
