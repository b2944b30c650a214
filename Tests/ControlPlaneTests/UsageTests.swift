import ControlPlane
import DataPlane
import JSON
import Testing

@Suite struct UsageTests {
    /// A deployed route that needs a key, a plan of its stage, and a key of the plan.
    private struct World {
        var engine: Engine
        var api: Engine.MadeAPI
        var plan: String
        var key: String
        var value: String

        init(_ engine: Engine, plan: JSONObject = [:]) async throws {
            self.engine = engine
            api = try await engine.mockAPI()
            try await engine.make(
                "PATCH", api.methods() + "/GET", Engine.patch(("replace", "/apiKeyRequired", "true")))
            _ = try await engine.deployment(api, stage: "test")
            var body = plan
            body["name"] = "gold"
            body["apiStages"] = [["apiId": .string(api.id), "stage": "test"]]
            self.plan = try #require(try await engine.make("POST", "/usageplans", .object(body))["id"]?.string)
            let made = try await engine.make("POST", "/apikeys", ["enabled": true])
            key = try #require(made["id"]?.string)
            value = try #require(made["value"]?.string)
            try await engine.make(
                "POST", "/usageplans/\(self.plan)/keys", ["keyId": .string(key), "keyType": "API_KEY"])
        }

        /// The status of a request at the engine's moment, plus so many days.
        func call(_ value: String? = nil, day: Int = 0, in engine: Engine? = nil) throws -> Int {
            let request = ExchangeRequest(
                method: "GET", rest: [], headers: HeaderFields([(name: "x-api-key", value: value ?? self.value)]),
                identity: ExchangeIdentity(
                    high: 0, low: 0, extended: 0, milliseconds: Int64(Engine.now + day * 86_400) * 1000),
                sourceIP: "")
            let snapshots = (engine ?? self.engine).snapshots
            let snapshot = try #require(snapshots.snapshot(apiID: api.id, stageName: "test"))
            var exchange = try #require(snapshot.exchange(for: request))
            switch exchange.open() {
            case .respond(let response): return response.status
            case .fixed: return 200
            case .collect: if case .respond(let response) = exchange.proceed(body: []) { return response.status }
            case .call, .authorize, .fetchKeys: break
            }
            return 0
        }

        func usage(_ query: String = "startDate=2026-01-01&endDate=2026-01-03") async throws -> JSONValue {
            try await engine.make("GET", "/usageplans/\(plan)/usage?\(query)")
        }
    }

    @Test("every change of keys and plans counts on the data plane at once")
    func enforced() async throws {
        let world = try await World(try await Engine())
        let engine = world.engine
        #expect(try world.call() == 200)
        #expect(try world.call("somebody-elses-key-value") == 403)
        try await engine.make("PATCH", "/apikeys/\(world.key)", Engine.patch(("replace", "/enabled", "false")))
        #expect(try world.call() == 403)
        try await engine.make("PATCH", "/apikeys/\(world.key)", Engine.patch(("replace", "/enabled", "true")))
        #expect(try world.call() == 200)
        let stage = "\(world.api.id):test"
        try await engine.make("PATCH", "/usageplans/\(world.plan)", Engine.patch(("remove", "/apiStages", stage)))
        #expect(try world.call() == 403)
        try await engine.make(
            "PATCH", "/usageplans/\(world.plan)",
            Engine.patch(
                ("add", "/apiStages", stage), ("add", "/apiStages/\(stage)/throttle/GET/rateLimit", "0"),
                ("add", "/apiStages/\(stage)/throttle/GET/burstLimit", "1")))
        #expect(try world.call() == 200)
        #expect(try world.call() == 429)
        try await engine.make("DELETE", "/usageplans/\(world.plan)/keys/\(world.key)")
        #expect(try world.call() == 403)
        try await engine.make(
            "POST", "/usageplans/\(world.plan)/keys", ["keyId": .string(world.key), "keyType": "API_KEY"])
        #expect(try world.call() == 200)
        try await engine.make("DELETE", "/apikeys/\(world.key)")
        #expect(try world.call() == 403)
    }

    @Test("usage is told by day, and what remains can be set for the period")
    func report() async throws {
        let world = try await World(try await Engine(), plan: ["quota": ["limit": 3, "period": "DAY"]])
        #expect(try [0, 0, 1, 1, 1, 1].map { try world.call(day: $0) } == [200, 200, 200, 200, 200, 429])
        #expect(
            try await world.usage() == [
                "usagePlanId": .string(world.plan), "startDate": "2026-01-01", "endDate": "2026-01-03",
                "values": .object(JSONObject([(world.key, [[2, 1], [3, 0], [0, 3]] as JSONValue)])),
            ])
        let path = "/usageplans/\(world.plan)/keys/\(world.key)/usage"
        let set = try await world.engine.make("PATCH", path, Engine.patch(("replace", "/remaining", "5")))
        #expect(set["startDate"] == "2026-01-01")
        #expect(set["values"]?[world.key]?[0]?[1] != nil)
        for (query, type) in [
            ("startDate=2026-01-01", "BadRequestException"), ("endDate=2026-01-01", "BadRequestException"),
            ("startDate=2026-01-02&endDate=2026-01-01", "BadRequestException"),
            ("startDate=2026-02-30&endDate=2026-03-01", "BadRequestException"),
            ("startDate=0001-01-01&endDate=9999-12-31", "BadRequestException"),
            ("startDate=2026-01-01&endDate=2026-01-01&keyId=nope", "NotFoundException"),
        ] {
            let answer = try await world.engine.send("GET", "/usageplans/\(world.plan)/usage?\(query)")
            #expect(answer.errorType == type, "\(query)")
        }
        try await world.engine.notFound(
            "GET", "/usageplans/x/usage?startDate=2026-01-01&endDate=2026-01-01", "Invalid Usage Plan ID specified")
        try await world.engine.refused(
            "PATCH", path, Engine.patch(("replace", "/used", "5")), "Invalid patch path /used")
        for value in ["-1", "a", "99999999999"] {
            let answer = try await world.engine.send("PATCH", path, Engine.patch(("replace", "/remaining", value)))
            #expect(answer.errorType == "BadRequestException", "\(value)")
        }
        try await world.engine.notFound(
            "PATCH", "/usageplans/\(world.plan)/keys/x/usage", Engine.patch(("replace", "/remaining", "1")),
            "Invalid Usage Plan Key identifier specified")
    }

    @Test("a plan without a quota counts, has nothing to set, and says -1 for what remains")
    func noQuota() async throws {
        let world = try await World(try await Engine())
        #expect(try world.call() == 200)
        #expect(try await world.usage("startDate=2026-01-01&endDate=2026-01-01")["values"]?[world.key] == [[1, -1]])
        let answer = try await world.engine.send(
            "PATCH", "/usageplans/\(world.plan)/keys/\(world.key)/usage",
            Engine.patch(("replace", "/remaining", "1")))
        #expect(answer.errorType == "BadRequestException")
    }

    @Test("keys and certificates hide their secrets in the database, which open with the same sealing key alone")
    func sealed() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/engine.db"
        let key = [UInt8](repeating: 7, count: 32)
        var engine = try await Engine(database: file, configure: { $0.sealingKey = key })
        let value = "a-value-that-nobody-may-read-in-the-file"
        try await engine.make("POST", "/apikeys", ["value": .string(value)])
        try await engine.make("POST", "/clientcertificates", [:])
        let before = try await engine.make("GET", "/apikeys?includeValues=true")
        await engine.plane.close()
        for text in [value, "PRIVATE KEY"] {
            let found = try await Client.run("grep", "-rc", "-a", text, folder.path)
            #expect(!found.output.isEmpty)
            #expect(found.output.split(separator: "\n").allSatisfy { $0.hasSuffix(":0") }, "\(found.output)")
        }
        engine = try await Engine(database: file, configure: { $0.sealingKey = key })
        #expect(try await engine.make("GET", "/apikeys?includeValues=true") == before)
        await engine.plane.close()
        let failure = await #expect(throws: EngineFailure.self) {
            _ = try await Engine(database: file, configure: { $0.sealingKey = [UInt8](repeating: 8, count: 32) })
        }
        #expect(failure?.code == .sealingKeyWrong)
    }

    @Test("secrets that were written before there was a sealing key are sealed at the next start, and open after it")
    func sealedLater() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/engine.db"
        func readable() async throws -> Bool {
            let found = try await Client.run("grep", "-rc", "-a", "PRIVATE KEY", folder.path)
            return !found.output.split(separator: "\n").allSatisfy { $0.hasSuffix(":0") }
        }
        var engine = try await Engine(database: file, configure: { $0.sealingKey = nil })
        let made = try await engine.make("POST", "/clientcertificates", [:])
        await engine.plane.close()
        #expect(try await readable())
        let key = [UInt8](repeating: 7, count: 32)
        for _ in 0..<2 {
            engine = try await Engine(database: file, configure: { $0.sealingKey = key })
            #expect(try await engine.make("GET", "/clientcertificates")["item"] == [made])
            await engine.plane.close()
            #expect(try await !readable())
        }
        let failure = await #expect(throws: EngineFailure.self) {
            _ = try await Engine(database: file, configure: { $0.sealingKey = nil })
        }
        #expect(failure?.code == .sealingKeyWrong)
    }

    @Test("keys, plans, members and what was spent outlive a restart; a member that leaves takes its count along")
    func restart() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/engine.db"
        let world = try await World(
            try await Engine(database: file), plan: ["quota": ["limit": 3, "period": "DAY"], "tags": ["a": "b"]])
        #expect(try world.call() == 200)
        #expect(try world.call() == 200)
        let paths = [
            "/apikeys?includeValues=true", "/usageplans", "/usageplans/\(world.plan)/keys",
            "/usageplans/\(world.plan)/usage?startDate=2026-01-01&endDate=2026-01-02",
        ]
        var before: [JSONValue] = []
        for path in paths { before.append(try await world.engine.make("GET", path)) }
        await world.engine.plane.close()

        var engine = try await Engine(database: file)
        for (path, answer) in zip(paths, before) { #expect(try await engine.make("GET", path) == answer) }
        #expect(try world.call(in: engine) == 200)
        #expect(try world.call(in: engine) == 429)
        let later = try await engine.make("POST", "/apikeys", ["name": "later"])
        #expect(try await engine.make("GET", "/apikeys")["item"]?[0]?["id"] == later["id"])
        let member = "/usageplans/\(world.plan)/keys"
        try await engine.make("DELETE", "\(member)/\(world.key)")
        try await engine.make("POST", member, ["keyId": .string(world.key), "keyType": "API_KEY"])
        await engine.plane.close()

        engine = try await Engine(database: file)
        #expect(try world.call(in: engine) == 200)
        await engine.plane.close()
    }
}
