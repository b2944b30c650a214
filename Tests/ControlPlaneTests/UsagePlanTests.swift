import ControlPlane
import JSON
import Testing

@Suite struct UsagePlanTests {
    private let half = JSONValue.number(JSONNumber(text: "0.5"))

    /// A deployed API with the stage `test`.
    private func deployed(_ engine: Engine) async throws -> Engine.MadeAPI {
        let api = try await engine.mockAPI()
        _ = try await engine.deployment(api, stage: "test")
        return api
    }

    private func id(_ made: JSONValue) throws -> String { try #require(made["id"]?.string) }

    @Test("a plan is answered as it was made, rates with a fraction")
    func create() async throws {
        let engine = try await Engine()
        let api = try await deployed(engine)
        let made = try await engine.make(
            "POST", "/usageplans",
            [
                "name": "gold", "description": "d", "throttle": ["rateLimit": 10, "burstLimit": 20],
                "quota": ["limit": 5, "period": "WEEK"],
                "apiStages": [
                    [
                        "apiId": .string(api.id), "stage": "test",
                        "throttle": ["/GET": ["rateLimit": half, "burstLimit": 1]],
                    ]
                ],
            ])
        let plan = try id(made)
        #expect(
            made == [
                "id": .string(plan), "name": "gold", "description": "d",
                "apiStages": [
                    [
                        "apiId": .string(api.id), "stage": "test",
                        "throttle": ["/GET": ["rateLimit": half, "burstLimit": 1]],
                    ]
                ], "throttle": ["burstLimit": 20, "rateLimit": 10],
                "quota": ["limit": 5, "offset": 0, "period": "WEEK"],
            ])
        #expect(
            String(decoding: try await engine.send("GET", "/usageplans/\(plan)").bytes, as: UTF8.self).contains("10.0"))
        #expect(try await engine.make("GET", "/usageplans/\(plan)")["tags"] == [:])
        #expect(try await engine.make("GET", "/usageplans")["item"] == [made])
        #expect(try await engine.make("POST", "/usageplans", ["name": "bare"])["apiStages"] == [])
    }

    @Test("a plan that cannot be is refused, and nothing is left of it")
    func refusals() async throws {
        let engine = try await Engine { $0.quotas.usagePlans = 1 }
        try await engine.refused("POST", "/usageplans", ["name": ""], "Usage Plan name cannot be blank")
        #expect(try await engine.send("POST", "/usageplans", [:]).errorType == "ValidationException")
        let quotas: [(JSONValue, String)] = [
            (["limit": 1, "period": "DAY", "offset": 1], "Usage Plan quota offset must be zero in the DAY period"),
            (
                ["limit": 1, "period": "WEEK", "offset": 7],
                "Usage Plan quota offset must be between zero and six inclusive in the WEEK period"
            ),
            (
                ["limit": 1, "period": "MONTH", "offset": 28],
                "Usage Plan quota offset must be between zero and 27 inclusive in the MONTH period"
            ),
            (["limit": 0, "period": "DAY"], "Usage Plan quota limit must be greater than zero"),
            (["period": "DAY"], "Usage Plan quota limit must be greater than zero"),
            (["limit": 1], "Usage Plan quota period must be one of: [DAY, WEEK, MONTH]"),
        ]
        for (quota, message) in quotas {
            try await engine.refused("POST", "/usageplans", ["name": "a", "quota": quota], message)
        }
        #expect(
            try await engine.send("POST", "/usageplans", ["name": "a", "quota": ["limit": 1, "period": "YEAR"]])
                .errorType == "ValidationException")
        #expect(
            try await engine.send("POST", "/usageplans", ["name": "a", "throttle": ["rateLimit": -1]]).errorType
                == "BadRequestException")
        let unknown = try await engine.send(
            "POST", "/usageplans", ["name": "a", "apiStages": [["apiId": "x", "stage": "y"]]])
        #expect(unknown.status == 404)
        #expect(try unknown.message?.hasPrefix("Invalid API Stage {api: x, stage: y} specified for usageplan ") == true)
        #expect(try await engine.make("GET", "/usageplans")["item"] == [])
        try await engine.make("POST", "/usageplans", ["name": "a"])
        #expect(try await engine.send("POST", "/usageplans", ["name": "b"]).errorType == "LimitExceededException")
    }

    @Test("a plan is updated by the paths that the service has")
    func update() async throws {
        let engine = try await Engine()
        let api = try await deployed(engine)
        let plan = "/usageplans/" + (try id(try await engine.make("POST", "/usageplans", ["name": "a"])))
        let stage = "/apiStages/\(api.id):test"
        let updated = try await engine.make(
            "PATCH", plan,
            Engine.patch(
                ("replace", "/name", "b"), ("replace", "/description", "d"), ("replace", "/productCode", "p"),
                ("add", "/apiStages", "\(api.id):test"), ("add", "/quota/limit", "7"), ("add", "/quota/offset", "2"),
                ("add", "/quota/period", "MONTH"), ("replace", "/throttle/rateLimit", "1.5"),
                ("replace", "/throttle/burstLimit", "3"),
                ("replace", stage + "/throttle//pets/{id}/GET/rateLimit", "4"),
                ("add", stage + "/throttle/~1/POST", #"{"burstLimit": 2}"#)))
        #expect(
            updated["apiStages"] == [
                [
                    "apiId": .string(api.id), "stage": "test",
                    "throttle": ["/pets/{id}/GET": ["rateLimit": 4], "/POST": ["burstLimit": 2]],
                ]
            ])
        #expect(updated["quota"] == ["offset": 2, "limit": 7, "period": "MONTH"])
        #expect(updated["throttle"] == ["rateLimit": .number(JSONNumber(text: "1.5")), "burstLimit": 3])
        #expect(updated["productCode"] == "p")
        let bare = try await engine.make(
            "PATCH", plan,
            Engine.patch(
                ("remove", "/quota", nil), ("remove", "/throttle", nil),
                ("remove", stage + "/throttle/pets~1{id}/GET", nil),
                ("remove", stage + "/throttle/POST", nil)))
        #expect(bare["quota"] == nil)
        #expect(bare["throttle"] == nil)
        #expect(bare["apiStages"] == [["apiId": .string(api.id), "stage": "test"]])
        #expect(
            try await engine.make("PATCH", plan, Engine.patch(("remove", "/apiStages", "\(api.id):test")))["apiStages"]
                == [])
    }

    @Test("a patch that a plan cannot take is refused in the words of the service")
    func badPatches() async throws {
        let engine = try await Engine()
        let api = try await deployed(engine)
        let id = try id(try await engine.make("POST", "/usageplans", ["name": "a"]))
        let plan = "/usageplans/\(id)"
        for value in [nil, "", "x", "x:", ":y", "a:b:c"] {
            try await engine.refused(
                "PATCH", plan, Engine.patch(("add", "/apiStages", value)), "Invalid API Stage specified")
        }
        for (value, shown) in [("x:test", "{api: x, stage: test}"), ("\(api.id):no", "{api: \(api.id), stage: no}")] {
            for op in ["add", "remove"] {
                try await engine.notFound(
                    "PATCH", plan, Engine.patch((op, "/apiStages", value)),
                    "Invalid API Stage \(shown) specified for usageplan \(id)")
            }
        }
        try await engine.notFound(
            "PATCH", "/usageplans/x", Engine.patch(("replace", "/name", "a")), "Invalid Usage Plan ID specified")
        for path in [
            "/", "/id", "/quota/colour", "/throttle/colour", "/apiStages/a:b", "/quota/limit/x",
        ] {
            try await engine.refused("PATCH", plan, Engine.patch(("replace", path, "1")), "Invalid patch path \(path)")
        }
        for (path, value) in [
            ("/quota/limit", "a"), ("/throttle/rateLimit", "nan"), ("/throttle/burstLimit", "1.5"),
            ("/throttle/rateLimit", "-1"), ("/throttle/burstLimit", "99999999999"), ("/quota/limit", "99999999999"),
        ] {
            let answer = try await engine.send("PATCH", plan, Engine.patch(("replace", path, value)))
            #expect(answer.errorType == "BadRequestException", "\(path) \(value)")
        }
        try await engine.make("PATCH", plan, Engine.patch(("add", "/apiStages", "\(api.id):test")))
        #expect(
            try await engine.send("PATCH", plan, Engine.patch(("add", "/apiStages", "\(api.id):test"))).errorType
                == "ConflictException")
        try await engine.refused(
            "PATCH", plan, Engine.patch(("add", "/apiStages/\(api.id):test/throttle/pets/FETCH", "{}")),
            "Invalid patch path /apiStages/\(api.id):test/throttle/pets/FETCH")
        let broken = try await engine.send(
            "PATCH", plan, Engine.patch(("add", "/apiStages/\(api.id):test/throttle/pets/GET", "{")))
        #expect(broken.errorType == "BadRequestException")
    }

    @Test("keys join and leave plans; a key is in one plan of a stage at most; a deleted key leaves")
    func members() async throws {
        let engine = try await Engine()
        let api = try await deployed(engine)
        let stages: JSONValue = [["apiId": .string(api.id), "stage": "test"]]
        let gold = try id(try await engine.make("POST", "/usageplans", ["name": "gold", "apiStages": stages]))
        let silver = try id(try await engine.make("POST", "/usageplans", ["name": "silver"]))
        var keys: [String] = []
        for name in ["first", "second"] {
            keys.append(try id(try await engine.make("POST", "/apikeys", ["name": .string(name)])))
        }
        func body(_ key: String, _ type: String = "API_KEY") -> JSONValue {
            ["keyId": .string(key), "keyType": .string(type)]
        }
        let made = try await engine.send("POST", "/usageplans/\(gold)/keys", body(keys[0]))
        #expect(made.status == 201)
        #expect(try made.body["type"] == "API_KEY")
        #expect(try made.body["name"] == "first")
        #expect(try made.body["value"]?.string?.utf8.count == 40)
        try await engine.make("POST", "/usageplans/\(gold)/keys", body(keys[1]))
        try await engine.make("POST", "/usageplans/\(silver)/keys", body(keys[1]))
        func names(_ path: String) async throws -> [String] {
            try await engine.make("GET", path)["item"]?.array?.compactMap { $0["name"]?.string } ?? []
        }
        #expect(try await names("/usageplans/\(gold)/keys") == ["second", "first"])
        #expect(try await names("/usageplans/\(gold)/keys?name=fir") == ["first"])
        #expect(try await names("/usageplans/nope/keys") == [])
        #expect(Set(try await names("/usageplans?keyId=\(keys[1])")) == ["gold", "silver"])
        #expect(try await engine.make("GET", "/usageplans/\(gold)/keys/\(keys[0])") == made.body)
        for (plan, key, error) in [
            (gold, keys[0], "ConflictException"), ("nope", keys[0], "NotFoundException"),
            (gold, "nope", "NotFoundException"),
        ] {
            #expect(try await engine.send("POST", "/usageplans/\(plan)/keys", body(key)).errorType == error)
        }
        #expect(
            try await engine.send("POST", "/usageplans/\(gold)/keys", body(keys[0], "OTHER")).errorType
                == "BadRequestException")
        let twice = "This API key is already subscribed to a plan with a restapi and stage that this plan has"
        try await engine.refused(
            "PATCH", "/usageplans/\(silver)", Engine.patch(("add", "/apiStages", "\(api.id):test")), status: 409,
            type: "ConflictException", twice)
        try await engine.make("DELETE", "/usageplans/\(silver)/keys/\(keys[1])")
        try await engine.make("PATCH", "/usageplans/\(silver)", Engine.patch(("add", "/apiStages", "\(api.id):test")))
        try await engine.refused(
            "POST", "/usageplans/\(silver)/keys", body(keys[1]), status: 409, type: "ConflictException", twice)
        try await engine.make("DELETE", "/apikeys/\(keys[0])")
        #expect(try await names("/usageplans/\(gold)/keys") == ["second"])
        try await engine.notFound(
            "GET", "/usageplans/\(gold)/keys/\(keys[0])", "Invalid Usage Plan Key identifier specified")
        try await engine.notFound("DELETE", "/usageplans/nope/keys/\(keys[1])", "Invalid Usage Plan ID specified")
    }

    @Test("a plan with stages stays; a stage or API that goes leaves its plans")
    func deletes() async throws {
        let engine = try await Engine()
        let api = try await deployed(engine)
        try await engine.make(
            "POST", api.path + "/stages",
            ["stageName": "other", "deploymentId": .string(try await engine.deployment(api))])
        let plan = try id(
            try await engine.make(
                "POST", "/usageplans",
                [
                    "name": "a",
                    "apiStages": [
                        ["apiId": .string(api.id), "stage": "test"], ["apiId": .string(api.id), "stage": "other"],
                    ],
                ]))
        try await engine.refused(
            "DELETE", "/usageplans/\(plan)",
            "Cannot delete Usage Plan \(plan) because there are API Stages associated with it. "
                + "Please disassociate these API Stages before deleting this Usage Plan.")
        try await engine.make("DELETE", api.path + "/stages/test")
        #expect(
            try await engine.make("GET", "/usageplans/\(plan)")["apiStages"]
                == [["apiId": .string(api.id), "stage": "other"]])
        try await engine.make("DELETE", api.path)
        #expect(try await engine.make("GET", "/usageplans/\(plan)")["apiStages"] == [])
        #expect(try await engine.send("DELETE", "/usageplans/\(plan)").status == 202)
        #expect(try await engine.send("DELETE", "/usageplans/\(plan)").status == 404)
    }

    @Test("keys and plans have tags by ARN")
    func tags() async throws {
        let engine = try await Engine()
        let key = try id(try await engine.make("POST", "/apikeys", [:]))
        let plan = try id(try await engine.make("POST", "/usageplans", ["name": "a"]))
        for path in ["/apikeys/\(key)", "/usageplans/\(plan)"] {
            let arn = "/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A" + path.replacing("/", with: "%2F")
            #expect(try await engine.send("PUT", arn, ["tags": ["a": "b", "c": "d"]]).status == 204)
            try await engine.make("DELETE", arn + "?tagKeys=a")
            #expect(try await engine.make("GET", arn)["tags"] == ["c": "d"])
            #expect(try await engine.make("GET", path)["tags"] == ["c": "d"])
            #expect(try await engine.send("GET", arn + "x").status == 404)
        }
    }
}
