import Foundation
import NIOSSL
import Testing

@testable import DataPlane

/// TLS with the targets of a link: for the endpoint's name, at the target's address.
@Suite("Private links over TLS", .serialized)
struct PrivateLinkTLSTests {
    private static func context(_ name: String) throws -> NIOSSLContext {
        try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(fixture("\(name).crt")).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: fixture("\(name).key"), format: .pem))))
    }

    private static func fixture(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/tls/\(name)").path()
    }

    @Test("the certificate of a target is held against the endpoint's name, not against the target's address")
    func certificate() async throws {
        for (file, host, status) in [
            ("server", "localhost", 200), ("server", "myApi.example.com", 500), ("other", "localhost", 500),
            ("other", "other.example", 200),
            ("server", "127.0.0.1", 500),
        ] {
            try await TestEndpoint.with(tls: try Self.context(file), { _ in .answer(200, "ok") }) { target in
                let stage = try LinkTrial.stage([Route.linked("https://\(host)")])
                try await LinkTrial.linked([target.port], stage) {
                    $0.endpoints.authoritiesPath = Self.fixture("authority.crt")
                } _: { server in
                    let answer = try server.send("POST", "/test/", body: "x")
                    #expect(answer.status == status, "\(file) as \(host)")
                    #expect(answer.body == (status == 200 ? "ok" : #"{"message": "Internal server error"}"#))
                    #expect(target.requests.count == (status == 200 ? 1 : 0))
                }
            }
        }
    }

    @Test("with a connection that fails the next target is asked over TLS too")
    func nextOverTLS() async throws {
        let dead = try LinkTrial.deadPort()
        try await TestEndpoint.with(tls: try Self.context("server"), { _ in .answer(200, "ok") }) { target in
            let stage = try LinkTrial.stage([Route.linked("https://localhost/x")])
            try await LinkTrial.linked([dead, target.port], stage) {
                $0.endpoints.authoritiesPath = Self.fixture("authority.crt")
            } _: { server in
                let bodies = try (0..<4).map { _ in try server.send("POST", "/test/", body: "x").body }
                #expect(bodies == ["ok", "ok", "ok", "ok"])
                #expect(target.requests.allSatisfy { $0.header("Host") == "localhost" })
            }
        }
    }
}
