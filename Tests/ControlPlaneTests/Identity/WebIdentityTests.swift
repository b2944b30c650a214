import ControlPlane
import Crypto
import FoundationEssentials
import JSON
import SigV4
import Testing

@Suite struct WebIdentityTests {
    private static let url = "https://token.example.com"
    private static let provider = "arn:aws:iam::123456789012:oidc-provider/token.example.com"

    /// An identity provider with one key, and what it publishes.
    private struct Issuer {
        let key = P256.Signing.PrivateKey()

        @Sendable func fetch(_ url: String) throws -> [UInt8] {
            switch url {
            case "https://token.example.com/.well-known/openid-configuration":
                let document: JSONValue = [
                    "issuer": .string(WebIdentityTests.url), "jwks_uri": "https://token.example.com/keys",
                ]
                return document.bytes(.compact)
            case "https://token.example.com/keys":
                let point = key.publicKey.x963Representation.dropFirst()
                let jwk: JSONValue = [
                    "kty": "EC", "crv": "P-256", "kid": "one", "x": .string(text(Data(point.prefix(32)))),
                    "y": .string(text(Data(point.suffix(32)))),
                ]
                let document: JSONValue = ["keys": [jwk]]
                return document.bytes(.compact)
            default: throw Unreachable()
            }
        }

        struct Unreachable: Error {}

        func text(_ data: Data) -> String {
            String(data.base64EncodedString().compactMap { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 == "=" ? nil : $0 })
        }

        func token(_ claims: JSONObject = [:], algorithm: String = "ES256", key other: P256.Signing.PrivateKey? = nil)
            throws -> String
        {
            var all: JSONObject = [
                "iss": .string(WebIdentityTests.url), "aud": "app", "sub": "repo:a/b",
                "exp": .number(JSONNumber(Engine.now + 600)),
            ]
            for (name, value) in claims { all[name] = value }
            let header: JSONValue = ["alg": .string(algorithm), "kid": "one", "typ": "JWT"]
            let head = text(Data(header.bytes(.compact))) + "." + text(Data(JSONValue.object(all).bytes(.compact)))
            let signature = try (other ?? key).signature(for: SHA256.hash(data: Array(head.utf8)))
            return head + "." + text(signature.rawRepresentation)
        }
    }

    private func engine(_ issuer: Issuer, condition: String = "repo:a/*") async throws -> Engine {
        let engine = try await Engine.strict(configure: { $0.fetch = { try issuer.fetch($0) } })
        await engine.done("CreateOpenIDConnectProvider", ("Url", Self.url), ("ClientIDList.member.1", "app"))
        let trust =
            #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Federated":"\#(Self.provider)"},"#
            + #""Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"#
            + #""token.example.com:sub":"\#(condition)"},"StringEquals":{"token.example.com:aud":"app"}}}}"#
        await engine.done("CreateRole", ("RoleName", "exec"), ("AssumeRolePolicyDocument", trust))
        await engine.done(
            "PutRolePolicy", ("RoleName", "exec"), ("PolicyName", "p"),
            ("PolicyDocument", Documents.allow("iam:ListUsers")))
        return engine
    }

    private func assume(_ engine: Engine, _ token: String) async -> Engine.QueryAnswer {
        await engine.ask(
            "AssumeRoleWithWebIdentity",
            [("RoleArn", Engine.roleARN("exec")), ("RoleSessionName", "ci"), ("WebIdentityToken", token)],
            service: "sts", as: nil)
    }

    @Test("a token of the provider gives a session of the role, without any signature of the request")
    func assume() async throws {
        let issuer = Issuer()
        let engine = try await engine(issuer)
        let answer = await assume(engine, try issuer.token())
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer["SubjectFromWebIdentityToken"] == "repo:a/b")
        #expect(answer["Provider"] == Self.provider)
        #expect(answer["Audience"] == "app")
        let session = try Engine.credentials(answer)
        #expect(await engine.ask("ListUsers", as: session).status == 200)
    }

    @Test("a token that is forged, expired, for others or of an unknown issuer opens nothing")
    func refusals() async throws {
        let issuer = Issuer()
        let engine = try await engine(issuer)
        func code(_ token: String) async -> String? { await assume(engine, token)["Code"] }
        #expect(await code("not-a-token") == "InvalidIdentityToken")
        #expect(await code(try issuer.token(key: P256.Signing.PrivateKey())) == "InvalidIdentityToken")
        #expect(await code(try issuer.token(algorithm: "none")) == "InvalidIdentityToken")
        #expect(await code(try issuer.token(algorithm: "HS256")) == "InvalidIdentityToken")
        #expect(await code(try issuer.token(["exp": .number(JSONNumber(Engine.now))])) == "ExpiredTokenException")
        #expect(await code(try issuer.token(["aud": "other"])) == "InvalidIdentityToken")
        #expect(await code(try issuer.token(["iss": "https://other.example.com"])) == "InvalidIdentityToken")
        #expect(await code(try issuer.token(["sub": "repo:c/d"])) == "AccessDenied")
        var parts = try issuer.token().split(separator: ".").map(String.init)
        parts[1] = try issuer.token(["sub": "repo:a/admin"]).split(separator: ".").map(String.init)[1]
        #expect(await code(parts.joined(separator: ".")) == "InvalidIdentityToken")
    }

    @Test("a provider that does not answer is an error of its own")
    func unreachable() async throws {
        let issuer = Issuer()
        let engine = try await Engine.strict(configure: { $0.fetch = { _ in throw Issuer.Unreachable() } })
        await engine.done("CreateOpenIDConnectProvider", ("Url", Self.url), ("ClientIDList.member.1", "app"))
        await engine.done("CreateRole", ("RoleName", "exec"), ("AssumeRolePolicyDocument", Documents.gatewayTrust))
        #expect(await assume(engine, try issuer.token())["Code"] == "IDPCommunicationError")
    }

    @Test("no other operation is open to those who do not sign")
    func unsigned() async throws {
        let engine = try await engine(Issuer())
        for action in ["AssumeRole", "GetCallerIdentity", "GetSessionToken"] {
            #expect(await engine.ask(action, service: "sts", as: nil)["Code"] == "MissingAuthenticationToken")
        }
        #expect(await engine.ask("ListUsers", as: nil)["Code"] == "MissingAuthenticationToken")
    }
}
