/// A request as the exchange sees it: without a socket, without a stage to find. Its texts are places in the bytes that
/// came; they are made into text only where somebody reads them.
package struct ExchangeRequest: Sendable {
    package var method: String
    /// What follows the stage, as sent: empty, or begins with `/`.
    package var rest: ArraySlice<UInt8>
    /// Without the question mark, as sent.
    package var query: ArraySlice<UInt8>
    /// Host and port asked for.
    package var authority: ArraySlice<UInt8>
    package var headers: HeaderFields
    package var identity: ExchangeIdentity
    /// The address of the client.
    package var sourceIP: String
    package var isVersion10: Bool
    /// What stands in place of `/{stage}` before ``rest``, on a host of the account's own.
    package var customPrefix: String?
    /// The whole path as sent: what a signature is over.
    package var path: ArraySlice<UInt8>
    /// A body follows the head.
    package var hasBody = false
    /// It came over TLS.
    package var isSecure = false
    /// It is one of a test invocation: no edge has added its headers.
    var isTest = false

    package init(
        method: String, rest: ArraySlice<UInt8>, query: ArraySlice<UInt8> = [], authority: ArraySlice<UInt8> = [],
        headers: HeaderFields = HeaderFields(), identity: ExchangeIdentity, sourceIP: String,
        isVersion10: Bool = false
    ) {
        self.method = method
        self.rest = rest
        path = rest
        self.query = query
        self.authority = authority
        self.headers = headers
        self.identity = identity
        self.sourceIP = sourceIP
        self.isVersion10 = isVersion10
    }

    /// True for methods whose body the gateway drops.
    var dropsBody: Bool { method == "GET" || method == "HEAD" }

    /// The host asked for, without the port.
    package var domainName: String {
        let isIPv6 = authority.first == UInt8(ascii: "[")
        let end = isIPv6 ? authority.endIndex : authority.firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
        return String(decoding: authority[..<end], as: UTF8.self)
    }

    /// Decoded, repeats in order.
    var queryParameters: [(name: String, value: String)] { QueryText.parameters(query) }

    /// What templates may read: headers that the edge takes out are not among them.
    var templateHeaders: [(name: String, value: String)] {
        headers.fields.filter { !$0.known.isRemovedAtEdge }.map { (headers.name(of: $0), headers.value(of: $0)) }
    }
}
