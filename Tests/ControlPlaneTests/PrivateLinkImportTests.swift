import JSON
import Resources
import Testing

@Suite("Private links in definitions")
struct PrivateLinkImportTests {
    /// Walkthrough 4's document, in OpenAPI 2.0.
    private static let document = """
        {"swagger": "2.0",
         "info": {"title": "MyApiWithVpcLink", "version": "1.0"},
         "host": "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com", "basePath": "/test", "schemes": ["https"],
         "paths": {"/": {"get": {
           "produces": ["application/json"],
           "responses": {"200": {"description": "200 response", "schema": {"$ref": "#/definitions/Empty"}}},
           "x-amazon-apigateway-integration": {
             "responses": {"default": {"statusCode": "200"}}, "uri": "http://myApi.example.com",
             "passthroughBehavior": "when_no_match", "connectionType": "VPC_LINK",
             "connectionId": "${stageVariables.vpcLinkId}", "httpMethod": "GET", "type": "http_proxy"}}}},
         "definitions": {"Empty": {"type": "object", "title": "Empty Schema"}}}
        """

    @Test("A4.7: the import of the guide's document gives the API that its calls make")
    func imported() async throws {
        let engine = try await Engine()
        let answer = try await engine.send("POST", "/restapis?mode=import", bytes: Array(Self.document.utf8))
        #expect(answer.status == 201)
        let api = try answer.body
        #expect(api["name"] == "MyApiWithVpcLink")
        let id = try #require(api["id"]?.string)
        let root = try #require(api["rootResourceId"]?.string)
        let path = "/restapis/\(id)/resources/\(root)/methods/GET"
        let imported = try await engine.make("GET", path)

        let made = try await engine.make("POST", "/restapis", ["name": "MyApiWithVpcLink"])
        let other = "/restapis/\(try #require(made["id"]?.string))/resources/"
        let otherRoot = try #require(made["rootResourceId"]?.string)
        let method = other + otherRoot + "/methods/GET"
        try await engine.make("PUT", method, ["authorizationType": "NONE"])
        try await engine.make(
            "PUT", method + "/responses/200", ["responseModels": ["application/json": "Empty"]])
        try await engine.make(
            "PUT", method + "/integration",
            [
                "type": "HTTP_PROXY", "httpMethod": "GET", "uri": "http://myApi.example.com",
                "connectionType": "VPC_LINK", "connectionId": "${stageVariables.vpcLinkId}",
            ])
        try await engine.make("PUT", method + "/integration/responses/200", [:])
        let called = try await engine.make("GET", method)
        // The stored defaults are those of the walkthrough.
        let integration = try #require(imported["methodIntegration"]?.object)
        #expect(integration["timeoutInMillis"] == 29000 && integration["passthroughBehavior"] == "WHEN_NO_MATCH")
        #expect(integration["cacheNamespace"] == .string(root) && integration["cacheKeyParameters"] == [])
        #expect(Self.withoutIDs(imported, root) == Self.withoutIDs(called, otherRoot))
    }

    private static func withoutIDs(_ method: JSONValue, _ root: String) -> JSONValue {
        method.mapStrings { $0 == root ? "ROOT" : $0 }
    }
}
