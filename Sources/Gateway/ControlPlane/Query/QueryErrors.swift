/// How IAM and STS refuse a request.
extension ServiceError {
    static func query(_ status: Int, _ code: String, _ message: String) -> Self {
        Self(status: status, type: code, message: message)
    }

    static let malformedQuery = query(400, "MalformedQueryString", "The query string contains a syntax error.")
    static func malformedInput(_ message: String) -> Self { query(400, "MalformedInput", message) }
    static func validationError(_ message: String) -> Self { query(400, "ValidationError", message) }
    static func invalidInput(_ message: String) -> Self { query(400, "InvalidInput", message) }
    static func noSuchEntity(_ message: String) -> Self { query(404, "NoSuchEntity", message) }
    static func alreadyExists(_ message: String) -> Self { query(409, "EntityAlreadyExists", message) }
    static func deleteConflict(_ message: String) -> Self { query(409, "DeleteConflict", message) }
    static func malformedPolicy(_ message: String) -> Self { query(400, "MalformedPolicyDocument", message) }
    static func limitExceeded(_ message: String) -> Self { query(409, "LimitExceeded", message) }

    /// - Parameter quota: The service's name of it: `UsersPerAccount`.
    static func limitExceeded(_ quota: String, _ count: Int) -> Self {
        limitExceeded("Cannot exceed quota for \(quota): \(count)")
    }
}
