import Foundation
import NIOSSL
import Testing

@testable import DataPlane

@Suite("Calls to https endpoints, and TLS of the data listener")
struct TLSTests {
    private static let ok = TestEndpoint.Action.answer(200, "ok")

    static func fixture(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/tls/\(name)").path()
    }

    /// - Parameter client: The certificate that clients must show.
    static func context(
        _ name: String, minimum: TLSVersion = .tlsv12, maximum: TLSVersion? = nil, client: String? = nil
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(fixture("\(name).crt")).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: fixture("\(name).key"), format: .pem)))
        configuration.minimumTLSVersion = minimum
        configuration.maximumTLSVersion = maximum
        if let client {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .file(fixture("\(client).crt"))
        }
        return try NIOSSLContext(configuration: configuration)
    }

    /// A proxy to an https endpoint with that certificate, and the same without verification.
    private func proxied(
        _ certificate: String, trusting authorities: String? = "authority.crt", host: String = "127.0.0.1",
        minimum: TLSVersion = .tlsv12, maximum: TLSVersion? = nil,
        _ respond: @escaping @Sendable (TestEndpoint.Request) -> TestEndpoint.Action,
        _ body: (TestServer, TestEndpoint) async throws -> Void
    ) async throws {
        let context = try Self.context(certificate, minimum: minimum, maximum: maximum)
        try await TestEndpoint.with(tls: context, respond) { endpoint in
            let url = "https://\(host):\(endpoint.port)"
            let stage = try StageDefinition.testing([
                Route.proxy("\(url)/{proxy}"),
                Route.http(url + "/held", "POST", "/held"),
                Route.proxy(url + "/any", "GET", "/any", more: #", "tlsConfig": {"insecureSkipVerification": true}"#),
                Route.marked("GET", "/mock"),
            ])
            try await TestServer.with([stage]) { configuration in
                configuration.endpoints.authoritiesPath = authorities.map(Self.fixture)
            } _: { server in
                try await body(server, endpoint)
            }
        }
    }

    @Test("requests, bodies and answers pass over TLS, and share a connection", arguments: ["127.0.0.1", "localhost"])
    func passes(_ host: String) async throws {
        let long = String(repeating: "x", count: 70_000)
        try await proxied("server", host: host, { .answer(200, $0.body.isEmpty ? "none" : $0.body) }) {
            server, endpoint in
            let client = try server.client()
            for _ in 0..<5 {
                let answer = try client.exchange("GET /test/a HTTP/1.1\r\nHost: abc123.execute-api.x\r\n\r\n")
                #expect(answer.status == 200 && answer.body == "none")
            }
            #expect(endpoint.connections == 1)
            // What fills one piece of the answer, what needs several.
            for length in [5_000, 20_000] {
                let body = String(repeating: "y", count: length)
                #expect(try server.send("POST", "/test/b", body: body).body == body)
            }
            let posted = try server.send("POST", "/test/b?c=d", body: long)
            #expect(posted.status == 200 && posted.body == long)
            #expect(try server.send("POST", "/test/held", body: "{}").body == "{}")
            #expect(endpoint.requests.first?.header("Host") == "\(host):\(endpoint.port)")
        }
    }

    @Test(
        "a certificate that is not good for the host is a configuration error, unless the integration takes any",
        arguments: [("other", "authority.crt"), ("expired", "authority.crt"), ("server", nil)])
    func untrusted(_ certificate: String, _ authorities: String?) async throws {
        try await proxied(certificate, trusting: authorities, { _ in Self.ok }) { server, endpoint in
            for target in ["/test/x", "/test/held"] {
                let answer = try server.send("POST", target, body: "{}")
                #expect(answer.status == 500)
                #expect(answer.body == #"{"message": "Internal server error"}"#)
                #expect(answer.header("x-amzn-ErrorType") == "InternalServerErrorException")
            }
            #expect(endpoint.requests.isEmpty)
            // The connection that was not verified is never used for a call that is.
            #expect(try server.send("GET", "/test/any").body == "ok")
            #expect(try server.send("GET", "/test/x").status == 500)
            #expect(try server.send("GET", "/test/mock").status == 200)
        }
    }

    @Test("an endpoint without TLS, or with too old a TLS, is a network error")
    func noTLS() async throws {
        try await TestEndpoint.with({ _ in Self.ok }) { endpoint in
            let stage = try StageDefinition.testing([
                Route.proxy("https://127.0.0.1:\(endpoint.port)/x", "GET", "/x", more: #", "timeoutInMillis": 2000"#)
            ])
            try await TestServer.with([stage]) { server in
                let answer = try server.send("GET", "/test/x")
                #expect(answer.status == 504)
            }
        }
        try await proxied("server", minimum: .tlsv1, maximum: .tlsv11, { _ in Self.ok }) { server, _ in
            let answer = try server.send("GET", "/test/x")
            #expect(answer.status == 504)
            #expect(answer.body == #"{"message": "Network error communicating with endpoint"}"#)
        }
    }

    @Test(
        "an https endpoint that closes early is a network error",
        arguments: [
            TestEndpoint.Action.close, .rawThenClose("HTTP/1.1 200 OK\r\nContent-Le"), .raw("garbage\r\n\r\n"),
        ])
    func breaks(_ action: TestEndpoint.Action) async throws {
        try await proxied("server", { _ in action }) { server, _ in
            let answer = try server.send("POST", "/test/x", body: "{}")
            #expect(answer.status == 504)
            let other = try server.send("GET", "/test/mock")
            #expect(other.status == 200)
        }
    }

    private static func identity(_ name: String) throws -> ClientIdentity {
        func text(_ suffix: String) throws -> String {
            try String(contentsOfFile: fixture("\(name).\(suffix)"), encoding: .utf8)
        }
        return ClientIdentity(certificatePEM: try text("crt"), privateKeyPEM: try text("key"))
    }

    @Test(
        "an endpoint that asks who calls is shown the stage's client certificate, and its connection serves no other",
        arguments: [TLSVersion.tlsv12, .tlsv13])
    func clientCertificate(_ version: TLSVersion) async throws {
        let context = try Self.context("server", minimum: version, maximum: version, client: "client")
        try await TestEndpoint.with(tls: context, { _ in Self.ok }) { endpoint in
            let routes = [
                try Route.proxy("https://127.0.0.1:\(endpoint.port)/x", "GET", "/x"),
                try Route.http(
                    "https://127.0.0.1:\(endpoint.port)/any", "GET", "/any",
                    more: #", "tlsConfig": {"insecureSkipVerification": true}"#),
            ]
            let stages = try ["known": "client", "strange": "stranger", "broken": "broken", "none": nil].map {
                name, file in
                var stage = StageDefinition.testing(routes, stage: name)
                stage.identity = try file.map {
                    $0 == "broken" ? ClientIdentity(certificatePEM: "x", privateKeyPEM: "y") : try Self.identity($0)
                }
                return stage
            }
            try await TestServer.with(stages) { configuration in
                configuration.endpoints.authoritiesPath = Self.fixture("authority.crt")
            } _: { server in
                for _ in 0..<3 {
                    for path in ["x", "any"] {
                        #expect(try server.send("GET", "/known/\(path)").body == "ok")
                        for stage in ["none", "strange", "broken"] {
                            let answer = try server.send("GET", "/\(stage)/\(path)")
                            #expect(answer.status == 504, "\(stage)")
                        }
                    }
                }
                #expect(endpoint.requests.count == 6)
            }
        }
    }

    @Test("without a port, https is 443")
    func port() throws {
        let template = try EndpointTemplate(parsing: "https://example.com/a", stageVariables: [:])
        #expect(template.origin?.port == 443)
        #expect(template.origin?.security == .verified)
        let plain = try EndpointTemplate(parsing: "http://example.com/a", stageVariables: [:])
        #expect(plain.origin?.port == 80 && plain.origin != template.origin)
    }
}
