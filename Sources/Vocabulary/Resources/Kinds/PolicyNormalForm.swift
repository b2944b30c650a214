import JSON

/// One form for policy documents that say the same: lists where IAM takes a value or a list, sorted where order does
/// not matter. The order of statements is kept.
enum PolicyNormalForm {
    private static let sets = ["Action", "NotAction", "Resource", "NotResource"]

    static func document(_ value: JSONValue) -> JSONValue {
        guard case .object(var policy) = value, let statements = policy["Statement"] else { return value }
        policy["Statement"] = .array((statements.array ?? [statements]).map(statement))
        return .object(policy)
    }

    private static func statement(_ value: JSONValue) -> JSONValue {
        guard case .object(var statement) = value else { return value }
        for name in sets { if let written = statement[name] { statement[name] = set(written) } }
        for name in ["Principal", "NotPrincipal"] {
            if case .object(let principals) = statement[name] {
                statement[name] = .object(
                    JSONObject(principals.map { ($0.name, $0.name == "AWS" ? accounts($0.value) : set($0.value)) }))
            }
        }
        if case .object(let operators) = statement["Condition"] {
            statement["Condition"] = .object(JSONObject(operators.map { ($0.name, condition($0.value)) }))
        }
        if statement["Sid"] == "" { statement["Sid"] = nil }
        return .object(statement)
    }

    /// An account's id stands for the account, and comes back so.
    private static func accounts(_ value: JSONValue) -> JSONValue {
        set(
            .array(
                (value.array ?? [value]).map { entry in
                    guard let id = text(entry).string, id.utf8.count == 12,
                        id.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
                    else { return entry }
                    return .string("arn:aws:iam::\(id):root")
                }))
    }

    private static func condition(_ value: JSONValue) -> JSONValue {
        guard case .object(let keys) = value else { return value }
        return .object(JSONObject(keys.map { ($0.name, set($0.value)) }))
    }

    /// A value alone is a list of one. Booleans and numbers are read as text, as IAM reads them.
    private static func set(_ value: JSONValue) -> JSONValue {
        .array(sortedSet((value.array ?? [value]).map(text)))
    }

    private static func text(_ value: JSONValue) -> JSONValue {
        switch value {
        case .bool(let flag): .string(flag ? "true" : "false")
        case .number(let number): .string(number.text)
        default: value
        }
    }
}
