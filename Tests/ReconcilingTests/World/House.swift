import Applying
import Diagnostics
import GitSource
import JSON
import Logging
import Manifests
import Planning
import Resources
import Synchronization

@testable import Reconciling

/// One repository, one world for each environment, and everything between them.
final class House: Sendable {
    let repository: TemporaryRepository
    let stores: MemoryStores
    let world = SmallWorld()
    /// Of the environments of a fleet.
    private let worlds = Mutex<[String: SmallWorld]>([:])
    let events: AsyncStream<Event>
    let time = Mutex(Timestamp(milliseconds: 1_000_000))
    let made = Mutex<[JSONValue]>([])
    let announced = Mutex<[Announcement]>([])

    init(_ files: [String: String?] = Manifests.all()) throws {
        repository = try TemporaryRepository()
        let (events, continuation) = AsyncStream<Event>.makeStream()
        self.events = events
        stores = MemoryStores(events: continuation)
        if !files.isEmpty { try repository.commit(files, "Begin") }
    }

    var now: Timestamp { time.withLock(\.self) }
    func pass(_ duration: Duration) { time.withLock { $0 = $0.adding(duration) } }

    func world(of environment: String) -> SmallWorld {
        worlds.withLock { worlds in
            let world = worlds[environment] ?? SmallWorld()
            worlds[environment] = world
            return world
        }
    }

    /// - Parameter isShared: One world for all environments, `world` if that is given.
    func pipeline(
        guards: ControllerGuards = ControllerGuards(), world: (any ResourceProvider)? = nil, isShared: Bool = true
    ) -> Pipeline {
        var settings = ApplierSettings()
        settings.attemptsMax = 1
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let applier = Applier(
            journal: stores, states: stores, leases: stores, holder: "the test", settings: settings, logger: logger)
        let target = world ?? self.world
        return Pipeline(
            applier: applier, revisions: stores, guards: guards,
            provider: { json, environment throws(ProviderFailure) in
                self.made.withLock { $0.append(["target": json, "environment": .string(environment)]) }
                return isShared ? target : self.world(of: environment)
            }, announce: { told in self.announced.withLock { $0.append(told) } }, now: { self.now }, logger: logger)
    }

    func reconciler(
        _ environment: String = "dev", ref: String = "main", guards: ControllerGuards = ControllerGuards(),
        world: (any ResourceProvider)? = nil, clock: any Clock<Duration> = ContinuousClock()
    ) throws -> Reconciler {
        Reconciler(
            environment: environment, ref: ref, repository: try repository.open(),
            pipeline: pipeline(guards: guards, world: world), clock: clock, random: { 1 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Looks at the whole target; the environment is to be at the head.
    func sweep(_ pipeline: Pipeline) async throws -> DriftSweep {
        let repository = try repository.open()
        return try await pipeline.sweep(
            "dev", in: repository, desired: try await repository.resolve("main"),
            today: CivilDate(year: 2026, month: 11, day: 22))
    }

    static let stage = Address(.stage, in: "pets", "test")
    static let method = Address(.method, in: "pets", "GET /pets")
    static let refusal = ProviderFailure(.refused, "no", effect: .none)
    static let unreachable = ProviderFailure(.unreachable, "nobody answers", effect: .none)
}
