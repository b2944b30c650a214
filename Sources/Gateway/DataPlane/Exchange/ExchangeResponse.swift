/// What the client is sent, without what a connection adds (Date, Content-Length, ids).
package struct ExchangeResponse: Sendable {
    package var status: Int
    package var headers: HeaderFields
    package var body: [UInt8]
    /// Set when the gateway itself made this answer.
    package var error: GatewayError?

    package init(status: Int, headers: HeaderFields, body: [UInt8], error: GatewayError? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.error = error
    }

    package var text: String { String(decoding: body, as: UTF8.self) }
}
