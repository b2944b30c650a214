import JSON
import Testing

extension Acceptance {
    /// `destroy`, `approve`, and the guards that they are about.
    @Suite struct DestroyTests {
        @Test("destroy asks, deletes everything, and holds the environment afterwards")
        func destroy() async throws {
            let repository = try await Repository.hello()
            let none = try await repository.gatewright("destroy", "--yes", "--environment", "dev")
            #expect(none.status == 0 && none.out.contains("nothing to destroy"), "\(none)")
            try await repository.apply()
            try await repository.expectFailure("destroy", status: 4, says: "command.not-confirmed", "--yes")
            let done = try await repository.gatewright("destroy", "--yes")
            #expect(done.status == 0, "\(done)")
            let plan = try await repository.gatewright("plan", "--refresh", "--detailed-exitcode")
            #expect(plan.status == 2 && plan.out.contains("hello"), "\(plan)")
            let held = try await repository.gatewright("apply", "--yes")
            #expect(held.status != 0 && held.err.contains("destroyed"), "\(held)")
            let history = try await repository.gatewright("history")
            #expect(history.out.contains("Destroy the environment"), "\(history)")
            let again = try await repository.gatewright("apply", "--yes", "--resume")
            #expect(again.status == 0, "\(again)")
            try await repository.expectConverged()
        }

        @Test("a protected object is lost only with a consent to the plan's digest")
        func protected() async throws {
            let repository = try await Repository.hello()
            let text = try repository.read("gatewright.yaml")
            try repository.write("gatewright.yaml", text + "  apply: { protect: [\"RestApi/hello\"] }\n")
            try await repository.commit("Protect it")
            try await repository.apply()
            let refused = try await repository.gatewright("destroy", "--yes")
            try await repository.expectFailure(
                refused, status: 4, says: ["reconciling.consent-needed", "RestApi/hello"])
            let words = refused.all.split(whereSeparator: { $0.isWhitespace || $0 == "`" }).map(String.init)
            let digest = try #require(words.first { $0.hasPrefix("sha256:") && $0.utf8.count == 71 })
            try await repository.expectFailure(
                "destroy", "--yes", "--expect-digest", "sha256:0", status: 4, says: "command.stale-digest")
            let done = try await repository.gatewright("destroy", "--yes", "--expect-digest", digest)
            #expect(done.status == 0, "\(done)")
        }

        @Test(
            "serve holds a commit that loosens a guard until it is approved, and does not make again what is destroyed")
        func approve() async throws {
            let repository = try await Repository.hello()
            let text = try repository.read("gatewright.yaml")
            try repository.write("gatewright.yaml", text + "  apply: { maxDeletes: 3 }\n")
            try await repository.commit("Few deletes")
            let server = try await Server.serve(repository)
            try repository.write("gatewright.yaml", text + "  apply: { maxDeletes: 300 }\n")
            let loose = try await repository.commit("Many deletes")
            let held = try await server.reaches("held", commit: loose)
            let digest = try #require(held["pendingDigest"]?.string, "\(held.text(.pretty))")
            try await repository.expectFailure(
                "approve", "sha256:" + String(repeating: "0", count: 64), status: 4, says: "command.stale-digest")
            let approved = try await repository.gatewright("approve", digest)
            #expect(approved.status == 0, "\(approved)")
            try await server.reaches("ready", commit: loose)

            let done = try await repository.gatewright("destroy", "--yes")
            #expect(done.status == 0, "\(done)")
            #expect(try await repository.namesOfAPIs(on: server).isEmpty)
            try repository.greet("Ahoy")
            let next = try await repository.commit("Greet as sailors do")
            try await server.reaches("held", commit: next)
            #expect(try await repository.namesOfAPIs(on: server).isEmpty)
            let resumed = try await repository.gatewright("resume")
            #expect(resumed.status == 0, "\(resumed)")
            try await server.reaches("ready", commit: next)
            #expect(try await repository.namesOfAPIs(on: server) == ["hello"])
        }
    }
}
