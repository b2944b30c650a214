import JSON
import Testing

extension Acceptance {
    /// `serve` follows a ref.
    @Suite struct FollowingTests {
        @Test("an edit is live seconds after its commit, under the same URL")
        func edit() async throws {
            let repository = try await Repository.hello()
            let server = try await Server.serve(repository)
            let site = try await server.site("hello")
            let before = try await site.get("/hello")
            #expect(try before.isJSON(#"{"message": "Hello from stage test"}"#), "\(before.text)")

            try repository.greet("Ahoy")
            let commit = try await repository.commit("Greet as sailors do")
            try await server.eventually("the new greeting") {
                let answer = try await site.get("/hello")
                return (answer.body.contains("Ahoy from stage test"), answer.text)
            }
            let status = try await server.reaches("ready", commit: commit)
            #expect(status["appliedRevision"]?.int == 2, "\(status.text(.pretty))")
        }

        @Test("an edit that is not committed is not served")
        func uncommitted() async throws {
            let repository = try await Repository.hello()
            let server = try await Server.serve(repository)
            let site = try await server.site("hello")
            try repository.greet("Ahoy")
            // A later commit of something else proves that the loop has looked since.
            try await repository.git("stash", "--quiet")
            try repository.write("README.md", "# Greetings\n")
            let commit = try await repository.commit("Say what this is")
            try await repository.git("stash", "pop", "--quiet")
            try await server.reaches("ready", commit: commit)
            let answer = try await site.get("/hello")
            #expect(answer.body.contains("Hello from"), "\(answer.text)")
        }

        @Test("a bad commit is refused with its place, the old API keeps serving, and the next good one is live")
        func badCommit() async throws {
            let repository = try await Repository.hello()
            let server = try await Server.serve(repository)
            let site = try await server.site("hello")

            let place = try repository.breakDefinition()
            try repository.greet("Ahoy")
            try await repository.expectFailure("validate", status: 1, says: place)
            let bad = try await repository.commit("Break it")
            let refused = try await server.reaches("refused", commit: bad)
            let diagnostics = try #require(refused["diagnostics"]?.array, "\(refused.text(.pretty))")
            let text = JSONValue.array(diagnostics).text(.compact)
            #expect(text.contains("apis/hello.openapi.yaml") && text.contains("mook"), "\(text)")
            let old = try await site.get("/hello")
            #expect(old.body.contains("Hello from stage test"), "\(old.text)")
            #expect(try await server.controller("/readyz").status == 200)

            try repository.replace("apis/hello.openapi.yaml", "type: mook", by: "type: mock")
            let good = try await repository.commit("Mend it")
            let ready = try await server.reaches("ready", commit: good)
            #expect(ready["diagnostics"] == nil, "\(ready.text(.pretty))")
            let new = try await site.get("/hello")
            #expect(new.body.contains("Ahoy from stage test"), "\(new.text)")
        }

        @Test("an API that is taken out of the configuration is gone, and the others stay")
        func deletedAPI() async throws {
            let repository = try await Repository.hello()
            try repository.addAPIs(2)
            try await repository.commit("Add two")
            let server = try await Server.serve(repository)
            let first = try await server.site("hello1")
            let second = try await server.site("hello2")
            #expect(try await first.get("/hello").status == 200)
            try await repository.git("rm", "--quiet", "apis/hello1.yaml")
            let commit = try await repository.commit("Take one out")
            try await server.reaches("ready", commit: commit)
            #expect(try await first.get("/hello").status == 403)
            #expect(try await second.get("/hello").status == 200)
            #expect(try await repository.namesOfAPIs(on: server) == ["hello", "hello2"])
        }
    }
}
