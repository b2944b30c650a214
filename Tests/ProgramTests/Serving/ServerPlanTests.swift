import JSON
import Testing

extension Acceptance {
    /// `plan --server` asks the controller that owns the environment.
    @Suite struct ServerPlanTests {
        @Test("the controller's plan is the plan made here, and a server that is gone exits with 5")
        func samePlan() async throws {
            let repository = try await Repository.hello()
            let server = try await Server.serve(repository)
            let url = "http://" + (try server.address("controller"))
            try await repository.git("checkout", "--quiet", "-b", "next")
            try repository.greet("Ahoy")
            try await repository.commit("Greet as sailors do")

            let there = try await repository.gatewright("plan", "--server", url, "--ref", "next", "--detailed-exitcode")
            #expect(there.status == 2, "\(there)")
            let here = try await repository.gatewright("plan", "--ref", "next", "--format", "json")
            let digest = try #require(try JSONValue(parsing: Array(here.out.utf8))["digest"]?.string, "\(here)")
            #expect(there.out.contains(digest), "\(there)")

            try await repository.git("checkout", "--quiet", "main")
            try await server.stop()
            let gone = try await repository.gatewright("plan", "--server", url, "--ref", "next")
            try await repository.expectFailure(gone, status: 5, says: ["command.server-unreachable"])
        }

        @Test("the controller says what is wrong with a commit, with its place")
        func refused() async throws {
            let repository = try await Repository.hello()
            let server = try await Server.serve(repository)
            let url = "http://" + (try server.address("controller"))
            try await repository.git("checkout", "--quiet", "-b", "broken")
            try repository.replace("apis/hello.openapi.yaml", "type: mock", by: "type: mook")
            try await repository.commit("Break it")
            let broken = try await repository.gatewright("plan", "--server", url, "--ref", "broken")
            #expect(broken.status == 1, "\(broken)")
            #expect(broken.err.contains("apis/hello.openapi.yaml:"), "\(broken)")

            let unknown = try await repository.gatewright("plan", "--server", url, "--ref", "nowhere")
            try await repository.expectFailure(unknown, status: 1, says: ["git.unknown-ref"])
            let wrong = try await repository.gatewright("plan", "--server", "ftp://example.invalid")
            try await repository.expectFailure(wrong, status: 1, says: ["command.bad-address"])
        }
    }
}
