import ControlPlane
import Storage
import Testing

@Suite struct IdentityStoreTests {
    @Test("everything is there after the engine is opened again")
    func kept() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/engine.db"
        var engine = try await Engine(database: file)
        await engine.done("CreateUser", ("UserName", "Dev"), ("Tags.member.1.Key", "a"), ("Tags.member.1.Value", "b"))
        await engine.done("CreateGroup", ("GroupName", "admins"))
        await engine.done("AddUserToGroup", ("GroupName", "admins"), ("UserName", "Dev"))
        let arn = "arn:aws:iam::123456789012:policy/p"
        await engine.done("CreatePolicy", ("PolicyName", "p"), ("PolicyDocument", Documents.allowAll))
        await engine.done("CreatePolicyVersion", ("PolicyArn", arn), ("PolicyDocument", Documents.allow("a:b")))
        await engine.done("AttachGroupPolicy", ("GroupName", "admins"), ("PolicyArn", arn))
        await engine.done(
            "CreateRole", ("RoleName", "exec"), ("PermissionsBoundary", arn),
            ("AssumeRolePolicyDocument", Documents.trust("AWS", "arn:aws:iam::123456789012:user/Dev")))
        await engine.done(
            "PutRolePolicy", ("RoleName", "exec"), ("PolicyName", "i"), ("PolicyDocument", Documents.allowAll))
        await engine.done("CreateUser", ("UserName", "gone"))
        await engine.done("DeleteUser", ("UserName", "gone"))
        let reads = [
            ("GetUser", [("UserName", "Dev")]), ("GetGroup", [("GroupName", "admins")]), ("ListUsers", []),
            ("ListPolicyVersions", [("PolicyArn", arn)]), ("GetPolicy", [("PolicyArn", arn)]),
            ("GetRole", [("RoleName", "exec")]), ("GetRolePolicy", [("RoleName", "exec"), ("PolicyName", "i")]),
        ]
        func result(_ action: String, _ parameters: [(String, String)]) async -> String? {
            await engine.ask(action, parameters)["\(action)Result"]
        }
        var before: [String?] = []
        for (action, parameters) in reads { before.append(await result(action, parameters)) }
        await engine.plane.close()
        engine = try await Engine(database: file)
        for (position, read) in reads.enumerated() {
            let after = await result(read.0, read.1)
            #expect(after != nil && after == before[position], "\(read.0)")
        }
        await engine.done("UpdateUser", ("UserName", "Dev"), ("NewUserName", "other"))
        await engine.plane.close()
        engine = try await Engine(database: file)
        #expect(await engine.done("ListUsers").all("UserName") == ["other"])
        await engine.plane.close()
    }

    @Test("a row that holds no entity is refused by name", arguments: ["no json", "[]", "{}", #"{"id":"x"}"#])
    func corrupt(_ document: String) async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/engine.db"
        let first = try await Engine(database: file)
        await first.done("CreateUser", ("UserName", "dev"))
        await first.plane.close()
        let database = try await Database.open(
            .file(path: file), migrations: EnginePersistenceTests.migrations)
        try await database.transaction { connection in
            _ = try connection.execute("UPDATE iam_entity SET document = ?", [.text(document)])
        }
        await database.close()
        let failure = await #expect(throws: EngineFailure.self) { try await Engine(database: file) }
        #expect(failure?.code == .databaseCorrupt)
        #expect(failure?.message.contains("user dev") == true)
    }

    @Test("many who create and delete at once lose nothing and get ids of their own")
    func together() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/engine.db"
        var engine = try await Engine(database: file)
        let first = engine
        let answers = await withTaskGroup(of: [Engine.QueryAnswer].self) { group in
            for client in 0..<50 {
                group.addTask {
                    var answers: [Engine.QueryAnswer] = []
                    for turn in 0..<4 {
                        let name = ("UserName", "u\(client)-\(turn)")
                        answers.append(await first.ask("CreateUser", [name]))
                        answers.append(await first.ask("CreateUser", [("UserName", "shared\(turn)")]))
                        if turn % 2 == 1 { answers.append(await first.ask("DeleteUser", [name])) }
                    }
                    return answers
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(answers.allSatisfy { [200, 409].contains($0.status) })
        #expect(answers.filter { $0.status == 409 }.count == 49 * 4)
        let ids = answers.compactMap { $0["UserId"] }
        #expect(ids.count == 204 && Set(ids).count == ids.count)
        await engine.plane.close()
        engine = try await Engine(database: file)
        #expect(await engine.done("ListUsers", ("MaxItems", "1000")).all("UserName").count == 104)
        await engine.plane.close()
    }
}
