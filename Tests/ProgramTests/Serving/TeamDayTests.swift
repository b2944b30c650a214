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

        @Test("branch, plan, merge, webhook, live, status; a bad merge is refused; rollback holds, resume goes on")
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
    }
}
