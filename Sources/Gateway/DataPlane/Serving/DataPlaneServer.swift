import Diagnostics
package import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Serves the stages of a registry over HTTP/1.1.
package final class DataPlaneServer: Sendable {
    private let configuration: DataPlaneConfiguration
    private let registry: SnapshotRegistry
    private let logger: Logger
    private let running = Mutex<Phase>(.new)

    private enum Phase {
        case new
        case running(Running)
        case stopped
    }

    private struct Running {
        var group: MultiThreadedEventLoopGroup
        var listener: any Channel
        var loops: [NIOLoopBound<LoopState>]
        var packer: BodyPacker
    }

    package init(configuration: DataPlaneConfiguration, registry: SnapshotRegistry, logger: Logger) {
        self.configuration = configuration
        self.registry = registry
        self.logger = logger
    }

    /// Opens the listener.
    ///
    /// - Returns: The port taken.
    /// - Throws: `data-plane.listen-refused`, `data-plane.already-started`.
    package func start() async throws(DataPlaneFailure) -> Int {
        guard running.withLock({ if case .new = $0 { true } else { false } }) else {
            throw DataPlaneFailure(
                .alreadyStarted, "the data plane was started before",
                recovery: .askOperator(runbook: "engine-listener.md"))
        }
        let threads = configuration.eventLoops ?? System.coreCount
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(threads, 1))
        let guardian = EndpointGuard(configuration.endpoints, ownAddresses: ownAddresses)
        let tls = EndpointTLS(authoritiesPath: configuration.endpoints.authoritiesPath)
        let packer = BodyPacker()
        do {
            let loops = try await makeLoops(group, guardian, tls, packer)
            let listener = try await listen(group, loops)
            let port = listener.localAddress?.port ?? configuration.port
            guardian.setDataPort(port)
            running.withLock { $0 = .running(Running(group: group, listener: listener, loops: loops, packer: packer)) }
            if let loop = loops.first { try await watchTargets(on: loop, guardian, tls) }
            return port
        } catch {
            await stop(group, packer)
            throw DataPlaneFailure(
                .listenRefused, "cannot listen on `\(configuration.host):\(configuration.port)`",
                recovery: .askOperator(runbook: "engine-listener.md"), cause: error)
        }
    }

    /// Checks begin once the data port is known: a target must not be this server itself.
    private func watchTargets(
        on loop: NIOLoopBound<LoopState>, _ guardian: EndpointGuard, _ tls: EndpointTLS
    ) async throws {
        let (links, logger) = (registry.links, logger)
        try await loop.eventLoop.submit {
            let probe = TargetProbe(eventLoop: loop.eventLoop, guardian: guardian, tls: tls)
            loop.value.begin(TargetWatch(links, probe, logger: logger))
        }.get()
    }

    private var ownAddresses: [SocketAddress] {
        do {
            return try System.enumerateDevices().compactMap(\.address)
        } catch {
            logger.warning("the addresses of this machine are unknown", metadata: ["gw.error": "\(error)"])
            return []
        }
    }

    private func makeLoops(
        _ group: MultiThreadedEventLoopGroup, _ guardian: EndpointGuard, _ tls: EndpointTLS, _ packer: BodyPacker
    ) async throws -> [NIOLoopBound<LoopState>] {
        var loops: [NIOLoopBound<LoopState>] = []
        for eventLoop in group.makeIterator() {
            let (configuration, registry, logger) = (configuration, registry, logger)
            let bound = try await eventLoop.submit {
                NIOLoopBound(
                    LoopState(
                        eventLoop: eventLoop, configuration: configuration, registry: registry, guardian: guardian,
                        tls: tls, packer: packer, logger: logger),
                    eventLoop: eventLoop)
            }.get()
            loops.append(bound)
        }
        return loops
    }

    private func listen(
        _ group: MultiThreadedEventLoopGroup, _ loops: [NIOLoopBound<LoopState>]
    ) async throws -> any Channel {
        let byLoop = Dictionary(uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.eventLoop), $0) })
        let tls = configuration.tls
        return try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 32 * 1024, high: 128 * 1024))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = byLoop[ObjectIdentifier(channel.eventLoop)] else { return }
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls()))
                    }
                    try channel.pipeline.syncOperations.addHandler(ClientConnection(loop: loop.value))
                }
            }
            .bind(host: configuration.host, port: configuration.port)
            .get()
    }

    /// What was done since the start; nothing before it and after the end.
    package func statistics() async -> DataPlaneStatistics {
        let loops = running.withLock { phase -> [NIOLoopBound<LoopState>] in
            if case .running(let running) = phase { running.loops } else { [] }
        }
        var sum = DataPlaneStatistics()
        (sum.healthyTargets, sum.unhealthyTargets) = registry.links.targetCounts
        for loop in loops {
            do {
                sum.add(try await loop.eventLoop.submit { loop.value.currentStatistics() }.get())
            } catch {
                // The loop has ended in between.
                continue
            }
        }
        return sum
    }

    /// Stops accepting, lets requests in flight finish within the grace time, then closes everything.
    package func shutdown() async {
        let stopping = running.withLock { phase -> Running? in
            guard case .running(let running) = phase else { return nil }
            phase = .stopped
            return running
        }
        guard let stopping else { return }
        let grace = TimeAmount(configuration.shutdownGrace)
        do {
            try await stopping.listener.close()
            let drained = stopping.loops.map { loop in loop.eventLoop.flatSubmit { loop.value.drain(grace: grace) } }
            for future in drained { try await future.get() }
        } catch {
            logger.warning("the data plane did not stop in order", metadata: ["gw.error": "\(error)"])
        }
        await stop(stopping.group, stopping.packer)
    }

    /// For tests: what packs the bodies of the running server.
    var packer: BodyPacker? {
        running.withLock { if case .running(let running) = $0 { running.packer } else { nil } }
    }

    private func stop(_ group: MultiThreadedEventLoopGroup, _ packer: BodyPacker) async {
        do {
            try await packer.stop()
            try await group.shutdownGracefully()
        } catch {
            logger.warning("event loops did not stop", metadata: ["gw.error": "\(error)"])
        }
    }
}
