import Glibc
import Reconciling
import Storage
import Testing

@testable import Persistence

@Suite("opening the state database")
struct OpeningTests {
    func code(_ directory: String) async -> StorageFailure.Code? {
        await
            (failure { try await StateDatabase.open(directory: directory, now: { .init(milliseconds: 0) }) }
            as? StorageFailure)?
            .code
    }

    @Test("says what is wrong with the folder", arguments: ["/proc", "/nowhere/at/all"])
    func folder(_ path: String) async {
        let code = await code(path)
        #expect(code == .cannotOpen || code == .readOnly)
    }

    @Test("refuses a newer schema, and a file of something else")
    func newerAndOther() async throws {
        let fixture = try await Fixture(.disk)
        try await fixture.state.database.transaction { try $0.execute("PRAGMA user_version = 99") }
        await fixture.state.close()
        #expect(await code(fixture.folder.path) == .newerVersion)
        let other = try TemporaryFolder()
        let file = open("\(other.path)/state.db", O_RDWR | O_CREAT, 0o600)
        let text = Array("a diary, which is no database and is long enough to show it".utf8)
        write(file, text, text.count)
        close(file)
        #expect(await code(other.path) == .notADatabase)
    }

    @Test("makes tables once, and finds them again")
    func again() async throws {
        let fixture = try await Fixture(.disk)
        for _ in 0..<3 {
            let again = try await StateDatabase.open(directory: fixture.folder.path, now: { .init(milliseconds: 0) })
            #expect(try await again.objects(environment: "dev") == [])
            await again.close()
        }
    }
}
