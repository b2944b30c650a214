/// An operator of a condition, with its prefix and suffix: `ForAllValues:StringLikeIfExists`.
package struct ConditionOperator: Sendable, Hashable {
    package enum Quantifier: String, Sendable, Hashable {
        case forAllValues = "ForAllValues"
        case forAnyValue = "ForAnyValue"
    }

    package enum Test: String, Sendable, Hashable, CaseIterable {
        case stringEquals = "StringEquals"
        case stringNotEquals = "StringNotEquals"
        case stringEqualsIgnoreCase = "StringEqualsIgnoreCase"
        case stringNotEqualsIgnoreCase = "StringNotEqualsIgnoreCase"
        case stringLike = "StringLike"
        case stringNotLike = "StringNotLike"
        case numericEquals = "NumericEquals"
        case numericNotEquals = "NumericNotEquals"
        case numericLessThan = "NumericLessThan"
        case numericLessThanEquals = "NumericLessThanEquals"
        case numericGreaterThan = "NumericGreaterThan"
        case numericGreaterThanEquals = "NumericGreaterThanEquals"
        case dateEquals = "DateEquals"
        case dateNotEquals = "DateNotEquals"
        case dateLessThan = "DateLessThan"
        case dateLessThanEquals = "DateLessThanEquals"
        case dateGreaterThan = "DateGreaterThan"
        case dateGreaterThanEquals = "DateGreaterThanEquals"
        case bool = "Bool"
        case binaryEquals = "BinaryEquals"
        case ipAddress = "IpAddress"
        case notIPAddress = "NotIpAddress"
        case arnEquals = "ArnEquals"
        case arnLike = "ArnLike"
        case arnNotEquals = "ArnNotEquals"
        case arnNotLike = "ArnNotLike"
        case null = "Null"
    }

    package let quantifier: Quantifier?
    package let test: Test
    /// An absent key satisfies it.
    package let ifExists: Bool

    package init(_ test: Test, quantifier: Quantifier? = nil, ifExists: Bool = false) {
        (self.test, self.quantifier, self.ifExists) = (test, quantifier, ifExists)
    }

    /// Nil for a name that is no operator; names are compared with regard to case.
    package init?(_ name: String) {
        var rest = name[...]
        var quantifier: Quantifier?
        if let colon = rest.firstIndex(of: ":") {
            guard let known = Quantifier(rawValue: String(rest[..<colon])) else { return nil }
            quantifier = known
            rest = rest[rest.index(after: colon)...]
        }
        let ifExists = rest.hasSuffix(Self.suffix)
        if ifExists { rest = rest.dropLast(Self.suffix.count) }
        guard let test = Test(rawValue: String(rest)), !(test == .null && (ifExists || quantifier != nil)) else {
            return nil
        }
        self.init(test, quantifier: quantifier, ifExists: ifExists)
    }

    package var name: String {
        (quantifier.map { "\($0.rawValue):" } ?? "") + test.rawValue + (ifExists ? Self.suffix : "")
    }

    private static let suffix = "IfExists"
}

extension ConditionOperator.Test {
    /// How values are read.
    enum Family {
        case string(ignoresCase: Bool, hasWildcards: Bool), numeric, date, bool, binary, address, arn, null
    }

    var family: Family {
        switch self {
        case .stringEquals, .stringNotEquals: .string(ignoresCase: false, hasWildcards: false)
        case .stringEqualsIgnoreCase, .stringNotEqualsIgnoreCase: .string(ignoresCase: true, hasWildcards: false)
        case .stringLike, .stringNotLike: .string(ignoresCase: false, hasWildcards: true)
        case .numericEquals, .numericNotEquals, .numericLessThan, .numericLessThanEquals, .numericGreaterThan,
            .numericGreaterThanEquals:
            .numeric
        case .dateEquals, .dateNotEquals, .dateLessThan, .dateLessThanEquals, .dateGreaterThan,
            .dateGreaterThanEquals:
            .date
        case .bool: .bool
        case .binaryEquals: .binary
        case .ipAddress, .notIPAddress: .address
        case .arnEquals, .arnLike, .arnNotEquals, .arnNotLike: .arn
        case .null: .null
        }
    }

    /// True if a request's value must differ from every value of the policy.
    var isNegated: Bool {
        switch self {
        case .stringNotEquals, .stringNotEqualsIgnoreCase, .stringNotLike, .numericNotEquals, .dateNotEquals,
            .notIPAddress, .arnNotEquals, .arnNotLike:
            true
        default: false
        }
    }

    /// Variables are text in dates and in binary values.
    var takesVariables: Bool {
        switch family {
        case .date, .binary: false
        default: true
        }
    }
}
