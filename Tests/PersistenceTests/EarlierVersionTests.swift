import Applying
import Glibc
import JSON
import Planning
import Reconciling
import Resources
import Storage
import Testing

@testable import Persistence

/// A state database as earlier releases wrote it: it must be read for ever.
@Suite("a state.db of an earlier version")
struct EarlierVersionTests {
    private func script(_ name: String) throws -> String {
        let folder = "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        let file = try #require(fopen("\(folder)/Fixtures/state/\(name)", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    @Test("is brought up to date with all that is in it", arguments: ["v2.sql"])
    func loads(_ name: String) async throws {
        let folder = try TemporaryFolder()
        let script = try script(name)
        let old = try await Database.open(.file(path: folder.path + "/state.db"), migrations: [])
        try await old.read { try $0.script(script) }
        await old.close()
        let state = try await StateDatabase.open(directory: folder.path, now: { .init(milliseconds: 9) })
        let objects = try await state.objects(environment: "dev")
        #expect(objects.map(\.identity.physicalID) == ["a1b2c3"])
        #expect(objects.first?.identity.attribute("rootResourceId") == "r00t")
        #expect(try await state.doubts(environment: "dev").count == 1)
        #expect(try await state.unfinished(environment: "dev") == [])
        #expect(try await state.lastTarget(environment: "dev") == ["engine": [:]])
        let revisions = try await state.revisions(environment: "dev", before: nil, limit: 9)
        #expect(revisions.map(\.outcome) == [.refused, .applied])
        #expect(try await state.changes(of: 1, environment: "dev") == nil)
        #expect(try await state.events(environment: "dev", limit: 9).map(\.kind) == [.applied])
        let hold = try #require(await state.hold(environment: "dev"))
        #expect(hold.kind == .rollback && hold.reason == "why" && hold.by == "" && hold.until == nil)
        // And it goes on from there.
        let lease = try await state.acquire(environment: "dev", holder: "test", ttl: .seconds(60))
        #expect(lease.epoch == 4)
        let third = try await state.add(try #require(revisions.first))
        #expect(third.number == 3)
    }
}
