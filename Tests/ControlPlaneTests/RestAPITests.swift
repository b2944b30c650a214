import ControlPlane
import JSON
import Testing

@Suite struct RestAPITests {
    @Test("a new API has the service's defaults and nothing that is empty")
    func defaults() async throws {
        let engine = try await Engine()
        var made = try await engine.make("POST", "/restapis", ["name": "pets", "binaryMediaTypes": [], "tags": [:]])
        let id = try #require(made["id"]?.string)
        #expect(id.utf8.count == 10)
        #expect(made["rootResourceId"]?.string?.utf8.count == 10)
        #expect(
            made.object == [
                "id": .string(id), "name": "pets", "createdDate": .number(JSONNumber(Engine.now)),
                "apiKeySource": "HEADER", "disableExecuteApiEndpoint": false,
                "endpointConfiguration": ["types": ["EDGE"], "ipAddressType": "ipv4"],
                "rootResourceId": made["rootResourceId"] ?? .null,
            ])
        made = try await engine.make("GET", "/restapis/\(id)")
        #expect(made["tags"] == [:])
        let listed = try await engine.make("GET", "/restapis")
        #expect(listed["item"]?[0]?["id"]?.string == id)
        #expect(listed["item"]?[0]?["tags"] == nil)
        #expect(listed["position"] == nil)
        let models = try await engine.make("GET", "/restapis/\(id)/models")
        #expect(models["item"]?.array?.compactMap { $0["name"]?.string } == ["Empty", "Error"])
        #expect(models["item"]?[0]?["description"] == "This is a default empty schema model")
    }

    @Test(
        "endpoint configurations have the service's defaults",
        arguments: [
            (["types": ["REGIONAL"]], "REGIONAL", "ipv4"), (["types": ["PRIVATE"]], "PRIVATE", "dualstack"),
            (["ipAddressType": "dualstack"], "EDGE", "dualstack"),
        ] as [(JSONValue, String, String)])
    func endpoints(_ given: JSONValue, type: String, address: String) async throws {
        let engine = try await Engine()
        let made = try await engine.make("POST", "/restapis", ["name": "a", "endpointConfiguration": given])
        #expect(made["endpointConfiguration"] == ["types": [.string(type)], "ipAddressType": .string(address)])
    }

    @Test(
        "CreateRestApi refuses as the service does",
        arguments: [
            (["description": ""], "Description cannot be an empty string"),
            (["minimumCompressionSize": -1], "Invalid minimum compression size, must be between 0 and 10485760"),
            (
                ["minimumCompressionSize": 10_485_761],
                "Invalid minimum compression size, must be between 0 and 10485760"
            ),
            (
                ["endpointConfiguration": ["types": []]],
                "REGIONAL Configuration and EDGE Configuration cannot be both DISABLED."
            ),
            (
                ["endpointConfiguration": ["types": ["EDGE", "REGIONAL"]]],
                "Cannot create an api with multiple Endpoint Types."
            ),
            (
                ["endpointConfiguration": ["types": ["PRIVATE"], "ipAddressType": "ipv4"]],
                "Only dualstack ipAddressType is supported for Private APIs."
            ),
            (
                ["description": "", "endpointConfiguration": ["types": ["PRIVATE"], "ipAddressType": "ipv4"]],
                "Description cannot be an empty string"
            ),
            (
                ["policy": "{"],
                "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."
            ),
        ] as [(JSONValue, String)])
    func refusals(_ members: JSONValue, message: String) async throws {
        let engine = try await Engine()
        var body: JSONObject = ["name": "a"]
        for (name, value) in members.object ?? [:] { body[name] = value }
        try await engine.refused("POST", "/restapis", .object(body), message)
        #expect(try await engine.make("GET", "/restapis")["item"] == [])
    }

    @Test("shape errors come first, together, in the order of the model")
    func shapes() async throws {
        let engine = try await Engine()
        let types =
            "Value '[wrong]' at 'createRestApiInput.endpointConfiguration.types' failed to satisfy constraint: "
            + "Member must satisfy constraint: [Member must satisfy enum value set: [PRIVATE, EDGE, REGIONAL]]"
        let address =
            "Value 'wrong' at 'createRestApiInput.endpointConfiguration.ipAddressType' failed to satisfy constraint: "
            + "Member must satisfy enum value set: [ipv4, dualstack]"
        try await engine.refused(
            "POST", "/restapis",
            ["name": "a", "description": "", "endpointConfiguration": ["ipAddressType": "wrong", "types": ["wrong"]]],
            type: "ValidationException", "2 validation errors detected: \(types); \(address)")
        try await engine.refused(
            "POST", "/restapis", ["name": "a", "endpointConfiguration": ["ipAddressType": "wrong"]],
            type: "ValidationException", "1 validation error detected: \(address)")
        try await engine.refused(
            "POST", "/restapis", ["name": true], type: "SerializationException",
            "class java.lang.Boolean can not be converted to an String")
        try await engine.refused(
            "POST", "/restapis", ["name": 1], type: "SerializationException",
            "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String")
    }

    @Test(
        "UpdateRestApi refuses as the service does",
        arguments: [
            ("add", "/binaryMediaTypes", "Invalid patch path /binaryMediaTypes"),
            ("replace", "/binaryMediaTypes", "Invalid patch path /binaryMediaTypes"),
            ("remove", "/binaryMediaTypes", "Invalid patch path /binaryMediaTypes"),
            ("replace", "/nope", "Invalid patch path /nope"),
            ("add", "/name", "Invalid patch operation specified. Must be one of: [replace]"),
            ("add", "/minimumCompressionSize", "Invalid patch operation specified. Must be one of: [replace]"),
            ("replace", "/minimumCompressionSize", "Invalid minimum compression size, must be between 0 and 10485760"),
        ])
    func patchRefusals(_ op: String, path: String, message: String) async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        try await engine.refused("PATCH", api.path, Engine.patch((op, path, "x")), message)
    }

    @Test("patches of an API are applied together or not at all")
    func patches() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        var made = try await engine.make(
            "PATCH", api.path,
            Engine.patch(
                ("add", "/binaryMediaTypes/image~1png", nil), ("add", "/binaryMediaTypes/-", "ignored"),
                ("replace", "/minimumCompressionSize", "0"), ("replace", "/name", "dogs"),
                ("replace", "/disableExecuteApiEndpoint", "true"), ("replace", "/apiKeySource", "AUTHORIZER")))
        #expect(made["binaryMediaTypes"] == ["image/png", "-"])
        #expect(made["minimumCompressionSize"] == 0)
        #expect(made["tags"] == [:])
        #expect(made["disableExecuteApiEndpoint"] == true)
        #expect(made["apiKeySource"] == "AUTHORIZER")
        try await engine.refused(
            "PATCH", api.path, Engine.patch(("replace", "/name", "cats"), ("replace", "/nope", "x")),
            "Invalid patch path /nope")
        made = try await engine.make(
            "PATCH", api.path,
            Engine.patch(("replace", "/minimumCompressionSize", ""), ("replace", "/binaryMediaTypes/-", "a/b")))
        #expect(made["name"] == "dogs")
        #expect(made["minimumCompressionSize"] == nil)
        #expect(made["binaryMediaTypes"] == ["image/png", "a/b"])
        made = try await engine.make(
            "PATCH", api.path, Engine.patch(("replace", "/endpointConfiguration/types/EDGE", "PRIVATE")))
        #expect(made["endpointConfiguration"] == ["types": ["PRIVATE"], "ipAddressType": "dualstack"])
    }

    @Test("a bad patch operation is a validation error at its place")
    func badOperation() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        try await engine.refused(
            "PATCH", api.path, Engine.patch(("replace", "/name", "a"), ("wrong", "/name", "b")),
            type: "ValidationException",
            "1 validation error detected: Value 'wrong' at 'updateRestApiInput.patchOperations.2.member.op' failed to "
                + "satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]")
    }

    @Test("a policy is answered as escaped JSON, with short resources written out")
    func policy() async throws {
        let engine = try await Engine()
        let policy =
            #"{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]}"#
        let api = try await engine.api(["name": "a", "policy": .string(policy)])
        let stored = try await engine.make("GET", api.path)["policy"]?.string ?? ""
        let inner = try #require(try JSONValue(parsing: "\"\(stored)\"").string)
        let parsed = try JSONValue(parsing: inner)
        #expect(
            parsed["Statement"]?[0]?["Resource"]?.string
                == "arn:aws:execute-api:us-east-1:123456789012:\(api.id)/*")
        // What was answered may be sent back.
        let again = try await engine.make("PATCH", api.path, Engine.patch(("replace", "/policy", stored)))
        #expect(again["policy"]?.string == stored)
        #expect(try await engine.make("PATCH", api.path, Engine.patch(("replace", "/policy", "")))["policy"] == nil)
    }

    @Test(
        "a policy that is none of a resource is refused, made, changed or imported, and what was there stays",
        arguments: [
            #"{}"#, #"[]"#, #"{"Statement": []}"#, #"{"Statement": [{"Effect": "allow"}]}"#,
            // Nobody is named; somebody who cannot be; and an element that no policy of a resource has.
            #"{"Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]}"#,
            #"{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "dev"}, "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]}"#,
            #"{"Statement": [{"Effect": "Allow", "Principal": {"Who": "*"}, "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]}"#,
            #"{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "Invoke", "Resource": "execute-api:/*"}]}"#,
            #"{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "pets"}]}"#,
            #"{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*", "Condition": {"IsEqual": {"aws:SourceIp": "1.2.3.4"}}}]}"#,
            #"{"Version": "2020-01-01", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}]}"#,
        ])
    func invalidPolicy(_ text: String) async throws {
        let engine = try await Engine()
        let message = "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."
        try await engine.refused("POST", "/restapis", ["name": "b", "policy": .string(text)], message)
        let policy =
            #"{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]}"#
        let api = try await engine.api(["name": "a", "policy": .string(policy)])
        let before = try await engine.make("GET", api.path)
        try await engine.refused("PATCH", api.path, Engine.patch(("replace", "/policy", text)), message)
        #expect(try await engine.make("GET", api.path) == before)
    }

    @Test("an API that is gone or never was is not found by its account and id", arguments: ["GET", "PATCH", "DELETE"])
    func unknown(_ method: String) async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        #expect(try await engine.send("DELETE", api.path).status == 202)
        try await engine.notFound(
            method, api.path, method == "PATCH" ? Engine.patch(("replace", "/name", "a")) : JSONValue?.none,
            "Invalid API identifier specified 123456789012:\(api.id)")
    }
}

@Suite struct TagTests {
    @Test("tags are put, replaced and taken away by ARN, encoded or not")
    func tags() async throws {
        let engine = try await Engine()
        let api = try await engine.api(["name": "a", "tags": ["one": "1"]])
        let encoded = "/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Frestapis%2F\(api.id)"
        let plain = "/tags/arn:aws:apigateway:us-east-1::/restapis/\(api.id)"
        #expect(try await engine.send("PUT", encoded, ["tags": ["one": "2", "two words": "3"]]).status == 204)
        #expect(try await engine.make("GET", plain) == ["tags": ["one": "2", "two words": "3"]])
        #expect(try await engine.send("DELETE", plain + "?tagKeys=one&tagKeys=two%20words").status == 204)
        #expect(try await engine.make("GET", encoded) == ["tags": [:]])
        #expect(try await engine.make("GET", api.path)["tags"] == [:])
    }

    @Test("tags of a stage are the stage's")
    func stageTags() async throws {
        let engine = try await Engine()
        let api = try await engine.mockAPI()
        _ = try await engine.deployment(api, stage: "test")
        let arn = "/tags/arn:aws:apigateway:us-east-1::/restapis/\(api.id)/stages/test"
        try await engine.make("PUT", arn, ["tags": ["a": "b"]])
        #expect(try await engine.make("GET", api.path + "/stages/test")["tags"] == ["a": "b"])
        #expect(try await engine.make("GET", api.path)["tags"] == [:])
    }

    @Test(
        "what has no tags is refused",
        arguments: ["nonsense", "arn:aws:s3:::bucket", "arn:aws:apigateway:us-east-1::/account"])
    func refusals(_ arn: String) async throws {
        let engine = try await Engine()
        #expect(try await engine.send("GET", "/tags/\(arn)").errorType == "BadRequestException")
    }

    @Test("the service's own tag names and too many tags are refused, and nothing is kept")
    func limits() async throws {
        let engine = try await Engine { $0.quotas.tagsPerObject = 1 }
        let api = try await engine.api()
        let arn = "/tags/arn:aws:apigateway:us-east-1::/restapis/\(api.id)"
        #expect(try await engine.send("PUT", arn, ["tags": ["aws:x": "1"]]).status == 400)
        #expect(try await engine.send("PUT", arn, ["tags": ["a": "1", "b": "2"]]).status == 400)
        #expect(try await engine.make("GET", arn) == ["tags": [:]])
    }
}
