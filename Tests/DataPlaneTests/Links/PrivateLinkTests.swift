import Diagnostics
import Foundation
import Glibc
import Logging
import NIOCore
import NIOSSL
import Synchronization
import Testing

@testable import DataPlane

/// A4.2 to A4.4, and what goes wrong behind a link.
@Suite("Private links", .serialized)
struct PrivateLinkTests {
    private static let gateway500 = #"{"message": "Internal server error"}"#
    private static let network504 = #"{"message": "Network error communicating with endpoint"}"#

    @Test("A4.2: a request reaches the target of the link with the endpoint's name as Host, its answer is unchanged")
    func passes() async throws {
        try await TestEndpoint.with({ _ in .answer(201, "made", "X-From: target\r\n") }) { target in
            let stage = try LinkTrial.stage([Route.linked("http://myApi.example.com/base")])
            try await LinkTrial.linked([target.port], stage) { server in
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
                try await TestServer.with([LinkTrial.stage([route])], linkTargets: targets) { server in
                    let links = server.registry.links
                    links.publish([
                        "link1": .init(targetARN: LinkRegistry.balancer, readyAt: 0),
                        "link2": .init(targetARN: other, readyAt: 0),
                    ])
                    let before = try server.send("GET", "/test/")
                    #expect(before.body == "one")
                    server.registry.publish(
                        StageSnapshot(compiling: LinkTrial.stage([route], ["vpcLinkId": "link2"]), links: links))
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
                try await LinkTrial.linked([target.port], LinkTrial.stage(routes, variables)) { server in
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
            let unset = StageSnapshot(compiling: LinkTrial.stage(routes, [:]))
            #expect(unset.problems.first?.message.contains("names no VPC link") == true)
        }
    }

    @Test("a literal connection id needs no stage variable")
    func literal() async throws {
        try await TestEndpoint.with({ _ in .answer(200, "ok") }) { target in
            let stage = try LinkTrial.stage([Route.linked("http://a.example", connection: "link1")], [:])
            try await LinkTrial.linked([target.port], stage) { server in
                let answer = try server.send("GET", "/test/")
                #expect(answer.body == "ok")
            }
        }
    }

    @Test("a target that cannot be reached costs nobody an answer, whatever the request carries")
    func nextTarget() async throws {
        let dead = try LinkTrial.deadPort()
        try await TestEndpoint.with({ .answer(200, "\($0.body.utf8.count)") }) { target in
            let stage = try LinkTrial.stage([Route.linked("http://myApi.example.com")])
            try await LinkTrial.linked([dead, target.port, dead], stage) { server in
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
        for _ in 0..<count { ports.append(try LinkTrial.deadPort()) }
        let stage = try LinkTrial.stage([Route.linked("http://myApi.example.com")])
        try await LinkTrial.linked(ports, stage, check: LinkTrial.unchecked(2)) { server in
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
                    let stage = try LinkTrial.stage([Route.linked("http://myApi.example.com")])
                    try await LinkTrial.linked([slow.port, quick.port, third.port], stage) { server in
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
                let stage = try LinkTrial.stage([Route.linked("http://myApi.example.com")])
                try await LinkTrial.linked([closing.port, target.port], stage, check: LinkTrial.unchecked(2)) {
                    server in
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
            let stage = try LinkTrial.stage([Route.linked("http://myApi.example.com")])
            try await LinkTrial.linked([dying.port], stage, check: LinkTrial.unchecked(2)) { server in
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
            let stage = try LinkTrial.stage([Route.linked("http://a.example", more: #", "timeoutInMillis": 60"#)])
            try await LinkTrial.linked([target.port], stage, check: LinkTrial.unchecked(2)) { server in
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
            let stage = try LinkTrial.stage([Route.linked("http://a.example")])
            try await LinkTrial.linked([target.port], stage) { server in
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
            let stage = LinkTrial.stage([try Route.linked("http://one.example"), other])
            var check = LinkTrial.unchecked()
            check.path = "/health"
            try await LinkTrial.linked([target.port], stage, check: check) { server in
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
        let stage = try LinkTrial.stage([Route.linked("http://myApi.example.com")])
        try await TestEndpoint.with({ _ in .answer(200, "never") }) { own in
            try await LinkTrial.linked([own.port], stage, configure: { $0.endpoints.ownPorts = [own.port] }) { server in
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
                let stage = try LinkTrial.stage([Route.linked("http://myApi.example.com")])
                try await LinkTrial.linked([target.port, other.port], stage, check: check) { server in
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

    // MARK: Test invocation

    @Test("why there is no connection is said in words, and not as the library says it")
    func reasons() {
        for (code, word) in [
            (ECONNREFUSED, "refuses connections"), (ECONNRESET, "broke the connection off"),
            (ETIMEDOUT, "did not answer in time"), (ENETUNREACH, "no route"), (EMFILE, "too many files"),
            (9999, "9999"),
        ] {
            let detail = EndpointFailure.connecting(IOError(errnoCode: code, reason: "connect")).error.detail
            #expect(detail?.contains(word) == true, "\(detail ?? "")")
            #expect(detail?.contains("errno") == false && detail?.contains("connect(") == false)
        }
        let late = EndpointFailure.connecting(ChannelError.connectTimeout(.seconds(1))).error.detail
        #expect(late?.contains("did not answer in time") == true)
    }

    @Test("a test invocation goes over the link, and its log names the endpoint")
    func testInvocation() async throws {
        let dead = try LinkTrial.deadPort()
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
                            definition: LinkTrial.stage([try Route.linked("http://myApi.example.com")], [:]),
                            resourcePath: "/", httpMethod: "GET", stageVariables: ["vpcLinkId": "link1"])))
                #expect(result.status == 200 && result.body == "ok")
                #expect(result.log.contains("Endpoint request URI: http://myApi.example.com/"))
            }
            #expect(links.groups[LinkRegistry.balancer]?.targets.allSatisfy { $0.isHealthy } == true)
            let unset = try #require(
                await invoker.invoke(
                    TestInvocation(
                        definition: LinkTrial.stage([try Route.linked("http://myApi.example.com")], [:]),
                        resourcePath: "/", httpMethod: "GET")))
            #expect(unset.status == 500)
            #expect(target.requests.count == 4)
        }
    }
}
