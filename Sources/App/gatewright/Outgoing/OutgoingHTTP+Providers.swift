import HTTPTypes

extension OutgoingHTTP {
    /// A document that an identity provider publishes.
    ///
    /// - Parameter url: `https://host/path`
    /// - Returns: Nothing for an answer that is no 200.
    func providerDocument(_ url: String) async throws(OutgoingFailure) -> [UInt8] {
        let rest = url.dropFirst("https://".count)
        let host = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(host.count)
        let request = HTTPRequest(
            method: .get, scheme: "https", authority: String(host), path: path.isEmpty ? "/" : String(path))
        let reply = try await send(request, timeLimit: .seconds(10), replyBytesMax: Limits.providerDocumentBytes)
        return reply.response.status == .ok ? reply.body : []
    }
}
