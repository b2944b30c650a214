import ControlPlane
import SigV4
import Storage
import Synchronization
import Testing

@Suite struct LastUseTests {
    /// 2026-01-01T00:01:30Z
    private static let used = Engine.now + 90

    private func lastUse(_ engine: Engine, of key: String) async -> [String?] {
        let answer = await engine.done("GetAccessKeyLastUsed", ("AccessKeyId", key))
        return [answer["LastUsedDate"], answer["ServiceName"], answer["Region"]]
    }

    @Test("a key's last use is known to the minute with its service and region, and outlives a restart")
    func keys() async throws {
        let folder = try TemporaryFolder()
        let clock = Clock()
        func open() async throws -> Engine {
            try await Engine.strict(
                database: folder.path + "/engine.db", configure: { $0.sealingKey = [UInt8](repeating: 7, count: 32) },
                clock: { clock.now })
        }
        var engine = try await open()
        let dev = try await engine.user("dev")
        #expect(await lastUse(engine, of: dev.accessKeyID) == [nil, "N/A", "N/A"])
        clock.advance(to: Self.used)
        #expect(await engine.ask("GetCallerIdentity", service: "sts", as: dev, at: Self.used).status == 200)
        // Refused, and a use all the same: the key has signed.
        #expect(await engine.ask("ListUsers", as: dev, at: Self.used).status == 403)
        clock.advance(to: Engine.now)
        let expected = ["2026-01-01T00:01:00Z", "iam", "us-east-1"]
        #expect(await lastUse(engine, of: dev.accessKeyID) == expected)
        await engine.plane.close()
        engine = try await open()
        #expect(await lastUse(engine, of: dev.accessKeyID) == expected)
        await engine.done("DeleteAccessKey", ("UserName", "dev"), ("AccessKeyId", dev.accessKeyID))
        await engine.plane.close()
        let rows = try await Self.rows(folder.path + "/engine.db")
        #expect(rows.isEmpty, "\(rows)")
    }

    @Test("a signature that is wrong is no use, and neither is a service that is not there")
    func notUsed() async throws {
        let engine = try await Engine.strict()
        var dev = try await engine.user("dev")
        #expect(await engine.ask("ListQueues", service: "sqs", as: dev).status == 400)
        dev.secretAccessKey = "other"
        #expect(await engine.ask("ListUsers", as: dev).status == 403)
        #expect(await lastUse(engine, of: dev.accessKeyID) == [nil, "N/A", "N/A"])
    }

    @Test("a role says when a session of it was last used; making the session is none")
    func roles() async throws {
        let engine = try await Engine.strict()
        let dev = try await engine.user("dev", Documents.allow("sts:AssumeRole"))
        let trust = Documents.trust("AWS", Engine.userARN("dev"))
        await engine.done("CreateRole", ("RoleName", "reader"), ("AssumeRolePolicyDocument", trust))
        let session = try await engine.assume("reader", as: dev)
        #expect(await engine.done("GetRole", ("RoleName", "reader"))["LastUsedDate"] == nil)
        await engine.done("GetCallerIdentity", service: "sts", as: session)
        let role = await engine.done("GetRole", ("RoleName", "reader"))
        #expect(role["LastUsedDate"] == "2026-01-01T00:00:00Z" && role["Region"] == "us-east-1", "\(role.text)")
        #expect(await engine.done("GetAccountAuthorizationDetails").text.contains("<LastUsedDate>"))
        // Another role of that name has not been used.
        await engine.done("DeleteRole", ("RoleName", "reader"))
        await engine.done("CreateRole", ("RoleName", "reader"), ("AssumeRolePolicyDocument", trust))
        #expect(await engine.done("GetRole", ("RoleName", "reader"))["LastUsedDate"] == nil)
    }

    private static func rows(_ path: String) async throws -> [String] {
        let database = try await Database.open(.file(path: path), migrations: EnginePersistenceTests.migrations)
        let rows = try await database.read { connection in
            try connection.query("SELECT key FROM apigateway_object WHERE kind = 'lastUse'") {
                (row) throws(StorageFailure) in try row.text(0)
            }
        }
        await database.close()
        return rows
    }

    /// A clock that the test sets.
    private final class Clock: Sendable {
        private let seconds = Mutex(Engine.now)
        var now: Int { seconds.withLock { $0 } }
        func advance(to seconds: Int) { self.seconds.withLock { $0 = seconds } }
    }
}
