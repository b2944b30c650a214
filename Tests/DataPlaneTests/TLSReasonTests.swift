import Foundation
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Testing

@testable import DataPlane

/// What a test invocation says of an https endpoint that gives no answer.
@Suite("Reasons of failed TLS in the log of a test invocation")
struct TLSReasonTests {
    private static func fixture(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/tls/\(name)").path()
    }

    private static func context(
        _ name: String, maximum: TLSVersion = .tlsv13, client: String? = nil
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(fixture("\(name).crt")).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: fixture("\(name).key"), format: .pem)))
        configuration.minimumTLSVersion = .tlsv1
        configuration.maximumTLSVersion = maximum
        if let client {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .file(fixture("\(client).crt"))
        }
        return try NIOSSLContext(configuration: configuration)
    }

    private func invoke(
        _ url: String, identity: String? = nil, link port: Int? = nil
    ) async throws -> TestInvocationResult {
        var definition = StageDefinition.testing([
            try Route.proxy(
                url, "GET", "/x", more: port == nil ? "" : #", "connectionType": "VPC_LINK", "connectionId": "link1""#)
        ])
        definition.identity = try identity.map { name in
            func text(_ suffix: String) throws -> String {
                try String(contentsOfFile: Self.fixture("\(name).\(suffix)"), encoding: .utf8)
            }
            return ClientIdentity(certificatePEM: try text("crt"), privateKeyPEM: try text("key"))
        }
        var configuration = DataPlaneConfiguration()
        configuration.endpoints.authoritiesPath = Self.fixture("authority.crt")
        let links = LinkRegistry(port.map { [LinkRegistry.balancer: LinkTargets(["127.0.0.1:\($0)"])] } ?? [:])
        links.publishOne()
        let invoker = TestInvoker(
            configuration: configuration, links: links, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let invocation = TestInvocation(definition: definition, resourcePath: "/x", httpMethod: "GET")
        return try #require(await invoker.invoke(invocation))
    }

    private func expect(_ result: TestInvocationResult, _ status: Int, _ reason: String) {
        #expect(result.status == status)
        #expect(result.log.contains(reason), "\(result.log)")
        #expect(!result.log.contains("BoringSSL") && !result.log.contains(".swift"), "\(result.log)")
        #expect(result.log.hasSuffix("Method completed with status: \(status)\n"))
    }

    @Test(
        "a certificate that is not accepted is a configuration error with its reason",
        arguments: [
            ("expired", "its time is over or has not begun, or nobody who is trusted here has signed it"),
            ("stranger", "its time is over or has not begun, or nobody who is trusted here has signed it"),
            ("other", "it is not for `localhost`"),
        ])
    func untrusted(_ certificate: String, _ reason: String) async throws {
        try await TestEndpoint.with(tls: try Self.context(certificate), { _ in .answer(200, "ok") }) { endpoint in
            let prefix = "Execution failed due to configuration error: the endpoint's certificate is not accepted: "
            expect(try await invoke("https://localhost:\(endpoint.port)/"), 500, prefix + reason)
            #expect(endpoint.requests.isEmpty)
        }
    }

    @Test("over a private link it is the name in the uri that the certificate must have")
    func link() async throws {
        try await TestEndpoint.with(tls: try Self.context("server"), { _ in .answer(200, "ok") }) { endpoint in
            #expect(try await invoke("https://localhost/", link: endpoint.port).status == 200)
            expect(
                try await invoke("https://myApi.example.com/", link: endpoint.port), 500,
                "the endpoint's certificate is not accepted: it is not for `myapi.example.com`")
        }
    }

    @Test("an endpoint that speaks TLS 1.1 at most is a network error that says so")
    func tooOld() async throws {
        let context = try Self.context("server", maximum: .tlsv11)
        try await TestEndpoint.with(tls: context, { _ in .answer(200, "ok") }) { endpoint in
            expect(
                try await invoke("https://localhost:\(endpoint.port)/"), 504,
                "Execution failed: no TLS session with the endpoint: it speaks no TLS from 1.2 on")
        }
    }

    @Test(
        "an endpoint that asks for a client certificate says so, and takes the right one",
        arguments: [TLSVersion.tlsv12, .tlsv13])
    func clientCertificate(_ version: TLSVersion) async throws {
        let context = try Self.context("server", maximum: version, client: "client")
        try await TestEndpoint.with(tls: context, { _ in .answer(200, "ok") }) { endpoint in
            let url = "https://localhost:\(endpoint.port)/"
            expect(try await invoke(url), 504, "asks for a client certificate")
            expect(try await invoke(url, identity: "stranger"), 504, "it does not accept the client certificate")
            #expect(try await invoke(url, identity: "client").status == 200)
        }
    }

    private final class Rude: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let words: String

        init(_ words: String) { self.words = words }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if !words.isEmpty { context.write(wrapOutboundOut(ByteBuffer(string: words)), promise: nil) }
            context.flush()
            context.close(promise: nil)
        }
    }

    @Test(
        "an endpoint that closes in the handshake, or answers in plain text, is a network error",
        arguments: [
            ("", "it closed the connection during the handshake"),
            ("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "it does not speak TLS"),
        ])
    func noHandshake(_ words: String, _ reason: String) async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Rude(words)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        let result = try await invoke("https://localhost:\(port)/")
        try await server.close()
        expect(result, 504, "Execution failed: no TLS session with the endpoint: \(reason)")
    }
}
