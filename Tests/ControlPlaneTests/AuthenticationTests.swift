import ControlPlane
import HTTPTypes
import JSON
import SigV4
import Testing

@Suite struct AuthenticationTests {
    private static let good = SigningCredentials(
        accessKeyID: Engine.root.accessKeyID, secretAccessKey: Engine.root.secretAccessKey)

    private func engine() async throws -> Engine { try await Engine { $0.skipsAuthentication = false } }

    private func send(
        _ engine: Engine, as credentials: SigningCredentials? = good, service: String = "apigateway",
        region: String = "us-east-1", secondsAgo: Int = 0, method: HTTPRequest.Method = .post,
        body: JSONValue = ["name": "a"], sent: JSONValue? = nil
    ) async throws -> Engine.Answer {
        var request = HTTPRequest(method: method, scheme: "http", authority: "127.0.0.1:4600", path: "/restapis")
        let bytes = body.bytes(.compact)
        if let credentials {
            Signer.sign(
                &request, body: bytes, credentials: credentials, scope: SigningScope(service: service, region: region),
                at: SigningDate(secondsSince1970: Engine.now - secondsAgo))
        }
        let answer = await engine.plane.respond(to: request, body: (sent ?? body).bytes(.compact))
        let type = HTTPField.Name("x-amzn-ErrorType").flatMap { answer.response.headerFields[$0] }
        return Engine.Answer(
            status: answer.response.status.code, errorType: type, headers: answer.response.headerFields,
            bytes: answer.body)
    }

    @Test("a request that the root signed is served")
    func signed() async throws {
        #expect(try await send(try await engine()).status == 201)
    }

    @Test("a request without a signature is refused, whatever its path")
    func unsigned() async throws {
        let engine = try await engine()
        let answer = try await send(engine, as: nil)
        #expect(answer.status == 403)
        #expect(answer.errorType == "MissingAuthenticationTokenException")
        #expect(try answer.message == "Missing Authentication Token")
        #expect(try await engine.send("GET", "/nope").status == 403)
    }

    @Test("a wrong secret, key, region, body or date is refused by name, and nothing happens")
    func refusals() async throws {
        let engine = try await engine()
        var wrong = Self.good
        wrong.secretAccessKey = "other"
        var answer = try await send(engine, as: wrong)
        #expect(answer.status == 403)
        #expect(answer.errorType == "InvalidSignatureException")
        #expect(try answer.message?.hasPrefix("The request signature we calculated does not match") == true)

        wrong = Self.good
        wrong.accessKeyID = "AKIAOTHEROTHEROTHERO"
        answer = try await send(engine, as: wrong)
        #expect(answer.errorType == "UnrecognizedClientException")
        #expect(try answer.message == "The security token included in the request is invalid.")

        wrong = Self.good
        wrong.sessionToken = "token"
        #expect(try await send(engine, as: wrong).errorType == "UnrecognizedClientException")

        answer = try await send(engine, region: "eu-west-1")
        #expect(try answer.message == "Credential should be scoped to a valid region: 'us-east-1'.")

        answer = try await send(engine, secondsAgo: 301)
        #expect(answer.errorType == "InvalidSignatureException")
        #expect(try answer.message?.hasPrefix("Signature expired: ") == true)
        #expect(try await send(engine, secondsAgo: -301).errorType == "InvalidSignatureException")

        #expect(try await send(engine, sent: ["name": "b"]).errorType == "InvalidSignatureException")
        #expect(try await send(engine, method: .get).body["item"] == [])
    }

    @Test("another service says that it is not served, to those who may ask")
    func otherServices() async throws {
        let engine = try await engine()
        let answer = try await send(engine, service: "sqs")
        #expect(answer.status == 400)
        #expect(answer.errorType == "InvalidAction")
        #expect(
            try answer.message
                == "The service sqs is not served by this engine; it serves apigateway, iam, lambda and sts")
        #expect(try await send(engine, as: nil, service: "sqs").status == 403)
    }

    @Test("where authentication is skipped, any signature is served")
    func skipped() async throws {
        var wrong = Self.good
        wrong.secretAccessKey = "other"
        #expect(try await send(try await Engine(), as: wrong, secondsAgo: 9999).status == 201)
        #expect(try await send(try await Engine(), as: nil).status == 201)
    }
}
