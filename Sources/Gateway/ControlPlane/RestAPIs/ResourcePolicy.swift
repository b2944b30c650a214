import JSON

/// An API's resource policy, between the text of requests and the text of answers.
enum ResourcePolicy {
    /// Longest policy, in bytes.
    static let bytesMax = 8192

    /// The text that the service answers: compact JSON whose quotes are escaped once more.
    static func stored(_ text: String, api: String, _ environment: CallEnvironment) throws(ServiceError) -> JSONValue {
        guard let policy = parsed(text), policy.object != nil else {
            throw .badRequest(
                "Invalid policy document. Please check the policy syntax and ensure that Principals are valid.")
        }
        let bytes = expanded(policy, api: api, environment).bytes(.compact)
        guard bytes.count <= bytesMax else {
            throw .badRequest("Invalid policy document. The policy is longer than \(bytesMax) bytes.")
        }
        var escaped: [UInt8] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { escaped.append(UInt8(ascii: "\\")) }
            escaped.append(byte)
        }
        return .string(String(decoding: escaped, as: UTF8.self))
    }

    /// Of a stored text or of plain JSON.
    static func parsed(_ text: String) -> JSONValue? {
        if let plain = value(Array(text.utf8)) { return plain }
        guard case .string(let inner) = value(Array("\"\(text)\"".utf8)) else { return nil }
        return value(Array(inner.utf8))
    }

    private static func value(_ bytes: [UInt8]) -> JSONValue? {
        do { return try JSONValue(parsing: bytes) } catch { return nil }
    }

    /// `execute-api:/stage/...` is short for the full ARN.
    private static func expanded(_ policy: JSONValue, api: String, _ environment: CallEnvironment) -> JSONValue {
        let prefix = "arn:aws:execute-api:\(environment.region):\(environment.accountID):\(api)/"
        func expand(_ value: JSONValue) -> JSONValue {
            switch value {
            case .string(let text) where text.hasPrefix("execute-api:/"):
                .string(prefix + text.dropFirst("execute-api:/".count))
            case .array(let elements): .array(elements.map(expand))
            default: value
            }
        }
        func visit(_ statement: JSONValue) -> JSONValue {
            guard var object = statement.object else { return statement }
            for name in ["Resource", "NotResource"] {
                if let value = object[name] { object[name] = expand(value) }
            }
            return .object(object)
        }
        guard var object = policy.object, let statements = object["Statement"] else { return policy }
        object["Statement"] = statements.array.map { .array($0.map(visit)) } ?? visit(statements)
        return .object(object)
    }
}
