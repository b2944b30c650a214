import ControlPlane
import JSON
import Testing

@Suite struct APIKeyTests {
    @Test("a key has a value of its own, disabled unless asked, and shows the value only when asked")
    func create() async throws {
        let engine = try await Engine()
        let made = try await engine.make("POST", "/apikeys", [:])
        let id = try #require(made["id"]?.string)
        let value = try #require(made["value"]?.string)
        #expect(value.utf8.count == 40)
        #expect(
            made == [
                "id": .string(id), "value": .string(value), "enabled": false, "createdDate": 1_767_225_600,
                "lastUpdatedDate": 1_767_225_600, "stageKeys": [],
            ])
        let got = try await engine.make("GET", "/apikeys/\(id)")
        #expect(got["value"] == nil)
        #expect(got["tags"] == [:])
        #expect(got["sequence"] == nil)
        #expect(try await engine.make("GET", "/apikeys/\(id)?includeValue=true")["value"]?.string == value)
        let given = try await engine.make(
            "POST", "/apikeys",
            [
                "name": "n", "description": "d", "customerId": "c", "enabled": true, "tags": ["a": "b"],
                "value": "twenty-characters-xx",
            ])
        #expect(given["value"] == "twenty-characters-xx")
        #expect(given["tags"] == ["a": "b"])
        #expect(given["customerId"] == "c")
        #expect(try await engine.send("POST", "/apikeys", ["name": ""]).body["name"] == nil)
    }

    @Test("what a key cannot be is refused and changes nothing")
    func refusals() async throws {
        let engine = try await Engine { $0.quotas.apiKeys = 1 }
        let long = String(repeating: "a", count: 1025)
        for (body, message) in [
            (["name": .string(long)] as JSONValue, "Invalid API Key name, can be at most 1024 characters."),
            (["value": "nineteen-characters"], "API Key value should be at least 20 characters"),
            (["value": .string(String(long.prefix(129)))], "API Key value should be at most 128 characters"),
            (["value": "twenty characters and a blank"], "API Key value can only have visible ASCII characters"),
            (
                ["stageKeys": [["restApiId": "a", "stageName": "b"]]],
                "Stages of an API key are not supported by this engine. Add the key and the stage to a usage plan."
            ),
        ] { try await engine.refused("POST", "/apikeys", body, message) }
        #expect(try await engine.send("POST", "/apikeys", ["enabled": "true"]).errorType == "SerializationException")
        #expect(try await engine.make("GET", "/apikeys")["item"] == [])
        try await engine.make("POST", "/apikeys", ["value": "twenty-characters-xx"])
        try await engine.refused(
            "POST", "/apikeys", ["value": "twenty-characters-xx"], status: 409, type: "ConflictException",
            "API Key already exists")
        #expect(try await engine.send("POST", "/apikeys", [:]).errorType == "LimitExceededException")
        for (method, path) in [("GET", "/apikeys/x"), ("DELETE", "/apikeys/x")] {
            try await engine.notFound(method, path, "Invalid API Key identifier specified")
        }
        try await engine.notFound(
            "PATCH", "/apikeys/x", Engine.patch(("replace", "/name", "a")), "Invalid API Key identifier specified")
    }

    @Test("keys are listed newest first, by page, by the beginning of their names, by customer")
    func list() async throws {
        let engine = try await Engine()
        for name in ["one", "two", "Two", "three", "twofold"] {
            try await engine.make("POST", "/apikeys", ["name": .string(name), "customerId": .string("\(name.count)")])
        }
        func names(_ query: String) async throws -> [String] {
            let answer = try await engine.make("GET", "/apikeys?\(query)")
            return answer["item"]?.array?.compactMap { $0["name"]?.string } ?? []
        }
        #expect(try await names("") == ["twofold", "three", "Two", "two", "one"])
        #expect(try await names("name=two") == ["twofold", "two"])
        #expect(try await names("name=wo") == [])
        #expect(try await names("customerId=3") == ["Two", "two", "one"])
        let first = try await engine.make("GET", "/apikeys?limit=3&includeValues=true")
        #expect(first["item"]?[0]?["value"] != nil)
        let position = try #require(first["position"]?.string)
        let last = try await engine.make("GET", "/apikeys?limit=3&position=\(position)")
        #expect(last["item"]?.array?.compactMap { $0["name"]?.string } == ["two", "one"])
        #expect(last["item"]?[0]?["value"] == nil)
        #expect(last["position"] == nil)
        for query in ["limit=0", "limit=a", "position=zz"] {
            #expect(try await engine.send("GET", "/apikeys?\(query)").errorType == "BadRequestException")
        }
    }

    @Test("a key is updated by the paths that the service has")
    func update() async throws {
        let engine = try await Engine()
        let id = try #require(try await engine.make("POST", "/apikeys", ["name": "n"])["id"]?.string)
        let path = "/apikeys/\(id)"
        let updated = try await engine.make(
            "PATCH", path,
            Engine.patch(
                ("replace", "/name", "m"), ("replace", "/enabled", "true"), ("replace", "/description", "d"),
                ("replace", "/customerId", "c")))
        #expect(updated["name"] == "m")
        #expect(updated["enabled"] == true)
        #expect(updated["tags"] == [:])
        #expect(updated["value"] == nil)
        try await engine.refused(
            "PATCH", path, Engine.patch(("replace", "/id", "x")),
            "Invalid patch path  '/id' specified for op 'replace'. Must be one of: "
                + "[/description, /enabled, /name, /customerId]")
        try await engine.refused(
            "PATCH", path, Engine.patch(("add", "/name", "x")),
            "Invalid patch path  '/name' specified for op 'add'. Please choose supported operations")
        #expect(
            try await engine.send("PATCH", path, Engine.patch(("add", "/stages", "a/b"))).errorType
                == "BadRequestException")
        #expect(
            try await engine.send("PATCH", path, Engine.patch(("replace", "/enabled", "maybe"))).errorType
                == "BadRequestException")
        #expect(try await engine.make("PATCH", path, Engine.patch(("replace", "/name", "")))["name"] == nil)
        #expect(try await engine.send("DELETE", path).status == 202)
        #expect(try await engine.send("DELETE", path).status == 404)
    }

    @Test("a file of keys is imported whole, with its plans; what cannot be joined is a warning")
    func imported() async throws {
        let engine = try await Engine()
        let plan = try #require(try await engine.make("POST", "/usageplans", ["name": "gold"])["id"]?.string)
        let file = #"""
            Name,key,description,Enabled,usageplanIds\#r
            first, "first-key-of-the-file" ,"with, a comma and ""quotes""",TRUE,"\#(plan),nope"\#r
            second,second-key-of-the-file,,,

            third,third-key-of-the-file
            """#
        let answer = try await engine.send("POST", "/apikeys?mode=import&format=csv", bytes: Array(file.utf8))
        #expect(answer.status == 201)
        let ids = try #require(try answer.body["ids"]?.array?.compactMap(\.string))
        #expect(ids.count == 3)
        #expect(
            try answer.body["warnings"]
                == [.string("API key \(ids[0]) was not added to usage plan nope: Invalid Usage Plan ID specified")])
        let first = try await engine.make("GET", "/apikeys/\(ids[0])?includeValue=true")
        #expect(first["description"] == #"with, a comma and "quotes""#)
        #expect(first["value"] == "first-key-of-the-file")
        #expect(first["enabled"] == true)
        #expect(try await engine.make("GET", "/apikeys/\(ids[1])")["enabled"] == false)
        let members = try await engine.make("GET", "/usageplans/\(plan)/keys")
        #expect(members["item"]?.array?.map { $0["id"] } == [.string(ids[0])])
        let again = try await engine.send("POST", "/apikeys?mode=import&format=csv", bytes: Array(file.utf8))
        #expect(again.errorType == "ConflictException")
        #expect(try await engine.make("GET", "/apikeys")["item"]?.array?.count == 3)
    }

    @Test(
        "a file that is no file of keys is refused by what is wrong with it",
        arguments: [
            ("", "Invalid API key file: it has no header row"),
            ("name\na", "Invalid API key file: the columns 'name' and 'key' are required"),
            ("name,key,colour\n", "Invalid API key file: unknown column 'colour'"),
            ("name,key\na", "Invalid API key file: row 1 has no 'key'"),
            ("name,key\na,b,c", "Invalid API key file: row 1 has more values than there are columns"),
            ("name,key,enabled\na,b,yes", "Invalid API key file: row 1 has 'yes' for 'enabled'"),
            ("name,key\n\"a,b", "Invalid API key file: a quotation mark in row 1 is not closed"),
            ("name,key\na\"b,c", "Invalid API key file: a quotation mark in row 1 is out of place"),
            ("name,key\na,short", "API Key value should be at least 20 characters"),
        ])
    func brokenFile(_ file: String, _ message: String) async throws {
        let engine = try await Engine()
        let answer = try await engine.send("POST", "/apikeys?mode=import&format=csv", bytes: Array(file.utf8))
        #expect(answer.errorType == "BadRequestException")
        #expect(try answer.message == message)
    }

    @Test("an import needs its format, and can be made to fail on warnings")
    func importParameters() async throws {
        let engine = try await Engine()
        #expect(try await engine.send("POST", "/apikeys?mode=import").errorType == "ValidationException")
        try await engine.refused(
            "POST", "/apikeys?mode=import&format=xls", nil, type: "ValidationException",
            "1 validation error detected: Value 'xls' at 'format' failed to satisfy constraint: "
                + "Member must satisfy enum value set: [csv]")
        let file = "name,key,usageplanids\na,a-key-that-is-long-enough,nope"
        let answer = try await engine.send(
            "POST", "/apikeys?mode=import&format=csv&failonwarnings=true", bytes: Array(file.utf8))
        #expect(answer.errorType == "BadRequestException")
        #expect(try await engine.make("GET", "/apikeys")["item"] == [])
    }
}
