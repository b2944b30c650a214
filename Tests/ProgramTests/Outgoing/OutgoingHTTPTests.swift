import Diagnostics
import Foundation
import HTTPTypes
import NIOSSL
import Testing

@testable import gatewright

/// The program's requests to others, against servers that answer, lie, hang and hang up.
@Suite struct OutgoingHTTPTests {
    private func request(_ url: String, _ method: HTTPRequest.Method = .get) throws -> HTTPRequest {
        let parts = try #require(URL(string: url))
        let port = parts.port.map { ":\($0)" } ?? ""
        return HTTPRequest(
            method: method, scheme: parts.scheme, authority: "\(parts.host() ?? "")\(port)",
            path: parts.path().isEmpty ? "/" : parts.path())
    }

    private func failure(
        _ http: OutgoingHTTP, _ request: HTTPRequest, timeLimit: Duration = .seconds(30), replyBytesMax: Int = 1 << 20
    ) async throws -> OutgoingFailure {
        try await #require(throws: OutgoingFailure.self) {
            try await http.send(request, timeLimit: timeLimit, replyBytesMax: replyBytesMax)
        }
    }

    @Test("a request arrives as it was made, and its reply comes back whole")
    func exchange() async throws {
        let server = try await FakeServer { _ in .status(201, headers: ["X-Answer": "yes"], body: "made") }
        let http = OutgoingHTTP()
        var post = try request(server.url + "/a/b", .post)
        post.headerFields[.init("X-Ask")!] = "please"
        let reply = try await http.send(post, body: Array("text".utf8))
        #expect(reply.response.status.code == 201)
        #expect(reply.response.headerFields[.init("X-Answer")!] == "yes")
        #expect(String(decoding: reply.body, as: UTF8.self) == "made")
        let asked = try #require(server.requests.first)
        #expect(asked.method == "POST" && asked.target == "/a/b" && asked.text == "text")
        #expect(asked.header("X-Ask") == "please" && asked.header("Content-Length") == "4")
        #expect(asked.header("Host") == "127.0.0.1:\(server.port)")
        #expect(asked.header("User-Agent")?.hasPrefix("gatewright/") == true)
        await http.shutdown()
    }

    @Test("a redirect is an answer, not followed")
    func redirect() async throws {
        let other = try await FakeServer { _ in .status(200) }
        let server = try await FakeServer { _ in .status(302, headers: ["Location": other.url + "/x"]) }
        let http = OutgoingHTTP()
        #expect(try await http.send(request(server.url + "/")).response.status.code == 302)
        #expect(other.requests.isEmpty)
        await http.shutdown()
    }

    @Test("a connection is kept for the next request, unless each is to have its own")
    func connections() async throws {
        for keeps in [true, false] {
            let server = try await FakeServer { _ in .status(200) }
            var settings = OutgoingHTTP.Settings()
            settings.keepsConnections = keeps
            let http = OutgoingHTTP(settings)
            for _ in 0..<3 { _ = try await http.send(request(server.url + "/")) }
            #expect(server.connectionsCount == (keeps ? 1 : 3))
            await http.shutdown()
        }
    }

    @Test("a port where nobody listens is unreachable, at once, and nothing was sent")
    func refused() async throws {
        let http = OutgoingHTTP()
        let failure = try await self.failure(http, request("http://127.0.0.1:9/"))
        #expect(failure.code == .unreachable, "\(failure)")
        #expect(failure.isUnsent && failure.message.contains("127.0.0.1"), "\(failure)")
        let unknown = try await self.failure(http, request("http://nobody.invalid/"))
        #expect(unknown.code == .unreachable, "\(unknown)")
        await http.shutdown()
    }

    @Test("a server that says nothing is given up at the time limit, and the effect is unknown")
    func silence() async throws {
        let server = try await FakeServer { _ in .silence }
        let http = OutgoingHTTP()
        let failure = try await failure(http, request(server.url + "/"), timeLimit: .milliseconds(200))
        #expect(failure.code == .timeout && !failure.isUnsent && failure.recovery == .observeFirst, "\(failure)")
        await http.shutdown()
    }

    @Test("a connection that is closed before the reply loses the reply")
    func hangUp() async throws {
        let server = try await FakeServer { _ in .hangUp }
        let http = OutgoingHTTP()
        let failure = try await failure(http, request(server.url + "/"))
        #expect(failure.code == .replyLost && !failure.isUnsent, "\(failure)")
        await http.shutdown()
    }

    @Test("a reply of the limit's size is read, one byte more is refused")
    func size() async throws {
        let server = try await FakeServer { _ in .status(200, body: String(repeating: "x", count: 1000)) }
        let http = OutgoingHTTP()
        #expect(try await http.send(request(server.url + "/"), replyBytesMax: 1000).body.count == 1000)
        let failure = try await failure(http, request(server.url + "/"), replyBytesMax: 999)
        #expect(failure.code == .replyTooLarge && failure.message.contains("999"), "\(failure)")
        await http.shutdown()
    }

    @Test("what cannot be sent is said without the header's value")
    func malformed() async throws {
        let http = OutgoingHTTP()
        let scheme = try await failure(http, HTTPRequest(method: .get, scheme: "ftp", authority: "x", path: "/"))
        let host = try await failure(http, HTTPRequest(method: .get, scheme: "http", authority: "", path: "/"))
        let path = try await failure(http, HTTPRequest(method: .get, scheme: "http", authority: "x", path: "x"))
        #expect([scheme, host, path].allSatisfy { $0.code == .badRequest && $0.isUnsent })
        await http.shutdown()
        let ended = try await failure(http, request("http://127.0.0.1:9/"))
        #expect(ended.code == .unreachable, "\(ended)")
    }

    @Test(
        "a certificate is accepted only with its authority, and only for its name",
        .enabled(if: Program.isInstalled("openssl"), "openssl, which makes the certificate, is not installed"))
    func certificates() async throws {
        let workspace = try Workspace()
        let made = try await Program.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                "key.pem", "-out", "certificate.pem", "-days", "2", "-subj", "/CN=localhost", "-addext",
                "subjectAltName=DNS:localhost",
            ], workspace)
        try #require(made.status == 0, "\(made)")
        let certificate = workspace.path + "/certificate.pem"
        let tls = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
                privateKey: .privateKey(NIOSSLPrivateKey(file: workspace.path + "/key.pem", format: .pem))))
        let server = try await FakeServer(tls: tls) { _ in .status(204) }
        let named = try request("https://localhost:\(server.port)/")

        let strange = OutgoingHTTP()
        let unknown = try await failure(strange, named)
        #expect(unknown.code == .tls && unknown.isUnsent, "\(unknown)")
        await strange.shutdown()

        var settings = OutgoingHTTP.Settings()
        settings.authoritiesPath = certificate
        let known = OutgoingHTTP(settings)
        #expect(try await known.send(named).response.status.code == 204)
        let other = try await failure(known, request("https://127.0.0.1:\(server.port)/"))
        #expect(other.code == .tls, "\(other)")
        await known.shutdown()

        for path in [workspace.path + "/nowhere.pem", workspace.path + "/key.pem"] {
            settings.authoritiesPath = path
            let unusable = try await failure(OutgoingHTTP(settings), named)
            #expect(unusable.code == .authoritiesUnusable && unusable.message.contains(path), "\(unusable)")
        }
        #expect(server.requests.count == 1)
    }
}
