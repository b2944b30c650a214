import Logging
import NIOCore

/// What one event loop needs to serve its connections; used on that loop only.
final class LoopState {
    let eventLoop: any EventLoop
    let configuration: DataPlaneConfiguration
    let logger: Logger
    let endpoints: EndpointPool
    let functions: FunctionRegistry
    let keySets: KeySetRegistry
    let keyFetcher: KeyFetcher
    let packer: BodyPacker
    let headTimeout: TimeAmount
    let idleTimeout: TimeAmount
    /// Access records are written, or requests traced.
    let keepsRecords: Bool
    var statistics = DataPlaneStatistics()
    private var lines: AccessLines
    private var areLinesDue = false
    private var view: SnapshotRegistry.View
    private var identities: IdentitySource
    private var clock = LoopClock()
    private var connections: [ObjectIdentifier: ClientConnection] = [:]
    private var allClosed: EventLoopPromise<Void>?
    /// On one loop of the server: checks the targets of private links.
    private var watch: TargetWatch?
    /// True once the server is to stop: answers end their connections.
    private(set) var isDraining = false

    init(
        eventLoop: any EventLoop, configuration: DataPlaneConfiguration, registry: SnapshotRegistry,
        guardian: EndpointGuard, tls: EndpointTLS, packer: BodyPacker, logger: Logger
    ) {
        self.eventLoop = eventLoop
        self.configuration = configuration
        self.logger = logger
        self.packer = packer
        endpoints = EndpointPool(
            eventLoop: eventLoop, guardian: guardian, tls: tls,
            idleTimeout: TimeAmount(configuration.endpointIdleTimeout))
        functions = registry.functions
        keySets = registry.services.keySets
        keyFetcher = KeyFetcher(
            eventLoop: eventLoop, guardian: guardian, tls: tls, timeout: TimeAmount(configuration.keysTimeout))
        headTimeout = TimeAmount(configuration.headTimeout)
        idleTimeout = TimeAmount(configuration.idleTimeout)
        keepsRecords = configuration.accessLog != nil || configuration.tracing != nil
        lines = AccessLines(configuration.accessLog?.format ?? .text)
        view = SnapshotRegistry.View(registry)
        identities = IdentitySource()
    }

    /// The stage that a request is for; nil when it is for none, or for none that may be reached so.
    func find(_ head: RequestHead) -> (address: StageAddress, snapshot: StageSnapshot)? {
        view.refresh()
        if view.hasDomains {
            switch view.domains.find(head.bytes, authority: head.authority, path: head.path) {
            case .unmapped: return nil
            case .stage(let address): return view.snapshot(address).map { (address, $0) }
            case .otherHost: break
            }
        }
        guard let address = StageAddress(head.bytes, authority: head.authority, path: head.path),
            let snapshot = view.snapshot(address), !snapshot.facts.isDefaultEndpointDisabled
        else { return nil }
        return (address, snapshot)
    }

    func makeIdentity() -> ExchangeIdentity { identities.next(configuration.millisecondsSince1970()) }

    /// The Date header for a moment, its line included; made once a second.
    func dateLine(_ milliseconds: Int64) -> [UInt8] { clock.line(milliseconds) }

    // MARK: Access records

    func log(_ record: AccessRecord, _ identity: ExchangeIdentity) {
        lines.add(record, identity, at: configuration.millisecondsSince1970())
        if lines.isFull { return handOver() }
        guard !areLinesDue else { return }
        areLinesDue = true
        // A tenth of a second is soon enough for a reader, and a thousand records cost one handing over.
        eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(100)) {
            self.areLinesDue = false
            self.handOver()
        }
    }

    private func handOver() {
        guard !lines.isEmpty else { return }
        configuration.accessLog?.sink(lines.take())
    }

    /// What was done, with the connections that stand now.
    func currentStatistics() -> DataPlaneStatistics {
        var statistics = statistics
        statistics.connections = connections.count
        return statistics
    }

    // MARK: Connections

    func begin(_ watch: TargetWatch) {
        self.watch = watch
        watch.start()
    }

    func opened(_ connection: ClientConnection) { connections[ObjectIdentifier(connection)] = connection }

    func closed(_ connection: ClientConnection) {
        connections[ObjectIdentifier(connection)] = nil
        if connections.isEmpty, let allClosed {
            self.allClosed = nil
            allClosed.succeed()
        }
    }

    /// Lets requests in flight finish; what is left after `grace` is closed.
    func drain(grace: TimeAmount) -> EventLoopFuture<Void> {
        isDraining = true
        watch?.stop()
        let promise = eventLoop.makePromise(of: Void.self)
        guard !connections.isEmpty else {
            endpoints.closeAll()
            handOver()
            promise.succeed()
            return promise.futureResult
        }
        allClosed = promise
        for connection in Array(connections.values) { connection.closeIfIdle() }
        let deadline = eventLoop.assumeIsolated().scheduleTask(in: grace) {
            for connection in Array(self.connections.values) { connection.closeNow() }
        }
        promise.futureResult.assumeIsolated().whenComplete { _ in
            deadline.cancel()
            self.endpoints.closeAll()
            self.handOver()
        }
        return promise.futureResult
    }
}

/// The Date line, made once a second.
struct LoopClock {
    private var second: Int64 = -1
    private var bytes: [UInt8] = []

    mutating func line(_ milliseconds: Int64) -> [UInt8] {
        if milliseconds / 1000 != second {
            second = milliseconds / 1000
            bytes = Array("Date: \(GatewayDate(secondsSince1970: second).httpText)\r\n".utf8)
        }
        return bytes
    }
}

/// Ids that are distinct, not secret: xoshiro256++, seeded by the system.
///
/// SOURCE: Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018.
struct IdentitySource {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    init() {
        var system = SystemRandomNumberGenerator()
        state = (system.next(), system.next(), system.next(), system.next() | 1)
    }

    private mutating func word() -> UInt64 {
        let sum = state.0 &+ state.3
        let result = (sum << 23 | sum >> 41) &+ state.0
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = state.3 << 45 | state.3 >> 19
        return result
    }

    mutating func next(_ milliseconds: Int64) -> ExchangeIdentity {
        ExchangeIdentity(high: word(), low: word(), extended: word(), milliseconds: milliseconds)
    }
}
