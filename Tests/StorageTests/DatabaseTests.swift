import Diagnostics
import Glibc
import Synchronization
import Testing

@testable import Storage

let notes = [Migration("notes", "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT UNIQUE NOT NULL)")]

extension Connection {
    func add(_ text: String) throws(StorageFailure) {
        try execute("INSERT INTO note (text) VALUES (?)", [.text(text)])
    }

    func texts() throws(StorageFailure) -> [String] {
        try query("SELECT text FROM note ORDER BY id") { (row) throws(StorageFailure) in try row.text(0) }
    }
}

struct Mind: Error {}

@Suite("a database")
struct DatabaseTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func open(_ name: String = "a.db", _ migrations: [Migration] = notes) async throws(StorageFailure) -> Database {
        try await Database.open(.file(path: folder.file(name)), migrations: migrations)
    }

    func failure<Value>(_ body: () async throws -> Value) async -> StorageFailure? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? StorageFailure
        }
    }

    @Test("is made by several at once, and each can write")
    func manyFirst() async throws {
        for round in 0..<40 {
            try await withThrowingTaskGroup { group in
                for number in 0..<16 {
                    group.addTask {
                        let database = try await open("first\(round).db")
                        try await database.transaction { try $0.add("\(number)") }
                        await database.close()
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await open("first\(round).db").read { try $0.texts().count } == 16)
        }
    }

    @Test("keeps what a transaction wrote when it is opened again")
    func keeps() async throws {
        let first = try await open()
        try await first.transaction { try $0.add("one") }
        await first.close()
        let second = try await open()
        #expect(try await second.read { try $0.texts() } == ["one"])
    }

    @Test("forgets what a transaction wrote when its body throws")
    func rollsBack() async throws {
        let database = try await open()
        await #expect(throws: Mind.self) {
            try await database.transaction { connection in
                try connection.add("one")
                throw Mind()
            }
        }
        #expect(try await database.read { try $0.texts() } == [])
        try await database.transaction { try $0.add("two") }
        #expect(try await database.read { try $0.texts() } == ["two"])
    }

    @Test("runs with a write-ahead log and synchronous=FULL, also after transactions")
    func durable() async throws {
        let database = try await open()
        try await database.transaction { try $0.add("one") }
        let found = try await database.read { connection in
            let mode = try connection.first("PRAGMA journal_mode") { (row) throws(StorageFailure) in try row.text(0) }
            return (mode, try connection.synchronous())
        }
        #expect(found.0 == "wal")
        #expect(found.1 == Connection.full)
    }

    @Test(
        "gives values back as they were bound",
        arguments: [
            SQLValue.null, .integer(.min), .integer(.max), .real(0.1), .text(""), .text("a\u{0}b ü"), .blob([]),
            .blob([0, 255]),
        ])
    func values(_ value: SQLValue) async throws {
        let database = try await Database.open(.memory, migrations: [])
        let back = try await database.read { connection in
            try connection.first("SELECT ?", [value]) { (row) throws(StorageFailure) -> SQLValue in
                switch value {
                case .null: row.isNull(0) ? .null : .text("not null")
                case .integer: .int(try row.int(0))
                case .real: .real(try row.double(0))
                case .text: .text(try row.text(0))
                case .blob: .blob(try row.blob(0))
                }
            }
        }
        #expect(back == value)
    }

    @Test("refuses to read a column as something else, and names it")
    func columnTypes() async throws {
        let database = try await Database.open(.memory, migrations: [])
        let failure = await failure {
            try await database.read {
                try $0.first("SELECT 'x' AS colour") { (row) throws(StorageFailure) in try row.int(0) }
            }
        }
        #expect(failure?.code == .corrupt)
        #expect(failure?.message.contains("`colour`") == true)
        let null = await self.failure {
            try await database.read { try $0.first("SELECT NULL") { (row) throws(StorageFailure) in try row.text(0) } }
        }
        #expect(null?.code == .corrupt)
    }

    @Test("refuses too few and too many values")
    func valueCount() async throws {
        let database = try await open()
        for values in [[], [SQLValue.text("a"), .text("b")]] {
            let failure = await failure {
                try await database.read { try $0.execute("INSERT INTO note (text) VALUES (?)", values) }
            }
            #expect(failure?.code == .badStatement)
        }
    }

    @Test("runs a statement inside the rows of the same statement")
    func nested() async throws {
        let database = try await open()
        try await database.transaction { connection in
            try connection.add("one")
            try connection.add("two")
        }
        let pairs = try await database.read { connection in
            try connection.query("SELECT text FROM note ORDER BY id") { (row) throws(StorageFailure) in
                (try row.text(0), try connection.texts())
            }
        }
        #expect(pairs.map(\.0) == ["one", "two"])
        #expect(pairs.allSatisfy { $0.1 == ["one", "two"] })
    }

    @Test("goes on past the limit of kept statements")
    func statements() async throws {
        let database = try await open()
        let sum = try await database.read { connection in
            var sum = 0
            for number in 0..<Limits.statementsMax + 10 {
                sum += try connection.first("SELECT \(number)") { (row) throws(StorageFailure) in try row.int(0) } ?? 0
            }
            return sum
        }
        #expect(sum == (0..<Limits.statementsMax + 10).reduce(0, +))
    }

    @Test("says that it is closed")
    func closed() async throws {
        let database = try await open()
        await database.close()
        #expect(await failure { try await database.read { try $0.texts() } }?.code == .closed)
        #expect(await failure { try await database.groupTransaction { try $0.add("x") } }?.code == .closed)
    }

    @Test("in memory, is its own")
    func memory() async throws {
        let first = try await Database.open(.memory, migrations: notes)
        let second = try await Database.open(.memory, migrations: notes)
        try await first.transaction { try $0.add("one") }
        #expect(try await second.read { try $0.texts() } == [])
    }

    @Test("names a row that contradicts another")
    func constraint() async throws {
        let database = try await open()
        try await database.transaction { try $0.add("one") }
        #expect(await failure { try await database.transaction { try $0.add("one") } }?.code == .constraint)
    }
}

extension DatabaseTests {
    @Test("brings an older schema up to date, and keeps its rows")
    func migrates() async throws {
        let old = try await open()
        try await old.transaction { try $0.add("one") }
        await old.close()
        let new = try await open("a.db", notes + [Migration("colour", "ALTER TABLE note ADD COLUMN colour TEXT")])
        #expect(try await new.read { try $0.execute("UPDATE note SET colour = 'red'") } == 1)
    }

    @Test("takes back a migration that fails, and the version with it")
    func failingMigration() async throws {
        let bad = Migration("bad", "CREATE TABLE other (id INTEGER); CREATE TABLE note (id INTEGER)")
        #expect(await failure { try await open("a.db", notes + [bad]) }?.code == .badStatement)
        let good = Migration("good", "CREATE TABLE other (id INTEGER)")
        _ = try await open("a.db", notes + [good])
    }

    @Test("leaves a newer database alone and says what to do")
    func newer() async throws {
        let new = try await open("a.db", notes + [Migration("more", "CREATE TABLE more (id INTEGER)")])
        await new.close()
        let failure = await failure { try await open() }
        #expect(failure?.code == .newerVersion)
        #expect(failure?.message.contains("version 2") == true)
    }

    @Test("can be opened by many at once, and is migrated once")
    func openedByMany() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { _ = try await open() } }
            try await group.waitForAll()
        }
    }

    @Test("refuses a file that is no database, and does not touch it")
    func notADatabase() async throws {
        let text = Array("this is a letter, not a database; it is long enough to look at".utf8)
        write(text, to: folder.file("a.db"))
        #expect(await failure { try await open() }?.code == .notADatabase)
        #expect(read(folder.file("a.db")) == text)
    }

    @Test("says that a damaged file is damaged")
    func corrupt() async throws {
        let database = try await open()
        try await database.transaction { connection in
            for number in 0..<2_000 { try connection.add("note number \(number)") }
        }
        await database.close()
        write([UInt8](repeating: 0xA5, count: 40_000), to: folder.file("a.db"), at: 4_096)
        #expect(await failure { try await open().read { try $0.texts() } }?.code == .corrupt)
    }

    @Test("says which file could not be opened", arguments: ["missing/a.db", "."])
    func cannotOpen(_ name: String) async {
        let failure = await failure { try await open(name) }
        #expect(failure?.code == .cannotOpen)
        #expect(failure?.message.contains(name) == true)
    }

    @Test("says that it cannot make a file where nothing may be made")
    func unwritableFolder() async {
        let failure = await failure { try await Database.open(.file(path: "/proc/a.db"), migrations: notes) }
        #expect(failure?.code == .cannotOpen || failure?.code == .readOnly)
    }

    @Test("says that the disk is full, keeps what was there, and goes on when there is room")
    func full() async throws {
        let database = try await open()
        try await database.transaction { try $0.add("one") }
        let size = try await database.read { connection in
            let pages =
                try connection.first("PRAGMA page_count") { (row) throws(StorageFailure) in try row.int(0) } ?? 0
            _ = try connection.query("PRAGMA max_page_count = \(pages)") { (_) throws(StorageFailure) in }
            return pages
        }
        let long = String(repeating: "x", count: 20_000)
        #expect(await failure { try await database.transaction { try $0.add(long) } }?.code == .diskFull)
        #expect(await failure { try await database.groupTransaction { try $0.add(long) } }?.code == .diskFull)
        #expect(try await database.read { try $0.texts() } == ["one"])
        _ = try await database.read {
            try $0.query("PRAGMA max_page_count = \(size + 100)") { (_) throws(StorageFailure) in }
        }
        try await database.transaction { try $0.add(long) }
    }

    @Test("says that a locked database is locked, and that a read-only one is read-only")
    func busyAndReadOnly() async throws {
        _ = try await open()
        let path = folder.file("a.db")
        let holder = try Connection(path: path, flags: 2)
        try holder.execute("BEGIN IMMEDIATE")
        let other = try Connection(path: path, flags: 2, busyMilliseconds: 0)
        #expect(throws: StorageFailure.self) { try other.execute("BEGIN IMMEDIATE") }
        do throws(StorageFailure) { try other.execute("BEGIN IMMEDIATE") } catch { #expect(error.code == .busy) }
        try holder.execute("ROLLBACK")
        let reader = try Connection(path: path, flags: 1)
        do throws(StorageFailure) {
            try reader.add("one")
            Issue.record("a read-only database was written")
        } catch {
            #expect(error.code == .readOnly)
        }
    }

    @Test(
        "tells result codes apart",
        arguments: [
            (13, 0, StorageFailure.Code.diskFull), (10, ENOSPC, .diskFull), (10, EDQUOT, .diskFull), (10, EIO, .io),
            (8, 0, .readOnly),
            (14, EROFS, .readOnly), (14, ENOENT, .cannotOpen), (5, 0, .busy), (6, 0, .busy), (11, 0, .corrupt),
            (26, 0, .notADatabase),
            (7, 0, .outOfMemory), (18, 0, .tooBig), (19, 0, .constraint), (1, 0, .badStatement), (21, 0, .badStatement),
        ] as [(Int32, Int32, StorageFailure.Code)])
    func codes(_ result: Int32, _ systemError: Int32, _ code: StorageFailure.Code) {
        #expect(StorageFailure.code(result: result, systemError: systemError) == code)
    }

    @Test("explains every code", arguments: StorageFailure.Code.allCases)
    func explanations(_ code: StorageFailure.Code) {
        #expect(
            !code.explanation.meaning.isEmpty && !code.explanation.cause.isEmpty && !code.explanation.remedy.isEmpty)
        #expect(code.rawValue.hasPrefix("storage."))
    }
}
