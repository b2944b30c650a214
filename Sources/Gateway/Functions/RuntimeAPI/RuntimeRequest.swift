import NIOHTTP1

/// What a runtime asks of the runtime API.
/// SOURCE: AWS Lambda, "Using the Lambda runtime API for custom runtimes", version 2018-06-01.
enum RuntimeRequest: Equatable {
    case next
    case response(requestID: String)
    case error(requestID: String)
    case initError
    case unknown

    init(_ head: HTTPRequestHead) {
        let path = head.uri.prefix { $0 != "?" }
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count >= 4, parts[0] == "2018-06-01", parts[1] == "runtime" else {
            self = .unknown
            return
        }
        switch (head.method, parts[2], parts.count) {
        case (.GET, "invocation", 4) where parts[3] == "next": self = .next
        case (.POST, "init", 4) where parts[3] == "error": self = .initError
        case (.POST, "invocation", 5) where parts[4] == "response": self = .response(requestID: parts[3])
        case (.POST, "invocation", 5) where parts[4] == "error": self = .error(requestID: parts[3])
        default: self = .unknown
        }
    }
}

/// What it is answered.
struct RuntimeReply {
    var status: HTTPResponseStatus
    var headers: [(String, String)] = []
    var body: [UInt8]

    static let accepted = Self(status: .accepted, body: Array(#"{"status":"OK"}"#.utf8))

    /// - Parameter message: Plain words without quotes.
    static func error(_ status: HTTPResponseStatus, _ type: String, _ message: String) -> Self {
        Self(status: status, body: Array(#"{"errorMessage":"\#(message)","errorType":"\#(type)"}"#.utf8))
    }

    static let wrongRequestID = error(.badRequest, "InvalidRequestID", "Invalid request ID")
    static let wrongState = error(.forbidden, "InvalidStateTransition", "State transition is not allowed")
    static let unknown = error(.notFound, "UnknownOperation", "There is no such operation")
    static let tooLarge = error(
        .payloadTooLarge, "RequestEntityTooLarge",
        "Exceeded maximum allowed payload size (\(Limits.answerBytesMax) bytes).")
}
