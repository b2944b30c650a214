package import HTTPTypes
package import JSON

/// Something that is to be sent, in a form that can be kept.
package protocol Letter: Sendable {
    /// A newer letter takes the place of one with the same key that was not sent yet.
    var key: String { get }
    var document: JSONValue { get }
    /// Nil for a document of another kind or version.
    init?(_ document: JSONValue)
}

/// A request as it goes out.
package struct Message: Sendable {
    package var request: HTTPRequest
    package var body: [UInt8]

    /// What a message was answered with.
    package struct Reply: Sendable {
        package var response: HTTPResponse
        package var body: [UInt8]

        package init(response: HTTPResponse, body: [UInt8]) {
            self.response = response
            self.body = body
        }

        /// What it means by HTTP's rules.
        package var outcome: SendOutcome { SendOutcome(response, body) }
    }
}

/// How messages reach others.
package protocol MessageTransport: Sendable {
    /// Whatever is answered is an answer; thrown is only what got none.
    func send(_ message: Message) async throws(ForgeFailure) -> Message.Reply
}

/// What became of one attempt to send a letter.
package enum SendOutcome: Sendable, Equatable {
    case taken
    /// Sent again, after this at least.
    case later(after: Duration?, because: String)
    /// Never sent again.
    case refused(because: String)

    /// What an answer means, by HTTP's rules.
    ///
    /// A redirect is a refusal: a secret is not sent to where the configuration did not send it.
    package init(_ response: HTTPResponse, _ body: [UInt8]) {
        let code = response.status.code
        let text = String(decoding: body.prefix(200), as: UTF8.self).split(whereSeparator: \.isNewline)
        let why = "it answered \(code)" + (text.first.map { ": \($0)" } ?? "")
        let pause = response.headerFields[.retryAfter].flatMap { Int64($0) }.map {
            Duration.seconds(max(0, min($0, 3600)))
        }
        switch code {
        case 200..<300: self = .taken
        case 408, 425, 429, 500..<600: self = .later(after: pause, because: why)
        // GitHub's way to say "too often".
        case 403 where pause != nil || response.headerFields[.rateLimitRemaining] == "0":
            self = .later(after: pause ?? .seconds(60), because: why)
        default: self = .refused(because: why)
        }
    }
}

extension HTTPField.Name {
    fileprivate static let rateLimitRemaining = known("X-RateLimit-Remaining")
}
