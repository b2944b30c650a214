import JSON
import SigV4
import Testing

@testable import DataPlane

/// Lambda authorizers whose functions the endpoint map has elsewhere.
@Suite("Lambda authorizers elsewhere")
struct AuthorizerElsewhereTests {
    private static let allow = #"""
        {"principalId": "ann", "policyDocument": {"Version": "2012-10-17",
         "Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}]}}
        """#

    private static func with(
        _ reply: TestEndpoint.Action, roles: ServiceTrial.Roles = ServiceTrial.Roles(ServiceTrial.allowing("*")),
        _ body: (TestServer, TestEndpoint) async throws -> Void
    ) async throws {
        try await TestEndpoint.with({ _ in reply }) { endpoint in
            let map = EndpointMap(["lambda": try #require(EndpointMap.Entry(url: endpoint.url))])
            let definition = try AuthorizerTrial.definition(
                "TOKEN", #"{"authorizerCredentials": "\#(ServiceTrial.role)"}"#)
            try await TestServer.with([definition], endpoints: map, roles: roles) { server in
                try await body(server, endpoint)
            }
        }
    }

    private static func status(_ server: TestServer, _ token: String = "t") throws -> Int {
        try server.send("GET", "/test/pets/1", headers: "Authorization: \(token)\r\n").status
    }

    @Test("the function is asked there, signed as the authorizer's role, and its answer is kept")
    func asked() async throws {
        try await Self.with(.json(Self.allow)) { server, endpoint in
            for _ in 0..<2 {
                let status = try Self.status(server)
                #expect(status == 200)
            }
            let requests = endpoint.requests
            try #require(requests.count == 1)
            #expect(requests[0].method == "POST")
            #expect(requests[0].target.hasSuffix("function:door/invocations"))
            let signature = requests[0].header("Authorization") ?? ""
            #expect(signature.hasPrefix("AWS4-HMAC-SHA256 Credential=ASIATEST1/") && signature.contains("/lambda/"))
            let event = try JSONValue(parsing: requests[0].body)
            #expect(event["type"] == "TOKEN" && event["authorizationToken"] == "t")
        }
    }

    @Test(
        "what the function refuses is 403, and what goes wrong there is 500",
        arguments: [
            (TestEndpoint.Action.json(allow.replacing("Allow", with: "Deny")), 403), (.answer(503, "{}"), 500),
            (.answer(200, "no policy"), 500), (.answer(404, #"{"Message": "Function not found"}"#), 500),
            (.close, 500),
        ])
    func refused(_ action: TestEndpoint.Action, _ expected: Int) async throws {
        try await Self.with(action) { server, _ in
            let status = try Self.status(server)
            #expect(status == expected)
        }
    }

    @Test(
        "a role that may not invoke it, or does not trust the gateway, lets nobody in and calls nothing",
        arguments: [true, false])
    func notAllowed(_ isTrusted: Bool) async throws {
        let roles =
            isTrusted
            ? ServiceTrial.Roles(ServiceTrial.allowing("sns:*"))
            : ServiceTrial.Roles(
                "", refusal: .notTrusted(arn: ServiceTrial.role, service: "apigateway.amazonaws.com"))
        try await Self.with(.json(Self.allow), roles: roles) { server, endpoint in
            let status = try Self.status(server)
            #expect(status == 500 && endpoint.requests.isEmpty)
        }
    }

    @Test("without a role the endpoint must have credentials of its own")
    func noRole() throws {
        let map = EndpointMap(["lambda": try #require(EndpointMap.Entry(url: "http://127.0.0.1:1"))])
        let definition = try AuthorizerTrial.definition()
        #expect(throws: CompileStop.self) {
            try LambdaAuthorizer(
                definition.authorizers["a1"] ?? .null, id: "a1", definition, map)
        }
        #expect(throws: Never.self) {
            try LambdaAuthorizer(definition.authorizers["a1"] ?? .null, id: "a1", definition)
        }
    }
}
