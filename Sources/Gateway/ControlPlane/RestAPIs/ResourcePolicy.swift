import IAMPolicy
import JSON

/// An API's resource policy, between the text of requests and the text of answers.
enum ResourcePolicy {
    /// Longest policy, in bytes.
    static let bytesMax = 8192

    private static let invalid = ServiceError.badRequest(
        "Invalid policy document. Please check the policy syntax and ensure that Principals are valid.")

    /// The text that the service answers: compact JSON whose quotes are escaped once more.
    ///
    /// - Throws: `BadRequestException` for what is no valid policy of a resource; the service does not say what is wrong.
    static func stored(_ text: String, api: String, _ environment: CallEnvironment) throws(ServiceError) -> JSONValue {
        guard let policy = parsed(text), policy.object != nil else { throw invalid }
        let expanded = PolicyDocument.expandingRoutes(
            in: policy, region: environment.region, account: environment.accountID, api: api)
        guard PolicyDocument.read(expanded, as: .resource, sizeMax: .max).document != nil else { throw invalid }
        let bytes = expanded.bytes(.compact)
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
}
