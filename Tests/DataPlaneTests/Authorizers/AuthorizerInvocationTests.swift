import JSON
import Testing

@testable import DataPlane

@Suite("Tests of authorizers")
struct AuthorizerInvocationTests {
    private func run(
        _ type: String = "TOKEN", _ authorizer: String = "{}",
        headers: [(name: String, value: String)] = [("Authorization", "t")]
    ) throws -> AuthorizerRun {
        let invocation = AuthorizerInvocation(
            definition: try AuthorizerTrial.definition(type, authorizer), authorizerID: "a1", headers: headers)
        return try #require(AuthorizerRun(invocation, identity: ExchangeTrial.identity))
    }

    private func result(_ reply: FunctionReply?) throws -> AuthorizerInvocationResult {
        var run = try run()
        guard case .invoke = run.begin() else { throw Unexpected("the authorizer was not asked") }
        return run.finish(reply, milliseconds: 7)
    }

    @Test("what the function says is shown, whether it allows or denies")
    func grants() throws {
        for effect in ["Allow", "Deny"] {
            let document = try result(AuthorizerTrial.says(effect)).document
            #expect(document["clientStatus"] == 200)
            #expect(document["principalId"] == "ann")
            #expect(document["latency"] == 7)
            let policy = try JSONValue(parsing: document["policy"]?.string ?? "")
            #expect(policy["Statement"]?[0]?["Effect"]?.string == effect)
            #expect(document["log"]?.string?.hasSuffix("Successfully completed authorizer execution\n") == true)
        }
    }

    @Test("a token that is missing is 401, and so is the function's word for it")
    func unauthorized() throws {
        var bare = try run(headers: [])
        guard case .end(let result) = bare.begin() else { throw Unexpected("the authorizer was asked") }
        #expect(result.clientStatus == 401)
        #expect(result.log.contains(" : Unauthorized request: "))
        #expect(try self.result(.error(#"{"errorMessage":"Unauthorized"}"#)).clientStatus == 401)
    }

    @Test("an answer that is none, or that never comes, is 500, and the log says why")
    func failures() throws {
        #expect(try result(.answer("{}")).log.contains("its `principalId` is no text"))
        #expect(try result(.answer("{}")).clientStatus == 500)
        #expect(try result(nil).clientStatus == 500)
        #expect(try result(.unavailable("functions are off")).log.contains("functions are off"))
        for type in ["TOKEN", "COGNITO_USER_POOLS"] {
            var closed = try run(type, #"{"authorizerUri": "nothing"}"#)
            guard case .end(let result) = closed.begin() else { throw Unexpected("the authorizer was asked") }
            #expect(result.clientStatus == 500)
        }
    }

    @Test("an authorizer that is not there cannot be tested")
    func absent() throws {
        let invocation = AuthorizerInvocation(definition: try AuthorizerTrial.definition(), authorizerID: "gone")
        if AuthorizerRun(invocation, identity: ExchangeTrial.identity) != nil { throw Unexpected("it is there") }
    }

    @Test("a stage whose grants are forgotten asks anew")
    func forgotten() throws {
        let trial = try AuthorizerTrial()
        #expect(try trial.response(AuthorizerTrial.says()).status == 200)
        #expect(try trial.unasked("GET", "/pets/1", [("Authorization", "t")]).status == 200)
        trial.trial.snapshot.forgetGrants()
        _ = try trial.call()
    }
}
