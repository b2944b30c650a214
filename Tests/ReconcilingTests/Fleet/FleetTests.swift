import Applying
import Diagnostics
import GitSource
import JSON
import Logging
import Resources
import Synchronization
import Testing

@testable import Reconciling

@Suite("The environments of one repository", .timeLimit(.minutes(2)))
struct FleetTests {
    @Test("every environment of the repository is followed, and a commit brings another one")
    func comingEnvironments() async throws {
        let house = try House(Manifests.all(["dev", "prod"]))
        try await house.running(house.fleet()) { fleet, events in
            try await events.wait(for: [.applied, .applied])
            #expect(Set(fleet.statuses.map(\.environment)) == ["dev", "prod"])
            let head = try house.repository.commit([
                "gatewright.yaml": Manifests.environments(["dev", "prod", "test"])
            ])
            fleet.wake()
            try await events.wait(for: [.applied])
            try await house.settled(fleet) { status in
                status.count == 3 && status.allSatisfy { $0.state == .ready && $0.headCommit == head }
            }
            #expect(fleet.status.headCommit == head)
            #expect(fleet.counters.polls == 2)
            // The two that were there planned once: the commit changed nothing for them.
            #expect(await house.stores.history.map(\.environment).sorted() == ["dev", "prod", "test"])
        }
    }

    @Test("an environment that vanishes is shown, keeps what it has, and goes on when it comes back")
    func vanished() async throws {
        let house = try House(Manifests.all(["dev", "prod"]))
        try await house.running(house.fleet()) { fleet, events in
            try await events.wait(for: [.applied, .applied])
            let before = try await house.stores.objects(environment: "prod")
            try house.repository.commit(["gatewright.yaml": Manifests.environments(["dev"])])
            fleet.wake()
            try await events.wait(for: [.vanished])
            try await house.settled(fleet) { statuses in
                statuses.allSatisfy { $0.state == ($0.environment == "prod" ? .vanished : .ready) }
            }
            #expect(try await house.stores.objects(environment: "prod") == before)
            #expect(await house.world(of: "prod").document(House.stage) != nil)

            let back = try house.repository.commit([
                "gatewright.yaml": Manifests.environments(["dev", "prod"]),
                "apis/pets.yaml": Manifests.api(tier: "tin"),
            ])
            fleet.wake()
            try await house.settled(fleet) { $0.allSatisfy { $0.state == .ready && $0.appliedCommit == back } }
        }
    }

    @Test("one that had vanished before the start is shown as such, and deletes nothing")
    func vanishedBefore() async throws {
        let house = try House(Manifests.all(["dev", "prod"]))
        try await house.running(house.fleet()) { _, events in try await events.wait(for: [.applied, .applied]) }
        try house.repository.commit(["gatewright.yaml": Manifests.environments(["dev"])])
        await house.world(of: "prod").forgetCalls()
        try await house.running(house.fleet()) { fleet, _ in
            try await house.settled(fleet) { statuses in
                statuses.contains { $0.environment == "prod" && $0.state == .vanished && $0.appliedCommit != nil }
                    && statuses.contains { $0.environment == "dev" && $0.state == .ready }
            }
            #expect(await house.world(of: "prod").calls.isEmpty)
        }
    }

    @Test("a configuration file that cannot be read lets nobody vanish")
    func brokenConfiguration() async throws {
        let house = try House(Manifests.all(["dev", "prod"]))
        try await house.running(house.fleet()) { fleet, events in
            try await events.wait(for: [.applied, .applied])
            try house.repository.commit(["gatewright.yaml": "apiVersion: gatewright/v1\nkind: [\n"])
            fleet.wake()
            try await events.wait(for: [.quarantined, .quarantined])
            #expect(fleet.statuses.allSatisfy { $0.state == .refused })
            #expect(fleet.statuses.allSatisfy { $0.problem?.code == "reconciling.manifests-invalid" })
            let good = try house.repository.commit([
                "gatewright.yaml": Manifests.environments(["dev", "prod"])
            ])
            fleet.wake()
            try await house.settled(fleet) { $0.allSatisfy { $0.state == .ready && $0.appliedCommit == good } }
        }
    }

    @Test("one broken environment stops none of the others")
    func broken() async throws {
        let bad =
            Manifests.environments(["dev", "prod"]) + "---\n"
            + Manifests.environments(["bad"]).replacing("manifests: [apis]", with: "manifests: [nowhere]")
        let house = try House(Manifests.all().merging(["gatewright.yaml": bad]) { _, new in new })
        try await house.running(house.fleet()) { fleet, _ in
            try await house.settled(fleet) { statuses in
                statuses.count == 3 && statuses.allSatisfy { $0.state == ($0.environment == "bad" ? .refused : .ready) }
            }
        }
    }

    @Test("only the environments that were asked for are followed")
    func only() async throws {
        let house = try House(Manifests.all(["dev", "prod", "test"]))
        try await house.running(house.fleet(only: ["prod", "typo"])) { fleet, _ in
            try await house.settled(fleet) { statuses in
                statuses.contains { $0.environment == "prod" && $0.state == .ready }
                    && statuses.contains { $0.environment == "typo" && $0.state == .refused }
            }
            #expect(fleet.statuses.map(\.environment) == ["prod", "typo"])
            let typo = fleet.statuses.first { $0.environment == "typo" }
            #expect(typo?.diagnostics.contains { $0.code == "manifest.unknown-environment" } == true)
        }
    }

    @Test("a mirror that cannot be brought up to date is said, and the environments stay as they are")
    func refreshFails() async throws {
        let house = try House(Manifests.all(["dev", "prod"]))
        let isDown = Mutex(false)
        let fleet = try house.fleet { () throws(GitFailure) in
            if isDown.withLock(\.self) { _ = try GitRepository(opening: "/nowhere") }
        }
        try await house.running(fleet) { fleet, events in
            try await events.wait(for: [.applied, .applied])
            isDown.withLock { $0 = true }
            let late = try house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "tin")])
            fleet.wake()
            try await until { fleet.status.problem?.code == "reconciling.source-unreadable" }
            #expect(fleet.status.problem?.message.contains("/nowhere") == true)
            #expect(fleet.statuses.allSatisfy { $0.state == .ready && $0.appliedCommit != late })
            #expect(fleet.counters.pollFailures == 1)
            isDown.withLock { $0 = false }
            fleet.wake()
            try await house.settled(fleet) { $0.allSatisfy { $0.state == .ready && $0.appliedCommit == late } }
            #expect(fleet.status.problem == nil)
        }
    }

    @Test("consents and holds go to the environment that they name, and to no other")
    func named() async throws {
        let house = try House(Manifests.all(["dev", "prod"]))
        try await house.running(house.fleet()) { fleet, events in
            try await events.wait(for: [.applied, .applied])
            try await fleet.setHold(
                Hold(.pause, environment: "prod", since: house.now, reason: "freeze"), environment: "prod")
            try await house.settled(fleet) { statuses in
                statuses.allSatisfy { $0.state == ($0.environment == "prod" ? .held : .ready) }
            }
            let failure = await #expect(throws: ReconcilingFailure.self) {
                try await fleet.consent(environment: "nowhere", to: "sha256:0")
            }
            #expect(failure?.code == .unknownEnvironment)
        }
    }

    @Test("a stop ends a fetch that hangs")
    func hangingFetch() async throws {
        let house = try House()
        let (reached, signal) = AsyncStream<Void>.makeStream()
        let fleet = try house.fleet { () throws(GitFailure) in
            signal.yield()
            do { try await ManualClock().sleep(for: .seconds(1)) } catch {}
        }
        await withTaskGroup { group in
            group.addTask { await fleet.run() }
            for await _ in reached { break }
            fleet.stop()
            await group.waitForAll()
        }
        #expect(fleet.counters.polls == 1)
    }
}

/// The events of a house, one after the other.
final class EventWaiting: Sendable {
    private let events: AsyncStream<Event>

    init(_ events: AsyncStream<Event>) { self.events = events }

    /// Returns once these kinds came, in any order; others are passed over.
    func wait(for kinds: [Event.Kind]) async throws {
        var open = kinds
        guard !open.isEmpty else { return }
        for await event in events {
            if let position = open.firstIndex(of: event.kind) { open.remove(at: position) }
            if open.isEmpty { return }
        }
        try #require(Bool(false), "the events ended")
    }
}

/// Returns once it is so; the time limit of the suite ends what never is.
func until(_ holds: () async throws -> Bool) async throws {
    while try await !holds() {
        try Task.checkCancellation()
        await Task.yield()
    }
}

extension House {
    func fleet(
        only: [String] = [],
        refresh: @escaping @Sendable () async throws(GitFailure) -> Void = { () throws(GitFailure) in }
    ) throws -> Fleet {
        Fleet(
            ref: "main", only: only, repository: try repository.open(), pipeline: pipeline(isShared: false),
            refresh: refresh,
            clock: ManualClock(), random: { 1 }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Runs the fleet while `body` runs.
    func running(_ fleet: Fleet, _ body: (Fleet, EventWaiting) async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await fleet.run() }
            do {
                try await body(fleet, EventWaiting(events))
            } catch {
                fleet.stop()
                throw error
            }
            fleet.stop()
            try await group.waitForAll()
        }
    }

    func settled(_ fleet: Fleet, _ holds: ([EnvironmentStatus]) -> Bool) async throws {
        try await until { holds(fleet.statuses) }
    }
}
