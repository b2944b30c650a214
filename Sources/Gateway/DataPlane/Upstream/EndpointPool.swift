import NIOCore
import NIOPosix

/// The connections of one event loop to all endpoints; used on that loop only.
final class EndpointPool {
    let eventLoop: any EventLoop
    private let guardian: EndpointGuard
    private let tls: EndpointTLS
    private let idleTimeout: TimeAmount
    private var idle: [EndpointOrigin: [EndpointConnection]] = [:]
    /// By place, whatever is spoken there: behind a private link many names may share one.
    private var open: [EndpointPlace: Int] = [:]
    private var all: [ObjectIdentifier: EndpointConnection] = [:]
    private var isSweeping = false
    private var isClosed = false
    private var spare: ByteBuffer?

    init(eventLoop: any EventLoop, guardian: EndpointGuard, tls: EndpointTLS, idleTimeout: TimeAmount) {
        self.eventLoop = eventLoop
        self.guardian = guardian
        self.tls = tls
        self.idleTimeout = idleTimeout
    }

    /// Makes one call with connections of its own, and waits for the whole answer.
    func alone(_ call: EndpointCall, bytesMax: Int = Limits.responseBodyBytesMax) -> EventLoopFuture<TestRun.Outcome> {
        let pool = EndpointPool(eventLoop: eventLoop, guardian: guardian, tls: tls, idleTimeout: .seconds(1))
        return BufferedCall(call, pool: pool, bytesMax: bytesMax).start()
    }

    /// Finds an idle connection or makes one, then tells `exchange`.
    func acquire(for exchange: EndpointExchange, allowsIdle: Bool) {
        let origin = exchange.origin
        if allowsIdle {
            while let connection = idle[origin]?.popLast() {
                guard connection.isActive else { continue }
                exchange.send(over: connection)
                return
            }
        }
        guard open[origin.place, default: 0] < Limits.connectionsPerEndpointMax else {
            fail(exchange, .tooManyConnections)
            return
        }
        open[origin.place, default: 0] += 1
        resolve(origin).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let addresses): self.connect(origin, addresses[...], .forbiddenAddress, exchange)
            case .failure(let failure as EndpointFailure): self.giveUp(origin, exchange, failure)
            case .failure: self.giveUp(origin, exchange, .unresolved)
            }
        }
    }

    private func resolve(_ origin: EndpointOrigin) -> EventLoopFuture<[SocketAddress]> {
        let place = origin.place
        let literal = EndpointResolver.literal(host: place.host, port: place.port)
        let isTLSReady = origin.security == .none || tls.isReady(for: origin)
        if let literal, isTLSReady { return eventLoop.makeSucceededFuture([literal]) }
        let tls = tls
        return NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
            if !isTLSReady { try tls.prepare(for: origin) }
            return try literal.map { [$0] } ?? EndpointResolver.addresses(host: place.host, port: place.port)
        }
    }

    /// Tries the addresses in order.
    private func connect(
        _ origin: EndpointOrigin, _ addresses: ArraySlice<SocketAddress>, _ last: EndpointFailure,
        _ exchange: EndpointExchange
    ) {
        guard let address = addresses.first, !exchange.isAbandoned else {
            giveUp(origin, exchange, last)
            return
        }
        guard guardian.allows(address) else {
            connect(origin, addresses.dropFirst(), .forbiddenAddress, exchange)
            return
        }
        let connection = EndpointConnection(origin: origin, pool: self)
        let bound = NIOLoopBound(connection, eventLoop: eventLoop)
        let tls = tls
        ClientBootstrap(group: eventLoop)
            .channelOption(.autoRead, value: false)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelOption(.writeBufferWaterMark, value: .init(low: 32 * 1024, high: 64 * 1024))
            .connectTimeout(exchange.connectTimeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if origin.security != .none {
                        try channel.pipeline.syncOperations.addHandler(tls.handler(for: origin))
                    }
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
            .connect(to: address)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success:
                    self.all[ObjectIdentifier(connection)] = connection
                    if exchange.isAbandoned {
                        self.release(connection)
                    } else {
                        exchange.send(over: connection)
                    }
                case .failure(let error):
                    let failure = EndpointFailure.connecting(error)
                    self.connect(origin, addresses.dropFirst(), failure, exchange)
                }
            }
    }

    private func giveUp(_ origin: EndpointOrigin, _ exchange: EndpointExchange, _ failure: EndpointFailure) {
        closedOne(origin)
        exchange.failed(failure, over: nil)
    }

    /// Not from within the call that asked: the listener may not be ready to hear it.
    func fail(_ exchange: EndpointExchange, _ failure: EndpointFailure) {
        eventLoop.assumeIsolated().execute { exchange.failed(failure, over: nil) }
    }

    /// Takes a connection back that can serve another request.
    func release(_ connection: EndpointConnection) {
        let count = idle[connection.origin]?.count ?? 0
        guard !isClosed, connection.isActive, count < Limits.idleConnectionsPerEndpointMax else {
            forget(connection)
            return
        }
        connection.idleSince = .now()
        idle[connection.origin, default: []].append(connection)
        sweepLater()
    }

    /// Closes a connection that cannot.
    func forget(_ connection: EndpointConnection) {
        guard all.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        idle[connection.origin]?.removeAll { $0 === connection }
        if idle[connection.origin]?.isEmpty ?? false { idle[connection.origin] = nil }
        closedOne(connection.origin)
        connection.close()
    }

    private func closedOne(_ origin: EndpointOrigin) {
        let left = open[origin.place, default: 1] - 1
        open[origin.place] = left > 0 ? left : nil
    }

    /// One timer for all idle connections.
    private func sweepLater() {
        guard !isSweeping else { return }
        isSweeping = true
        eventLoop.assumeIsolated().scheduleTask(in: idleTimeout) {
            self.isSweeping = false
            let oldest = NIODeadline.now() - self.idleTimeout
            for connection in self.idle.values.joined() where connection.idleSince <= oldest { self.forget(connection) }
            if !self.idle.isEmpty { self.sweepLater() }
        }
    }

    func closeAll() {
        isClosed = true
        for connection in Array(all.values) { forget(connection) }
    }

    // MARK: One buffer for all heads

    func takeBuffer() -> ByteBuffer {
        guard var buffer = spare else { return ByteBufferAllocator().buffer(capacity: 2048) }
        spare = nil
        buffer.clear(minimumCapacity: 512)
        return buffer
    }

    func giveBack(_ buffer: ByteBuffer) { spare = buffer }
}
