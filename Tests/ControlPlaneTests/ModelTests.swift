import JSON
import Testing

@Suite struct ModelTests {
    @Test("models are kept by name and refused as the service refuses them")
    func models() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let models = api.path + "/models"
        let body: JSONValue = ["name": "Pet", "contentType": "application/json", "schema": #"{"type": "object"}"#]
        let made = try await engine.make("POST", models, body)
        #expect(made["schema"] == #"{"type": "object"}"#)
        #expect(made["id"]?.string?.isEmpty == false)
        try await engine.refused(
            "POST", models, body, status: 409, type: "ConflictException", "Model name already exists for this REST API")
        try await engine.notFound("GET", models + "/Nope", "Invalid model name specified: Nope")
        try await engine.notFound("DELETE", models + "/Nope", "Invalid model name specified: Nope")
        try await engine.refused(
            "PATCH", models + "/Pet", Engine.patch(("replace", "/schema", "")),
            "Model schema must have at least 1 property or array items defined")
        try await engine.refused(
            "PATCH", models + "/Pet", Engine.patch(("replace", "/name", "a")),
            "Invalid patch path  '/name' specified for op 'replace'. Must be one of: [/description, /schema]")
        #expect(
            try await engine.send("PATCH", models + "/Pet", Engine.patch(("replace", "/schema", "{"))).status == 400)
        let patched = try await engine.make(
            "PATCH", models + "/Pet", Engine.patch(("replace", "/description", "a pet")))
        #expect(patched["description"] == "a pet")
        #expect(try await engine.send("DELETE", models + "/Pet").status == 202)
        try await engine.notFound("GET", models + "/Pet", "Invalid model name specified: Pet")
    }

    @Test(
        "a model that is no schema is refused",
        arguments: ["[]", #"{"type": "int"}"#, #"{"required": true}"#, #"{"pattern": "("}"#, ##"{"$ref": "#"}"##])
    func malformed(_ schema: String) async throws {
        let engine = try await Engine()
        let path = try await engine.api().path + "/models"
        let body: JSONValue = ["name": "Pet", "contentType": "application/json", "schema": .string(schema)]
        let refused = try await engine.send("POST", path, body)
        #expect(refused.status == 400)
        let start = "Invalid model specified: Validation Result: warnings : [], errors : ["
        #expect(try refused.message?.hasPrefix(start) == true)
        try await engine.notFound("GET", path + "/Pet", "Invalid model name specified: Pet")
    }

    @Test("a model that is in use stays")
    func used() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        try await engine.make(
            "PUT", api.methods() + "/POST",
            ["authorizationType": "NONE", "requestModels": ["application/json": "Empty"]])
        try await engine.refused(
            "DELETE", api.path + "/models/Empty", nil, status: 409, type: "ConflictException",
            "Cannot delete model 'Empty', is referenced in method request: //POST")
    }

    @Test("a flattened model has what it refers to, circles included")
    func flatten() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let reference = #"{"$ref": "https://apigateway.amazonaws.com/restapis/\#(api.id)/models/"#
        for (name, other) in [("A", "B"), ("B", "A")] {
            let schema = #"{"type": "object", "properties": {"x": \#(reference)\#(other)"}}}"#
            try await engine.make(
                "POST", api.path + "/models",
                ["name": .string(name), "contentType": "application/json", "schema": .string(schema)])
        }
        let text = try await engine.make("GET", api.path + "/models/A?flatten=true")["schema"]?.string ?? ""
        let schema = try JSONValue(parsing: text)
        #expect(schema["properties"]?["x"]?["$ref"] == "#/definitions/B")
        #expect(schema["definitions"]?["B"]?["properties"]?["x"]?["$ref"] == "#/definitions/A")
        #expect(schema["definitions"]?["A"]?["properties"]?["x"]?["$ref"] == "#/definitions/B")
    }

    @Test("request validators are kept and refused as the service does it")
    func validators() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let validators = api.path + "/requestvalidators"
        let made = try await engine.make("POST", validators, ["name": "all"])
        let id = made["id"]?.string ?? ""
        #expect(
            made == [
                "id": .string(id), "name": "all", "validateRequestBody": false, "validateRequestParameters": false,
            ])
        var patched = try await engine.make(
            "PATCH", validators + "/\(id)", Engine.patch(("replace", "/validateRequestBody", "true")))
        #expect(patched["validateRequestBody"] == true)
        patched = try await engine.make(
            "PATCH", validators + "/\(id)", Engine.patch(("replace", "/validateRequestBody", nil)))
        #expect(patched["validateRequestBody"] == false)
        try await engine.refused(
            "PATCH", validators + "/\(id)", Engine.patch(("replace", "/name", "")),
            "Request Validator name cannot be blank")
        try await engine.refused(
            "PATCH", validators + "/\(id)", Engine.patch(("remove", "/name", nil)),
            "Invalid patch path  '/name' specified for op 'remove'. Please choose supported operations")
        try await engine.refused(
            "POST", "/restapis/x/requestvalidators", ["name": "a"], "Invalid REST API identifier specified")
        for path in ["/restapis/x/requestvalidators/\(id)", validators + "/x"] {
            for method in ["GET", "DELETE"] {
                try await engine.notFound(method, path, "Invalid Request Validator identifier specified")
            }
        }
        #expect(try await engine.send("DELETE", validators + "/\(id)").status == 202)
    }
}
