import ControlPlane
import DataPlane
import JSON
import Testing

@Suite struct DeploymentTests {
    @Test("an API that cannot be deployed is refused")
    func refusals() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        try await engine.refused(
            "POST", api.path + "/deployments", [:], "The REST API doesn't contain any methods")
        try await engine.make("PUT", api.methods() + "/GET", ["authorizationType": "NONE"])
        try await engine.refused("POST", api.path + "/deployments", [:], "No integration defined for method")
        #expect(try await engine.make("GET", api.path + "/deployments")["item"] == [])
        try await engine.notFound(
            "POST", "/restapis/x/deployments", [:], "Invalid API identifier specified 123456789012:x")
    }

    @Test("a deployment keeps the definition that it was cut from")
    func snapshot() async throws {
        let engine = try await Engine()
        let api = try await engine.mockAPI()
        let id = try await engine.deployment(api)
        try await engine.make("DELETE", api.methods() + "/GET")
        let deployment = try await engine.make("GET", api.path + "/deployments/\(id)?embed=apisummary")
        #expect(deployment["apiSummary"] == ["/": ["GET": ["authorizationType": "NONE", "apiKeyRequired": false]]])
        #expect(
            try await engine.make("GET", api.path + "/deployments")["item"]
                == [["id": .string(id), "createdDate": .number(JSONNumber(Engine.now))]])
    }

    @Test("a deployment that a stage serves stays")
    func active() async throws {
        let engine = try await Engine()
        let api = try await engine.mockAPI()
        let id = try await engine.deployment(api, stage: "test")
        let path = api.path + "/deployments/\(id)"
        try await engine.refused(
            "DELETE", path, "Active stages pointing to this deployment must be moved or deleted")
        #expect(try await engine.send("DELETE", api.path + "/stages/test").status == 202)
        #expect(try await engine.send("DELETE", path).status == 202)
        try await engine.notFound("GET", path, "Invalid Deployment identifier specified")
    }

    @Test("only the description of a deployment changes")
    func patch() async throws {
        let engine = try await Engine()
        let api = try await engine.mockAPI()
        let path = api.path + "/deployments/" + (try await engine.deployment(api))
        let patched = try await engine.make("PATCH", path, Engine.patch(("replace", "/description", "first")))
        #expect(patched["description"] == "first")
        try await engine.refused("PATCH", path, Engine.patch(("replace", "/id", "x")), "Invalid patch path /id")
    }
}

@Suite struct StageTests {
    @Test("a new stage has the service's defaults")
    func defaults() async throws {
        let engine = try await Engine()
        let api = try await engine.mockAPI()
        let id = try await engine.deployment(api)
        let made = try await engine.make(
            "POST", api.path + "/stages", ["stageName": "test", "deploymentId": .string(id), "variables": ["a": "b"]])
        let now = JSONValue.number(JSONNumber(Engine.now))
        #expect(
            made == [
                "stageName": "test", "deploymentId": .string(id), "cacheClusterEnabled": false,
                "cacheClusterStatus": "NOT_AVAILABLE", "methodSettings": [:], "tracingEnabled": false,
                "createdDate": now, "lastUpdatedDate": now, "variables": ["a": "b"],
            ])
        #expect(try await engine.make("GET", api.path + "/stages") == ["item": [made]])
        #expect(try await engine.make("GET", api.path + "/stages?deploymentId=x") == ["item": []])
    }

    @Test("stages are refused as the service refuses them")
    func refusals() async throws {
        let engine = try await Engine { $0.quotas.stagesPerAPI = 1 }
        let api = try await engine.mockAPI()
        let id = JSONValue.string(try await engine.deployment(api))
        let stages = api.path + "/stages"
        try await engine.refused(
            "POST", stages, ["stageName": "a", "deploymentId": "x"], "Deployment id does not exist")
        #expect(try await engine.send("POST", stages, ["stageName": "a b", "deploymentId": id]).status == 400)
        try await engine.refused(
            "POST", stages,
            ["stageName": "a", "deploymentId": id, "canarySettings": ["deploymentId": "x", "percentTraffic": 1]],
            "Deployment id does not exist")
        #expect(
            try await engine.send("POST", stages, ["stageName": "a", "deploymentId": id, "variables": ["a-b": "c"]])
                .status
                == 400)
        try await engine.make("POST", stages, ["stageName": "a", "deploymentId": id])
        try await engine.refused(
            "POST", stages, ["stageName": "a", "deploymentId": id], status: 409, type: "ConflictException",
            "Stage already exists")
        try await engine.refused(
            "POST", stages, ["stageName": "b", "deploymentId": id], status: 429, type: "LimitExceededException",
            "Maximum number of stages for this API has been reached. Please contact AWS if you need additional stages.")
        try await engine.notFound("GET", stages + "/b", "Invalid stage identifier specified")
    }

    @Test("the first write to a method's settings makes the whole entry")
    func methodSettings() async throws {
        let engine = try await Engine()
        let api = try await engine.mockAPI()
        _ = try await engine.deployment(api, stage: "test")
        let path = api.path + "/stages/test"
        try await engine.refused(
            "PATCH", path, Engine.patch(("remove", "/*/*", nil)),
            "Cannot remove method setting */* because there is no method setting for this method ")
        var stage = try await engine.make("PATCH", path, Engine.patch(("replace", "/*/*/caching/enabled", "true")))
        #expect(
            stage["methodSettings"]?["*/*"] == [
                "metricsEnabled": false, "dataTraceEnabled": false, "throttlingBurstLimit": 5000,
                "throttlingRateLimit": 10000, "cachingEnabled": true, "cacheTtlInSeconds": 300,
                "cacheDataEncrypted": false, "requireAuthorizationForCacheControl": true,
                "unauthorizedCacheControlHeaderStrategy": "SUCCEED_WITH_RESPONSE_HEADER",
            ])
        #expect(stage["methodSettings"]?["*/*"]?["throttlingRateLimit"]?.number?.text == "10000.0")
        stage = try await engine.make(
            "PATCH", path,
            Engine.patch(
                ("replace", "/test/GET/throttling/burstLimit", "124"), ("replace", "/*/*/caching/enabled", "false"),
                ("replace", "/a~1b/GET/logging/loglevel", "INFO")))
        let settings = stage["methodSettings"]
        #expect(settings?["test/GET"]?["cachingEnabled"] == true)
        #expect(settings?["test/GET"]?["throttlingBurstLimit"] == 124)
        #expect(settings?["*/*"]?["cachingEnabled"] == false)
        #expect(settings?["a~1b/GET"]?["cachingEnabled"] == false)
        #expect(settings?["a~1b/GET"]?["loggingLevel"] == "INFO")
        stage = try await engine.make(
            "PATCH", path,
            Engine.patch(("remove", "/*/*", nil), ("remove", "/test/GET", nil), ("remove", "/a~1b/GET", nil)))
        #expect(stage["methodSettings"] == [:])
    }

    @Test(
        "an unknown path of a stage is refused with the service's list",
        arguments: ["/documentation_version", "/tags/a", "/*/*/throttling/nope", "/nope"])
    func unknownPaths(_ path: String) async throws {
        let engine = try await Engine()
        let api = try await engine.mockAPI()
        _ = try await engine.deployment(api, stage: "test")
        let method = "/{resourcePath}/{httpMethod}/"
        let caching = [
            "enabled", "dataEncrypted", "requireAuthorizationForCacheControl", "unauthorizedCacheControlHeaderStrategy",
        ]
        let list =
            "/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings, "
            + "/accessLogSettings/destinationArn, /accessLogSettings/format, \(method)metrics/enabled, \(method)logging/dataTrace, "
            + "\(method)logging/loglevel, \(method)throttling/burstLimit\(method)throttling/rateLimit\(method)caching/ttlInSeconds, "
            + caching.map { "\(method)caching/\($0), " }.joined()
            + "/*/*/metrics/enabled, /*/*/logging/dataTrace, /*/*/logging/loglevel, "
            + "/*/*/throttling/burstLimit /*/*/throttling/rateLimit /*/*/caching/ttlInSeconds, "
            + caching.map { "/*/*/caching/\($0), " }.joined() + "/variables/{variable_name}, /tracingEnabled"
        try await engine.refused(
            "PATCH", api.path + "/stages/test", Engine.patch(("replace", path, "x")),
            "Invalid method setting path: \(path). Must be one of: [\(list)]")
    }

    @Test("a canary is made by a deployment and promoted by copies")
    func canary() async throws {
        let engine = try await Engine()
        let api = try await engine.mockAPI()
        let first = try await engine.deployment(api, stage: "test")
        let path = api.path + "/stages/test"
        try await engine.refused(
            "PATCH", path,
            ["patchOperations": [["op": "copy", "from": "/canarySettings/deploymentId", "path": "/deploymentId"]]],
            "Promotion not available. Canary does not exist.")
        let second = try #require(
            try await engine.make(
                "POST", api.path + "/deployments",
                [
                    "stageName": "test",
                    "canarySettings": ["percentTraffic": 50, "stageVariableOverrides": ["a": "new"]],
                ]
            )["id"]?.string)
        var stage = try await engine.make("PATCH", path, Engine.patch(("replace", "/variables/b", "kept")))
        #expect(stage["deploymentId"]?.string == first)
        #expect(
            stage["canarySettings"] == [
                "deploymentId": .string(second), "percentTraffic": 50, "stageVariableOverrides": ["a": "new"],
                "useStageCache": false,
            ])
        #expect(stage["canarySettings"]?["percentTraffic"]?.number?.text == "50.0")
        stage = try await engine.make(
            "PATCH", path,
            [
                "patchOperations": [
                    ["op": "copy", "from": "/canarySettings/deploymentId", "path": "/deploymentId"],
                    ["op": "copy", "from": "/canarySettings/stageVariableOverrides", "path": "/variables"],
                ]
            ])
        #expect(stage["deploymentId"]?.string == second)
        #expect(stage["variables"] == ["a": "new", "b": "kept"])
        #expect(stage["canarySettings"] != nil)
        try await engine.refused(
            "PATCH", path, ["patchOperations": [["op": "copy", "from": "/a", "path": "/b"]]],
            "Invalid copy operation with path: /b and from /a. Valid copy:path are [/deploymentId, /variables] and valid copy:from are [/canarySettings/deploymentId, /canarySettings/stageVariableOverrides]"
        )
        stage = try await engine.make("PATCH", path, Engine.patch(("remove", "/canarySettings", nil)))
        #expect(stage["canarySettings"] == nil)
        stage = try await engine.make(
            "PATCH", path, Engine.patch(("replace", "/canarySettings/percentTraffic", "12.5")))
        #expect(stage["canarySettings"]?["deploymentId"]?.string == second)
        #expect(stage["canarySettings"]?["percentTraffic"]?.number?.text == "12.5")
    }

    @Test("what is served follows every write to a stage")
    func publication() async throws {
        let engine = try await Engine()
        let api = try await engine.mockAPI()
        #expect(engine.snapshots.snapshot(apiID: api.id, stageName: "test") == nil)
        let first = try await engine.deployment(api, stage: "test")
        let served = { engine.snapshots.snapshot(apiID: api.id, stageName: "test") }
        #expect(served()?.deploymentID == first)
        let before = served()
        try await engine.make("PATCH", api.path + "/stages/test", Engine.patch(("replace", "/variables/a", "b")))
        #expect(served() !== before)
        #expect(served()?.deploymentID == first)
        let second = try await engine.deployment(api, stage: "test")
        #expect(served()?.deploymentID == second)
        try await engine.make("PATCH", api.path + "/stages/test", Engine.patch(("replace", "/deploymentId", first)))
        #expect(served()?.deploymentID == first)
        let refused = served()
        _ = try await engine.send(
            "PATCH", api.path + "/stages/test", Engine.patch(("replace", "/variables/a", "c"), ("replace", "/nope", ""))
        )
        #expect(served() === refused)
        try await engine.make("DELETE", api.path + "/stages/test")
        #expect(served() == nil)
        _ = try await engine.deployment(api, stage: "test")
        #expect(served() != nil)
        try await engine.make("DELETE", api.path)
        #expect(served() == nil)
    }
}
