import Forges
import JSON
import Testing

@testable import Persistence

@Suite("messages that wait to be sent")
struct OutboxTests {
    @Test("are kept in their order, one for each key, apart for each receiver", arguments: Place.allCases)
    func keeps(_ place: Place) async throws {
        let store = try await Fixture(place).state
        #expect(try await store.kept(channel: "statuses") == [])
        try await store.keep(["n": 1], key: "a", channel: "statuses")
        try await store.keep(["n": 2], key: "b", channel: "statuses")
        try await store.keep(["n": 3], key: "a", channel: "statuses")
        try await store.keep(["n": 4], key: "a", channel: "slack")
        #expect(try await store.kept(channel: "statuses") == [["n": 2], ["n": 3]])
        try await store.forget(key: "b", channel: "statuses")
        try await store.forget(key: "unknown", channel: "statuses")
        #expect(try await store.kept(channel: "statuses") == [["n": 3]])
        #expect(try await store.kept(channel: "slack") == [["n": 4]])
    }

    @Test("are still there when the database is opened again")
    func reopened() async throws {
        let fixture = try await Fixture(.disk)
        try await fixture.state.keep(["text": "a\nb ü"], key: "a", channel: "x")
        await fixture.state.close()
        let again = try await StateDatabase.open(directory: fixture.folder.path, now: { fixture.clock.now })
        #expect(try await again.kept(channel: "x") == [["text": "a\nb ü"]])
        await again.close()
    }

    @Test("that cannot be kept say so with their code")
    func closed() async throws {
        let fixture = try await Fixture(.disk)
        await fixture.state.close()
        let thrown = await failure { try await fixture.state.keep([:], key: "a", channel: "x") }
        #expect((thrown as? ForgeFailure)?.code == .outboxUnusable)
    }
}
