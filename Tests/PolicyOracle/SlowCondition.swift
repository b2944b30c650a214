import Foundation

/// One key of one operator, by the names of section 3.
struct SlowCondition {
    let name: String
    let key: String
    let values: [String]
    let hasVariables: Bool

    static func takesVariables(_ name: String) -> Bool { !name.contains("Date") && !name.contains("Binary") }

    func holds(_ evaluator: SlowEvaluator) -> Bool {
        let given = evaluator.values(key)
        if name == "Null" {
            let isAbsent = given == nil || given?.allSatisfy(\.isEmpty) == true
            return values.contains { value in
                text(value, evaluator)?.lowercased() == (isAbsent ? "true" : "false")
            }
        }
        var operation = name
        let forAll = operation.hasPrefix("ForAllValues:")
        let forAny = operation.hasPrefix("ForAnyValue:")
        if forAll || forAny { operation = String(operation.split(separator: ":")[1]) }
        let ifExists = operation.hasSuffix("IfExists")
        if ifExists { operation.removeLast("IfExists".count) }
        let isNegated = operation.contains("Not")
        guard let given else {
            if ifExists || forAll { return true }
            return forAny ? false : isNegated
        }
        let isEmpty = given.allSatisfy(\.isEmpty)
        if forAll { return isEmpty || given.allSatisfy { satisfies($0, operation, isNegated, evaluator) } }
        if forAny { return !isEmpty && given.contains { satisfies($0, operation, isNegated, evaluator) } }
        return isNegated
            ? given.allSatisfy { satisfies($0, operation, true, evaluator) }
            : given.contains { satisfies($0, operation, false, evaluator) }
    }

    /// OR over the values for positive operators; for negated ones the value must differ from all.
    private func satisfies(
        _ given: String, _ operation: String, _ isNegated: Bool, _ evaluator: SlowEvaluator
    ) -> Bool {
        let positive = operation.replacingOccurrences(of: "Not", with: "")
        let results = values.map { compare(given, positive, $0, evaluator) }
        guard isNegated else { return results.contains(true) }
        return results.allSatisfy { $0 == false }
    }

    private func text(_ value: String, _ evaluator: SlowEvaluator) -> String? {
        // Wildcards stay as they are: whoever wants them asks for tokens.
        SlowText.tokens(value, hasVariables && Self.takesVariables(name) ? evaluator : nil)?.map { token in
            switch token {
            case .scalar(let scalar): String(scalar)
            case .any: "*"
            case .one: "?"
            }
        }.joined()
    }

    /// Nil if one of the two is not of the operator's type.
    private func compare(
        _ given: String, _ operation: String, _ value: String, _ evaluator: SlowEvaluator
    ) -> Bool? {
        guard let wanted = text(value, evaluator) else { return nil }
        let tokens = SlowText.tokens(value, hasVariables ? evaluator : nil) ?? []
        switch operation {
        case "StringEquals": return Array(given.utf8) == Array(wanted.utf8)
        case "StringEqualsIgnoreCase": return given.lowercased().utf8.elementsEqual(wanted.lowercased().utf8)
        case "StringLike": return SlowText.matches(tokens, SlowText.scalars(given))
        case "Bool":
            guard let left = bool(given), let right = bool(wanted) else { return nil }
            return left == right
        case "BinaryEquals":
            guard let left = Data(base64Encoded: given), let right = Data(base64Encoded: wanted) else { return nil }
            return left == right
        case "IpAddress":
            guard !given.contains("/"), let left = bits(given), let right = bits(wanted) else { return nil }
            return left.family == right.family && left.bits.starts(with: right.bits)
        case "ArnEquals", "ArnLike":
            guard let left = SlowText.sixParts(SlowText.scalars(given)) else { return nil }
            guard let right = SlowText.sixParts(tokens) else { return false }
            return zip(right, left).allSatisfy { SlowText.matches($0, $1) }
        default:
            if operation.hasPrefix("Numeric") { return order(number(given), number(wanted), operation) }
            return order(date(given), date(wanted), operation)
        }
    }

    private func order<Value: Comparable>(_ left: Value?, _ right: Value?, _ operation: String) -> Bool? {
        guard let left, let right else { return nil }
        if operation.hasSuffix("LessThanEquals") { return left <= right }
        if operation.hasSuffix("GreaterThanEquals") { return left >= right }
        if operation.hasSuffix("LessThan") { return left < right }
        if operation.hasSuffix("GreaterThan") { return left > right }
        return left == right
    }

    private func bool(_ text: String) -> Bool? { ["true": true, "false": false][text.lowercased()] }

    private func number(_ text: String) -> Decimal? {
        guard text.wholeMatch(of: #/[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)/#) != nil else { return nil }
        return Decimal(string: text)
    }

    private func date(_ text: String) -> Date? {
        if text.wholeMatch(of: #/[0-9]{1,3}|[0-9]{5,12}/#) != nil {
            return Double(text).map { Date(timeIntervalSince1970: $0) }
        }
        let forms = [
            4: "yyyy", 7: "yyyy-MM", 10: "yyyy-MM-dd", 17: "yyyy-MM-dd'T'HH:mmXXX", 20: "yyyy-MM-dd'T'HH:mm:ssXXX",
            25: "yyyy-MM-dd'T'HH:mm:ssXXX",
        ]
        guard let form = forms[text.count], text.prefix(4).allSatisfy(\.isNumber) else { return nil }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = form
        formatter.isLenient = false
        return formatter.date(from: text)
    }

    /// The first bits of the address, as many as the prefix says.
    private func bits(_ text: String) -> (family: Int32, bits: [Bool])? {
        let parts = text.split(separator: "/").map(String.init)
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: 16)
            guard inet_pton(family, parts[0], &bytes) == 1 else { continue }
            let all = bytes[..<count].flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 == 1 } }
            guard parts.count == 2 else { return (family, all) }
            guard let prefix = Int(parts[1]), prefix <= all.count else { return nil }
            return (family, Array(all[..<prefix]))
        }
        return nil
    }
}
