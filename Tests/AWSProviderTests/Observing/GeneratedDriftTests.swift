import Diagnostics
import HTTPTypes
import JSON
import Planning
import Resources
import Seeds
import Testing

@testable import AWSProvider

/// An API of all the parts that a definition has, by seed, in normal form.
struct GeneratedAPI {
    private(set) var resources: [DesiredResource] = []
    private var numbers: SeededGenerator
    private let api = Address(.restAPI, "shop")

    init(seed: Int) {
        numbers = SeededGenerator(seed: seed)
        var attributes: JSONObject = [
            "name": "shop", "endpointConfiguration": ["types": [.string(numbers.pick(["REGIONAL", "EDGE"]))]],
        ]
        if numbers.chance(50) { attributes["description"] = "Sells \"things\" \\ and more\nof them" }
        if numbers.chance(30) { attributes["minimumCompressionSize"] = .number(JSONNumber(numbers.pick([0, 1024]))) }
        if numbers.chance(40) { attributes["binaryMediaTypes"] = ["image/png", "application/octet-stream"] }
        if numbers.chance(40) { attributes["tags"] = ["owner": "Ann", "cost/center": "7 %"] }
        if numbers.chance(30) { attributes["apiKeySource"] = "AUTHORIZER" }
        add(api, attributes, [])
        addModels()
        addRoutes()
        addResponses()
        addStages()
    }

    var graph: DesiredGraph {
        Deployments.derived(
            in: DesiredGraph(
                environment: "dev", target: ["engine": [:]], apply: ApplySettings(), resources: resources))
    }

    private mutating func add(_ address: Address, _ document: JSONObject, _ dependencies: [Address]) {
        let form = KindTable.object(address.kind)?.normalForm(of: .object(document)) ?? .object(document)
        resources.append(DesiredResource(address: address, document: form, dependencies: dependencies))
    }

    private mutating func addModels() {
        for name in ["Pet", "Pets"] where numbers.chance(60) {
            add(
                Address(.model, in: "shop", name),
                [
                    "contentType": "application/json",
                    "schema": [
                        "type": "object",
                        "properties": [
                            "price": [
                                "type": "number", "minimum": .number(JSONNumber(0.5)),
                                "maximum": .number(JSONNumber(text: "1e2")),
                            ]
                        ],
                    ],
                ], [api])
        }
        guard numbers.chance(50) else { return }
        add(
            Address(.requestValidator, in: "shop", "all"),
            ["validateRequestBody": .bool(numbers.chance(50)), "validateRequestParameters": true], [api])
    }

    private mutating func addRoutes() {
        add(Address(.resource, in: "shop", "/"), [:], [api])
        for number in 0..<Int.random(in: 1...6, using: &numbers) {
            let path = number % 2 == 0 ? "/r\(number)" : "/r\(number - 1)/{id}"
            let parent = number % 2 == 0 ? "/" : "/r\(number - 1)"
            let resource = Address(.resource, in: "shop", path)
            add(resource, [:], [Address(.resource, in: "shop", parent)])
            for method in ["GET", "POST", "ANY"] where method == "GET" || numbers.chance(30) {
                let document = method == "POST" ? post() : get(path)
                add(Address(.method, in: "shop", "\(method) \(path)"), document, [resource])
            }
        }
    }

    private mutating func get(_ path: String) -> JSONObject {
        var method: JSONObject = [
            "authorizationType": .string(numbers.pick(["NONE", "AWS_IAM"])),
            "apiKeyRequired": .bool(numbers.chance(30)),
        ]
        if numbers.chance(50) {
            method["requestParameters"] = [
                "method.request.querystring.page": .bool(numbers.chance(50)), "method.request.header.X-Trace": false,
            ]
        }
        if numbers.chance(30) { method["operationName"] = .string("Get\(path.utf8.count)") }
        method["integration"] = [
            "type": "HTTP_PROXY", "httpMethod": .string(numbers.pick(["GET", "ANY"])),
            "uri": .string("http://backend.test\(path)"),
            "timeoutInMillis": .number(JSONNumber(numbers.pick([50, 29_000, 3_000]))),
        ]
        return method
    }

    private mutating func post() -> JSONObject {
        [
            "authorizationType": "NONE",
            "methodResponses": [
                "200": ["responseParameters": ["method.response.header.X-A": .bool(numbers.chance(50))]], "404": [:],
            ],
            "integration": [
                "type": "MOCK",
                "passthroughBehavior": .string(numbers.pick(["WHEN_NO_MATCH", "NEVER", "WHEN_NO_TEMPLATES"])),
                "requestTemplates": ["application/json": "{\"statusCode\": 200}\n## \u{E9}\n"],
                "integrationResponses": [
                    "200": ["responseParameters": ["method.response.header.X-A": "'a'"]],
                    "404": ["selectionPattern": "4\\d{2}", "responseTemplates": ["application/json": "$input.body"]],
                ],
            ],
        ]
    }

    private mutating func addResponses() {
        if numbers.chance(40) {
            add(
                Address(.gatewayResponse, in: "shop", "DEFAULT_4XX"),
                ["responseTemplates": ["application/json": "{\"m\": $context.error.messageString}"]], [api])
        }
        if numbers.chance(40) {
            add(
                Address(.documentationPart, in: "shop", "API - - - -"),
                ["properties": ["info": ["title": "Shop", "x": 1]]], [api])
        }
    }

    private mutating func addStages() {
        for name in ["test", "prod"] where name == "test" || numbers.chance(50) {
            var stage: JSONObject = [:]
            if numbers.chance(60) { stage["variables"] = ["tier": "gold", "url": "http://a.test/?x=1&y=~2"] }
            if numbers.chance(40) { stage["description"] = "A stage" }
            if numbers.chance(40) { stage["tracingEnabled"] = true }
            if numbers.chance(40) { stage["tags"] = ["team": "pets"] }
            if numbers.chance(50) {
                stage["methodSettings"] = [
                    "*/*": ["throttlingRateLimit": 100, "throttlingBurstLimit": 7, "metricsEnabled": true],
                    "r0/GET": ["throttlingRateLimit": .number(JSONNumber(12.5)), "loggingLevel": "INFO"],
                ]
            }
            add(Address(.stage, in: "shop", name), stage, [api])
        }
    }
}

@Suite("Drift of generated environments")
struct GeneratedDriftTests {
    @Test("what was applied is no drift, and neither is a second apply of the same", arguments: 0..<200)
    func none(seed: Int) async throws {
        let graph = GeneratedAPI(seed: seed).graph
        var world = try await EngineWorld.make()
        try await world.perform(Planner.plan(desired: graph, recorded: []).changes)
        expectNone(try await report(graph, world))
        let next = GeneratedAPI(seed: seed + 1_000_000).graph
        let recorded = Self.recorded(graph, world)
        try await world.perform(Planner.plan(desired: next, recorded: recorded).changes)
        expectNone(try await report(next, world))
    }

    @Test("where every import is refused, the same definition is made call by call", arguments: 0..<30)
    func withoutImports(seed: Int) async throws {
        let graph = GeneratedAPI(seed: seed).graph
        var world = try await EngineWorld.make(
            isPartial: true,
            fault: { $0.path?.contains("mode=overwrite") == true ? .internalServerError : nil })
        try await world.perform(Planner.plan(desired: graph, recorded: []).changes)
        expectNone(try await report(graph, world))
        let next = GeneratedAPI(seed: seed + 1_000_000).graph
        try await world.perform(Planner.plan(desired: next, recorded: Self.recorded(graph, world)).changes)
        expectNone(try await report(next, world))
    }

    @Test("JSON that another client wrote in another notation is no drift", arguments: 0..<20)
    func notation(seed: Int) async throws {
        let graph = GeneratedAPI(seed: seed).graph
        var world = try await EngineWorld.make()
        try await world.perform(Planner.plan(desired: graph, recorded: []).changes)
        let id = try #require(world.identities[Address(.restAPI, "shop")]?.physicalID)
        func patch(_ path: APIPath, _ place: String, _ value: String) async throws {
            _ = try await world.client.call(
                .patch, path,
                body: ["patchOperations": [["op": "replace", "path": .string(place), "value": .string(value)]]])
        }
        let schema = #"{ "properties": {"price": {"maximum": 100.0, "minimum": 5e-1, "t\u0079pe": "n\u0075mber"}}, "#
        for resource in graph.resources {
            switch resource.address.kind {
            case .model:
                try await patch(
                    APIPath("restapis", id, "models", resource.address.key), "/schema", schema + #""type":"object"}"#)
            case .documentationPart:
                let parts = try await world.client.list(APIPath("restapis", id, "documentation", "parts"))
                try await patch(
                    APIPath("restapis", id, "documentation", "parts", try #require(parts.first?["id"]?.string)),
                    "/properties", #"{"info": {"x": 1.0, "title": "Sh\u006Fp"}}"#)
            case .stage where resource.document["methodSettings"] != nil:
                try await patch(
                    APIPath("restapis", id, "stages", resource.address.key), "/*/*/throttling/rateLimit", "100.0")
            default: break
            }
        }
        expectNone(try await report(graph, world))
    }

    private static func recorded(_ graph: DesiredGraph, _ world: EngineWorld) -> [RecordedObject] {
        graph.resources.map {
            RecordedObject(
                address: $0.address, identity: world.identities[$0.address] ?? Identity(physicalID: $0.address.key),
                document: $0.document, dependencies: $0.dependencies)
        }
    }

    private func report(_ graph: DesiredGraph, _ world: EngineWorld) async throws -> DriftReport {
        let recorded = Self.recorded(graph, world)
        let observation = Observation(
            addresses: recorded.map(\.address), identities: world.identities, roots: ["shop"])
        let survey = try await world.provider.survey(observation)
        var input = DriftInput(
            environment: "dev", recorded: recorded, applied: graph,
            observed: ObservedState(observation, objects: survey.objects),
            today: CivilDate(year: 2026, month: 11, day: 22))
        (input.strangers, input.served) = (survey.strangers, survey.served)
        return DriftReport(input)
    }
}
