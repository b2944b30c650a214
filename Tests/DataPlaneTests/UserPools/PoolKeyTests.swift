import Diagnostics
import JSON
import Synchronization
import Testing

@testable import DataPlane

@Suite("Keys of user pools")
struct PoolKeyTests {
    private func issuer() throws -> TokenIssuer { try TokenIssuer.first.get() }

    private static let failed = #"{"message":null}"#

    @Test("a key that is new is fetched, at most once in ten seconds, and its predecessor stays no longer than the set")
    func rotation() async throws {
        let (old, new) = (try issuer(), try TokenIssuer.second.get())
        let served = Mutex(try TokenIssuer.set(old))
        try await PoolTrial.with(keys: { _ in .json(served.withLock { $0 }) }) { trial in
            #expect(try await trial.get(try old.token()).status == 200)
            try served.withLock { $0 = try TokenIssuer.set(new) }
            trial.clock.pass(9)
            #expect(try await trial.get(try new.token()).status == 401)
            #expect(trial.keys.requests.count == 1)
            trial.clock.pass(1)
            #expect(try await trial.get(try new.token()).status == 200)
            #expect(trial.keys.requests.count == 2)
            #expect(try await trial.get(try old.token()).status == 401)
        }
    }

    @Test("old keys are asked for again while nobody waits, and stay when nothing comes")
    func stale() async throws {
        let set = try TokenIssuer.set(issuer())
        let count = Atomic<Int>(0)
        try await PoolTrial.with(keys: { _ in
            count.wrappingAdd(1, ordering: .relaxed).newValue == 1 ? .json(set) : .hang
        }) { trial in
            #expect(try await trial.get(try issuer().token()).status == 200)
            trial.clock.pass(3600)
            let late = try issuer().token(TokenIssuer.claims(["exp": .number(JSONNumber(TokenIssuer.now + 10_000))]))
            for _ in 0..<3 { #expect(try await trial.get(late).status == 200) }
            await trial.keys.wait { $0.requests.count == 2 }
            #expect(trial.keys.requests.count == 2)
        }
    }

    @Test(
        "a pool without usable keys is 500 for everybody, asked once in ten seconds",
        arguments: [
            "HTTP/1.1 404 X\r\nContent-Length: 2\r\n\r\n{}",
            "HTTP/1.1 302 X\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 X\r\nContent-Length: 1\r\n\r\n{",
            "HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\n[]",
            "HTTP/1.1 200 X\r\nContent-Length: 11\r\n\r\n{\"keys\":[]}",
            "HTTP/1.1 200 X\r\nContent-Length: 14\r\n\r\n{\"keys\":[{}]}\n", "nonsense",
        ])
    func unusable(answer: String) async throws {
        let sound = try TokenIssuer.set(issuer())
        let isSound = Atomic<Bool>(false)
        try await PoolTrial.with(keys: { _ in
            isSound.load(ordering: .relaxed) ? .json(sound) : .rawThenClose(answer)
        }) { trial in
            for _ in 0..<2 {
                let refused = try await trial.get(try issuer().token())
                #expect(refused.status == 500)
                #expect(refused.body == Self.failed)
                #expect(refused.header("x-amzn-ErrorType") == "AuthorizerConfigurationException")
            }
            #expect(trial.keys.requests.count == 1)
            isSound.store(true, ordering: .relaxed)
            trial.clock.pass(10)
            #expect(try await trial.get(try issuer().token()).status == 200)
        }
    }

    @Test("an endless answer is cut off, and one that nobody listens for fails at once")
    func endless() async throws {
        let token = try issuer().token()
        try await PoolTrial.with(keys: { _ in .endless }) { trial in
            let answer = try await trial.get(token)
            #expect(answer.status == 500)
        }
        try await PoolTrial.with { trial in
            try await trial.keys.stopListening()
            #expect(try await trial.get(token).status == 500)
        }
    }

    @Test("a pool that does not answer in time is 500, and whoever waited can ask for something else")
    func hanging() async throws {
        let token = try issuer().token()
        try await PoolTrial.with(keys: { _ in .hang }) { configuration in
            configuration.keysTimeout = .milliseconds(50)
        } _: { trial in
            let client = try trial.server.client()
            for path in ["/id", "/id", "/none"] {
                let answer = try await client.waiting {
                    try $0.exchange(
                        "GET /test\(path) HTTP/1.1\r\nHost: abc123.execute-api.test\r\nAuthorization: \(token)\r\n\r\n")
                }
                #expect(answer.status == (path == "/id" ? 500 : 403))
            }
            #expect(trial.keys.requests.count == 1)
        }
    }

    @Test("keys come over TLS from whom the engine trusts, and from nobody else", arguments: [true, false])
    func secure(isTrusted: Bool) async throws {
        let token = try issuer().token()
        let context = try TLSTests.context("server")
        try await PoolTrial.with(PoolTrial.definition(), tls: context) { configuration in
            configuration.endpoints.authoritiesPath = isTrusted ? TLSTests.fixture("authority.crt") : nil
        } _: { trial in
            let answer = try await trial.get(token)
            #expect(answer.status == (isTrusted ? 200 : 500))
        }
    }

    @Test("what was right is kept for the authorizer's time, also when its key is gone, until it is forgotten")
    func kept() async throws {
        let (old, new) = (try issuer(), try TokenIssuer.second.get())
        let served = Mutex(try TokenIssuer.set(old))
        try await PoolTrial.with(
            #"{"authorizerResultTtlInSeconds": 60}"#, keys: { _ in .json(served.withLock { $0 }) }
        ) { trial in
            let token = try old.token()
            #expect(try await trial.get(token).status == 200)
            try served.withLock { $0 = try TokenIssuer.set(new) }
            trial.clock.pass(59)
            #expect(try await trial.get(try new.token()).status == 200)
            #expect(try await trial.get(token).status == 200)
            // Kept for one use it is none for another.
            #expect(try await trial.get("/access", token).status == 401)
            trial.server.registry.snapshot(apiID: "abc123", stageName: "test")?.forgetGrants()
            #expect(try await trial.get(token).status == 401)
        }
        try await PoolTrial.with(#"{"authorizerResultTtlInSeconds": 60}"#) { trial in
            let token = try old.token()
            #expect(try await trial.get(token).status == 200)
            trial.clock.pass(60)
            #expect(try await trial.get(token).status == 200)
        }
    }

    @Test("requests that come while the keys are on their way wait for the same answer, on every event loop")
    func together() async throws {
        let (gate, set) = (Gate(), try TokenIssuer.set(issuer()))
        let body = "HTTP/1.1 200 X\r\nContent-Length: \(set.utf8.count)\r\n\r\n\(set)"
        try await PoolTrial.with(keys: { _ in .after(gate, body) }) { trial in
            let token = try issuer().token()
            let clients = try (0..<8).map { _ in try trial.server.client() }
            for client in clients {
                client.send(
                    "POST /test/id HTTP/1.1\r\nHost: abc123.execute-api.test\r\nAuthorization: \(token)\r\n"
                        + "Content-Length: 2\r\n\r\n{}")
            }
            var gone: WireClient? = try trial.server.client()
            gone?.send("GET /test/id HTTP/1.1\r\nHost: abc123.execute-api.test\r\nAuthorization: \(token)\r\n\r\n")
            await trial.keys.wait { !$0.requests.isEmpty }
            gone = nil
            gate.open()
            for client in clients { #expect(try await client.waiting { try $0.answer().status } == 200) }
            #expect(trial.keys.requests.count == 1)
        }
    }

    @Test("keys of another kind, for other work and too short ones are passed over")
    func kinds() throws {
        let issuer = try issuer()
        func keys(_ documents: [JSONValue]) throws -> [String] {
            let body = JSONValue.object(["keys": .array(documents)]).bytes(.compact)
            return try WebKey.keys(of: EndpointAnswer(status: 200, headers: HeaderFields(), body: body)).keys.sorted()
        }
        let changes: [JSONObject] = [
            ["kty": "EC"], ["use": "enc"], ["alg": "RS512"], ["n": "AQAB"], ["n": "!"], ["n": ""], ["e": ""],
            ["e": "AA"],
            ["n": .string(String(repeating: "_", count: 2000))], ["kid": 1], ["kid": .null],
            ["e": "__________________________8"],
        ]
        let bad = try changes.map { try issuer.jwk($0) }
        #expect(try keys(bad + [try issuer.jwk(), "x", nil, []]) == ["k1"])
        for one in bad { #expect(throws: KeySetFailure.self) { _ = try keys([one]) } }
        let many = try (0..<100).map { try issuer.jwk(["kid": .string("n\($0)")]) }
        #expect(try keys(many).count == 64)
    }

    @Test("clocks that are set back neither ask in a circle nor stop asking")
    func clocks() throws {
        var set = KeySet()
        set.began(at: 1_000_000)
        set.ended(.failure(KeySetFailure("x")), at: 1_000_000)
        for (now, asks) in [(1_000_000, false), (999_999, false), (990_001, false), (990_000, true), (0, true)] {
            let isAsked = if case .mustFetch = set.answer("k", at: Int64(now)) { true } else { false }
            #expect(isAsked == asks, "\(now)")
        }
        if case .mustFetch = set.answer("k", at: .min) {} else { throw Unexpected("it is not asked for") }
    }

    @Test(
        "only ARNs of pools are pools",
        arguments: [
            "", "us-east-1_Ab1", "arn:aws:cognito-idp:us-east-1:123456789012:userpool/",
            "arn:aws:cognito-idp::123456789012:userpool/a", "arn:aws:cognito-idp:us-east-1:1:userpool/a/../b",
            "arn:aws:cognito-idp:us.east:1:userpool/a", "arn:aws:lambda:us-east-1:1:userpool/a",
            "arn:aws:cognito-idp:us-east-1:1:userpool/a?b", "arn:aws:cognito-idp:us-east-1:1:userpool/a:b",
            "arn:aws:cognito-idp:us-east-1:1:pool/a",
        ])
    func arns(arn: String) throws {
        #expect(UserPool(arn: arn) == nil)
        let definition = try PoolTrial.definition(#"{"providerARNs": ["\#(TokenIssuer.arn)", "\#(arn)"]}"#)
        let entry = try #require(EndpointMap.Entry(url: "http://127.0.0.1:1"))
        let snapshot = StageSnapshot(
            compiling: definition, services: ServiceBackends(EndpointMap(["cognito-idp": entry])))
        #expect(snapshot.problems.map(\.code) == Array(repeating: "data-plane.authorization-not-enforceable", count: 3))
    }

    @Test("keys are where the map has the service, with its path, or its region, or AWS itself")
    func places() throws {
        let pool = try #require(UserPool(arn: TokenIssuer.arn))
        func url(_ entries: [String: String?]) throws -> String? {
            pool.keys(EndpointMap(try entries.mapValues { try #require(EndpointMap.Entry(url: $0)) }))?.url
        }
        #expect(
            try url(["cognito-idp": "http://localhost:5000/base/"]) == "http://localhost:5000/base\(PoolTrial.path)")
        #expect(
            try url(["cognito-idp": "http://a", "cognito-idp.us-east-1": "https://b"]) == "https://b\(PoolTrial.path)")
        #expect(
            try url(["cognito-idp": nil]) == "https://cognito-idp.us-east-1.amazonaws.com\(PoolTrial.path)")
        #expect(try url(["cognito-idp.eu-west-1": "http://a", "sns": "http://b"]) == nil)
    }

    @Test("without an entry of the map the routes stay closed, and the problem says which pool it is")
    func nowhere() throws {
        let trial = ExchangeTrial(try PoolTrial.definition())
        let answer = try trial.answer("GET", "/id", headers: [("Authorization", try issuer().token())])
        #expect(answer.status == 500)
        #expect(answer.error?.type == .authorizerConfigurationError)
        #expect(answer.text == Self.failed)
        #expect(trial.snapshot.problems.map(\.code) == Array(repeating: "data-plane.user-pool-unknown", count: 3))
        #expect(trial.snapshot.problems[0].message.contains("`us-east-1_Ab1` of its authorizer `a1`"))
    }

    @Test(
        "an authorizer that cannot be used closes its routes",
        arguments: [
            #"{"providerARNs": []}"#, #"{"providerARNs": [1]}"#, #"{"authorizerResultTtlInSeconds": 3601}"#,
            #"{"identitySource": "method.request.querystring.t"}"#, #"{"identitySource": "x"}"#,
            #"{"identityValidationExpression": "("}"#,
        ])
    func closed(authorizer: String) throws {
        let entry = try #require(EndpointMap.Entry(url: "http://127.0.0.1:1"))
        let snapshot = StageSnapshot(
            compiling: try PoolTrial.definition(authorizer),
            services: ServiceBackends(EndpointMap(["cognito-idp": entry])))
        #expect(snapshot.problems.count == 3)
    }

    @Test("scopes that are none close the route", arguments: ["1", "\"a\"", "[1]", "[\"a\", null]", "{}"])
    func scopes(text: String) throws {
        var definition = try PoolTrial.definition()
        var method = try #require(definition.resources[0].methods["ANY"]?.object)
        method["authorizationScopes"] = try JSONValue(parsing: text)
        definition.resources[0].methods["ANY"] = .object(method)
        let entry = try #require(EndpointMap.Entry(url: "http://127.0.0.1:1"))
        let snapshot = StageSnapshot(
            compiling: definition, services: ServiceBackends(EndpointMap(["cognito-idp": entry])))
        #expect(snapshot.problems.map(\.code) == ["data-plane.authorization-not-enforceable"])
    }
}
