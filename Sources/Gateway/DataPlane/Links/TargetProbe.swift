import NIOCore
import NIOPosix

/// One check of a target, on one event loop. It goes where requests may go, and nowhere else.
struct TargetProbe {
    let eventLoop: any EventLoop
    let guardian: EndpointGuard
    let tls: EndpointTLS

    /// - Returns: Whether the target passed; never fails.
    func run(_ target: LinkTarget, _ check: TargetCheck) -> EventLoopFuture<Bool> {
        guard let path = check.path else {
            let guardian = guardian
            return EndpointResolver.addresses(of: target.origin.place, for: eventLoop)
                .flatMap { connects($0.filter(guardian.allows)[...], TimeAmount(check.timeout)) }
                .recover { _ in false }
        }
        var headers = HeaderFields()
        headers.append("Host", target.origin.authority)
        headers.append("User-Agent", "gatewright-health-check")
        headers.append("Connection", "close")
        let milliseconds = Int(TimeAmount(check.timeout).nanoseconds / 1_000_000)
        let call = EndpointCall(
            origin: target.origin, method: "GET", target: path, headers: headers, body: .none, timeout: milliseconds)
        let pool = EndpointPool(eventLoop: eventLoop, guardian: guardian, tls: tls, idleTimeout: .seconds(1))
        return BufferedCall(call, pool: pool).start().map { outcome in
            if case .answered(let answer) = outcome { (200..<400).contains(answer.status) } else { false }
        }
    }

    /// One address after the other, as requests do: a name may have several, and one that answers is enough.
    private func connects(_ addresses: ArraySlice<SocketAddress>, _ timeout: TimeAmount) -> EventLoopFuture<Bool> {
        guard let address = addresses.first else { return eventLoop.makeSucceededFuture(false) }
        return ClientBootstrap(group: eventLoop)
            .channelOption(.autoRead, value: false)
            .connectTimeout(timeout)
            .connect(to: address)
            .map { channel in
                channel.close(promise: nil)
                return true
            }
            .flatMapError { _ in connects(addresses.dropFirst(), timeout) }
    }
}
