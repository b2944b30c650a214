import Applying
import Glibc
import Reconciling
import Testing

@testable import Persistence

@Suite("the lease of an environment")
struct LeaseTests {
    func code(_ body: () async throws -> some Any) async -> LeaseFailure.Code? {
        (await failure(body) as? LeaseFailure)?.code
    }

    @Test("is one holder's at a time, each with a higher epoch", arguments: Place.allCases)
    func one(_ place: Place) async throws {
        let fixture = try await Fixture(place)
        let first = try await fixture.lease()
        let refused = await failure { try await fixture.lease() } as? LeaseFailure
        #expect(refused?.code == .held)
        #expect(refused?.holder == "test")
        _ = try await fixture.lease("prod")
        try await fixture.state.release(first)
        let second = try await fixture.lease()
        #expect(second.epoch > first.epoch)
    }

    @Test("says who has it without being taken", arguments: Place.allCases)
    func standing(_ place: Place) async throws {
        let fixture = try await Fixture(place)
        #expect(try await fixture.state.standing(environment: "dev") == LeaseStanding(epoch: 0, holder: nil))
        let lease = try await fixture.lease()
        for _ in 1...2 {
            let standing = try await fixture.state.standing(environment: "dev")
            #expect(standing == LeaseStanding(epoch: lease.epoch, holder: "test"))
        }
        try await fixture.state.renew(lease, ttl: .seconds(60))
        try await fixture.state.release(lease)
        #expect(try await fixture.state.standing(environment: "dev") == LeaseStanding(epoch: lease.epoch, holder: nil))
    }

    @Test("is kept by renewing, and lost to who came after", arguments: Place.allCases)
    func renewed(_ place: Place) async throws {
        let fixture = try await Fixture(place)
        let first = try await fixture.lease()
        fixture.clock.advance(.seconds(50))
        try await fixture.state.renew(first, ttl: .seconds(60))
        fixture.clock.advance(.seconds(50))
        #expect(await code { try await fixture.lease() } == .held)
        try await fixture.state.release(first)
        #expect(await code { try await fixture.state.renew(first, ttl: .seconds(60)) } == .lost)
        _ = try await fixture.lease()
        try await fixture.state.release(first)
        #expect(await code { try await fixture.lease() } == .held, "an old grant gives nothing back")
    }

    @Test("in memory, is free once its time is over")
    func expires() async throws {
        let fixture = try await Fixture(.memory)
        let first = try await fixture.lease()
        fixture.clock.advance(.seconds(61))
        let second = try await fixture.lease()
        #expect(second.epoch == first.epoch + 1)
        #expect(await code { try await fixture.state.renew(first, ttl: .seconds(60)) } == .lost)
    }

    @Test("on disk, lasts as long as its holder lives, and no longer, whatever its time says")
    func fileLock() async throws {
        let fixture = try await Fixture(.disk)
        let first = try await fixture.lease()
        let clock = fixture.clock
        let other = try await StateDatabase.open(directory: fixture.folder.path, now: { clock.now })
        clock.advance(.seconds(3_600))
        #expect(await code { try await other.acquire(environment: "dev", holder: "other", ttl: .seconds(60)) } == .held)
        // What the system does for a process that is killed.
        fixture.state.locks?.releaseAll()
        let second = try await other.acquire(environment: "dev", holder: "other", ttl: .seconds(60))
        #expect(second.epoch == first.epoch + 1)
        #expect(await code { try await fixture.state.renew(first, ttl: .seconds(60)) } == .lost)
    }

    @Test("leaves its folder under no name", arguments: ["../dev", "a/b", "ü", "dev prod", "."])
    func names(_ environment: String) async throws {
        let fixture = try await Fixture(.disk)
        _ = try await fixture.lease(environment)
        #expect(await code { try await fixture.lease(environment) } == .held)
    }

    @Test("says that it cannot be taken where the database is closed or the folder is gone")
    func unavailable() async throws {
        let fixture = try await Fixture(.disk)
        await fixture.state.close()
        #expect(await code { try await fixture.lease() } == .unavailable)
        #expect(await code { try await fixture.lease() } == .unavailable, "a failed try keeps no lock")
        let gone = StateDatabase(
            database: fixture.state.database, locks: LeaseLocks(directory: "\(fixture.folder.path)/gone"),
            now: { .init(milliseconds: 0) }, directory: nil)
        #expect(
            await code { try await gone.acquire(environment: "dev", holder: "x", ttl: .seconds(1)) } == .unavailable)
    }
}
