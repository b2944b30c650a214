import Bytes
import Crypto
import CryptoExtras
import FoundationEssentials
import JSON
import NIOSSL
import Synchronization
import Testing

@testable import DataPlane

/// A user pool of a test, with RSA keys of its own.
struct TokenIssuer: Sendable {
    /// Seconds since 1970: when tokens are made and read.
    static let now = 1_500_000_000
    static let pool = "us-east-1_Ab1"
    static let issuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Ab1"
    static let arn = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Ab1"

    /// Made once: they take a moment.
    static let first = Result { try TokenIssuer("k1") }
    static let second = Result { try TokenIssuer("k2") }

    let keyID: String
    private let key: _RSA.Signing.PrivateKey

    init(_ keyID: String) throws {
        self.keyID = keyID
        key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
    }

    /// The same key under another name.
    init(_ keyID: String, of other: TokenIssuer) {
        self.keyID = keyID
        key = other.key
    }

    /// As a key set has it.
    func jwk(_ more: JSONObject = [:]) throws -> JSONValue {
        let parts = try key.publicKey.getKeyPrimitives()
        var document: JSONObject = [
            "kid": .string(keyID), "kty": "RSA", "alg": "RS256", "use": "sig",
            "n": .string(Self.text(Array(parts.modulus))), "e": .string(Self.text(Array(parts.publicExponent))),
        ]
        for (name, value) in more { document[name] = value }
        return .object(document)
    }

    static func set(_ issuers: TokenIssuer...) throws -> String {
        JSONValue.object(["keys": .array(try issuers.map { try $0.jwk() })]).text(.compact)
    }

    /// Claims of an ID token, with changes; null takes a claim out.
    static func claims(_ changes: JSONObject = [:]) -> JSONObject {
        var claims: JSONObject = [
            "iss": .string(issuer), "sub": "5f1d", "aud": "client1", "token_use": "id",
            "exp": .number(JSONNumber(now + 3600)),
            "iat": .number(JSONNumber(now)), "auth_time": .number(JSONNumber(now)), "email_verified": true,
            "cognito:username": "ann", "cognito:groups": ["staff", "admins"],
        ]
        for (name, value) in changes { claims[name] = value.isNull ? JSONValue?.none : value }
        return claims
    }

    static func accessClaims(_ scope: String?, _ changes: JSONObject = [:]) -> JSONObject {
        var all: JSONObject = ["token_use": "access", "aud": nil, "client_id": "client1"]
        if let scope { all["scope"] = .string(scope) }
        for (name, value) in changes { all[name] = value }
        return claims(all)
    }

    /// - Parameter header: Changes of the header; null takes a member out.
    func token(_ claims: JSONObject = claims(), header: JSONObject = [:]) throws -> String {
        var all: JSONObject = ["kid": .string(keyID), "alg": "RS256"]
        for (name, value) in header { all[name] = value.isNull ? JSONValue?.none : value }
        let signed =
            Self.text(JSONValue.object(all).bytes(.compact)) + "." + Self.text(JSONValue.object(claims).bytes(.compact))
        let signature = try key.signature(for: SHA256.hash(data: Array(signed.utf8)), padding: .insecurePKCS1v1_5)
        return signed + "." + Self.text(Array(signature.rawRepresentation))
    }

    /// As somebody signs who takes the public key for a shared secret.
    func tokenByHMAC(_ claims: JSONObject = claims()) throws -> String {
        let header: JSONObject = ["kid": .string(keyID), "alg": "HS256"]
        let signed =
            Self.text(JSONValue.object(header).bytes(.compact)) + "."
            + Self.text(JSONValue.object(claims).bytes(.compact))
        let secret = SymmetricKey(data: Array(key.publicKey.pemRepresentation.utf8))
        let code = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: secret)
        return signed + "." + Self.text(Array(code))
    }

    /// Base64 of section 5, without padding.
    static func text(_ bytes: [UInt8]) -> String {
        Base64.text(of: bytes).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

/// A stage behind a user pool, an endpoint that serves its keys, and a clock that stands still until it is set.
struct PoolTrial {
    let server: TestServer
    let keys: TestEndpoint
    let clock: Clock

    /// Seconds since 1970.
    final class Clock: Sendable {
        private let seconds = Atomic<Int>(TokenIssuer.now)
        func pass(_ more: Int) { seconds.wrappingAdd(more, ordering: .relaxed) }
        var milliseconds: Int64 { Int64(seconds.load(ordering: .relaxed)) * 1000 }
    }

    static let path = "/us-east-1_Ab1/.well-known/jwks.json"

    /// - Parameters:
    ///   - authorizer: Members of the authorizer beside its type and pools, as JSON text.
    ///   - respond: Serves the keys.
    static func with(
        _ authorizer: String = #"{"authorizerResultTtlInSeconds": 0}"#, policy: JSONValue? = nil,
        keys respond: (@Sendable (TestEndpoint.Request) -> TestEndpoint.Action)? = nil,
        configure: (inout DataPlaneConfiguration) -> Void = { _ in }, _ body: (PoolTrial) async throws -> Void
    ) async throws {
        try await with(
            definition(authorizer, policy: policy), keys: respond, configure: configure, body)
    }

    static func with(
        _ definition: StageDefinition,
        keys respond: (@Sendable (TestEndpoint.Request) -> TestEndpoint.Action)? = nil,
        tls: NIOSSLContext? = nil, configure: (inout DataPlaneConfiguration) -> Void = { _ in },
        _ body: (PoolTrial) async throws -> Void
    ) async throws {
        let set = try TokenIssuer.set(TokenIssuer.first.get())
        let clock = Clock()
        try await TestEndpoint.with(tls: tls, respond ?? { _ in .json(set) }) { endpoint in
            let map = try EndpointMap(["cognito-idp": #require(EndpointMap.Entry(url: endpoint.url))])
            try await TestServer.with([definition], endpoints: map) { configuration in
                configuration.millisecondsSince1970 = { clock.milliseconds }
                configuration.keysTimeout = .seconds(60)
                configure(&configuration)
            } _: { server in
                try await body(PoolTrial(server: server, keys: endpoint, clock: clock))
            }
        }
    }

    /// `/id` wants an ID token, `/access` an access token with `pets/read` or `pets/write`, `/proxied` calls a function.
    static func definition(_ authorizer: String = "{}", policy: JSONValue? = nil) throws -> StageDefinition {
        func method(_ more: String = "") -> String {
            #"{"authorizationType": "COGNITO_USER_POOLS", "authorizerId": "a1" \#(more)}"#
        }
        let shown =
            #"{\"sub\": \"$context.authorizer.claims.sub\", \"groups\": \"$context.authorizer.claims['cognito:groups']\", "#
            + #"\"exp\": \"$context.authorizer.claims.exp\"}"#
        let mock = #"""
            {"type": "MOCK", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
             "integrationResponses": {"200": {"statusCode": "200",
              "responseParameters": {"method.response.header.X-Who": "context.authorizer.claims.cognito:username"},
              "responseTemplates": {"application/json": "\#(shown)"}}}}
            """#
        var definition = StageDefinition.testing(
            [
                try Route("ANY", "/id", mock, method: method()),
                try Route(
                    "GET", "/access", mock, method: method(#", "authorizationScopes": ["pets/read", "pets/write"]"#)),
                try Route.lambda("AWS_PROXY", "GET", "/proxied", method: method()),
            ], policy: policy)
        var document: JSONObject = [
            "id": "a1", "type": "COGNITO_USER_POOLS", "providerARNs": [.string(TokenIssuer.arn)],
        ]
        for (name, value) in try JSONValue(parsing: authorizer).object ?? [:] { document[name] = value }
        definition.authorizers["a1"] = .object(document)
        return definition
    }

    func get(_ token: String?) async throws -> WireClient.Answer { try await get("/id", token) }

    func get(
        _ path: String, _ token: String?, header: String = "Authorization"
    ) async throws -> WireClient.Answer {
        let client = try server.client()
        let line = token.map { "\(header): \($0)\r\n" } ?? ""
        return try await client.waiting {
            try $0.exchange("GET /test\(path) HTTP/1.1\r\nHost: abc123.execute-api.test\r\n\(line)\r\n")
        }
    }
}
