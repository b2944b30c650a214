import ControlPlane
import JSON
import Testing

@Suite struct AuthorizerTests {
    static let token: JSONValue = [
        "name": "who", "type": "TOKEN", "identitySource": "method.request.header.Authorization",
        "authorizerUri":
            "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations",
    ]

    @Test("authorizers are kept with their defaults and can be patched")
    func lifecycle() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let made = try await engine.make("POST", api.path + "/authorizers", Self.token)
        #expect(made["authType"] == "custom")
        #expect(made["authorizerResultTtlInSeconds"] == 300)
        let path = api.path + "/authorizers/\(made["id"]?.string ?? "")"
        let patched = try await engine.make(
            "PATCH", path, Engine.patch(("replace", "/authorizerResultTtlInSeconds", "0"), ("replace", "/name", "he")))
        #expect(patched["authorizerResultTtlInSeconds"] == 0)
        #expect(try await engine.make("GET", path) == patched)
        try await engine.refused(
            "PATCH", path, Engine.patch(("replace", "/authorizerResultTtlInSeconds", "3601")),
            "Invalid authorizerResultTtlInSeconds specified, must be between 0 and 3600")
        #expect(try await engine.make("GET", api.path + "/authorizers")["item"] == [patched])
        #expect(try await engine.send("DELETE", path).status == 202)
        try await engine.notFound("GET", path, "Invalid Authorizer identifier specified")
    }

    @Test("authorizers are refused as the service refuses them")
    func refusals() async throws {
        let engine = try await Engine { $0.quotas.authorizersPerAPI = 1 }
        let api = try await engine.api()
        try await engine.refused(
            "POST", "/restapis/x/authorizers", Self.token, status: 409, type: "ConflictException",
            "Unable to complete operation due to concurrent modification. Please try again later.")
        try await engine.notFound(
            "GET", "/restapis/x/authorizers", "Invalid API identifier specified 123456789012:x")
        try await engine.refused(
            "POST", api.path + "/authorizers", ["name": "a", "type": "TOKEN"],
            "Invalid Authorizer URI: null. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation."
        )
        try await engine.make("POST", api.path + "/authorizers", Self.token)
        #expect(try await engine.send("POST", api.path + "/authorizers", Self.token).errorType == "BadRequestException")
        var other = try #require(Self.token.object)
        other["name"] = "other"
        #expect(
            try await engine.send("POST", api.path + "/authorizers", .object(other)).errorType
                == "LimitExceededException")
    }

    @Test("an authorizer that a method uses stays")
    func used() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let id = try await engine.make("POST", api.path + "/authorizers", Self.token)["id"]?.string ?? ""
        try await engine.make(
            "PUT", api.methods() + "/GET", ["authorizationType": "CUSTOM", "authorizerId": .string(id)])
        #expect(try await engine.send("DELETE", api.path + "/authorizers/\(id)").errorType == "ConflictException")
    }
}
