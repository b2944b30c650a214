/// One event for a function.
package struct Invocation: Sendable {
    /// UUID in the answer, in the log, and told to the runtime.
    package var requestID: String
    /// JSON, passed on as it is.
    package var event: [UInt8]
    /// The ARN that was called: with the alias, when it was by one.
    package var invokedARN: String
    /// JSON, as the caller gave it.
    package var clientContext: String?
    package var traceID: String?

    package init(event: [UInt8], invokedARN: String, requestID: String? = nil) {
        self.event = event
        self.invokedARN = invokedARN
        self.requestID = requestID ?? Self.newRequestID()
    }

    private static let digits = Array("0123456789abcdef".utf8)

    /// A random UUID of version 4.
    static func newRequestID() -> String {
        var text: [UInt8] = []
        for position in 0..<32 {
            if [8, 12, 16, 20].contains(position) { text.append(UInt8(ascii: "-")) }
            let digit =
                switch position {
                case 12: 4
                case 16: 8 + Int.random(in: 0..<4)
                default: Int.random(in: 0..<16)
                }
            text.append(digits[digit])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
