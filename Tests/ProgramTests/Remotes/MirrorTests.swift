import Foundation
import GitSource
import Glibc
import Testing

extension Acceptance {
    /// A mirror of what `git daemon` gives out, and of what ends in the middle.
    @Suite struct MirrorTests {
        @Test("a mirror is cloned, then follows what is pushed, forced, renamed and deleted")
        func following() async throws {
            let remote = try await Remote()
            let (daemon, port) = try await remote.daemon()
            let mirror = try remote.mirror("git://127.0.0.1:\(port)/team/api.git")
            try await mirror.update()
            #expect(try await mirror.text("a.txt") == "one")
            #expect(mirror.path.hasPrefix(remote.repos + "/api-"))
            let second = try await remote.push("a.txt", "two\n")
            try await remote.clone.git("tag", "-a", "v1.0.0", "-m", "First")
            try await remote.clone.git("push", "--quiet", "origin", "v1.0.0", "HEAD:refs/heads/side")
            try await mirror.update()
            #expect(try await mirror.head() == second)
            #expect(try await mirror.text("a.txt", at: "v1.0.0") == "two")
            #expect(try await mirror.text("a.txt", at: "side") == "two")
            // History is written anew, and a branch stands where another one's folder has to be.
            try await remote.clone.git("reset", "--quiet", "--hard", "HEAD~1")
            let forced = try await remote.push("a.txt", "three\n")
            try await remote.clone.git("push", "--quiet", "origin", "--delete", "side")
            try await remote.clone.git("push", "--quiet", "origin", "HEAD:refs/heads/side/deeper")
            try await mirror.update()
            #expect(try await mirror.head() == forced)
            #expect(try await mirror.text("a.txt", at: "side/deeper") == "three")
            let gone = await #expect(throws: GitFailure.self) { _ = try await mirror.text("a.txt", at: "side") }
            #expect(gone?.code == .unknownRef)
            // Another default branch.
            try await remote.clone.git("push", "--quiet", "origin", "HEAD~1:refs/heads/trunk")
            _ = try await Program.run(
                "git", ["-C", remote.bare, "symbolic-ref", "HEAD", "refs/heads/trunk"], remote.workspace)
            try await mirror.update()
            #expect(try await mirror.text("a.txt") == "one")
            // The repository vanishes: said so, and the mirror stays as it was.
            try FileManager.default.moveItem(atPath: remote.bare, toPath: remote.bare + ".away")
            let vanished = try await remote.refusal(mirror)
            #expect(vanished.code == .remoteNotFound, "\(vanished)")
            #expect(try await mirror.text("a.txt", at: "main") == "three")
            daemon.signal(SIGKILL)
            try await daemon.end()
            #expect(try await remote.refusal(mirror).code == .remoteUnreachable)
        }

        @Test("a path and `file://` are mirrored, an empty repository too")
        func paths() async throws {
            let remote = try await Remote()
            for url in [remote.bare, "file://" + remote.bare] {
                let mirror = try remote.mirror(url)
                try await mirror.update()
                #expect(try await mirror.text("a.txt") == "one")
            }
            let empty = remote.root + "/empty.git"
            _ = try await Program.run("git", ["init", "--quiet", "--bare", empty], remote.workspace)
            let mirror = try remote.mirror(empty)
            try await mirror.update()
            let unborn = await #expect(throws: GitFailure.self) { _ = try await mirror.head() }
            #expect(unborn?.code == .unbornBranch)
            let missing = try await remote.refusal(remote.mirror(remote.root + "/none.git"))
            #expect(missing.code == .remoteNotFound, "\(missing)")
        }

        @Test("a server that accepts and never answers is given up at the time limit; nothing is left of it")
        func silence() async throws {
            let remote = try await Remote()
            let (_, port) = try await remote.serve("python3") { port in
                [
                    "-c",
                    "import socket,time\ns=socket.create_server(('127.0.0.1',\(port)))\nk=[]\nwhile True: k.append(s.accept())",
                ]
            }
            for scheme in ["git", "http", "ssh"] {
                let url = "\(scheme)://127.0.0.1:\(port)/api.git"
                let mirror = try remote.mirror(url, silence: .milliseconds(700))
                let start = ContinuousClock.now
                let failure = try await remote.refusal(mirror)
                #expect(failure.code == .remoteTimeout, "\(failure)")
                #expect(failure.message.contains("700 ms"))
                #expect(ContinuousClock.now - start < .seconds(20))
                #expect(!FileManager.default.fileExists(atPath: mirror.path))
            }
            let whole = try await remote.refusal(
                remote.mirror("git://127.0.0.1:\(port)/b.git", whole: .milliseconds(500)))
            #expect(whole.message.contains("longer than 500 ms"))
            #expect(try transfers(of: remote).isEmpty)
        }

        @Test("an update that its task no longer wants ends at once")
        func cancellation() async throws {
            let remote = try await Remote()
            let (_, port) = try await remote.serve("python3") { port in
                [
                    "-c",
                    "import socket,time\ns=socket.create_server(('127.0.0.1',\(port)))\nk=[]\nwhile True: k.append(s.accept())",
                ]
            }
            let mirror = try remote.mirror("git://127.0.0.1:\(port)/api.git")
            let update = Task { try await mirror.update() }
            try await until("the transfer to run") { (try transfers(of: remote).isEmpty ? nil : (), "") }
            update.cancel()
            let ending = await update.result
            #expect(throws: GitFailure.self) { try ending.get() }
            #expect(try transfers(of: remote).isEmpty)
            #expect(try remote.leftovers().isEmpty)
        }

        @Test("what a killed process left is cleared away at the next update")
        func leftovers() async throws {
            let remote = try await Remote()
            let mirror = try remote.mirror(remote.bare)
            try FileManager.default.createDirectory(
                atPath: mirror.path + ".new-1/objects", withIntermediateDirectories: true)
            try await mirror.update()
            #expect(try remote.leftovers().isEmpty)
            let commit = try await remote.push("a.txt", "two\n")
            for path in ["refs/heads/main.lock", "HEAD.lock", "objects/pack/pack_git2_abc"] {
                try Data().write(to: URL(filePath: mirror.path + "/" + path))
            }
            try await mirror.update()
            #expect(try await mirror.head() == commit)
            #expect(!FileManager.default.fileExists(atPath: mirror.path + "/objects/pack/pack_git2_abc"))
        }

        @Test("a remote whose objects are damaged gives a failure and no mirror")
        func damage() async throws {
            let remote = try await Remote()
            _ = try await Program.run("git", ["-C", remote.bare, "gc", "--quiet"], remote.workspace)
            let folder = remote.bare + "/objects/pack"
            let name = try #require(
                try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".pack") })
            let file = URL(filePath: folder + "/" + name)
            var bytes = try Data(contentsOf: file)
            for position in 20..<min(bytes.count, 60) { bytes[position] ^= 0x55 }
            try FileManager.default.removeItem(at: file)
            try bytes.write(to: file)
            let (_, port) = try await remote.daemon()
            let mirror = try remote.mirror("git://127.0.0.1:\(port)/team/api.git")
            let failure = try await remote.refusal(mirror)
            #expect(failure.code == .remoteProtocol, "\(failure)")
            #expect(!FileManager.default.fileExists(atPath: mirror.path))
        }

        @Test("two updates of one mirror at once do not meet")
        func concurrency() async throws {
            let remote = try await Remote()
            try await withThrowingTaskGroup { group in
                for _ in 0..<4 {
                    let mirror = try remote.mirror(remote.bare)
                    group.addTask {
                        try await mirror.update()
                        return try await mirror.text("a.txt")
                    }
                }
                for try await text in group { #expect(text == "one") }
            }
            #expect(try remote.leftovers().isEmpty)
        }

        /// Processes that transfer into this test's folder: they hold its lock.
        private func transfers(of remote: Remote) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { pid in
                guard Int(pid) != nil, let words = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline"),
                    String(decoding: words, as: UTF8.self).contains("git-transfer")
                else { return false }
                let lock = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/3")
                return lock?.hasPrefix(remote.repos) == true
            }
        }
    }
}
