import Glibc
import JSON
import Testing

extension Acceptance {
    /// `rollback`, `pause` and `resume` where no `serve` runs.
    @Suite struct HoldCommandTests {
        /// Three commits: `Hello`, `Ahoy`, `Servus`.
        private func threeCommits() async throws -> (Repository, [String]) {
            let repository = try await Repository.hello()
            try await repository.apply()
            var commits = [try await repository.git("rev-parse", "HEAD")]
            for word in ["Ahoy", "Servus"] {
                try repository.greet(word)
                commits.append(try await repository.commit("Say \(word)"))
                try await repository.apply()
            }
            return (repository, commits)
        }

        private func greeting(_ repository: Repository) async throws -> String {
            let engine = try await Server.engine(repository)
            let body = try await engine.site("hello").get("/hello").body
            try await engine.stop(SIGTERM)
            return body
        }

        @Test("rollback brings an earlier revision back, holds it, and resume lets it go")
        func rollback() async throws {
            let (repository, commits) = try await threeCommits()
            try await repository.expectFailure("rollback", status: 4, says: "confirm")
            let back = try await repository.gatewright("rollback", "--yes", "--reason", "it hurts")
            #expect(back.status == 0 && back.out.contains("revision 4"), "\(back)")
            #expect(try await greeting(repository).contains("Ahoy"))

            let shown = try await repository.gatewright("show", "4")
            for text in [
                commits[1], "Say Ahoy", "Ann <ann@example.com>", "sha256:", "~ Method/hello GET /hello", "Servus",
            ] {
                #expect(shown.out.contains(text), "no \(text) in \(shown)")
            }
            // Held: the head is kept away, the held commit is not.
            let held = try await repository.expectFailure(
                "apply", "--yes", status: 4, says: "reconciling.held", "it hurts")
            #expect(held.all.contains("rolled back to revision 2"), "\(held)")
            let same = try await repository.gatewright("apply", "--yes", "--ref", commits[1])
            #expect(same.status == 0, "\(same)")

            // One more goes on from there, not to and fro.
            let first = try await repository.gatewright("rollback", "--yes")
            #expect(first.status == 0, "\(first)")
            #expect(try await greeting(repository).contains("Hello"))
            let events = try await repository.gatewright("history", "--events")
            #expect(events.out.contains("rolled back to revision 1"), "\(events)")

            let resumed = try await repository.gatewright("resume")
            #expect(resumed.status == 0 && resumed.out.contains("follows its ref again"), "\(resumed)")
            #expect(try await repository.gatewright("resume").out.contains("not held"))
            try await repository.apply()
            try await repository.expectConverged()
            #expect(try await greeting(repository).contains("Servus"))
        }

        @Test("a newer commit ends the hold of a rollback; --resume ends it at once")
        func endings() async throws {
            let (repository, commits) = try await threeCommits()
            #expect(try await repository.gatewright("rollback", commits[0], "--yes").status == 0)
            let resumed = try await repository.gatewright("apply", "--yes", "--resume")
            #expect(resumed.status == 0, "\(resumed)")
            #expect(try await repository.gatewright("rollback", "1", "--yes").status == 0)
            try repository.greet("Moin")
            try await repository.commit("Say Moin")
            try await repository.apply()
            #expect(try await repository.gatewright("resume").out.contains("not held"))
            let history = try await repository.gatewright("history", "--address", "RestApi/hello", "--limit", "2")
            #expect(history.out.contains("Say Moin") && history.err.contains("--before"), "\(history)")
        }

        @Test("what cannot be gone back to is refused, and nothing is held")
        func refusals() async throws {
            let (repository, _) = try await threeCommits()
            try await repository.expectFailure("rollback", "9", "--yes", status: 1, says: "no revision 9")
            try await repository.expectFailure("rollback", "ffff", "--yes", status: 1, says: "ffff")
            for wrong in ["main", "abc", "-1"] {
                #expect(try await repository.gatewright("rollback", wrong, "--yes").status == 64)
            }
            try await repository.expectFailure(
                "rollback", "1", "--yes", "--environment", "prod", status: 1, says: "prod")
            try await repository.expectFailure(
                "rollback", "1", "--expect-digest", "sha256:0", status: 4, says: "sha256:0")
            // Not with this history: the commits are gone.
            try await repository.git("checkout", "--quiet", "--orphan", "other")
            try await repository.commit("Begin again")
            try await repository.git("branch", "-D", "main")
            try await repository.git("reflog", "expire", "--expire=now", "--all")
            try await repository.git("gc", "--quiet", "--prune=now")
            try await repository.expectFailure(
                "rollback", "1", "--yes", status: 1, says: "command.commit-gone", "does not have any more")
            #expect(try await repository.gatewright("resume").out.contains("not held"))
            try await repository.expectFailure("show", "77", status: 1, says: "77")
        }

        @Test("a rollback that the target refuses is put back, and so is the hold")
        func refused() async throws {
            let repository = try await Repository.hello()
            try repository.addStage("second")
            try await repository.commit("Two stages")
            try await repository.apply()
            try repository.replace("apis/hello.yaml", "    second: {}\n", by: "")
            try await repository.commit("One stage")
            try await repository.apply()
            let engine = try await Server.engine(repository, "--quota", "stages-per-api=1")
            try await repository.expectFailure("rollback", "1", "--yes", status: 6, says: "rolled back")
            #expect(try await repository.gatewright("resume").out.contains("not held"))
            try await engine.stop(SIGTERM)
            try await repository.expectConverged()
        }

        @Test("a paused environment refuses an apply with who, when and why")
        func pause() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            for wrong in [
                ["--until", "2h"], ["--reason", "x"], ["--until", "yesterday", "--reason", "x"],
                ["--until", "2h", "--reason", " "],
            ] {
                let output = try await Program.run(
                    "gatewright", ["pause"] + wrong, in: repository.folder, repository.workspace)
                #expect(output.status == 64, "\(output)")
            }
            try await repository.expectFailure(
                "pause", "--until", "2020-01-01T00:00Z", "--reason", "x", status: 1, says: "over already")
            let paused = try await repository.gatewright("pause", "--until", "2h", "--reason", "audit week")
            #expect(paused.status == 0 && paused.out.contains("paused until"), "\(paused)")
            try repository.greet("Ahoy")
            try await repository.commit("Say Ahoy")
            try await repository.expectFailure("apply", "--yes", status: 4, says: "audit week", "since", " on ")
            #expect(try await repository.gatewright("history").out.contains("audit week"))
            #expect(try await repository.gatewright("plan").status == 0)
            #expect(try await repository.gatewright("resume").status == 0)
            try await repository.apply()
        }

        @Test("of two rollbacks at once one is done, and the hold is that of the one")
        func twoAtOnce() async throws {
            let (repository, commits) = try await threeCommits()
            let programs = try ["1", "2"].map {
                try Program("gatewright", ["rollback", $0, "--yes"], in: repository.folder, repository.workspace)
            }
            var outputs: [Output] = []
            for program in programs { outputs.append(try await program.end()) }
            #expect(outputs.contains { $0.status == 0 }, "\(outputs)")
            for output in outputs where output.status != 0 {
                #expect(output.status == 8 || output.status == 4, "\(output)")
            }
            let events = try await repository.gatewright("history", "--format", "json", "--limit", "1")
            let newest = try #require(JSONValue(parsing: Array(events.out.utf8)).array?.first)
            // The last one that applied holds.
            let held = try await repository.gatewright("resume")
            let commit = try #require(newest["commit"]?.string)
            #expect(
                commits.dropLast().contains(commit) && held.out.contains(commit.prefix(7)),
                "\(held) \(newest.text(.compact))")
        }
    }
}
