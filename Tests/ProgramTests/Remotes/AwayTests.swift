import Foundation
import GitSource
import Glibc
import JSON
import Testing

extension Acceptance {
    /// A remote that is away, and a disk that is full, while a mirror is needed.
    @Suite struct AwayTests {
        private func daemon(_ remote: Remote, port: Int) async throws -> Program {
            let daemon = try Program(
                "git",
                [
                    "daemon", "--reuseaddr", "--listen=127.0.0.1", "--port=\(port)", "--base-path=" + remote.root,
                    "--export-all", "--informative-errors",
                ], remote.workspace)
            try await until("`git daemon` to listen") { (Remote.accepts(port) ? () : nil, daemon.output.all) }
            return daemon
        }

        private func serve(_ remote: Remote, port: Int) throws -> Program {
            let listeners = remote.workspace.path + "/elsewhere/.gatewright/listeners.json"
            if FileManager.default.fileExists(atPath: listeners) {
                try FileManager.default.removeItem(atPath: listeners)
            }
            return try Program(
                "gatewright",
                [
                    "serve", "--repo", "git://127.0.0.1:\(port)/team/api.git", "--ref", "main", "--interval", "200ms",
                    "--listen", "127.0.0.1:0", "--management-listen", "127.0.0.1:0", "--data-listen", "127.0.0.1:0",
                ], in: try remote.workspace.folder("elsewhere"), remote.workspace)
        }

        /// HOST:PORT of one of its listeners; nil while it has none.
        private func address(_ listener: String, _ remote: Remote) throws -> String? {
            let file = remote.workspace.path + "/elsewhere/.gatewright/listeners.json"
            guard let bytes = FileManager.default.contents(atPath: file) else { return nil }
            return try JSONValue(parsing: Array(bytes))[listener]?.string
        }

        private func status(_ remote: Remote) async throws -> JSONValue? {
            guard let address = try address("controller", remote) else { return nil }
            let answer = try await Site(url: "http://" + address, workspace: remote.workspace).get("/status")
            return try? JSONValue(parsing: Array(answer.body.utf8))
        }

        private func reaches(_ commit: String, _ remote: Remote, _ program: Program) async throws {
            try await until("`\(commit)` to be live") {
                try #require(program.isRunning, "\(program.output)")
                let status = try await status(remote)
                let first = status?["environments"]?.array?.first
                let isThere = first?["state"] == "ready" && first?["appliedCommit"]?.string == commit
                return (isThere ? () : nil, "\(status?.text(.pretty) ?? "")\n\(program.output.all)")
            }
        }

        /// The greeting of the deployed API.
        private func greeting(_ remote: Remote) async throws -> String {
            let shown = try await Program.run(
                "gatewright", ["show", "RestApi/hello"], in: remote.workspace.path + "/elsewhere", remote.workspace)
            let words = shown.out.split(whereSeparator: \.isWhitespace).map(String.init)
            let url = try #require(words.first { $0.hasPrefix("http://") && $0.hasSuffix("/test") }, "\(shown)")
            return try await Site(url: url, workspace: remote.workspace).get("/hello").body
        }

        @Test("a serve that starts while its remote is away says so, serves what was applied, and follows it again")
        func away() async throws {
            let remote = try await Remote.hello()
            let port = try Remote.freePort()
            var daemon = try await daemon(remote, port: port)
            let first = try await remote.clone.git("rev-parse", "main")
            let before = try serve(remote, port: port)
            try await reaches(first, remote, before)
            before.signal(SIGTERM)
            try await before.end(within: Limits.shutdownSecondsMax)
            daemon.signal(SIGKILL)
            try await daemon.end()

            let program = try serve(remote, port: port)
            _ = try await until("the listeners") {
                try #require(program.isRunning, "\(program.output)")
                return (try address("data", remote), program.output.all)
            }
            #expect(program.output.err.contains("the remote cannot be read"), "\(program.output)")
            #expect(program.output.err.contains("127.0.0.1:\(port)"), "\(program.output)")
            #expect(try await greeting(remote).contains("Hello from stage test"))
            try await until("the status to say it") {
                let problem = try await status(remote)?["source"]?["problem"]
                let isSaid = problem?["message"]?.string?.contains("git.remote-unreachable") == true
                return (isSaid ? () : nil, "\(String(describing: problem))")
            }

            daemon = try await self.daemon(remote, port: port)
            try remote.clone.greet("Ahoy")
            let second = try await remote.clone.commit("Say Ahoy")
            try await remote.clone.git("push", "--quiet", "origin", "main")
            try await reaches(second, remote, program)
            #expect(try await greeting(remote).contains("Ahoy from stage test"))
            let said = try await status(remote)
            #expect(said?["source"]?["problem"] == nil, "\(said?.text(.pretty) ?? "")")
            program.signal(SIGTERM)
            let end = try await program.end(within: Limits.shutdownSecondsMax)
            #expect(end.status == 0, "\(end)")
        }

        @Test("the very first clone has to work: without it, serve ends and says why")
        func neverThere() async throws {
            let remote = try await Remote()
            let program = try serve(remote, port: try Remote.freePort())
            let end = try await program.end()
            try await remote.clone.expectFailure(end, status: 1, says: ["git.remote-unreachable"])
        }

        @Test(
            "a disk that fills up during a clone or fetch is said to be full, nothing half is left, and room mends it",
            .enabled(if: getuid() == 0 && Program.isInstalled("mount"), "needs root and mount"))
        func fullDisk() async throws {
            let remote = try await Remote()
            let folder = try remote.workspace.folder("data/repos")
            guard let disk = try await Disk(folder, size: "512k", remote.workspace) else {
                try Test.cancel("a tmpfs cannot be mounted here")
            }
            let (_, port) = try await remote.daemon()
            let mirror = try remote.mirror("git://127.0.0.1:\(port)/team/api.git")
            try await mirror.update()
            #expect(try await mirror.text("a.txt") == "one")
            // Text that does not get smaller.
            func noise(_ megabytes: Int) -> String {
                var generator = SystemRandomNumberGenerator()
                return (0..<megabytes << 16).map { _ in String(generator.next(), radix: 36) }.joined(separator: "\n")
            }
            let second = try await remote.push("large.txt", noise(2))
            let fetch = try await remote.refusal(mirror)
            #expect(fetch.code == .mirrorUnwritable, "\(fetch)")
            #expect(try await mirror.text("a.txt") == "one", "what was there before is not readable any more")
            let other = try remote.mirror("git://localhost:\(port)/team/api.git")
            let clone = try await remote.refusal(other)
            #expect(clone.code == .mirrorUnwritable, "\(clone)")
            #expect(!FileManager.default.fileExists(atPath: other.path))
            try await disk.resize("32m")
            try await mirror.update()
            #expect(try await mirror.head() == second)
            try await other.update()
            #expect(try await other.head() == second)
        }
    }
}
