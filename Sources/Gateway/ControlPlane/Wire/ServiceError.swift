/// An answer that refuses a request, as the service words it.
struct ServiceError: Error, Equatable {
    var status: Int
    /// The value of `x-amzn-ErrorType`.
    var type: String
    /// The body's `message`, literal.
    var message: String
    /// `<Code>` of the services that answer in XML; nil when it is ``type``.
    var queryCode: String?

    static func badRequest(_ message: String) -> Self {
        Self(status: 400, type: "BadRequestException", message: message)
    }
    static func notFound(_ message: String) -> Self { Self(status: 404, type: "NotFoundException", message: message) }
    static func conflict(_ message: String) -> Self { Self(status: 409, type: "ConflictException", message: message) }
    static func limit(_ message: String) -> Self { Self(status: 429, type: "LimitExceededException", message: message) }
    static func serialization(_ message: String) -> Self {
        Self(status: 400, type: "SerializationException", message: message)
    }
    static func forbidden(_ type: String, _ message: String) -> Self { Self(status: 403, type: type, message: message) }

    static let internalFailure = Self(status: 500, type: "InternalFailure", message: "Internal failure")

    /// One ValidationException for all items, in the order of the shape's members.
    static func validation(_ items: [String]) -> Self {
        let noun = items.count == 1 ? "error" : "errors"
        return Self(
            status: 400, type: "ValidationException",
            message: "\(items.count) validation \(noun) detected: \(items.joined(separator: "; "))",
            queryCode: "ValidationError")
    }
}
