import ControlPlane
import SigV4
import Storage
import Testing

@Suite struct AccessKeyTests {
    @Test("a key signs for its user, until it is inactive or deleted")
    func lifecycle() async throws {
        let engine = try await Engine.strict()
        let dev = try await engine.user("dev")
        #expect(dev.accessKeyID.hasPrefix("AKIA") && dev.accessKeyID.count == 20 && dev.secretAccessKey.count == 40)
        let who = await engine.done("GetCallerIdentity", service: "sts", as: dev)
        #expect(who["Arn"] == Engine.userARN("dev"))
        #expect(who["UserId"]?.hasPrefix("AIDA") == true)
        let invalid = "InvalidClientTokenId: The security token included in the request is invalid."
        func change(_ status: String) async {
            await engine.done(
                "UpdateAccessKey", ("UserName", "dev"), ("AccessKeyId", dev.accessKeyID), ("Status", status))
        }
        await change("Inactive")
        await engine.refused("GetCallerIdentity", status: 403, service: "sts", as: dev, says: invalid)
        await change("Active")
        await engine.done("GetCallerIdentity", service: "sts", as: dev)
        await engine.done("UpdateUser", ("UserName", "dev"), ("NewUserName", "ops"))
        #expect(await engine.done("GetCallerIdentity", service: "sts", as: dev)["Arn"] == Engine.userARN("ops"))
        let listed = await engine.done("ListAccessKeys", ("UserName", "ops"))
        #expect(listed.all("AccessKeyId") == [dev.accessKeyID])
        #expect(listed["SecretAccessKey"] == nil)
        #expect(!listed.text.contains(dev.secretAccessKey))
        await engine.refused(
            "DeleteUser", ("UserName", "ops"), status: 409,
            says: "DeleteConflict: Cannot delete entity, must delete access keys first.")
        await engine.done("DeleteAccessKey", ("UserName", "ops"), ("AccessKeyId", dev.accessKeyID))
        await engine.refused("GetCallerIdentity", status: 403, service: "sts", as: dev, says: invalid)
        await engine.done("DeleteUser", ("UserName", "ops"))
    }

    @Test("a user has two keys at most, and reaches those of others by no name")
    func limits() async throws {
        let engine = try await Engine.strict()
        let dev = try await engine.user("dev")
        let ops = try await engine.user("ops")
        _ = try await engine.key(of: "dev")
        await engine.refused(
            "CreateAccessKey", ("UserName", "dev"), status: 409,
            says: "LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2")
        await engine.refused(
            "DeleteAccessKey", ("UserName", "dev"), ("AccessKeyId", ops.accessKeyID), status: 404,
            says: "NoSuchEntity: The Access Key with id \(ops.accessKeyID) cannot be found.")
        #expect(await engine.done("GetAccessKeyLastUsed", ("AccessKeyId", dev.accessKeyID))["UserName"] == "dev")
        #expect(
            await engine.done("GetAccessKeyInfo", ("AccessKeyId", dev.accessKeyID), service: "sts")["Account"]
                == "123456789012")
    }

    @Test("secrets are sealed on disk, live through a restart, and need the key that sealed them")
    func sealed() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/engine.db"
        let key = [UInt8](repeating: 7, count: 32)
        var engine = try await Engine.strict(database: file, configure: { $0.sealingKey = key })
        let dev = try await engine.user("dev")
        await engine.done("CreateLoginProfile", ("UserName", "dev"), ("Password", "Correct-Horse-1"))
        await engine.plane.close()
        let database = try await Database.open(.file(path: file), migrations: EnginePersistenceTests.migrations)
        let texts = try await database.read { connection in
            try connection.query("SELECT document FROM iam_entity") { (row) throws(StorageFailure) in try row.text(0) }
        }
        await database.close()
        #expect(texts.count == 3)
        #expect(texts.allSatisfy { !$0.contains(dev.secretAccessKey) && !$0.contains("Correct-Horse-1") })
        engine = try await Engine.strict(database: file, configure: { $0.sealingKey = key })
        await engine.done("GetCallerIdentity", service: "sts", as: dev)
        await engine.plane.close()
        let failure = await #expect(throws: EngineFailure.self) {
            try await Engine.strict(database: file, configure: { $0.sealingKey = [UInt8](repeating: 8, count: 32) })
        }
        #expect(failure?.code == .sealingKeyWrong)
    }
}
