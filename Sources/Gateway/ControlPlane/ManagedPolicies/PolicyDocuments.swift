import Diagnostics
import IAMPolicy
import JSON

/// The documents that IAM keeps as text.
enum PolicyDocuments {
    /// - Throws: `MalformedPolicyDocument`, with the first thing that is wrong.
    @discardableResult
    static func check(_ text: String, as kind: PolicyKind) throws(ServiceError) -> JSONObject {
        // Sizes are the account's quotas, told apart from documents that cannot be read.
        let reading = PolicyDocument.read(text: text, as: kind, sizeMax: .max)
        guard let policy = reading.document?.value.object else {
            let problem = reading.diagnostics.first { $0.severity == .error }
            throw .malformedPolicy(problem.map { message($0) } ?? "Syntax errors in policy.")
        }
        return policy
    }

    private static func message(_ diagnostic: Diagnostic) -> String {
        let isSyntax = diagnostic.code.hasPrefix("json.")
        return (isSyntax ? "This policy contains invalid Json: " : "Syntax errors in policy: ")
            + diagnostic.message.prefix(Limits.policyMessageCharactersMax)
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
