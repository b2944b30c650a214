import HTTPTypes
import Resources
import SigV4

/// Signed requests to one service of a target: what the clients of all services share.
struct SignedConnection: Sendable {
    private(set) var transport: any Transport
    /// Asked before each request; nil sends them unsigned: calls that carry their proof among their members.
    let credentials: (any CredentialsSource)?
    /// The service and the region that signatures are for.
    let scope: SigningScope
    /// What the `Host` header says and the signature covers: `apigateway.us-east-1.amazonaws.com`.
    let host: String
    let pacer: RetryPacer
    private let keys = SigningKeyCache()
    /// Seconds since 1970: injected, so that this target reads no clock.
    private let now: @Sendable () -> Int

    init(
        transport: any Transport, credentials: (any CredentialsSource)?, scope: SigningScope, host: String,
        pacer: RetryPacer = RetryPacer(), now: @escaping @Sendable () -> Int
    ) {
        self.transport = transport
        self.credentials = credentials
        self.scope = scope
        self.host = host
        self.pacer = pacer
        self.now = now
    }

    /// The same connection, its requests counted.
    func counting(with counter: CallCounter) -> SignedConnection {
        var connection = self
        connection.transport = CountingTransport(transport: transport, counter: counter)
        return connection
    }

    /// Signs and sends one request, once.
    ///
    /// - Parameters:
    ///   - what: The call, for messages.
    ///   - isExpired: Whether the reply refuses the keys because they are too old: they are asked for anew next time.
    /// - Returns: The reply, whatever its status.
    /// - Throws: `provider.unreachable` or `provider.reply-lost` where none came, and what the source of the keys throws.
    func send(
        _ request: HTTPRequest, body: [UInt8], _ what: String, isExpired: (TransportReply) -> Bool = { _ in false }
    ) async throws(ProviderFailure) -> TransportReply {
        var request = request
        request.authority = host
        request.scheme = "https"
        let signing = try await credentials?.credentials()
        if let signing {
            Signer.sign(
                &request, body: body, credentials: signing, scope: scope,
                at: SigningDate(secondsSince1970: now()), keys: keys)
        }
        let reply: TransportReply
        do {
            reply = try await transport.send(request, body: body)
        } catch {
            throw ProviderFailure(transport: error, what)
        }
        if let signing, isExpired(reply) { await credentials?.discard(signing) }
        return reply
    }
}
