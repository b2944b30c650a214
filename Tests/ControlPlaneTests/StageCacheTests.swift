import ControlPlane
import JSON
import Testing

@Suite struct StageCacheTests {
    @Test("the caches of a stage that is there can be flushed", arguments: ["data", "authorizers"])
    func flush(_ cache: String) async throws {
        let engine = try await Engine()
        let api = try await engine.mockAPI()
        _ = try await engine.deployment(api, stage: "test")
        #expect(try await engine.send("DELETE", "\(api.path)/stages/test/cache/\(cache)").status == 202)
        try await engine.notFound(
            "DELETE", "\(api.path)/stages/nope/cache/\(cache)", "Invalid stage identifier specified")
        try await engine.notFound(
            "DELETE", "/restapis/x/stages/test/cache/\(cache)", "Invalid API identifier specified 123456789012:x")
    }
}

@Suite struct AuthorizerTrialTests {
    @Test("a trial without its token is unauthorized, one with it fails as the authorizer cannot be asked")
    func trial() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let made = try await engine.make("POST", api.path + "/authorizers", AuthorizerTests.token)
        let path = "\(api.path)/authorizers/\(made["id"]?.string ?? "")"
        let bare = try await engine.make("POST", path, [:])
        #expect(bare["clientStatus"] == 401)
        #expect(bare["log"]?.string?.hasPrefix("Execution log for request ") == true)
        #expect(bare["log"]?.string?.contains(" : Unauthorized request") == true)
        let header =
            (made["identitySource"]?.string ?? "").split(separator: ".").last.map(String.init) ?? "Authorization"
        let asked = try await engine.make(
            "POST", path, ["headers": .object(JSONObject([(header.lowercased(), "token")]))])
        #expect(asked["clientStatus"] == 500)
        #expect(asked["policy"] == nil)
        let many = try await engine.make(
            "POST", path, ["multiValueHeaders": .object(JSONObject([(header, ["token"] as JSONValue)]))])
        #expect(many["clientStatus"] == 500)
        try await engine.notFound(
            "POST", api.path + "/authorizers/x", [:], "Invalid Authorizer identifier specified")
        #expect(try await engine.send("POST", path, ["headers": "x"]).errorType == "SerializationException")
    }
}

@Suite struct ModelTemplateTests {
    @Test("a model's template has a place for each member, loops for arrays, and ends where models hold themselves")
    func template() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let error = try await engine.make("GET", api.path + "/models/Error/default_template")
        #expect(
            error["value"]?.string == """
                #set($inputRoot = $input.path('$'))
                {
                  "message" : "foo"
                }
                """)
        let schema = """
            {"type": "object", "properties": {
              "id": {"type": "integer"}, "price": {"type": "number"}, "kind": {"type": "string", "enum": ["cat"]},
              "sold": {"type": "boolean"}, "tags": {"type": "array", "items": {"type": "string"}},
              "error": {"$ref": "https://apigateway.amazonaws.com/restapis/\(api.id)/models/Error"}}}
            """
        try await engine.make(
            "POST", api.path + "/models",
            ["name": "Pet", "contentType": "application/json", "schema": .string(schema)])
        let pet = try await engine.make("GET", api.path + "/models/Pet/default_template")
        #expect(
            pet["value"]?.string == """
                #set($inputRoot = $input.path('$'))
                {
                  "id" : 42,
                  "price" : 42.7,
                  "kind" : "cat",
                  "sold" : true,
                  "tags" : [
                  ##TODO: Update this foreach loop to reference array from input json
                  #foreach($elem in $inputRoot.tags)
                    "foo"#if($foreach.hasNext),#end
                  #end
                  ],
                  "error" : {
                    "message" : "foo"
                  }
                }
                """)
        let node = "https://apigateway.amazonaws.com/restapis/\(api.id)/models/Node"
        let selves = (0..<4).map { #""m\#($0)": {"$ref": "\#(node)"}"# }.joined(separator: ", ")
        try await engine.make(
            "POST", api.path + "/models",
            ["name": "Node", "contentType": "application/json", "schema": .string("{\"properties\": {\(selves)}}")])
        let endless = try await engine.make("GET", api.path + "/models/Node/default_template")
        #expect((endless["value"]?.string?.utf8.count ?? 0) < 2 << 20)
        try await engine.notFound(
            "GET", api.path + "/models/Nope/default_template", "Invalid model name specified: Nope")
    }
}
