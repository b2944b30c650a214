import NIOCore

/// One request for the keys of a pool, on one event loop. It goes where requests may go, and nowhere else.
struct KeyFetcher: Sendable {
    let eventLoop: any EventLoop
    let guardian: EndpointGuard
    let tls: EndpointTLS
    let timeout: TimeAmount

    /// Never fails: what went wrong is the result.
    func run(_ source: KeySource) -> EventLoopFuture<Result<[String: WebKey], KeySetFailure>> {
        var headers = HeaderFields()
        headers.append("Host", source.origin.authority)
        headers.append("User-Agent", "gatewright")
        headers.append("Accept", "application/json")
        headers.append("Connection", "close")
        let call = EndpointCall(
            origin: source.origin, method: "GET", target: source.target, headers: headers, body: .none,
            timeout: Int(timeout.nanoseconds / 1_000_000))
        let (eventLoop, guardian, tls) = (eventLoop, guardian, tls)
        return eventLoop.flatSubmit {
            let pool = EndpointPool(eventLoop: eventLoop, guardian: guardian, tls: tls, idleTimeout: .seconds(1))
            return BufferedCall(call, pool: pool, bytesMax: Limits.webKeysBytesMax).start()
        }.map { outcome in
            do throws(KeySetFailure) {
                switch outcome {
                case .answered(let answer): return .success(try WebKey.keys(of: answer))
                case .failed(let error): throw KeySetFailure(error.detail ?? error.message)
                }
            } catch {
                return .failure(KeySetFailure("the keys at `\(source.url)` cannot be had: \(error.reason)"))
            }
        }
    }
}
