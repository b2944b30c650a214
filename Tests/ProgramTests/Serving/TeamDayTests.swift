import Foundation
import Glibc
import JSON
import Testing

extension Acceptance {
    /// A team's day: a bare repository that all push to, a `serve` that follows it, and a forge.
    @Suite(
        .enabled(
            if: Program.isInstalled("openssl") && Program.isInstalled("python3"), "openssl or python3 is not installed")
    )
    struct TeamDayTests {
        /// What the team has: Ann's clone is `clone`, everybody's is `bare`.
        private struct Team {
            let clone: Repository
            let bare: String
            let forge: FakeForge
            let server: Server
            let secret = "the team's secret"

            init() async throws {
                let clone = try await Repository.hello()
                self.clone = clone
                try clone.write(
                    "gatewright.yaml",
                    try clone.read("gatewright.yaml")
                        + "\n  drift: { schedule: \"* * * * *\", action: { functional: correct } }\n")
                try await clone.commit("Look every minute")
                bare = clone.workspace.path + "/gateway.git"
                try await clone.git("clone", "--quiet", "--bare", clone.folder, bare)
                try await clone.git("remote", "add", "origin", bare)
                forge = try await FakeForge(.github)
                let data = try clone.workspace.folder("repository/.gatewright")
                let configuration = """
                    listeners: { publicURL: "https://gw.example.com" }
                    webhooks: [{ forge: github, secret: { env: WEBHOOK_SECRET } }]
                    statuses: { forge: github, url: "\(forge.api)/api/v3", project: shop/gateway, token: { env: FORGE_TOKEN } }

                    """
                try configuration.write(toFile: data + "/gatewright.conf.yaml", atomically: true, encoding: .utf8)
                try #require(chmod(data, 0o700) == 0 && chmod(data + "/gatewright.conf.yaml", 0o600) == 0)
                server = try await Server.serve(
                    clone, environment: ["WEBHOOK_SECRET": secret, "FORGE_TOKEN": FakeForge.token], "--repo", bare,
                    "--data-dir", data, "--interval", "1h")
            }

            /// Pushes `main` and tells the controller, as the forge does.
            func push() async throws -> String {
                try await clone.git("push", "--quiet", "origin", "main")
                let commit = try await clone.git("rev-parse", "main")
                let file = clone.workspace.path + "/push.json"
                try #"{"ref": "refs/heads/main", "after": "\#(commit)"}"#
                    .write(toFile: file, atomically: true, encoding: .utf8)
                let signed = try await Program.run(
                    "openssl", ["dgst", "-sha256", "-hmac", secret, file], clone.workspace)
                let code = try #require(signed.out.split(separator: " ").last).trimmingCharacters(in: .newlines)
                let answer = try await server.controller(
                    "/webhooks/github",
                    [
                        "--header", "X-Hub-Signature-256: sha256=\(code)", "--header", "X-GitHub-Event: push",
                        "--header", "X-GitHub-Delivery: \(UUID().uuidString)", "--data-binary", "@\(file)",
                    ])
                try #require(answer.status == 202, "\(answer.text)")
                return commit
            }

            func hears(_ state: String, of commit: String) async throws -> FakeForge.Status {
                try await until("status \(state) of \(commit)") {
                    let found = forge.statuses.last { $0.commit == commit }
                    return (found?.state == state ? found : nil, "\(forge.statuses)\n\(server.program.output.all)")
                }
            }

            /// Merges a branch as the forge's button does.
            func merge(_ branch: String) async throws {
                try await clone.git("switch", "--quiet", "main")
                try await clone.git("merge", "--quiet", "--no-ff", "--message", "Merge \(branch)", branch)
            }

            /// What people do on a console: one change that only looks different, and one that callers meet.
            func changeByHand() async throws -> String {
                let apis = try await server.aws("apigateway", "get-rest-apis")["items"]?.array ?? []
                let id = try #require(apis.first { $0["name"]?.string == "hello" }?["id"]?.string)
                _ = try await server.aws(
                    "apigateway", "update-rest-api", "--rest-api-id", id, "--patch-operations",
                    "op=replace,path=/description,value=byhand")
                _ = try await server.aws(
                    "apigateway", "update-stage", "--rest-api-id", id, "--stage-name", "test", "--patch-operations",
                    "op=replace,path=/variables/tier,value=byhand")
                return id
            }

            /// What a pull request's job does: the plan of the merge result becomes a comment.
            func review(_ branch: String) async throws -> String {
                let plan = try await clone.gatewright("diff", "main...\(branch)", "--format", "markdown")
                try #require(plan.status == 0, "\(plan)")
                let file = clone.workspace.path + "/plan.md"
                try plan.out.write(toFile: file, atomically: true, encoding: .utf8)
                let posted = try await Program.run(
                    Repository.project + "/scripts/pr-comment", [file], clone.workspace, environment: forge.variables)
                try #require(posted.status == 0, "\(posted)")
                return try #require(forge.comments.last).body
            }
        }

        @Test(
            """
            branch, plan, merge, webhook, live, status; a bad merge is refused; a change by hand shows within one tick and \
            is put back where the environment says so; rollback holds, resume goes on
            """)
        func delivery() async throws {
            let team = try await Team()
            let first = try await team.clone.git("rev-parse", "main")
            _ = try await team.hears("success", of: first)
            let site = try await team.server.site("hello")
            #expect(try await site.get("/hello").body.contains("Hello from stage test"))

            // Ann's branch, and what its pull request shows.
            try await team.clone.git("switch", "--quiet", "--create", "greet")
            try team.clone.greet("Ahoy")
            try await team.clone.commit("Greet as sailors do")
            let shown = try await team.review("greet")
            #expect(shown.contains("hello"), "\(shown)")
            #expect(try await site.get("/hello").body.contains("Hello from stage test"), "a diff applied something")

            // Merged: live, and the forge knows.
            try await team.merge("greet")
            let merged = try await team.push()
            let success = try await team.hears("success", of: merged)
            #expect(success.context == "gatewright/dev" && success.url == "https://gw.example.com/status", "\(success)")
            #expect(try await site.get("/hello").body.contains("Ahoy from stage test"))

            // A bad merge: refused at the forge, with what is wrong; the one before keeps serving.
            try await team.clone.git("switch", "--quiet", "--create", "hurry")
            let place = try team.clone.breakDefinition()
            try await team.clone.commit("In a hurry")
            try await team.merge("hurry")
            let bad = try await team.push()
            let failure = try await team.hears("failure", of: bad)
            #expect(failure.description.contains(place.split(separator: ":")[0]), "\(failure)")
            #expect(try await site.get("/hello").body.contains("Ahoy from stage test"))

            // Mended.
            try await team.clone.git("revert", "--no-edit", "--mainline", "1", "HEAD")
            let mended = try await team.push()
            _ = try await team.hears("success", of: mended)

            if Program.isInstalled("aws") { try await driftsWithinOneTick(team, at: merged) }

            // It hurts all the same: back to the first revision, and held there, until somebody says go on.
            let back = try await team.clone.gatewright("rollback", "1", "--yes", "--reason", "it hurts")
            #expect(back.status == 0, "\(back)")
            #expect(try await site.get("/hello").body.contains("Hello from stage test"))
            let held = try await team.server.status()
            #expect(held["state"]?.string == "held" && held["appliedCommit"]?.string == first, "\(held.text(.pretty))")
            try await until("the forge to know that it is held") {
                let found = team.forge.statuses.last { $0.commit == first }
                return (found?.description.contains("held") == true ? () : nil, "\(team.forge.statuses)")
            }
            let resumed = try await team.clone.gatewright("resume")
            #expect(resumed.status == 0, "\(resumed)")
            try await team.server.reaches("ready", commit: mended)
            #expect(try await site.get("/hello").body.contains("Ahoy from stage test"))
            try await team.server.stop()
        }

        /// The environment corrects what callers meet, and reports the rest until a person asks for it.
        ///
        /// - Parameter commit: The last one that changed the target; that of the correction.
        private func driftsWithinOneTick(_ team: Team, at commit: String) async throws {
            let id = try await team.changeByHand()
            // A minute to the tick, and its spread; another where a tick came between the two changes. The report
            // of a look is out before its correction is, so what is waited for is the state after both.
            let drift = try await until("the look and the correction", within: 180) { () -> (JSONValue?, String) in
                let status = try await team.server.status()
                let corrected = try await team.server.controller("/metrics").body
                    .contains("gatewright_reconciling_drifts_corrected_total 1\n")
                let counts = status["drift"]?["counts"]
                let isThere = corrected && counts?["cosmetic"] == 1 && counts?["functional"] == 0
                return (isThere ? status["drift"] : nil, status.text(.pretty) + team.server.program.output.all)
            }
            #expect(drift["drifted"] == true, "\(drift)")
            let stage = try await team.server.aws(
                "apigateway", "get-stage", "--rest-api-id", id, "--stage-name", "test")
            #expect(stage["variables"]?["tier"] == nil, "\(stage)")
            let metrics = try await team.server.controller("/metrics").body
            #expect(
                metrics.contains("gatewright_reconciling_drifted_objects_count{class=\"cosmetic\"} 1\n"), "\(metrics)")
            let last = try await team.clone.gatewright("drift", "--last")
            #expect(last.status == 3 && last.out.contains("RestApi/hello"), "\(last)")
            let history = try await team.clone.gatewright("history", "--format", "json")
            let revisions = try JSONValue(parsing: Array(history.out.utf8)).array ?? []
            #expect(
                revisions.first?["commit"]?.string == commit && revisions.first?["outcome"] == "applied", "\(history)")

            let asked = try await team.clone.gatewright("drift", "--correct", "--yes")
            #expect(asked.status == 0, "\(asked)")
            #expect(try await team.clone.gatewright("drift").status == 0)
        }
    }
}
