import Foundation
import GitSource
import Testing

extension Acceptance {
    /// Remotes over HTTP and HTTPS.
    @Suite struct HTTPRemoteTests {
        static let hasServer = Program.isInstalled("python3")

        @Test("credentials come from the URL, from what was given, and from git's helper; each is tried once")
        func credentials() async throws {
            let remote = try await Remote()
            let server = try await HTTPRemote.start(remote, HTTPRemote.Behaviour(login: "ann:s3:cret/ü"))
            let url = "http://127.0.0.1:\(server.port)/team/api.git"
            let none = try await remote.refusal(remote.mirror(url))
            #expect(none.code == .authenticationRefused, "\(none)")
            #expect(none.message.contains("GATEWRIGHT_GIT_TOKEN"))
            let inURL = try remote.mirror("http://ann:s3%3Acret%2F%C3%BC@127.0.0.1:\(server.port)/team/api.git")
            try await inURL.update()
            #expect(try await inURL.text("a.txt") == "one")
            #expect(!inURL.remote.contains("cret"))
            let config = try String(contentsOfFile: inURL.path + "/config", encoding: .utf8)
            #expect(!config.contains("cret") && !config.contains("ann"))
            var access = remote.access
            access.logins = [
                TransferRequest.Login(username: "ann", password: "wrong"),
                TransferRequest.Login(username: "ann", password: "s3:cret/ü"),
            ]
            try await remote.mirror(url, access: access).update()
            access.logins.removeLast()
            let wrong = try await remote.refusal(remote.mirror(url, access: access))
            #expect(wrong.code == .authenticationRefused, "\(wrong)")
            #expect(!wrong.message.contains("wrong"))
            // A helper, as users have one.
            try "http://ann:s3%3Acret%2F%C3%BC@127.0.0.1:\(server.port)\n".write(
                toFile: remote.workspace.path + "/home/.git-credentials", atomically: true, encoding: .utf8)
            try "[credential]\n\thelper = store\n".write(
                toFile: remote.workspace.path + "/home/.gitconfig", atomically: true, encoding: .utf8)
            try await remote.push("a.txt", "two\n")
            try await remote.mirror(url).update()
            #expect(try await remote.mirror(url).text("a.txt") == "two")
        }

        @Test("a repository that is not there, and a page that is no repository, are told apart from refusals")
        func absent() async throws {
            let remote = try await Remote()
            let server = try await HTTPRemote.start(remote)
            let none = try await remote.refusal(remote.mirror("http://127.0.0.1:\(server.port)/team/none.git"))
            #expect(none.code == .remoteNotFound, "\(none)")
            let port = try Remote.freePort()
            let closed = try await remote.refusal(remote.mirror("http://127.0.0.1:\(port)/team/api.git"))
            #expect(closed.code == .remoteUnreachable, "\(closed)")
            let host = try await remote.refusal(remote.mirror("https://no-such-host.invalid/team/api.git"))
            #expect(host.code == .remoteUnreachable, "\(host)")
        }

        @Test("a redirection to another host is not followed, and no credentials travel there")
        func redirection() async throws {
            let remote = try await Remote()
            let other = try await HTTPRemote.start(remote, HTTPRemote.Behaviour(login: "ann:secret"))
            for host in ["localhost", "127.0.0.1"] {
                let first = try await HTTPRemote.start(
                    remote,
                    HTTPRemote.Behaviour(movedTo: "http://\(host):\(other.port)"))
                var access = remote.access
                access.logins = [TransferRequest.Login(username: "ann", password: "secret")]
                let failure = try await remote.refusal(
                    remote.mirror(
                        "http://ann:secret@127.0.0.1:\(first.port)/moved/team/api.git", access: access))
                #expect(failure.code == .redirected, "\(failure)")
                #expect(!failure.message.contains("secret"))
                #expect(other.authorizations.allSatisfy { $0 == "-" })
            }
        }

        @Test(
            "a certificate of an unknown authority, of another name, or out of date is refused, each by its code",
            .enabled(if: Program.isInstalled("openssl"), "openssl is not installed"))
        func certificates() async throws {
            let remote = try await Remote()
            let authority = try await TestAuthority(remote.workspace)
            var trusting = remote.access
            trusting.authorities = authority.file
            let good = try await HTTPRemote.start(
                remote,
                HTTPRemote.Behaviour(login: "ann:secret", certificate: authority.certificate("DNS:localhost")))
            let url = "https://ann:secret@localhost:\(good.port)/team/api.git"
            let unknown = try await remote.refusal(remote.mirror(url))
            #expect(unknown.code == .certificateAuthorityUnknown, "\(unknown)")
            #expect(good.authorizations.isEmpty)
            let mirror = try remote.mirror(url, access: trusting)
            try await mirror.update()
            #expect(try await mirror.text("a.txt") == "one")
            let name = try await HTTPRemote.start(
                remote, HTTPRemote.Behaviour(certificate: authority.certificate("DNS:elsewhere.test")))
            let wrong = try await remote.refusal(
                remote.mirror("https://localhost:\(name.port)/team/api.git", access: trusting))
            #expect(wrong.code == .certificateNameWrong, "\(wrong)")
            let old = try await HTTPRemote.start(
                remote, HTTPRemote.Behaviour(certificate: authority.certificate("DNS:localhost", days: -1)))
            let expired = try await remote.refusal(
                remote.mirror("https://localhost:\(old.port)/team/api.git", access: trusting))
            #expect(expired.code == .certificateExpired, "\(expired)")
            trusting.authorities = remote.workspace.path + "/none.pem"
            let missing = try await remote.refusal(remote.mirror(url, access: trusting))
            #expect(missing.message.contains("none.pem"))
        }

        @Test(
            "an authority of a company's own is named by the configuration, and a variable wins over it",
            .enabled(if: hasServer && Program.isInstalled("openssl"), "python3 or openssl is not installed"))
        func configuredAuthority() async throws {
            let remote = try await Remote()
            let authority = try await TestAuthority(remote.workspace)
            let server = try await HTTPRemote.start(
                remote, HTTPRemote.Behaviour(certificate: authority.certificate("DNS:localhost")))
            let folder = try remote.workspace.folder("elsewhere")
            let data = try remote.workspace.folder("elsewhere/.gatewright")
            func validate(_ environment: [String: String] = [:]) async throws -> Output {
                try await Program.run(
                    "gatewright", ["validate", "--repo", "https://localhost:\(server.port)/team/api.git"], in: folder,
                    remote.workspace, environment: environment)
            }
            try await remote.clone.expectFailure(
                try await validate(), status: 1,
                says: ["git.certificate-authority-unknown", "git.certificateAuthorities"])
            try "git: { certificateAuthorities: \(authority.file) }\n".write(
                toFile: data + "/gatewright.conf.yaml", atomically: true, encoding: .utf8)
            // The repository was read: it has no configuration.
            try await remote.clone.expectFailure(
                try await validate(), status: 1, says: ["manifest.no-configuration"])
            let other = try await TestAuthority(remote.workspace)
            try await remote.clone.expectFailure(
                try await validate(["GIT_SSL_CAINFO": other.file]), status: 1,
                says: ["git.certificate-authority-unknown"])
            try "git: { certificateAuthorities: nowhere.pem }\n".write(
                toFile: data + "/gatewright.conf.yaml", atomically: true, encoding: .utf8)
            try await remote.clone.expectFailure(
                try await validate(), status: 1, says: ["configuration.missing-file", "nowhere.pem"])
        }
    }
}
