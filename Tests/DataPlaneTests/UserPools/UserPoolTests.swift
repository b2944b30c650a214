import JSON
import Seeds
import Synchronization
import Testing

@testable import DataPlane

@Suite("Authorizers of user pools over sockets")
struct UserPoolTests {
    private static let unauthorized = #"{"message":"Unauthorized"}"#

    private func issuer() throws -> TokenIssuer { try TokenIssuer.first.get() }

    // MARK: Who passes

    @Test("an ID token passes with its scheme and without, and its claims reach templates and mapped headers")
    func passes() async throws {
        try await PoolTrial.with { trial in
            let token = try issuer().token()
            for value in [token, "Bearer \(token)", "bearer  \(token)"] {
                let answer = try await trial.get(value)
                #expect(answer.status == 200)
                #expect(
                    answer.body == #"{"sub": "5f1d", "groups": "staff,admins", "exp": "Fri Jul 14 03:40:00 UTC 2017"}"#)
                #expect(answer.header("X-Who") == "ann")
            }
            #expect(trial.keys.requests.map(\.target) == [PoolTrial.path])
        }
    }

    @Test("an access token passes with one of the method's scopes, and not where an ID token is wanted")
    func scopes() async throws {
        try await PoolTrial.with { trial in
            let issuer = try issuer()
            let reader = try issuer.token(TokenIssuer.accessClaims("openid pets/read"))
            #expect(try await trial.get("/access", reader).status == 200)
            for claims in [
                TokenIssuer.accessClaims("openid"), TokenIssuer.accessClaims("pets/readonly"),
                TokenIssuer.accessClaims("PETS/READ"), TokenIssuer.accessClaims(nil), TokenIssuer.claims(),
                TokenIssuer.claims(["scope": "pets/read"]),
            ] {
                let answer = try await trial.get("/access", try issuer.token(claims))
                #expect(answer.status == 401)
                #expect(answer.body == Self.unauthorized)
            }
            #expect(try await trial.get(reader).status == 401)
        }
    }

    @Test("a function's event has the claims as texts")
    func event() async throws {
        try await PoolTrial.with { trial in
            let calls = HeldCalls()
            defer { calls.end() }
            trial.server.registry.functions.publish(calls)
            let client = try trial.server.client()
            client.send(
                "GET /test/proxied HTTP/1.1\r\nHost: abc123.execute-api.test\r\n"
                    + "Authorization: \(try issuer().token())\r\n\r\n")
            await calls.arrived(1)
            let event = try JSONValue(parsing: calls.events[0])
            let claims = event["requestContext"]?["authorizer"]?["claims"]
            #expect(claims?["email_verified"] == "true")
            #expect(claims?["auth_time"] == "1500000000")
            #expect(claims?["iat"] == "Fri Jul 14 02:40:00 UTC 2017")
            #expect(claims?["cognito:groups"] == "staff,admins")
            calls.reply(.answer(#"{"statusCode": 200}"#), to: 0)
            #expect(try await client.waiting { try $0.answer().status } == 200)
        }
    }

    @Test("the token may come in another header, and the audience must fit the expression")
    func identitySource() async throws {
        let authorizer = #"""
            {"identitySource": "method.request.header.X-Token", "identityValidationExpression": "client[12]"}
            """#
        try await PoolTrial.with(authorizer) { trial in
            let issuer = try issuer()
            #expect(try await trial.get("/id", try issuer.token(), header: "x-token").status == 200)
            #expect(try await trial.get(try issuer.token()).status == 401)
            for audience in ["client3", "client12", ""] {
                let token = try issuer.token(TokenIssuer.claims(["aud": .string(audience)]))
                #expect(try await trial.get("/id", token, header: "X-Token").status == 401)
            }
            let many = try issuer.token(TokenIssuer.claims(["aud": ["x", "client2"]]))
            #expect(try await trial.get("/id", many, header: "X-Token").status == 200)
            let other = try issuer.token(TokenIssuer.accessClaims("pets/read", ["client_id": "other"]))
            #expect(try await trial.get("/access", other, header: "X-Token").status == 401)
            #expect(
                try await trial.get(
                    "/access", try issuer.token(TokenIssuer.accessClaims("pets/read")), header: "X-Token"
                ).status == 200)
        }
    }

    @Test("an authorizer takes tokens of each of its pools by that pool's keys alone")
    func pools() async throws {
        let (first, second) = (try issuer(), try TokenIssuer.second.get())
        let sets = [
            PoolTrial.path: try TokenIssuer.set(first),
            "/eu-west-1_Cd2/.well-known/jwks.json": try TokenIssuer.set(second),
        ]
        let arns = #"["\#(TokenIssuer.arn)", "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Cd2"]"#
        try await PoolTrial.with(#"{"providerARNs": \#(arns)}"#, keys: { .json(sets[$0.target] ?? "{}") }) { trial in
            let other = TokenIssuer.claims(["iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Cd2"])
            let mixed = TokenIssuer.claims(["iss": "https://cognito-idp.us-east-1.amazonaws.com/eu-west-1_Cd2"])
            let tokens = [
                (try first.token(), 200), (try second.token(other), 200), (try first.token(other), 401),
                (try second.token(), 401), (try second.token(mixed), 401),
            ]
            for (token, status) in tokens { #expect(try await trial.get(token).status == status) }
        }
    }

    @Test("the access record says why a token was refused, and never shows it")
    func record() async throws {
        let lines = Mutex<[UInt8]>([])
        let token = try TokenIssuer.second.get().token()
        try await PoolTrial.with(configure: { configuration in
            configuration.accessLog = AccessLog(format: .json) { more in lines.withLock { $0 += more } }
        }) { trial in
            let answer = try await trial.get(token)
            #expect(answer.status == 401)
        }
        let text = String(decoding: lines.withLock { $0 }, as: UTF8.self)
        #expect(text.contains("the token's key is none of the user pool's"), "\(text)")
        #expect(!text.contains(token.suffix(40)))
    }

    // MARK: Who does not

    @Test("a token that was changed anywhere is none", arguments: 1...200)
    func changed(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let issuer = try issuer()
        let key = try #require(WebKey(try issuer.jwk()))
        let sound = Array(try issuer.token().utf8)
        var bytes = sound
        // The last digit has bits that are nobody's.
        let range = 0..<(bytes.count - 1)
        for _ in 0...Int.random(in: 0...3, using: &random) {
            switch Int.random(in: 0...2, using: &random) {
            case 0: bytes[Int.random(in: range, using: &random)] = UInt8.random(in: 33...126, using: &random)
            case 1: bytes.insert(UInt8(ascii: "."), at: Int.random(in: 0...sound.count, using: &random))
            default: bytes.swapAt(Int.random(in: range, using: &random), Int.random(in: range, using: &random))
            }
        }
        guard bytes != sound else { return }
        do {
            let token = try SignedToken(parsing: String(decoding: bytes, as: UTF8.self))
            #expect(!token.isSigned(by: key), "\(String(decoding: bytes, as: UTF8.self))")
        } catch {
            #expect(error.error.status == 401)
        }
    }

    @Test("what is no token of the pool is 401 and nothing else, and ends no connection")
    func refused() async throws {
        let (issuer, stranger) = (try issuer(), try TokenIssuer.second.get())
        let good = try issuer.token()
        let parts = good.split(separator: ".").map(String.init)
        let other = try issuer.token(TokenIssuer.claims(["sub": "root"])).split(separator: ".")[1]
        let none = TokenIssuer.text(Array(#"{"kid":"k1","alg":"none"}"#.utf8))
        let bad: [String?] = [
            nil, "", "x", "Bearer", "Bearer ", "..", "a.b.c", "....", "\(parts[0]).\(parts[1])", "\(good).x",
            "\(good)=",
            "\(parts[0]).\(parts[1]).", "\(none).\(parts[1]).", "\(none).\(parts[1]).\(parts[2])",
            "\(parts[0]).\(other).\(parts[2])", "\(parts[0]).\(parts[1]).\(parts[2].dropLast(4))",
            "e30.\(parts[1]).\(parts[2])", "bnVsbA.bnVsbA.AAAA", "W10.W10.W10", "Basic \(good)",
            try issuer.token(header: ["alg": "none"]), try issuer.token(header: ["alg": nil]),
            try issuer.token(header: ["alg": "RS512"]), try issuer.token(header: ["alg": ["RS256"]]),
            try issuer.token(header: ["crit": ["exp"]]), try issuer.token(header: ["kid": nil]),
            try issuer.token(header: ["kid": 1]), try issuer.token(header: ["kid": "k3"]),
            try issuer.tokenByHMAC(), try stranger.token(), try TokenIssuer("k1", of: stranger).token(),
            try issuer.token(TokenIssuer.claims(["iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Ab2"])),
            try issuer.token(TokenIssuer.claims(["iss": nil])), try issuer.token(TokenIssuer.claims(["iss": [:]])),
            try issuer.token(TokenIssuer.claims(["iss": .string(TokenIssuer.issuer + "/")])),
            try issuer.token(TokenIssuer.claims(["token_use": nil])),
            try issuer.token(TokenIssuer.claims(["token_use": "refresh"])),
            try issuer.token(TokenIssuer.claims(["exp": nil])), try issuer.token(TokenIssuer.claims(["exp": "never"])),
            try issuer.token(TokenIssuer.claims(["nbf": .number(JSONNumber(TokenIssuer.now + 61))])),
            try issuer.token(TokenIssuer.claims(["nbf": "later"])),
        ]
        try await PoolTrial.with { trial in
            let client = try trial.server.client()
            for token in bad {
                let line = token.map { "Authorization: \($0)\r\n" } ?? ""
                let answer = try await client.waiting {
                    try $0.exchange("GET /test/id HTTP/1.1\r\nHost: abc123.execute-api.test\r\n\(line)\r\n")
                }
                #expect(answer.status == 401, "\(token ?? "none")")
                #expect(answer.body == Self.unauthorized)
                #expect(answer.header("x-amzn-ErrorType") == "UnauthorizedException")
            }
            #expect(try await trial.get(good).status == 200)
            // One for the first, and none for all the unknown ids within the interval.
            #expect(trial.keys.requests.count == 1)
        }
    }

    @Test("an expired token is told so, as EXPIRED_TOKEN; clocks may be a minute apart")
    func expired() async throws {
        var definition = try PoolTrial.definition(#"{"authorizerResultTtlInSeconds": 3600}"#)
        definition.gatewayResponses["EXPIRED_TOKEN"] = [
            "responseParameters": ["gatewayresponse.header.X-Again": "'yes'"]
        ]
        try await PoolTrial.with(definition) { trial in
            let token = try issuer().token(TokenIssuer.claims(["exp": .number(JSONNumber(TokenIssuer.now + 10))]))
            #expect(try await trial.get(token).status == 200)
            trial.clock.pass(69)
            #expect(try await trial.get(token).status == 200)
            trial.clock.pass(1)
            // What was kept of it does not help.
            let answer = try await trial.get(token)
            #expect(answer.status == 401)
            #expect(answer.body == #"{"message":"The incoming token has expired"}"#)
            #expect(answer.header("x-amzn-ErrorType") == "UnauthorizedException")
            #expect(answer.header("X-Again") == "yes")
            let forged = try TokenIssuer("k1", of: TokenIssuer.second.get()).token(
                TokenIssuer.claims(["exp": .number(JSONNumber(1))]))
            #expect(try await trial.get(forged).body == Self.unauthorized)
            for exp in [JSONValue.number(JSONNumber(-1)), .number(JSONNumber(text: "-1e300"))] {
                #expect(
                    try await trial.get(try issuer().token(TokenIssuer.claims(["exp": exp]))).body
                        == answer.body)
            }
            let ever = try issuer().token(
                TokenIssuer.claims([
                    "exp": .number(JSONNumber(text: "1e300")), "iat": .number(JSONNumber(Int.min)),
                    "nbf": .number(JSONNumber(text: "-1e300")),
                ]))
            #expect(try await trial.get(ever).status == 200)
        }
    }

    @Test("a token that is longer than a head may be is refused, and so is a long one in another way")
    func huge() async throws {
        try await PoolTrial.with { trial in
            let long = try issuer().token(TokenIssuer.claims(["x": .string(String(repeating: "x", count: 9000))]))
            #expect(try await trial.get(long).status == 431)
            let deep = TokenIssuer.text(Array(String(repeating: "[", count: 2000).utf8))
            #expect(try await trial.get("\(deep).\(deep).AAAA").status == 401)
        }
        #expect(throws: TokenRefusal.unauthorized("the token has more than 10240 bytes")) {
            _ = try SignedToken(parsing: String(repeating: "a", count: 10_241))
        }
    }

    @Test("after the token the resource policy decides alone: silence denies, and a bad token is 401 all the same")
    func policy() async throws {
        func statement(_ effect: String, _ path: String) -> JSONValue {
            ["Effect": .string(effect), "Principal": "*", "Action": "execute-api:Invoke", "Resource": .string(path)]
        }
        let policy: JSONValue = [
            "Version": "2012-10-17",
            "Statement": [
                statement("Allow", "execute-api:/test/GET/id"), statement("Deny", "execute-api:/test/GET/id/x"),
            ],
        ]
        try await PoolTrial.with(policy: policy) { trial in
            let issuer = try issuer()
            #expect(try await trial.get(try issuer.token()).status == 200)
            let reader = try issuer.token(TokenIssuer.accessClaims("pets/read"))
            let silent = try await trial.get("/access", reader)
            #expect(silent.status == 403)
            #expect(silent.header("x-amzn-ErrorType") == "AccessDeniedException")
            #expect(try await trial.get("/access", "x").status == 401)
        }
    }
}
