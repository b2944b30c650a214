import Foundation
import GitSource
import Testing

extension Acceptance {
    /// Remotes over ssh.
    @Suite(.enabled(if: SSHRemote.reasonMissing == nil, "\(SSHRemote.reasonMissing ?? "")"))
    struct SSHRemoteTests {
        @Test("an ed25519 key is let in by a host whose key is known, plainly or by a hash")
        func keyFile() async throws {
            let remote = try await Remote()
            let server = try await SSHRemote.start(remote)
            try server.trust(
                "# a comment\n@cert-authority * ssh-ed25519 AAAA\nother.example ssh-rsa AAAA\n" + server.known())
            var access = remote.access
            access.keyFiles = [try await server.userKey()]
            let mirror = try remote.mirror(server.url, access: access)
            try await mirror.update()
            #expect(try await mirror.text("a.txt") == "one")
            let commit = try await remote.push("a.txt", "two\n")
            let hashed = try await Program.run(
                "ssh-keygen", ["-q", "-H", "-f", remote.workspace.path + "/known_hosts"], remote.workspace)
            try #require(hashed.status == 0, "\(hashed)")
            let text = try String(contentsOfFile: remote.workspace.path + "/known_hosts", encoding: .utf8)
            #expect(text.contains("|1|") && !text.contains("127.0.0.1"))
            try await mirror.update()
            #expect(try await mirror.head() == commit)
        }

        @Test("an agent's key is used, also where the key's file has a passphrase")
        func agent() async throws {
            let remote = try await Remote()
            let server = try await SSHRemote.start(remote)
            try server.trust(server.known())
            let key = try await server.userKey(passphrase: "")
            let socket = server.folder + "/agent"
            let agent = try Program("ssh-agent", ["-D", "-a", socket], remote.workspace)
            try await until("the agent") {
                (FileManager.default.fileExists(atPath: socket) ? () : nil, agent.output.all)
            }
            var access = remote.access
            access.agentSocket = socket
            let empty = try await remote.refusal(remote.mirror(server.url, access: access))
            #expect(empty.code == .authenticationRefused, "\(empty)")
            #expect(empty.message.contains("there is no key"))
            let added = try await Program.run(
                "ssh-add", ["-q", key], remote.workspace, environment: ["SSH_AUTH_SOCK": socket])
            try #require(added.status == 0, "\(added)")
            try await remote.mirror(server.url, access: access).update()
            let locked = try await server.userKey(passphrase: "words")
            access.keyFiles = [locked]
            try await remote.mirror(server.url, access: access).update()
            access.agentSocket = nil
            let refused = try await remote.refusal(remote.mirror(server.url, access: access))
            #expect(refused.code == .authenticationRefused, "\(refused)")
            #expect(refused.message.contains("passphrase"))
        }

        @Test("an unknown host, a changed, a revoked and an authority's key are told apart, with the fingerprint")
        func hostKeys() async throws {
            let remote = try await Remote()
            let server = try await SSHRemote.start(remote)
            var access = remote.access
            access.keyFiles = [try await server.userKey()]
            let shown = try await Program.run(
                "ssh-keygen", ["-l", "-f", server.folder + "/host.pub"], remote.workspace)
            let print = String(shown.out.split(separator: " ")[1])
            func refusal(_ text: String) async throws -> GitFailure {
                try server.trust(text)
                let failure = try await remote.refusal(remote.mirror(server.url, access: access))
                #expect(failure.message.contains(print), "\(failure)")
                return failure
            }
            #expect(print.hasPrefix("SHA256:"))
            let unknown = try await refusal("")
            #expect(unknown.code == .hostKeyUnknown, "\(unknown)")
            #expect(unknown.message.contains("ssh-keyscan -p \(server.port) 127.0.0.1"))
            try await SSHRemote.keygen(remote.workspace, server.folder + "/other", "ed25519")
            let other = try String(contentsOfFile: server.folder + "/other.pub", encoding: .utf8).split(separator: " ")
            let changed = try await refusal("[127.0.0.1]:\(server.port) \(other[0]) \(other[1])\n")
            #expect(changed.code == .hostKeyChanged, "\(changed)")
            #expect(try await refusal(server.known() + server.known(marker: "@revoked ")).code == .hostKeyRevoked)
            #expect(try await refusal(server.known(marker: "@cert-authority ")).code == .hostKeyAuthority)
            // Port 22 of the same host is another matter.
            #expect(try await refusal("127.0.0.1 \(other[0]) \(other[1])\n").code == .hostKeyUnknown)
        }

        @Test("a host with keys of several types is asked for one that is known", arguments: ["ed25519", "ecdsa"])
        func severalKeys(_ type: String) async throws {
            let remote = try await Remote()
            let server = try await SSHRemote.start(remote, hostKey: type)
            try server.trust(server.known())
            var access = remote.access
            access.keyFiles = [try await server.userKey()]
            try await remote.mirror(server.url, access: access).update()
        }

        @Test("an RSA key that the server refuses is explained")
        func rsa() async throws {
            let remote = try await Remote()
            let server = try await SSHRemote.start(remote)
            try server.trust(server.known())
            var access = remote.access
            access.keyFiles = [try await server.userKey("rsa")]
            let failure = try await remote.refusal(remote.mirror(server.url, access: access))
            #expect(failure.code == .rsaKeyRefused, "\(failure)")
            #expect(failure.message.contains("ed25519"))
        }

        @Test("a key that the server does not know, and a path without a repository, are told apart")
        func refusals() async throws {
            let remote = try await Remote()
            let server = try await SSHRemote.start(remote)
            try server.trust(server.known())
            var access = remote.access
            let stranger = server.folder + "/stranger"
            try await SSHRemote.keygen(remote.workspace, stranger, "ed25519")
            access.keyFiles = [stranger]
            let refused = try await remote.refusal(remote.mirror(server.url, access: access))
            #expect(refused.code == .authenticationRefused, "\(refused)")
            #expect(refused.message.contains(stranger))
            access.keyFiles = [try await server.userKey()]
            let missing = try await remote.refusal(remote.mirror(server.url + ".none", access: access))
            #expect(missing.code == .remoteNotFound, "\(missing)")
        }
    }
}
