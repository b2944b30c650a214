import JSON

/// The documents that IAM keeps as text.
enum PolicyDocuments {
    enum Use: Sendable {
        case identity, trust, session
    }

    /// - Throws: `MalformedPolicyDocument`.
    @discardableResult
    static func check(_ text: String, as use: Use) throws(ServiceError) -> JSONObject {
        let value: JSONValue
        do { value = try JSONValue(parsing: text) } catch {
            throw .malformedPolicy("This policy contains invalid Json")
        }
        guard let policy = value.object else { throw .malformedPolicy("Syntax errors in policy.") }
        return policy
    }

    /// Characters that count against quotas: white space outside strings does not.
    static func size(_ text: String) -> Int {
        var count = 0
        var isInString = false
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if !isInString, [" ", "\t", "\n", "\r"].contains(scalar) { continue }
            count += 1
            if isEscaped {
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = isInString
            } else if scalar == "\"" {
                isInString.toggle()
            }
        }
        return count
    }

    /// Documents leave URL-encoded.
    static func encoded(_ text: String) -> JSONValue { .string(PercentCoding.encoded(text)) }
}
