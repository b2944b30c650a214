import Synchronization
import Testing

@testable import Storage

@Suite("a group commit", .serialized)
struct GroupCommitTests {
    let folder: TemporaryFolder
    let database: Database

    init() async throws {
        SyncCounter.install
        folder = try TemporaryFolder()
        database = try await Database.open(.file(path: folder.file("a.db")), migrations: notes)
    }

    /// Adds `texts` at the same time; the texts that were refused.
    func addAll(_ texts: [String], refusing refused: Set<String> = []) async -> [String] {
        await withTaskGroup(of: String?.self) { group in
            for text in texts {
                group.addTask { [database] in
                    do {
                        try await database.groupTransaction { connection in
                            try connection.add(text)
                            if refused.contains(text) { throw Mind() }
                        }
                        return nil
                    } catch {
                        return text
                    }
                }
            }
            return await group.compactMap { $0 }.reduce(into: []) { $0.append($1) }
        }
    }

    @Test("is on the disk before a transaction returns")
    func flushes() async throws {
        let before = SyncCounter.count.load(ordering: .relaxed)
        for number in 0..<10 { try await database.transaction { try $0.add("\(number)") } }
        #expect(SyncCounter.count.load(ordering: .relaxed) - before >= 10)
    }

    @Test("keeps every caller's writes, and is cheaper than a commit for each")
    func shares() async throws {
        let texts = (0..<400).map { "note \($0)" }
        let held = Mutex(false)
        // The database's thread is kept busy until every caller waits, so that they have something to share.
        async let blocked: Void = database.read { _ in
            while !held.withLock({ $0 }) {}
        }
        let before = SyncCounter.count.load(ordering: .relaxed)
        async let refused = addAll(texts)
        while database.waitingCount < texts.count { await Task.yield() }
        held.withLock { $0 = true }
        try await blocked
        #expect(await refused == [])
        #expect(SyncCounter.count.load(ordering: .relaxed) - before < texts.count / 2)
        #expect(Set(try await database.read { try $0.texts() }) == Set(texts))
    }

    @Test("takes back the writes of the one that throws, and no other")
    func oneThrows() async throws {
        let refused = await addAll(["a", "b", "c", "d"], refusing: ["b", "d"])
        #expect(Set(refused) == ["b", "d"])
        #expect(Set(try await database.read { try $0.texts() }) == ["a", "c"])
    }

    @Test("gives back what the body returns")
    func value() async throws {
        let texts = try await database.groupTransaction { connection in
            try connection.add("a")
            return try connection.texts()
        }
        #expect(texts == ["a"])
    }

    @Test("carries more callers than one group holds")
    func manyGroups() async throws {
        let texts = (0..<Limits.groupMax * 2 + 1).map { "\($0)" }
        #expect(await addAll(texts) == [])
        #expect(try await database.read { try $0.texts() }.count == texts.count)
    }
}
