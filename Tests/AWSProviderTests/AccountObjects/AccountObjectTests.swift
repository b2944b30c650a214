import HTTPTypes
import JSON
import Planning
import Resources
import Synchronization
import Testing

@testable import AWSProvider

/// Keys, usage plans, links, host names, certificates and the account's settings on the real engine.
@Suite("Objects of the account")
struct AccountObjectTests {
    /// An API with a stage `test`, made by hand.
    static func api(_ world: IdentityWorld) async throws -> String {
        let client = world.engine.client
        let made = try await client.call(.post, APIPath("restapis"), body: ["name": "hand"])
        let id = try #require(made["id"]?.string)
        let root = try #require(made["rootResourceId"]?.string)
        let method = APIPath("restapis", id, "resources", root, "methods", "GET")
        _ = try await client.call(.put, method, body: ["authorizationType": "NONE", "apiKeyRequired": true])
        _ = try await client.call(
            .put, APIPath("restapis", id, "resources", root, "methods", "GET", "integration"), body: ["type": "MOCK"])
        _ = try await client.call(.post, APIPath("restapis", id, "deployments"), body: ["stageName": "test"])
        return id
    }

    private static func key(_ name: String, _ spec: JSONObject = [:]) -> DesiredResource {
        IdentityWorld.object(.apiKey, name, spec)
    }

    private static func domain(_ spec: JSONObject) -> DesiredResource {
        IdentityWorld.object(.domainName, "api.example.com", spec)
    }

    private static func plain(_ kind: ResourceKind, _ name: String, _ spec: JSONObject) -> DesiredResource {
        DesiredResource(
            address: Address(kind, name), document: KindTable.object(kind)?.normalForm(of: .object(spec)) ?? [:])
    }

    private static func plan(_ api: String, _ spec: JSONObject = [:], keys: [String]) -> DesiredResource {
        var document = spec
        document["apiStages"] = [["apiId": .string(api), "stage": "test"]]
        document["keys"] = .array(keys.map { .string("${ApiKey/\($0).id}") })
        return IdentityWorld.object(.usagePlan, "gold", document)
    }

    @Test("a key is made, changed in place, tagged, drifts back and goes")
    func apiKey() async throws {
        var world = try await IdentityWorld.make()
        #expect(try await world.apply([Self.key("one", ["enabled": true, "tags": ["team": "a"]])]) == ["CreateApiKey"])
        #expect(
            try await world.plan([Self.key("one", ["enabled": true, "tags": ["team": "a"]])], refresh: true).isEmpty)
        let id = try #require(world.identities[Address(.apiKey, "one")]?.physicalID)
        let changed = Self.key("one", ["description": "new", "tags": ["team": "b"]])
        #expect(try await world.apply([changed]) == ["UpdateApiKey", "TagApiKey"])
        #expect(try await world.has([changed]))
        try await world.undo()
        #expect(try await world.has([Self.key("one", ["enabled": true, "tags": ["team": "a"]])]))
        world.record([Self.key("one", ["enabled": true, "tags": ["team": "a"]])])
        _ = try await world.engine.client.call(
            .patch, APIPath("apikeys", id),
            body: ["patchOperations": [["op": "replace", "path": "/enabled", "value": "false"]]])
        let drift = try await world.plan(
            [Self.key("one", ["enabled": true, "tags": ["team": "a"]])], refresh: true)
        #expect(drift.changes.first?.reason == "it was changed on the target")
        #expect(drift.changes.first?.visibility == .grant)
        #expect(
            try await world.apply([Self.key("one", ["enabled": true, "tags": ["team": "a"]])], refresh: true) == [
                "UpdateApiKey"
            ])
        let last = try await world.plan([])
        #expect(last.changes.first?.isReversible == false)
        #expect(try await world.apply([]) == ["DeleteApiKey"])
        #expect(try await world.observed([Address(.apiKey, "one")]).isEmpty)
    }

    @Test("a usage plan has its stages, limits and keys in one call each, and goes and comes back as it was")
    func usagePlan() async throws {
        var world = try await IdentityWorld.make()
        let api = try await Self.api(world)
        let keys = ["one", "two"].map { Self.key($0, ["enabled": true]) }
        let gold = Self.plan(
            api, ["throttle": ["rateLimit": 10, "burstLimit": 20], "quota": ["limit": 100, "period": "DAY"]],
            keys: ["one", "two"])
        let made = try await world.apply(keys + [gold])
        #expect(
            made == ["CreateApiKey", "CreateApiKey", "CreateUsagePlan", "CreateUsagePlanKey", "CreateUsagePlanKey"])
        #expect(try await world.plan(keys + [gold], refresh: true).isEmpty)

        var spec: JSONObject = ["throttle": ["rateLimit": 5], "productCode": "p1"]
        spec["description"] = "slower"
        let slower = Self.plan(api, spec, keys: ["two"])
        // What it widens comes before what it narrows.
        #expect(
            try await world.apply(keys + [slower]) == ["UpdateUsagePlan", "UpdateUsagePlan", "DeleteUsagePlanKey"])
        #expect(try await world.has(keys + [slower]))
        try await world.undo()
        #expect(try await world.has(keys + [gold]))

        world.record(keys + [gold])
        #expect(
            try await world.apply(keys) == [
                "UpdateUsagePlan", "DeleteUsagePlanKey", "DeleteUsagePlanKey", "DeleteUsagePlan",
            ])
        try await world.undo()
        #expect(try await world.has(keys + [gold]))
    }

    @Test("limits of single routes come, change and go")
    func routeLimits() async throws {
        var world = try await IdentityWorld.make()
        let api = try await Self.api(world)
        func gold(_ throttle: JSONObject) -> DesiredResource {
            IdentityWorld.object(
                .usagePlan, "gold",
                ["apiStages": [["apiId": .string(api), "stage": "test", "throttle": .object(throttle)]]])
        }
        let first = gold(["/pets/GET": ["rateLimit": 1, "burstLimit": 2], "/GET": ["rateLimit": 3]])
        try await world.apply([first])
        #expect(try await world.plan([first], refresh: true).isEmpty)
        let second = gold(["/pets/GET": ["rateLimit": 4]])
        try await world.apply([second])
        #expect(try await world.plan([second], refresh: true).isEmpty)
        try await world.undo()
        #expect(try await world.has([first]))
    }

    @Test("a host name has its mappings in one call each, and loses them before it goes")
    func domainName() async throws {
        var world = try await IdentityWorld.make()
        let api = try await Self.api(world)
        let first = Self.domain([
            "endpointConfiguration": ["types": ["REGIONAL"]],
            "basePathMappings": ["(none)": ["restApiId": .string(api), "stage": "test"]],
        ])
        #expect(try await world.apply([first]) == ["CreateDomainName", "PutBasePathMapping"])
        #expect(try await world.plan([first], refresh: true).isEmpty)
        let attributes = world.identities[first.address]?.attributes ?? [:]
        #expect(attributes["regionalDomainName"]?.hasSuffix(".amazonaws.com") == true)
        let second = Self.domain([
            "endpointConfiguration": ["types": ["REGIONAL"]], "securityPolicy": "TLS_1_0", "tags": ["a": "b"],
            "basePathMappings": ["v1": ["restApiId": .string(api)], "(none)": ["restApiId": .string(api)]],
        ])
        try await world.apply([second])
        #expect(try await world.plan([second], refresh: true).isEmpty)
        try await world.undo()
        #expect(try await world.has([first]))
        world.record([first])
        #expect(try await world.apply([]) == ["DeleteBasePathMapping", "DeleteDomainName"])
    }

    @Test("a host name without a recorded id is the one of that name")
    func naturalKey() async throws {
        var world = try await IdentityWorld.make()
        try await world.apply([Self.domain([:])])
        let found = try await world.engine.provider.observe(
            Observation(addresses: [Address(.domainName, "api.example.com")]))
        #expect(found.count == 1)
    }

    @Test("the settings of the account are put back to nothing, and that is undone")
    func account() async throws {
        var world = try await IdentityWorld.make()
        let settings = Self.plain(
            .account, "settings", ["cloudwatchRoleArn": "arn:aws:iam::123456789012:role/apigw-logs"])
        #expect(try await world.apply([settings]) == ["UpdateAccount"])
        #expect(try await world.plan([settings], refresh: true).isEmpty)
        #expect(try await world.apply([]) == ["UpdateAccount"])
        #expect(try await world.observed([settings.address]).isEmpty)
        try await world.undo()
        #expect(try await world.has([settings]))
    }

    @Test("a certificate is made by the service, described, and goes for good")
    func clientCertificate() async throws {
        var world = try await IdentityWorld.make()
        func certificate(_ text: String) -> DesiredResource {
            Self.plain(.clientCertificate, "backends", ["description": .string(text)])
        }
        #expect(try await world.apply([certificate("a")]) == ["CreateClientCertificate"])
        #expect(try await world.apply([certificate("b")]) == ["UpdateClientCertificate"])
        #expect(try await world.plan([certificate("b")], refresh: true).isEmpty)
        #expect(try await world.plan([]).changes.first?.isReversible == false)
        #expect(try await world.apply([]) == ["DeleteClientCertificate"])
    }

    @Test("creates whose replies were lost are found by their tokens, and by their marks without a record")
    func lostCreates() async throws {
        let world = try await IdentityWorld.make()
        let objects = [
            Self.key("one"), IdentityWorld.object(.usagePlan, "gold", [:]),
            Self.plain(.clientCertificate, "backends", [:]),
        ]
        let steps = try world.engine.provider.steps(for: try await world.plan(objects).changes)
        for step in steps {
            let context = world.engine.context(step)
            _ = try await world.engine.provider.perform(step, context)
            let address = step.effects[0].address
            let found = try await world.engine.provider.observe(
                Observation(addresses: [address], tokens: [address: context.token]))
            #expect(found[address] != nil, "\(address)")
            #expect(
                try await world.engine.provider.observe(Observation(addresses: [address], tokens: [address: "other"]))
                    .isEmpty)
        }
        #expect(
            try await world.engine.provider.observe(Observation(addresses: objects.map(\.address))).count
                == objects.count)
        let owned = try await world.engine.provider.owned(of: [.apiKey, .usagePlan, .clientCertificate])
        #expect(owned.count == objects.count)
    }

    @Test("a key that is renamed keeps its id")
    func renamed() async throws {
        var world = try await IdentityWorld.make()
        try await world.apply([Self.key("one")])
        let id = world.identities[Address(.apiKey, "one")]?.physicalID
        let rename = Rename(from: Address(.apiKey, "one"), to: Address(.apiKey, "uno"))
        #expect(try await world.apply([Self.key("uno")], renames: [rename]) == ["UpdateApiKey"])
        #expect(world.identities[Address(.apiKey, "uno")]?.physicalID == id)
        #expect(try await world.has([Self.key("uno")]))
    }
}
