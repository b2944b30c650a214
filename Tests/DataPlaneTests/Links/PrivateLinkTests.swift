import Diagnostics
import Foundation
import Glibc
import Logging
import NIOSSL
import Synchronization
import Testing

@testable import DataPlane

/// A4.2 to A4.4, and what goes wrong behind a link.
@Suite("Private links", .serialized)
struct PrivateLinkTests {
    private static let gateway500 = #"{"message": "Internal server error"}"#
    private static let network504 = #"{"message": "Network error communicating with endpoint"}"#

    private static func stage(
        _ routes: [Route], _ variables: [String: String] = ["vpcLinkId": "link1"]
    ) -> StageDefinition { .testing(routes, variables: variables) }

    /// Only requests tell: the first check is the last one.
    private static func unchecked(_ threshold: Int = 1000) -> TargetCheck {
        var check = TargetCheck()
        check.interval = .seconds(3600)
        check.unhealthyThreshold = threshold
        return check
    }

    /// A server whose link leads to these ports.
    private static func linked<Result>(
        _ ports: [Int], _ stage: StageDefinition, check: TargetCheck = unchecked(),
        configure: (inout DataPlaneConfiguration) -> Void = { _ in }, _ body: (TestServer) async throws -> Result
    ) async throws -> Result {
        try await TestServer.with(
            [stage],
            linkTargets: [LinkRegistry.balancer: LinkTargets(ports.map { "127.0.0.1:\($0)" }, check: check)],
            configure: configure, body)
    }

    /// A port where connections are refused, and that no other test can get: it is taken as long as the process lives,
    /// and nobody listens.
    private static func deadPort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let taken = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
            }
        }
        try #require(taken)
        return Int(UInt16(bigEndian: address.sin_port))
    }

    @Test("A4.2: a request reaches the target of the link with the endpoint's name as Host, its answer is unchanged")
    func passes() async throws {
        try await TestEndpoint.with({ _ in .answer(201, "made", "X-From: target\r\n") }) { target in
            let stage = try Self.stage([Route.linked("http://myApi.example.com/base")])
            try await Self.linked([target.port], stage) { server in
                let answer = try server.send("POST", "/test/?a=b", body: "text")
                #expect(answer.status == 201 && answer.body == "made" && answer.header("X-From") == "target")
                let request = try #require(target.requests.first)
                #expect(request.header("Host") == "myApi.example.com")
                #expect(request.target == "/base?a=b" && request.method == "POST" && request.body == "text")
            }
        }
    }

    @Test("A4.3: with another value of the stage variable the next request goes to the other target")
    func switched() async throws {
        try await TestEndpoint.with({ _ in .answer(200, "one") }) { one in
            try await TestEndpoint.with({ _ in .answer(200, "two") }) { two in
                let other = LinkRegistry.balancer + "2"
                let targets = [
                    LinkRegistry.balancer: LinkTargets(["127.0.0.1:\(one.port)"]),
                    other: LinkTargets(["127.0.0.1:\(two.port)"]),
                ]
                let route = try Route.linked("http://myApi.example.com")
                try await TestServer.with([Self.stage([route])], linkTargets: targets) { server in
                    let links = server.registry.links
                    links.publish([
                        "link1": .init(targetARN: LinkRegistry.balancer, readyAt: 0),
                        "link2": .init(targetARN: other, readyAt: 0),
                    ])
                    let before = try server.send("GET", "/test/")
                    #expect(before.body == "one")
                    server.registry.publish(
                        StageSnapshot(compiling: Self.stage([route], ["vpcLinkId": "link2"]), links: links))
                    let after = try server.send("GET", "/test/")
                    #expect(after.body == "two")
                }
            }
        }
    }

    @Test("A4.4: a link that is not named, gone, pending or failed is answered with 500, and nothing is called")
    func unusable() async throws {
        try await TestEndpoint.with({ _ in .answer(200, "never") }) { target in
            let routes = [try Route.linked("http://127.0.0.1:\(target.port)")]
            for variables in [
                [:], ["vpcLinkId": ""], ["vpcLinkId": "gone"], ["vpcLinkId": "later"], ["vpcLinkId": "x"],
            ] {
                try await Self.linked([target.port], Self.stage(routes, variables)) { server in
                    server.registry.links.publish([
                        "later": .init(targetARN: LinkRegistry.balancer, readyAt: .max),
                        "x": .init(targetARN: "arn:aws:elasticloadbalancing:::loadbalancer/net/unknown/1", readyAt: 0),
                    ])
                    let answer = try server.send("GET", "/test/")
                    #expect(answer.status == 500 && answer.body == Self.gateway500, "\(variables)")
                    #expect(answer.header("x-amzn-ErrorType") == "InternalServerErrorException")
                }
            }
            #expect(target.requests.isEmpty)
            let unset = StageSnapshot(compiling: Self.stage(routes, [:]))
            #expect(unset.problems.first?.message.contains("names no VPC link") == true)
        }
    }

    @Test("a literal connection id needs no stage variable")
    func literal() async throws {
        try await TestEndpoint.with({ _ in .answer(200, "ok") }) { target in
            let stage = try Self.stage([Route.linked("http://a.example", connection: "link1")], [:])
            try await Self.linked([target.port], stage) { server in
                let answer = try server.send("GET", "/test/")
                #expect(answer.body == "ok")
            }
        }
    }

    @Test("a target that cannot be reached costs nobody an answer, whatever the request carries")
    func nextTarget() async throws {
        let dead = try Self.deadPort()
        try await TestEndpoint.with({ .answer(200, "\($0.body.utf8.count)") }) { target in
            let stage = try Self.stage([Route.linked("http://myApi.example.com")])
            try await Self.linked([dead, target.port, dead], stage) { server in
                for _ in 0..<6 {
                    #expect(try server.send("POST", "/test/", body: "text").body == "4")
                    let long = String(repeating: "x", count: 300_000)
                    #expect(try server.send("POST", "/test/", body: long).body == "300000")
                    #expect(try server.send("GET", "/test/").status == 200)
                }
                let group = try #require(server.registry.links.groups[LinkRegistry.balancer])
                #expect(group.targets.map(\.outstanding) == [0, 0, 0])
            }
        }
    }

    @Test("with no target left the answer is the recorded network error", arguments: [1, 3])
    func allDead(_ count: Int) async throws {
        var ports: [Int] = []
        for _ in 0..<count { ports.append(try Self.deadPort()) }
        let stage = try Self.stage([Route.linked("http://myApi.example.com")])
        try await Self.linked(ports, stage, check: Self.unchecked(2)) { server in
            for _ in 0..<5 {
                let answer = try server.send("POST", "/test/", body: "text")
                #expect(answer.status == 504 && answer.body == Self.network504)
            }
            let group = try #require(server.registry.links.groups[LinkRegistry.balancer])
            #expect(group.targets.allSatisfy { !$0.isHealthy && $0.outstanding == 0 })
        }
    }

    @Test("requests are spread evenly, and a target that hangs gets no more while others are free")
    func balanced() async throws {
        let gate = Gate()
        try await TestEndpoint.with({ _ in .after(gate, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") }) { slow in
            try await TestEndpoint.with({ _ in .answer(200, "b") }) { quick in
                try await TestEndpoint.with({ _ in .answer(200, "c") }) { third in
                    let stage = try Self.stage([Route.linked("http://myApi.example.com")])
                    try await Self.linked([slow.port, quick.port, third.port], stage) { server in
                        let waiting = try server.client()
                        waiting.send("GET /test/ HTTP/1.1\r\nHost: abc123.execute-api.x\r\n\r\n")
                        await slow.wait { $0.requests.count == 1 }
                        for _ in 0..<20 { #expect(try server.send("GET", "/test/").status == 200) }
                        #expect(slow.requests.count == 1)
                        #expect(quick.requests.count == 10 || abs(quick.requests.count - third.requests.count) <= 10)
                        #expect(quick.requests.count + third.requests.count == 20)
                        #expect(!quick.requests.isEmpty && !third.requests.isEmpty)
                        gate.open()
                        #expect(try waiting.answer().status == 200)
                    }
                }
            }
        }
    }

    @Test("a target that takes connections and closes them loses its requests, and soon gets none")
    func closing() async throws {
        try await TestEndpoint.with({ _ in .close }) { closing in
            try await TestEndpoint.with({ _ in .answer(200, "ok") }) { target in
                let stage = try Self.stage([Route.linked("http://myApi.example.com")])
                try await Self.linked([closing.port, target.port], stage, check: Self.unchecked(2)) { server in
                    let statuses = try (0..<20).map { _ in try server.send("POST", "/test/", body: "x").status }
                    #expect(statuses.filter { $0 == 504 }.count == 2)
                    #expect(closing.requests.count == 2 && target.requests.count == 18)
                    #expect(statuses.suffix(10).allSatisfy { $0 == 200 })
                }
            }
        }
    }

    @Test("an answer that breaks off ends the client's connection, and speaks against the target")
    func diesMidAnswer() async throws {
        let broken = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"
        try await TestEndpoint.with({ _ in .rawThenClose(broken) }) { dying in
            let stage = try Self.stage([Route.linked("http://myApi.example.com")])
            try await Self.linked([dying.port], stage, check: Self.unchecked(2)) { server in
                for _ in 0..<2 { #expect(throws: Unexpected.self) { try server.send("GET", "/test/") } }
                let answer = try server.send("GET", "/test/")
                #expect(answer.status == 504 && answer.body == Self.network504)
                #expect(dying.requests.count == 2)
            }
        }
    }

    @Test("a target that says nothing in time is a timeout, and is not held against it")
    func slow() async throws {
        try await TestEndpoint.with({ _ in .hang }) { target in
            let stage = try Self.stage([Route.linked("http://a.example", more: #", "timeoutInMillis": 60"#)])
            try await Self.linked([target.port], stage, check: Self.unchecked(2)) { server in
                for _ in 0..<4 {
                    let answer = try server.send("GET", "/test/")
                    #expect(answer.status == 504 && answer.body == #"{"message": "Endpoint request timed out"}"#)
                }
                let group = try #require(server.registry.links.groups[LinkRegistry.balancer])
                #expect(group.targets[0].isHealthy && group.targets[0].outstanding == 0)
            }
        }
    }

    @Test("a client that leaves takes its request from the target's account")
    func clientLeaves() async throws {
        try await TestEndpoint.with({ _ in .hang }) { target in
            let stage = try Self.stage([Route.linked("http://a.example")])
            try await Self.linked([target.port], stage) { server in
                do {
                    let client = try server.client()
                    client.send("GET /test/ HTTP/1.1\r\nHost: abc123.execute-api.x\r\n\r\n")
                    await target.wait { $0.requests.count == 1 }
                }
                await target.wait { $0.closed >= 1 }
                await target.wait { $0.closed >= $0.connections }
                let group = try #require(server.registry.links.groups[LinkRegistry.balancer])
                #expect(group.targets[0].outstanding == 0)
            }
        }
    }

    @Test("endpoints of other names share the connections to a target")
    func shared() async throws {
        try await TestEndpoint.with({ .answer(200, $0.header("Host") ?? "") }) { target in
            var other = try Route.linked("http://two.example")
            other.path = "/two"
            let stage = Self.stage([try Route.linked("http://one.example"), other])
            var check = Self.unchecked()
            check.path = "/health"
            try await Self.linked([target.port], stage, check: check) { server in
                let client = try server.client()
                for _ in 0..<3 {
                    for (path, host) in [("/test/", "one.example"), ("/test/two", "two.example")] {
                        let answer = try client.exchange("GET \(path) HTTP/1.1\r\nHost: abc123.execute-api.x\r\n\r\n")
                        #expect(answer.body == host)
                    }
                }
                let own = target.requests.filter { $0.target != "/health" }
                #expect(Set(own.map(\.connection)).count == 1)
            }
        }
    }

    @Test("addresses that endpoints may not have, targets may not have either")
    func guarded() async throws {
        let stage = try Self.stage([Route.linked("http://myApi.example.com")])
        try await TestEndpoint.with({ _ in .answer(200, "never") }) { own in
            try await Self.linked([own.port], stage, configure: { $0.endpoints.ownPorts = [own.port] }) { server in
                let answer = try server.send("GET", "/test/")
                #expect(answer.status == 504)
            }
            #expect(own.connections == 0)
        }
        let targets = [LinkRegistry.balancer: LinkTargets(["169.254.169.254:80", "[fe80::1]:80"])]
        try await TestServer.with([stage], linkTargets: targets) { server in
            let answer = try server.send("GET", "/test/")
            #expect(answer.body == Self.network504)
        }
    }

    @Test("a target is checked by its path: it gets no requests until the checks pass, and none once they fail")
    func checked() async throws {
        let isWell = Mutex(false)
        let respond: @Sendable (TestEndpoint.Request) -> TestEndpoint.Action = { request in
            guard request.target == "/health" else { return .answer(200, "checked") }
            return isWell.withLock { $0 } ? .answer(204, "") : .answer(500, "")
        }
        try await TestEndpoint.with(respond) { target in
            try await TestEndpoint.with({ _ in .answer(200, "always") }) { other in
                var check = TargetCheck()
                (check.path, check.interval) = ("/health", .milliseconds(5))
                let stage = try Self.stage([Route.linked("http://myApi.example.com")])
                try await Self.linked([target.port, other.port], stage, check: check) { server in
                    func answers(_ body: String) throws -> Bool {
                        try (0..<4).contains { _ in try server.send("GET", "/test/").body == body }
                    }
                    /// Checks run beside: asked until they have told, which a failing test never ends.
                    func waitUntil(_ condition: () throws -> Bool) throws -> Bool {
                        for _ in 0..<5000 where try condition() { return true }
                        return false
                    }
                    await target.wait { !$0.requests.isEmpty }
                    #expect(try waitUntil { try !answers("checked") })
                    #expect(try answers("always"))
                    let counted = await server.server.statistics()
                    #expect(counted.healthyTargets == 1 && counted.unhealthyTargets == 1)
                    isWell.withLock { $0 = true }
                    #expect(try waitUntil { try answers("checked") })
                    isWell.withLock { $0 = false }
                    #expect(try waitUntil { try !answers("checked") })
                    let last = try server.send("GET", "/test/")
                    #expect(last.status == 200)
                    let checks = target.requests.filter { $0.target == "/health" }
                    #expect(checks.allSatisfy { $0.header("User-Agent") == "gatewright-health-check" })
                }
            }
        }
    }

    // MARK: TLS

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
                let stage = try Self.stage([Route.linked("https://\(host)")])
                try await Self.linked([target.port], stage) {
                    $0.endpoints.authoritiesPath = Self.fixture("authority.crt")
                } _: { server in
                    let answer = try server.send("POST", "/test/", body: "x")
                    #expect(answer.status == status, "\(file) as \(host)")
                    #expect(answer.body == (status == 200 ? "ok" : Self.gateway500))
                    #expect(target.requests.count == (status == 200 ? 1 : 0))
                }
            }
        }
    }

    @Test("with a connection that fails the next target is asked over TLS too")
    func nextOverTLS() async throws {
        let dead = try Self.deadPort()
        try await TestEndpoint.with(tls: try Self.context("server"), { _ in .answer(200, "ok") }) { target in
            let stage = try Self.stage([Route.linked("https://localhost/x")])
            try await Self.linked([dead, target.port], stage) {
                $0.endpoints.authoritiesPath = Self.fixture("authority.crt")
            } _: { server in
                let bodies = try (0..<4).map { _ in try server.send("POST", "/test/", body: "x").body }
                #expect(bodies == ["ok", "ok", "ok", "ok"])
                #expect(target.requests.allSatisfy { $0.header("Host") == "localhost" })
            }
        }
    }

    // MARK: Test invocation

    @Test("a test invocation goes over the link, and its log names the endpoint")
    func testInvocation() async throws {
        let dead = try Self.deadPort()
        try await TestEndpoint.with({ _ in .answer(200, "ok") }) { target in
            let links = LinkRegistry([
                LinkRegistry.balancer: LinkTargets(["127.0.0.1:\(dead)", "127.0.0.1:\(target.port)"])
            ])
            links.publishOne()
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let invoker = TestInvoker(links: links, logger: logger)
            for _ in 0..<4 {
                let result = try #require(
                    await invoker.invoke(
                        TestInvocation(
                            definition: Self.stage([try Route.linked("http://myApi.example.com")], [:]),
                            resourcePath: "/", httpMethod: "GET", stageVariables: ["vpcLinkId": "link1"])))
                #expect(result.status == 200 && result.body == "ok")
                #expect(result.log.contains("Endpoint request URI: http://myApi.example.com/"))
            }
            #expect(links.groups[LinkRegistry.balancer]?.targets.allSatisfy { $0.isHealthy } == true)
            let unset = try #require(
                await invoker.invoke(
                    TestInvocation(
                        definition: Self.stage([try Route.linked("http://myApi.example.com")], [:]),
                        resourcePath: "/", httpMethod: "GET")))
            #expect(unset.status == 500)
            #expect(target.requests.count == 4)
        }
    }
}
