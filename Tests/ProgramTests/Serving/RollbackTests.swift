import JSON
import Testing

extension Acceptance {
    /// A step that fails half way: a definition is edited, then the engine refuses a second stage.
    @Suite struct RollbackTests {
        @Test("under serve, a step that fails rolls the commit back and the old API keeps serving")
        func serving() async throws {
            let repository = try await Repository.hello()
            let server = try await Server.serve(repository, "--quota", "stages-per-api=1")
            let site = try await server.site("hello")
            try repository.greet("Ahoy")
            try repository.addStage("second")
            let commit = try await repository.commit("One stage too many")
            let status = try await until("the commit to fail") {
                let status = try await server.status()
                let state = status["state"]?.string
                let isOver = status["headCommit"]?.string == commit && (state == "failed" || state == "refused")
                return (isOver ? status : JSONValue?.none, status.text(.pretty))
            }
            #expect(status["problem"]?["code"]?.string != nil, "\(status.text(.pretty))")
            let log = server.program.output.all
            #expect(log.contains("rolled back"), "\(log)")
            let hashes = log.matches(of: /hash[ .a-zA-Z_]*?(before|after)\W+([0-9a-z:]{16,})/).map { String($0.2) }
            #expect(hashes.count >= 2 && Set(hashes).count == 1, "\(hashes) in \(log)")
            let answer = try await site.get("/hello")
            #expect(answer.body.contains("Hello from stage test"), "\(answer.text)")

            let history = try await repository.gatewright("history")
            #expect(history.status == 0 && history.out.contains("One stage too many"), "\(history)")
            let document = try await repository.gatewright("history", "--format", "json")
            let revisions = try #require(JSONValue(parsing: Array(document.out.utf8)).array)
            #expect(revisions.first?["commit"]?.string == commit, "\(document)")
            // Everything was put back, and the commit is not tried again.
            #expect(revisions.first?["outcome"]?.string == "rolledBack", "\(document)")
            #expect(revisions.first?["isFinal"]?.bool == true, "\(document)")
            #expect(history.out.contains("rolled back") && !history.out.contains("refused  "), "\(history)")
            #expect(revisions.first?["problem"]?["code"] == status["problem"]?["code"], "\(document)")

            try repository.replace("apis/hello.yaml", "    second: {}\n", by: "")
            let good = try await repository.commit("One stage is enough")
            try await server.reaches("ready", commit: good)
            #expect(try await site.get("/hello").body.contains("Ahoy from stage test"))
        }

        @Test("apply exits with 6, prints equal hashes, and the target is as the commit before wants it")
        func applying() async throws {
            let repository = try await Repository.hello()
            let server = try await Server.engine(repository, "--quota", "stages-per-api=1")
            try await repository.apply()
            let site = try await server.site("hello")
            try repository.greet("Ahoy")
            try repository.addStage("second")
            try await repository.commit("One stage too many")

            let failed = try await repository.expectFailure("apply", "--yes", status: 6, says: "rolled back")
            let hashes = failed.all.matches(of: /hash (?:before|after)\s+(\S+)/).map { String($0.1) }
            #expect(hashes.count == 2 && Set(hashes).count == 1, "\(failed)")
            #expect(try await site.get("/hello").body.contains("Hello from stage test"))
            let before = try await repository.gatewright(
                "plan", "--ref", "HEAD~1", "--refresh", "--detailed-exitcode")
            #expect(before.status == 0, "\(before)")
            let after = try await repository.gatewright("plan", "--detailed-exitcode")
            #expect(after.status == 2, "\(after)")
        }
    }
}
