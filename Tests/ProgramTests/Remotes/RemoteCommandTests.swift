import Foundation
import Glibc
import JSON
import Testing

extension Acceptance {
    /// `plan`, `apply` and `serve` of a repository on another machine, in an empty folder.
    @Suite struct RemoteCommandTests {
        private func run(_ remote: Remote, _ arguments: String...) async throws -> Output {
            let folder = try remote.workspace.folder("elsewhere")
            return try await Program.run("gatewright", arguments, in: folder, remote.workspace)
        }

        @Test("plan and apply read a remote through a mirror in the data directory, by branch, tag and range")
        func planAndApply() async throws {
            let remote = try await Remote.hello()
            let (_, port) = try await remote.daemon()
            let url = "git://127.0.0.1:\(port)/team/api.git"
            let plan = try await run(remote, "plan", "--repo", url, "--detailed-exitcode")
            #expect(plan.status == 2, "\(plan)")
            try await remote.clone.git("tag", "v1.2.0")
            try await remote.clone.git("push", "--quiet", "origin", "v1.2.0")
            let applied = try await run(remote, "apply", "--repo", url, "--ref", "semver:^1", "--yes")
            #expect(applied.status == 0, "\(applied)")
            let again = try await run(remote, "plan", "--repo", url, "--ref", "v1.2.0", "--detailed-exitcode")
            #expect(again.status == 0, "\(again)")
            let data = remote.workspace.path + "/elsewhere/.gatewright/repos"
            let mirrors = try FileManager.default.contentsOfDirectory(atPath: data).filter { $0.hasSuffix(".git") }
            #expect(mirrors.count == 1)
            let none = try await run(remote, "plan", "--repo", url, "--ref", "semver:^9")
            #expect(none.status == 1 && none.all.contains("git.unknown-ref"), "\(none)")
            let gone = try await run(remote, "plan", "--repo", "git://127.0.0.1:\(try Remote.freePort())/team/api.git")
            #expect(gone.status == 1 && gone.all.contains("git.remote-unreachable"), "\(gone)")
        }

        @Test("validate and diff read a remote as plan does, with places and refs of its commits")
        func validateAndDiff() async throws {
            let remote = try await Remote.hello()
            let (_, port) = try await remote.daemon()
            let url = "git://127.0.0.1:\(port)/team/api.git"
            try await remote.clone.git("tag", "v1.0.0")
            try await remote.clone.git("push", "--quiet", "origin", "v1.0.0")
            let valid = try await run(remote, "validate", "--repo", url)
            #expect(valid.status == 0 && valid.out.contains("environment `dev`"), "\(valid)")
            try await remote.clone.git("switch", "--quiet", "--create", "greet")
            try remote.clone.greet("Ahoy")
            try await remote.clone.commit("Greet as sailors do")
            try await remote.clone.git("push", "--quiet", "origin", "greet")
            let diff = try await run(remote, "diff", "--repo", url, "main...greet", "--detailed-exitcode")
            #expect(diff.status == 2 && diff.out.contains("Method/hello GET /hello"), "\(diff)")
            try await remote.clone.git("switch", "--quiet", "main")
            let place = try remote.clone.breakDefinition()
            try await remote.clone.commit("In a hurry")
            try await remote.clone.git("push", "--quiet", "origin", "main")
            for arguments in [["--repo", url], ["--repo", remote.clone.folder, "--ref", "main"]] {
                let folder = try remote.workspace.folder("elsewhere")
                let wrong = try await Program.run(
                    "gatewright", ["validate"] + arguments, in: folder, remote.workspace)
                try await remote.clone.expectFailure(wrong, status: 1, says: [place])
                let older = try await Program.run(
                    "gatewright", ["validate"] + arguments.prefix(2) + ["--ref", "v1.0.0"], in: folder, remote.workspace
                )
                #expect(older.status == 0, "\(older)")
                let none = try await Program.run(
                    "gatewright", ["validate"] + arguments.prefix(2) + ["--ref", "nowhere"], in: folder,
                    remote.workspace)
                try await remote.clone.expectFailure(none, status: 1, says: ["git.unknown-ref"])
            }
            let both = try await run(remote, "diff", ".", "main...greet", "--repo", url)
            #expect(both.status == 64, "\(both)")
        }

        @Test("serve follows a remote, and a commit without the demanded signature is refused and stays refused")
        func serve() async throws {
            let remote = try await Remote.hello()
            let (_, port) = try await remote.daemon()
            let folder = try remote.workspace.folder("elsewhere/.gatewright")
            let key = remote.workspace.path + "/ann"
            try await SSHRemote.keygen(remote.workspace, key, "ed25519")
            let line = try String(contentsOfFile: key + ".pub", encoding: .utf8)
            try "ann@example.com \(line)".write(toFile: folder + "/signers", atomically: true, encoding: .utf8)
            try """
            git: { signatures: { required: true, allowedSigners: [{ ssh: \(folder)/signers }] } }
            """.write(toFile: folder + "/gatewright.conf.yaml", atomically: true, encoding: .utf8)
            for (name, value) in [("gpg.format", "ssh"), ("user.signingkey", key), ("commit.gpgsign", "true")] {
                try await remote.clone.git("config", name, value)
            }
            let first = try await remote.push("a.txt", "signed\n")
            let program = try Program(
                "gatewright",
                [
                    "serve", "--repo", "git://127.0.0.1:\(port)/team/api.git", "--ref", "main", "--interval", "200ms",
                    "--listen", "127.0.0.1:0", "--management-listen", "127.0.0.1:0", "--data-listen", "127.0.0.1:0",
                ], in: remote.workspace.path + "/elsewhere", remote.workspace)
            try await reaches("ready", first, folder, program, remote)
            try await remote.clone.git("config", "commit.gpgsign", "false")
            // An unsigned change of what is read.
            let manifest = try #require(
                try await remote.clone.git("ls-files", "*.yaml").split(separator: "\n").map(String.init).first)
            let unsigned = try await remote.push(manifest, remote.clone.read(manifest) + "# more\n")
            let status = try await reaches("refused", unsigned, folder, program, remote)
            #expect(status["problem"]?["code"]?.string == "reconciling.signature-refused", "\(status.text(.pretty))")
            #expect(status["problem"]?["message"]?.string?.contains("git.commit-unsigned") == true)
            #expect(status["appliedCommit"]?.string == first)
            try await remote.clone.git("config", "commit.gpgsign", "true")
            let signed = try await remote.push("a.txt", "signed again\n")
            try await reaches("ready", signed, folder, program, remote)
            program.signal(SIGTERM)
            let end = try await program.end(within: Limits.shutdownSecondsMax)
            #expect(end.status == 0, "\(end)")
            #expect(!program.leftChildren)
            let plan = try await run(
                remote, "plan", "--repo", "git://127.0.0.1:\(port)/team/api.git", "--ref", unsigned)
            #expect(plan.status == 4 || plan.status == 1, "\(plan)")
            #expect(plan.all.contains("git.commit-unsigned"), "\(plan)")
        }

        @discardableResult
        private func reaches(
            _ state: String, _ commit: String, _ folder: String, _ program: Program, _ remote: Remote
        ) async throws -> JSONValue {
            try await until("`\(commit)` to be \(state)") {
                try #require(program.isRunning, "\(program.output)")
                guard let bytes = FileManager.default.contents(atPath: folder + "/listeners.json"),
                    let address = try JSONValue(parsing: Array(bytes))["controller"]?.string
                else { return (nil, program.output.all) }
                let answer = try await Site(url: "http://" + address, workspace: remote.workspace).get("/status")
                let status = try JSONValue(parsing: Array(answer.body.utf8))["environments"]?.array?.first
                let isThere = status?["state"]?.string == state && status?["headCommit"]?.string == commit
                return (isThere ? status : nil, answer.text + program.output.all)
            }
        }

        @Test("with the program killed, the process that fetches for it ends by itself")
        func killedParent() async throws {
            let remote = try await Remote()
            let (_, port) = try await remote.serve("python3") { port in
                [
                    "-c",
                    "import socket,time\ns=socket.create_server(('127.0.0.1',\(port)))\nk=[]\nwhile True: k.append(s.accept())",
                ]
            }
            let folder = try remote.workspace.folder("elsewhere")
            let program = try Program(
                "gatewright", ["plan", "--repo", "git://127.0.0.1:\(port)/a.git"], in: folder, remote.workspace)
            let child = try await until("the transfer") { (try transfers(folder).first, program.output.all) }
            kill(program.pid, SIGKILL)
            _ = try await until("the transfer to end") { (try transfers(folder).contains(child) ? nil : (), child) }
        }

        private func transfers(_ folder: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { pid in
                guard Int(pid) != nil, let words = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline"),
                    String(decoding: words, as: UTF8.self).contains("git-transfer")
                else { return false }
                let lock = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/3")
                return lock?.hasPrefix(folder) == true
            }
        }
    }
}
