import JSON
import Testing

@Suite struct GatewayResponseTests {
    @Test("all 21 types are listed by name, with the service's statuses")
    func list() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let items = try #require(try await engine.make("GET", api.path + "/gatewayresponses")["item"]?.array)
        #expect(items.count == 21)
        let types = items.compactMap { $0["responseType"]?.string }
        #expect(types == types.sorted())
        var statuses: [String: String] = [:]
        for item in items { statuses[item["responseType"]?.string ?? ""] = item["statusCode"]?.string ?? "none" }
        #expect(
            statuses == [
                "ACCESS_DENIED": "403", "API_CONFIGURATION_ERROR": "500", "AUTHORIZER_CONFIGURATION_ERROR": "500",
                "AUTHORIZER_FAILURE": "500", "BAD_REQUEST_BODY": "400", "BAD_REQUEST_PARAMETERS": "400",
                "DEFAULT_4XX": "none", "DEFAULT_5XX": "none", "EXPIRED_TOKEN": "403", "INTEGRATION_FAILURE": "504",
                "INTEGRATION_TIMEOUT": "504", "INVALID_API_KEY": "403", "INVALID_SIGNATURE": "403",
                "MISSING_AUTHENTICATION_TOKEN": "403", "QUOTA_EXCEEDED": "429", "REQUEST_TOO_LARGE": "413",
                "RESOURCE_NOT_FOUND": "404", "THROTTLED": "429", "UNAUTHORIZED": "401",
                "UNSUPPORTED_MEDIA_TYPE": "415", "WAF_FILTERED": "403",
            ])
    }

    @Test("a response is customised, patched and back to its default")
    func lifecycle() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let path = api.path + "/gatewayresponses/THROTTLED"
        let plain = try await engine.make("GET", path)
        #expect(
            plain == [
                "responseType": "THROTTLED", "statusCode": "429", "responseParameters": [:],
                "responseTemplates": ["application/json": #"{"message":$context.error.messageString}"#],
                "defaultResponse": true,
            ])
        try await engine.notFound("DELETE", path, "Gateway response type not defined on api")
        let answer = try await engine.send("PUT", path, ["statusCode": "503"])
        #expect(answer.status == 201)
        #expect(try answer.body["defaultResponse"] == false)
        let patched = try await engine.make(
            "PATCH", path,
            Engine.patch(
                ("add", "/responseParameters/gatewayresponse.header.a", "'b'"),
                ("replace", "/responseTemplates/application~1json", "{}")))
        #expect(patched["responseParameters"] == ["gatewayresponse.header.a": "'b'"])
        #expect(patched["responseTemplates"] == ["application/json": "{}"])
        #expect(patched["statusCode"] == "503")
        #expect(try await engine.send("DELETE", path).status == 202)
        #expect(try await engine.make("GET", path) == plain)
    }

    @Test("a wrong type is a validation error with the service's list", arguments: ["GET", "PUT", "DELETE"])
    func wrongType(_ method: String) async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        try await engine.refused(
            method, api.path + "/gatewayresponses/wrong", method == "PUT" ? [:] : JSONValue?.none,
            type: "ValidationException",
            "1 validation error detected: Value 'wrong' at 'responseType' failed to satisfy constraint: Member must satisfy enum value set: [REQUEST_TOO_LARGE, RESOURCE_NOT_FOUND, AUTHORIZER_CONFIGURATION_ERROR, MISSING_AUTHENTICATION_TOKEN, BAD_REQUEST_BODY, INVALID_SIGNATURE, INVALID_API_KEY, BAD_REQUEST_PARAMETERS, AUTHORIZER_FAILURE, UNAUTHORIZED, INTEGRATION_TIMEOUT, ACCESS_DENIED, DEFAULT_4XX, DEFAULT_5XX, WAF_FILTERED, QUOTA_EXCEEDED, THROTTLED, API_CONFIGURATION_ERROR, UNSUPPORTED_MEDIA_TYPE, INTEGRATION_FAILURE, EXPIRED_TOKEN]"
        )
    }
}

@Suite struct DocumentationTests {
    private static let part: JSONValue = ["location": ["type": "API"], "properties": #"{"a":1}"#]

    @Test("parts are kept by location")
    func parts() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let parts = api.path + "/documentation/parts"
        let made = try await engine.make("POST", parts, Self.part)
        #expect(made["location"] == ["type": "API"])
        #expect(try await engine.send("POST", parts, Self.part).errorType == "ConflictException")
        #expect(try await engine.send("POST", parts, ["location": ["type": "API"], "properties": "x"]).status == 400)
        let path = parts + "/\(made["id"]?.string ?? "")"
        let patched = try await engine.make("PATCH", path, Engine.patch(("replace", "/properties", "{}")))
        #expect(patched["properties"] == "{}")
        #expect(try await engine.make("GET", parts + "?type=METHOD")["item"] == [])
        #expect(try await engine.make("GET", parts + "?type=API")["item"] == [patched])
        try await engine.refused(
            "PATCH", path, Engine.patch(("add", "/properties", "{}")),
            "Invalid patch path  '/properties' specified for op 'add'. Please choose supported operations")
        #expect(try await engine.send("DELETE", path).status == 202)
        try await engine.notFound("GET", path, "Invalid Documentation part identifier specified")
    }

    @Test("parts of an unknown API are refused as the service does")
    func unknown() async throws {
        let engine = try await Engine()
        let parts = "/restapis/x/documentation/parts"
        let api = "Invalid API identifier specified 123456789012:x"
        try await engine.notFound("POST", parts, Self.part, api)
        try await engine.notFound("GET", parts, api)
        try await engine.notFound("DELETE", parts + "/y", api)
        try await engine.notFound(
            "PATCH", parts + "/y", Engine.patch(("replace", "/properties", "{}")),
            "Invalid Documentation part identifier specified")
        let made = try await engine.api()
        try await engine.refused(
            "POST", made.path + "/documentation/parts", ["location": ["type": "x"], "properties": "{}"],
            type: "ValidationException",
            "1 validation error detected: Value 'x' at 'createDocumentationPartInput.location.type' failed to satisfy constraint: Member must satisfy enum value set: [RESPONSE_BODY, RESPONSE, METHOD, MODEL, AUTHORIZER, RESPONSE_HEADER, RESOURCE, PATH_PARAMETER, REQUEST_BODY, QUERY_PARAMETER, API, REQUEST_HEADER]"
        )
    }

    @Test("imported parts are merged by location or take the place of all")
    func imports() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let parts = api.path + "/documentation/parts"
        let made = try await engine.make("POST", parts, Self.part)
        let body: JSONValue = [
            "documentationParts": [
                ["location": ["type": "API"], "properties": ["b": 2]],
                ["location": ["type": "MODEL", "name": "Pet"], "properties": ["c": 3]],
            ]
        ]
        let merged = try await engine.make("PUT", parts + "?mode=merge", body)
        #expect(merged["ids"]?[0] == made["id"])
        let text = try await engine.make("GET", parts + "/\(made["id"]?.string ?? "")")["properties"]?.string ?? ""
        #expect(try JSONValue(parsing: text) == ["a": 1, "b": 2])
        let replaced = try await engine.make("PUT", parts + "?mode=overwrite", body)
        #expect(replaced["ids"]?.array?.count == 2)
        #expect(replaced["ids"]?[0] != made["id"])
        #expect(try await engine.make("GET", parts)["item"]?.array?.count == 2)
        try await engine.refused("PUT", parts, ["nope": 1], "Invalid OpenAPI input.")
    }

    @Test("versions can be set on a stage and then stay")
    func versions() async throws {
        let engine = try await Engine()
        let api = try await engine.mockAPI()
        _ = try await engine.deployment(api, stage: "test")
        let versions = api.path + "/documentation/versions"
        let made = try await engine.make("POST", versions, ["documentationVersion": "1.0", "stageName": "test"])
        #expect(made == ["version": "1.0", "createdDate": .number(JSONNumber(Engine.now))])
        #expect(try await engine.make("GET", api.path + "/stages/test")["documentationVersion"] == "1.0")
        #expect(try await engine.send("DELETE", versions + "/1.0").errorType == "ConflictException")
        #expect(
            try await engine.send("POST", versions, ["documentationVersion": "1.0"]).errorType == "ConflictException")
        try await engine.notFound("GET", versions + "/2", "Invalid Documentation version specified")
    }
}
