import Foundation
import Glibc
import JSON
import Testing

extension Acceptance {
    /// Webhooks wake `serve`, and statuses and notifications say what came of it.
    @Suite struct WebhookTests {
        private static let secret = "It's a Secret to Everybody"

        /// A repository with one API that `serve` looks at once an hour: only a webhook can make a commit live.
        private func serving(
            _ forge: FakeForge, receiver: FakeServer? = nil, configuration more: String = ""
        ) async throws -> (Repository, Server) {
            let repository = try await Repository.hello()
            var text = """
                listeners: { publicURL: "https://gw.example.com/" }
                webhooks:
                  - { forge: github, secret: { file: webhook.secret } }
                  - { forge: gitlab, secret: { file: webhook.secret } }
                statuses: { forge: \(forge.kind.rawValue), url: "\(forge.api)", project: shop/gateway, token: { env: FORGE_TOKEN } }

                """
            if let receiver {
                text += """
                    notifications:
                      - { kind: cloudevents, url: "\(receiver.url)/events", secret: { file: webhook.secret } }
                      - { kind: slack, url: "\(receiver.url)/slack", events: [refused] }

                    """
            }
            try repository.write(".gatewright/gatewright.conf.yaml", text + more)
            try repository.write(".gatewright/webhook.secret", Self.secret + "\n")
            let folder = repository.folder + "/.gatewright"
            for path in [folder, folder + "/gatewright.conf.yaml", folder + "/webhook.secret"] {
                try #require(chmod(path, path == folder ? 0o700 : 0o600) == 0)
            }
            let server = try await Server.serve(
                repository, environment: ["FORGE_TOKEN": FakeForge.token], "--interval", "1h")
            return (repository, server)
        }

        /// Sends a push event as GitHub does, signed by openssl.
        private func push(
            _ commit: String, ref: String = "refs/heads/main", _ repository: Repository, _ server: Server,
            headers: [String: String?] = [:]
        ) async throws -> Answer {
            let file = repository.workspace.path + "/push.json"
            try #"{"ref": "\#(ref)", "after": "\#(commit)", "repository": {"full_name": "shop/gateway"}}"#
                .write(toFile: file, atomically: true, encoding: .utf8)
            let signed = try await Program.run(
                "openssl", ["dgst", "-sha256", "-hmac", Self.secret, file], repository.workspace)
            let code = try #require(signed.out.split(separator: " ").last).trimmingCharacters(in: .newlines)
            var all: [String: String?] = [
                "X-Hub-Signature-256": "sha256=\(code)", "X-GitHub-Event": "push",
                "X-GitHub-Delivery": UUID().uuidString, "Content-Type": "application/json",
            ]
            all.merge(headers) { $1 }
            let options = all.compactMap { name, value in value.map { ["--header", "\(name): \($0)"] } }.flatMap { $0 }
            return try await server.controller("/webhooks/github", options + ["--data-binary", "@\(file)"])
        }

        private func eventually(_ forge: FakeForge, _ server: Server, _ state: String, _ commit: String) async throws
            -> FakeForge.Status
        {
            try await until("status \(state) of \(commit)") {
                let found = forge.statuses.last { $0.commit == commit }
                return (found?.state == state ? found : nil, "\(forge.statuses)\n\(server.program.output.all)")
            }
        }

        @Test(
            "a webhook makes a commit live, and the forge hears pending, then success; a bad commit fails",
            .enabled(if: Program.isInstalled("openssl"), "openssl, which signs, is not installed"),
            arguments: FakeForge.Kind.allCases)
        func live(kind: FakeForge.Kind) async throws {
            let forge = try await FakeForge(kind)
            let (repository, server) = try await serving(forge)
            let first = try await repository.git("rev-parse", "HEAD")
            _ = try await eventually(forge, server, "success", first)

            try repository.greet("Ahoy")
            let commit = try await repository.commit("Greet as sailors do")
            let answer = try await push(commit, repository, server)
            #expect(answer.status == 202 && answer.body.contains("looking"), "\(answer.text)")
            let success = try await eventually(forge, server, "success", commit)
            #expect(success.context == "gatewright/dev" || success.context.hasPrefix("gatewright/"), "\(success)")
            #expect(success.url == "https://gw.example.com/status")
            #expect(success.description.contains("revision 2"), "\(success)")
            let states = forge.statuses.filter { $0.commit == commit }.map(\.state)
            #expect(states.first == "pending" || states == ["success"], "\(states)")
            let site = try await server.site("hello")
            #expect(try await site.get("/hello").body.contains("Ahoy from stage test"))

            let place = try repository.breakDefinition()
            let bad = try await repository.commit("Break it")
            #expect(try await push(bad, repository, server).status == 202)
            let failure = try await eventually(forge, server, kind == .gitlab ? "failed" : "failure", bad)
            #expect(failure.description.contains("reconciling.manifests-invalid"), "\(failure) \(place)")
            #expect(try await site.get("/hello").body.contains("Ahoy from stage test"))
            #expect(forge.server.requests.allSatisfy { $0.header("User-Agent")?.hasPrefix("gatewright/") == true })
        }

        @Test(
            "a commit whose stage answers badly is a failure for the forge, and the one before is served",
            .enabled(if: Program.isInstalled("openssl"), "openssl, which signs, is not installed"))
        func probeFails() async throws {
            let forge = try await FakeForge(.github)
            let (repository, server) = try await serving(forge)
            let first = try await repository.git("rev-parse", "HEAD")
            _ = try await eventually(forge, server, "success", first)
            try repository.greet("Ahoy")
            try ProbeTests.setProbes("{ path: /hello, expect: [204], attempts: 2, intervalSeconds: 1 }", in: repository)
            let commit = try await repository.commit("Expect another answer")
            #expect(try await push(commit, repository, server).status == 202)
            let failure = try await eventually(forge, server, "failure", commit)
            #expect(failure.description.contains("applying.probe-failed"), "\(failure)")
            #expect(!forge.statuses.contains { $0.commit == commit && $0.state == "success" }, "\(forge.statuses)")
            let site = try await server.site("hello")
            #expect(try await site.get("/hello").body.contains("Hello from stage test"))
        }

        @Test(
            "what is not signed, signed wrongly, repeated, too long or about another ref changes nothing",
            .enabled(if: Program.isInstalled("openssl"), "openssl, which signs, is not installed"))
        func refusals() async throws {
            let forge = try await FakeForge(.github)
            let (repository, server) = try await serving(forge)
            let before = try await server.status()["lastPolled"]?.string
            let commit = String(repeating: "1", count: 40)
            let unsigned = try await push(commit, repository, server, headers: ["X-Hub-Signature-256": String?.none])
            #expect(unsigned.status == 401 && unsigned.body.contains("webhook.unsigned"), "\(unsigned.text)")
            let wrong = try await push(
                commit, repository, server,
                headers: ["X-Hub-Signature-256": "sha256=" + String(repeating: "0", count: 64)])
            #expect(wrong.status == 403 && wrong.body.contains("webhook.wrong-signature"), "\(wrong.text)")
            let other = try await push(commit, ref: "refs/heads/other", repository, server)
            #expect(other.status == 202 && other.body.contains("ignored"), "\(other.text)")
            let event = try await push(commit, repository, server, headers: ["X-GitHub-Event": "issues"])
            #expect(event.status == 202 && event.body.contains("ignored"), "\(event.text)")
            #expect(try await server.status()["lastPolled"]?.string == before)

            for (path, status) in [("/webhooks/gitea", 404), ("/webhooks/bitbucket", 404), ("/webhooks", 404)] {
                let answer = try await server.controller(path, ["--data", "{}"])
                #expect(answer.status == status, "\(path): \(answer.text)")
            }
            let get = try await server.controller("/webhooks/github")
            #expect(get.status == 404 || get.status == 405, "\(get.text)")

            let large = repository.workspace.path + "/large.json"
            try String(repeating: " ", count: 3 << 20).write(toFile: large, atomically: true, encoding: .utf8)
            let long = try await server.controller("/webhooks/github", ["--data-binary", "@\(large)"])
            #expect(long.status == 413 && long.body.contains("webhook.too-large"), "\(long.text)")

            let token = try await server.controller(
                "/webhooks/gitlab",
                [
                    "--header", "X-Gitlab-Token: \(Self.secret)", "--header", "X-Gitlab-Event: Push Hook", "--data",
                    "nonsense",
                ])
            #expect(token.status == 400 && token.body.contains("webhook.not-json"), "\(token.text)")

            let next = String(repeating: "2", count: 40)
            let first = try await push(next, repository, server, headers: ["X-GitHub-Delivery": "72d3162e"])
            let again = try await push(next, repository, server, headers: ["X-GitHub-Delivery": "72d3162e"])
            #expect(first.status == 202 && again.status == 200 && again.body.contains("seen already"), "\(again.text)")
            #expect(server.program.output.err.contains("webhook.wrong-signature"))
            #expect(!server.program.output.all.contains(Self.secret))
            #expect(!server.program.output.all.contains(FakeForge.token))

            try FileManager.default.removeItem(atPath: repository.folder + "/.gatewright/webhook.secret")
            let missing = try await push(commit, repository, server)
            #expect(missing.status == 503 && missing.body.contains("webhook.secret-missing"), "\(missing.text)")
        }

        @Test("receivers are told what happened, signed, once")
        func notifications() async throws {
            let forge = try await FakeForge(.github)
            let receiver = try await FakeServer { _ in .status(200, body: "ok") }
            let (repository, server) = try await serving(forge, receiver: receiver)
            _ = try repository.breakDefinition()
            try await repository.commit("Break <it> & more")
            server.program.signal(SIGTERM)
            try await server.program.end(within: Limits.shutdownSecondsMax)
            // At its start it looks at once.
            let again = try await Server.start(again: repository, environment: ["FORGE_TOKEN": FakeForge.token])
            try await again.eventually("the news of the refusal") {
                let slack = receiver.requests.filter { $0.path == "/slack" }
                return (!slack.isEmpty, "\(receiver.requests.map(\.text))")
            }
            try await again.stop()
            let events = try receiver.requests.filter { $0.path == "/events" }.map { try JSONValue(parsing: $0.body) }
            #expect(
                events.map { $0["type"]?.string } == [
                    "gatewright.environment.applied", "gatewright.environment.refused",
                ])
            #expect(events.last?["data"]?["problem"]?["code"] == "reconciling.manifests-invalid")
            let signed = try #require(receiver.requests.first { $0.path == "/events" })
            #expect(signed.header("webhook-signature")?.hasPrefix("v1,") == true && signed.header("webhook-id") != nil)
            let slack = receiver.requests.filter { $0.path == "/slack" }
            #expect(slack.count == 1 && slack[0].text.contains("Break &lt;it&gt; &amp; more"), "\(slack.map(\.text))")
        }

        @Test("a status that a forge did not take is sent by the next start")
        func outbox() async throws {
            let forge = try await FakeForge(.github)
            for _ in 0..<4 { forge.trouble(.status(503)) }
            let (repository, server) = try await serving(forge)
            let commit = try await repository.git("rev-parse", "HEAD")
            try await server.eventually("a first attempt") { (!forge.server.requests.isEmpty, "") }
            server.program.signal(SIGKILL)
            try await server.program.end()
            #expect(forge.statuses.isEmpty)
            let again = try await Server.start(again: repository, environment: ["FORGE_TOKEN": FakeForge.token])
            _ = try await eventually(forge, again, "success", commit)
            try await again.stop()
        }

        @Test(
            "a configuration that cannot work is refused at the start",
            arguments: [
                ("statuses: { forge: github, project: shop, token: { env: T } }", "forge.bad-project"),
                ("statuses: { forge: gitea, project: shop/x, token: { env: T } }", "forge.bad-url"),
                ("notifications: [{ kind: slack, url: \"http://x\", events: [aplied] }]", "forge.unknown-kind"),
            ])
        func badConfiguration(text: String, code: String) async throws {
            let repository = try await Repository.hello()
            try repository.write("conf.yaml", text + "\n")
            let output = try await repository.gatewright(
                "serve", "--config", "conf.yaml", "--listen", "127.0.0.1:0", "--data-listen", "127.0.0.1:0",
                "--management-listen", "127.0.0.1:0")
            #expect(output.status == 1 && output.codes.contains(code), "\(output)")
        }
    }
}
