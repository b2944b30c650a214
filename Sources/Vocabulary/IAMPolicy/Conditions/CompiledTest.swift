/// What an operator asks of one value of a request.
///
/// A value that is not of the operator's type (no number, no date, no address, no ARN) satisfies neither the operator
/// nor its negation.
enum CompiledTest: Sendable {
    case equals([ConditionValue<[UInt8]>], ignoresCase: Bool)
    case like([ConditionValue<[UInt8]>])
    case number(Comparison, [ConditionValue<DecimalText>])
    case moment(Comparison, [ConditionValue<Moment>])
    case bool([ConditionValue<Bool>])
    case binary([ConditionValue<[UInt8]>])
    case address([ConditionValue<AddressRange>])
    case arn([ConditionValue<ARNText>])
    case isAbsent([ConditionValue<Bool>])

    /// The request's value on the left.
    enum Comparison: Sendable {
        case equal, less, lessOrEqual, greater, greaterOrEqual

        func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
            switch self {
            case .equal: left == right
            case .less: left < right
            case .lessOrEqual: left <= right
            case .greater: left > right
            case .greaterOrEqual: left >= right
            }
        }
    }

    /// Nil if one of the values is none of the operator's.
    init?(_ test: ConditionOperator.Test, _ values: [VariableText]) {
        func all<Value>(_ read: ([UInt8]) -> Value?) -> [ConditionValue<Value>]? {
            let read = values.compactMap { ConditionValue($0, read) }
            return read.count == values.count ? read : nil
        }
        let made: CompiledTest? =
            switch test.family {
            case .string(_, hasWildcards: true): all(ConditionReading.text).map { .like($0) }
            case .string(ignoresCase: true, _):
                all(ConditionReading.lowercased).map { .equals($0, ignoresCase: true) }
            case .string: all(ConditionReading.text).map { .equals($0, ignoresCase: false) }
            case .numeric: all(ConditionReading.number).map { .number(Comparison(test), $0) }
            case .date: all(ConditionReading.moment).map { .moment(Comparison(test), $0) }
            case .bool: all(ConditionReading.bool).map { .bool($0) }
            case .binary: all(ConditionReading.binary).map { .binary($0) }
            case .address: all(ConditionReading.range).map { .address($0) }
            case .arn: all(ConditionReading.arn).map { .arn($0) }
            case .null: all(ConditionReading.bool).map { .isAbsent($0) }
            }
        guard let made else { return nil }
        self = made
    }
}

extension CompiledTest.Comparison {
    fileprivate init(_ test: ConditionOperator.Test) {
        switch test {
        case .numericLessThan, .dateLessThan: self = .less
        case .numericLessThanEquals, .dateLessThanEquals: self = .lessOrEqual
        case .numericGreaterThan, .dateGreaterThan: self = .greater
        case .numericGreaterThanEquals, .dateGreaterThanEquals: self = .greaterOrEqual
        default: self = .equal
        }
    }
}

extension CompiledTest {
    /// True if the value satisfies the operator, or with `isNegated` if it is of the operator's type and differs from
    /// every value of the policy.
    func matches(_ value: String, isNegated: Bool, _ request: AccessRequest) -> Bool {
        let bytes = Array(value.utf8)
        switch self {
        case .equals(let values, let ignoresCase):
            let read = ignoresCase ? ConditionReading.lowercased : ConditionReading.text
            return matches(values, read, isNegated, request, read(bytes)) { $0 == $1 }
        case .like(let values):
            return matches(values, ConditionReading.text, isNegated, request, bytes) { Glob.matches($1.span, $0.span) }
        case .number(let comparison, let values):
            let read = ConditionReading.number
            return matches(values, read, isNegated, request, read(bytes)) { comparison.holds($0, $1) }
        case .moment(let comparison, let values):
            let read = ConditionReading.moment
            return matches(values, read, isNegated, request, read(bytes)) { comparison.holds($0, $1) }
        case .bool(let values):
            let read = ConditionReading.bool
            return matches(values, read, isNegated, request, read(bytes)) { $0 == $1 }
        case .binary(let values):
            let read = ConditionReading.binary
            return matches(values, read, isNegated, request, read(bytes)) { $0 == $1 }
        case .address(let values):
            let read = ConditionReading.range
            let address = read(bytes).flatMap { $0.isSingle ? $0 : nil }
            return matches(values, read, isNegated, request, address) { $1.contains($0) }
        case .arn(let values):
            let arn = ARNText(bytes)
            return matches(values, ConditionReading.arn, isNegated, request, arn.hasSixParts ? arn : nil) {
                $0.matches($1)
            }
        case .isAbsent: return false
        }
    }

    private func matches<Value>(
        _ values: [ConditionValue<Value>], _ read: ([UInt8]) -> Value?, _ isNegated: Bool, _ request: AccessRequest,
        _ given: Value?, _ test: (Value, Value) -> Bool
    ) -> Bool {
        guard let given else { return false }
        for wanted in values {
            guard let wanted = wanted.value(request, read) else {
                // What cannot be compared cannot be called different.
                if isNegated { return false }
                continue
            }
            if test(given, wanted) { return !isNegated }
        }
        return isNegated
    }
}
