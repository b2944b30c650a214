import HTTPTypes
import XML

/// What a Query service says when it refuses.
///
/// - Note: Source: IAM API reference, "Common errors"; STS API reference, the same.
struct QueryError: Sendable, Hashable {
    /// `NoSuchEntity`; nil where the reply names none.
    let code: String?
    let message: String?

    init(_ reply: TransportReply) {
        let error = (200..<300).contains(reply.response.status.code) ? nil : Self.element(reply.body)
        code = error?.text("Code")
        message = error?.text("Message")
    }

    /// Nil where the body is something else than an error of the service.
    private static func element(_ body: [UInt8]) -> XMLElement? {
        do { return try XMLElement.reply(body).first("Error") } catch { return nil }
    }

    /// The keys are too old: new ones may be accepted.
    var isExpired: Bool { code.map(Self.expired.contains) ?? false }

    static let expired: Set<String> = ["ExpiredToken", "ExpiredTokenException", "RequestExpired"]

    static let throttled: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
        "TooManyRequestsException", "RequestLimitExceeded", "BandwidthLimitExceeded", "SlowDown",
        "PriorRequestNotComplete",
    ]

    /// Somebody else changes the same object just now.
    static let inConflict: Set<String> = ["ConcurrentModification", "EntityTemporarilyUnmodifiable"]

    static let unauthorized: Set<String> = [
        "AccessDenied", "AccessDeniedException", "InvalidClientTokenId", "SignatureDoesNotMatch", "AuthFailure",
        "IncompleteSignature", "MissingAuthenticationToken", "OptInRequired", "UnrecognizedClientException",
        "ExpiredToken", "ExpiredTokenException", "RequestExpired",
    ]
}
