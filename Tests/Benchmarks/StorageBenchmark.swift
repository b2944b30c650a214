import Glibc
import Storage

/// What durability costs: transactions one after another, and from many callers that share their commits.
enum StorageBenchmark {
    static func run() async throws {
        var template = Array("/tmp/gatewright-bench-XXXXXX".utf8CString)
        _ = mkdtemp(&template)
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let database = try await Database.open(
            .file(path: "\(folder)/bench.db"),
            migrations: [Migration("rows", "CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")])
        let text = String(repeating: "x", count: 300)

        let alone = 2_000
        let first = try await ContinuousClock().measure {
            for _ in 0..<alone { try await database.transaction { try insert(text, $0) } }
        }
        Bench.report("transactions, durable, one caller", Double(alone) / first.seconds, "/s")

        let (callers, each) = (64, 300)
        let second = try await ContinuousClock().measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<callers {
                    group.addTask {
                        for _ in 0..<each { try await database.groupTransaction { try insert(text, $0) } }
                    }
                }
                try await group.waitForAll()
            }
        }
        Bench.report("transactions, durable, 64 callers", Double(callers * each) / second.seconds, "/s")
        await database.close()
    }

    private static func insert(_ text: String, _ connection: Connection) throws(StorageFailure) {
        try connection.execute("INSERT INTO row (text) VALUES (?)", [.text(text)])
    }
}
