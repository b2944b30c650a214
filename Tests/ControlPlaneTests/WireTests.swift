import ControlPlane
import HTTPTypes
import JSON
import Testing

@Suite struct WireTests {
    @Test(
        "a path that is no operation is answered by an error of the service",
        arguments: ["/", "/nope", "/restapis/a/b/c"])
    func unknownOperation(_ path: String) async throws {
        let engine = try await Engine()
        let answer = try await engine.send("GET", path)
        #expect(answer.status == 404)
        #expect(answer.errorType == "UnknownOperationException")
        #expect(try answer.message?.isEmpty == false)
    }

    @Test(
        "an operation that is not offered says so",
        arguments: [
            ("GET", "/sdktypes", "GetSdkTypes"), ("GET", "/restapis/a/stages/b/sdks/javascript", "GetSdk"),
            ("POST", "/domainnameaccessassociations", "CreateDomainNameAccessAssociation"),
            ("DELETE", "/domainnameaccessassociations/a/b", "DeleteDomainNameAccessAssociation"),
        ])
    func notOffered(_ method: String, _ path: String, name: String) async throws {
        let engine = try await Engine()
        try await engine.refused(method, path, [:], "The operation \(name) is not supported by this engine")
    }

    @Test("a body that is no JSON object is a serialization error", arguments: ["{", "[]", "1", "\u{0}", #"{"a":1}}"#])
    func brokenBody(_ text: String) async throws {
        let engine = try await Engine()
        let answer = try await engine.send("POST", "/restapis", bytes: Array(text.utf8))
        #expect(answer.status == 400)
        #expect(answer.errorType == "SerializationException")
    }

    @Test("every answer has a request id, and JSON says that it is JSON")
    func headers() async throws {
        let engine = try await Engine()
        let first = try await engine.send("GET", "/account")
        let second = try await engine.send("GET", "/nope")
        let ids = [first, second].compactMap { answer in
            answer.headers.first { $0.name.canonicalName == "x-amzn-requestid" }?.value
        }
        #expect(Set(ids).count == 2)
        #expect(ids.allSatisfy { $0.utf8.count == 36 })
        #expect(first.headers[.contentType] == "application/json")
        #expect(try first.body["throttleSettings"] == ["burstLimit": 5000, "rateLimit": 10000])
    }

    @Test("too many patch operations are refused")
    func patchLimit() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let one: JSONValue = ["op": "replace", "path": "/name", "value": "a"]
        let answer = try await engine.send(
            "PATCH", api.path, ["patchOperations": .array(Array(repeating: one, count: 1001))])
        #expect(answer.errorType == "BadRequestException")
        #expect(
            try await engine.send(
                "PATCH", api.path, ["patchOperations": .array(Array(repeating: one, count: 1000))]
            ).status == 200)
    }

    @Test("quotas are set by name and met")
    func quotas() async throws {
        var quotas = Quotas()
        try quotas.set("resources-per-api=2")
        #expect(quotas.resourcesPerAPI == 2)
        for (text, code) in [
            ("nope=1", EngineFailure.Code.quotaUnknown), ("rest-apis", .quotaInvalid), ("rest-apis=-1", .quotaInvalid),
            ("rest-apis=99999999999999999999", .quotaInvalid), ("", .quotaUnknown),
        ] {
            let failure = #expect(throws: EngineFailure.self) { try quotas.set(text) }
            #expect(failure?.code == code)
        }
        let engine = try await Engine { $0.quotas = quotas }
        let api = try await engine.api()
        _ = try await engine.resource(api, "a")
        let answer = try await engine.send("POST", "\(api.path)/resources/\(api.root)", ["pathPart": "b"])
        #expect(answer.status == 429)
        #expect(answer.errorType == "LimitExceededException")
    }

    @Test("TestInvokeMethod finds its method before it runs anything")
    func testInvocation() async throws {
        let engine = try await Engine()
        let api = try await engine.mockAPI()
        try await engine.notFound(
            "POST", api.methods("x") + "/GET", [:], "Invalid Resource identifier specified")
        try await engine.notFound(
            "POST", "/restapis/x/resources/y/methods/GET", [:], "Invalid Resource identifier specified")
        try await engine.notFound("POST", api.methods() + "/PUT", [:], "Invalid Method identifier specified")
    }

    @Test("TestInvokeMethod runs the API as it is now, deployed or not, with the variables of the request")
    func testInvocationRuns() async throws {
        let engine = try await Engine()
        let api = try await engine.mockAPI()
        try await engine.make(
            "PUT", api.methods() + "/GET/integration/responses/200",
            ["responseTemplates": ["application/json": #"{"tier": "$stageVariables.tier"}"#]])
        let answer = try await engine.make(
            "POST", api.methods() + "/GET",
            ["pathWithQueryString": "/?a=b", "headers": ["x": "y"], "stageVariables": ["tier": "gold"]])
        #expect(answer["status"] == 200)
        #expect(answer["body"]?.string == #"{"tier": "gold"}"#)
        let log = answer["log"]?.string ?? ""
        #expect(log.hasPrefix("Execution log for request "))
        #expect(log.contains("Method request query string: {a=b}"))
        #expect(log.hasSuffix("Method completed with status: 200\n"))
        #expect(answer["headers"]?["Content-Type"] == "application/json")
        #expect(answer["latency"]?.int != nil)
    }

    @Test("a method that only ANY serves can be tested by its own name")
    func testInvocationOfAny() async throws {
        let engine = try await Engine()
        let api = try await engine.mockAPI()
        try await engine.make("PUT", api.methods() + "/ANY", ["authorizationType": "NONE"])
        try await engine.make("PUT", api.methods() + "/ANY/integration", ["type": "MOCK"])
        for method in ["PUT", "ANY"] {
            let answer = try await engine.make("POST", api.methods() + "/\(method)", [:])
            let sent = method == "ANY" ? "GET" : method
            #expect(answer["log"]?.string?.contains("HTTP Method: \(sent), Resource Path: /\n") == true)
        }
    }
}
