import Foundation
import Glibc
import JSON
import Testing

extension Acceptance {
    /// Listeners behind TLS, as real clients see them.
    @Suite struct TLSTests {
        let repository: Repository

        init() async throws { repository = try await Repository.hello() }

        static func fixture(_ name: String) -> String {
            URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Fixtures/tls/\(name)").path()
        }

        private func configure(_ certificate: String, _ key: String) throws {
            try FileManager.default.createDirectory(
                atPath: repository.folder + "/.gatewright", withIntermediateDirectories: true)
            try install(certificate, key)
            try repository.write(
                ".gatewright/gatewright.conf.yaml",
                "tls: { certificate: tls.crt, key: tls.key }\n")
        }

        /// Puts a pair in place of the one that is there.
        private func install(_ certificate: String, _ key: String) throws {
            for (name, target) in [(certificate, "tls.crt"), (key, "tls.key")] {
                let path = repository.folder + "/.gatewright/" + target
                try Data(contentsOf: URL(filePath: Self.fixture(name))).write(to: URL(filePath: path))
                #expect(chmod(path, 0o600) == 0)
            }
        }

        private func curl(_ server: Server, _ listener: String, _ path: String, _ options: String...) async throws
            -> Output
        {
            let port = try #require(server.address(listener).split(separator: ":").last)
            return try await Program.run(
                "curl",
                ["--silent", "--show-error", "--max-time", "20"] + options + ["https://localhost:\(port)\(path)"],
                repository.workspace)
        }

        @Test("all listeners speak TLS, say so in their URLs, and work for curl and the AWS command line")
        func clients() async throws {
            try configure("server.crt", "server.key")
            let server = try await Server.engine(
                repository, "--management-listen", "0.0.0.0:0", "--data-listen", "0.0.0.0:0")
            try await repository.apply()
            let shown = try await repository.gatewright("show", "RestApi/hello")
            let words = shown.out.split(whereSeparator: \.isWhitespace).map(String.init)
            let url = try #require(words.first { $0.hasPrefix("https://0.0.0.0:") }, "\(shown)")
            let path = try #require(url.firstRange(of: "/_aws")).lowerBound
            let trusted = try await curl(
                server, "data", url[path...] + "/hello", "--cacert", Self.fixture("authority.crt"))
            #expect(trusted.status == 0 && trusted.out.contains("Hello"), "\(trusted)")
            let untrusting = try await curl(server, "data", "/")
            #expect(untrusting.status == 60, "\(untrusting)")
            let started = server.program.output.out
            #expect(started.contains("management API  https://0.0.0.0:"), "\(started)")
            guard Program.isInstalled("aws") else { return }
            let port = try #require(server.address("management").split(separator: ":").last)
            let output = try await Program.run(
                "aws",
                [
                    "apigateway", "get-rest-apis", "--region", "us-east-1", "--output", "json", "--endpoint-url",
                    "https://localhost:\(port)",
                ], repository.workspace,
                environment: [
                    "AWS_SHARED_CREDENTIALS_FILE": repository.folder + "/.gatewright/credentials",
                    "AWS_CA_BUNDLE": Self.fixture("authority.crt"),
                ])
            #expect(output.status == 0 && output.out.contains("\"hello\""), "\(output)")
        }

        @Test("the controller answers over TLS")
        func controller() async throws {
            try configure("server.crt", "server.key")
            let server = try await Server.serving(repository, "--listen", "0.0.0.0:0")
            try await server.eventually("`/readyz` over TLS") {
                let answer = try await curl(server, "controller", "/readyz", "--cacert", Self.fixture("authority.crt"))
                return (answer.out.contains("true"), answer.all)
            }
        }

        @Test("commands beside a serve with TLS reach its controller, whatever name its certificate has")
        func besideServe() async throws {
            try configure("server.crt", "server.key")
            let server = try await Server.serving(repository, "--listen", "0.0.0.0:0", "--interval", "60s")
            func reaches(_ state: String, _ commit: String) async throws {
                try await server.eventually("`\(commit)` to be \(state)") {
                    let answer = try await curl(
                        server, "controller", "/status", "--cacert", Self.fixture("authority.crt"))
                    let status = try? JSONValue(parsing: Array(answer.out.utf8))["environments"]?[0]
                    return (status?["state"]?.string == state && status?["appliedCommit"]?.string == commit, answer.all)
                }
            }
            let first = try await repository.git("rev-parse", "HEAD")
            try await reaches("ready", first)
            try repository.greet("Ahoy")
            let second = try await repository.commit("Say Ahoy")
            let port = try #require(server.address("controller").split(separator: ":").last)
            let woken = try await curl(
                server, "controller", "/wake", "--cacert", Self.fixture("authority.crt"), "--request", "POST")
            #expect(woken.status == 0, "\(woken)")
            try await reaches("ready", second)
            // None of these knows the authority, and none asks without it: they go through the data directory.
            let back = try await repository.gatewright("rollback", "--yes", "--reason", "it hurts")
            #expect(back.status == 0 && back.all.contains("running controller"), "\(back)")
            try await reaches("held", first)
            let resumed = try await repository.gatewright("resume")
            #expect(resumed.status == 0, "\(resumed)")
            try await reaches("ready", second)
            let paused = try await repository.gatewright("pause", "--until", "1h", "--reason", "freeze")
            #expect(paused.status == 0, "\(paused)")
            try await reaches("held", second)
            let mode =
                try FileManager.default.attributesOfItem(
                    atPath: repository.folder + "/.gatewright/controller.sock")[.posixPermissions] as? Int
            #expect(mode == 0o600)
            // From elsewhere the certificate counts.
            let plan = ["plan", "--server", "https://localhost:\(port)"]
            let unknown = try await Program.run("gatewright", plan, in: repository.folder, repository.workspace)
            try await repository.expectFailure(unknown, status: 5, says: ["command.server-unreachable"])
            try repository.write("conf.yaml", "tls: { authorities: \(Self.fixture("authority.crt")) }\n")
            let known = try await Program.run(
                "gatewright", plan + ["--config", "conf.yaml"], in: repository.folder, repository.workspace)
            #expect(known.status == 0 && known.out.contains("dev: no changes"), "\(known)")
        }

        @Test(
            "TLS before 1.2 is refused by each listener", arguments: ["management", "data"],
            [("-tls1_1", false), ("-tls1_2", true), ("-tls1_3", true)])
        func versions(_ listener: String, _ version: (option: String, isTaken: Bool)) async throws {
            try configure("server.crt", "server.key")
            let server = try await Server.engine(
                repository, "--management-listen", "0.0.0.0:0", "--data-listen", "0.0.0.0:0")
            let port = try #require(server.address(listener).split(separator: ":").last)
            let output = try await Program.run(
                "openssl",
                ["s_client", "-connect", "localhost:\(port)", "-cipher", "ALL:@SECLEVEL=0", version.option, "-brief"],
                repository.workspace)
            #expect((output.status == 0) == version.isTaken, "\(output)")
        }

        @Test("SIGHUP renews the certificate: new connections get it, one that stands goes on")
        func renewal() async throws {
            try configure("other.crt", "other.key")
            let server = try await Server.engine(
                repository, "--management-listen", "0.0.0.0:0", "--data-listen", "0.0.0.0:0")
            let refused = try await curl(server, "data", "/", "--cacert", Self.fixture("authority.crt"))
            #expect(refused.status == 60, "\(refused)")
            try install("server.crt", "server.key")
            server.program.signal(SIGHUP)
            try await server.eventually("the new certificate") {
                let answer = try await curl(server, "data", "/", "--cacert", Self.fixture("authority.crt"))
                return (answer.status == 0, answer.all)
            }
            // A pair that is none leaves the one in use alone.
            try install("server.crt", "other.key")
            server.program.signal(SIGHUP)
            try await server.eventually("the refusal in the log") {
                (server.program.output.err.contains("tls.key-mismatch"), server.program.output.err)
            }
            let still = try await curl(server, "data", "/", "--cacert", Self.fixture("authority.crt"))
            #expect(still.status == 0, "\(still)")
        }

        @Test(
            "what cannot be used is said before anything listens",
            arguments: [
                ("server.crt", "other.key", "tls.key-mismatch"),
                ("server.key", "server.key", "tls.certificate-unusable"),
                ("server.crt", "server.crt", "tls.key-unusable"),
            ])
        func mistakes(_ certificate: String, _ key: String, _ code: String) async throws {
            try configure(certificate, key)
            try await repository.expectFailure("engine", status: 1, says: code, "/.gatewright/tls.")
            let doctor = try await repository.gatewright("doctor")
            #expect(doctor.status == 1 && doctor.out.contains("FAIL  certificate of data"), "\(doctor)")
        }

        @Test("an expired certificate is a warning: the listener works for those who do not mind")
        func expired() async throws {
            try configure("expired.crt", "expired.key")
            let server = try await Server.engine(
                repository, "--management-listen", "0.0.0.0:0", "--data-listen", "0.0.0.0:0")
            #expect(server.program.output.err.contains("tls.out-of-time"), "\(server.program.output)")
            #expect(try await curl(server, "data", "/", "--insecure").status == 0)
            #expect(try await curl(server, "data", "/", "--cacert", Self.fixture("authority.crt")).status == 60)
        }

        @Test("without a certificate, an address that others reach is refused, unless a flag allows it")
        func exposure() async throws {
            try await repository.expectFailure(
                "engine", "--data-listen", "0.0.0.0:0", "--management-listen", "127.0.0.1:0", status: 1,
                says: "command.not-loopback", "no certificate")
        }
    }
}
