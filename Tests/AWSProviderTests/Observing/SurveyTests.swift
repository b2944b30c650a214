import Diagnostics
import HTTPTypes
import JSON
import Planning
import Resources
import SigV4
import Synchronization
import Testing

@testable import AWSProvider

func expectNone(_ report: DriftReport, location: SourceLocation = #_sourceLocation) {
    #expect(report.isEmpty, "\(report.text())", sourceLocation: location)
}

@Suite("Surveys of the engine")
struct SurveyTests {
    static let api = Address(.restAPI, "shop")
    static let stage = Address(.stage, in: "shop", "test")
    static let get = Address(.method, in: "shop", "GET /r1")

    /// An API of so many resources with a method each, and a stage.
    static func graph(_ count: Int) -> DesiredGraph {
        var resources = [
            DesiredResource(
                address: api, document: ["name": "shop", "endpointConfiguration": ["types": ["REGIONAL"]]]),
            DesiredResource(address: Address(.resource, in: "shop", "/"), document: [:], dependencies: [api]),
            DesiredResource(address: stage, document: ["variables": ["tier": "gold"]], dependencies: [api]),
        ]
        for number in 1..<count {
            let resource = Address(.resource, in: "shop", "/r\(number)")
            resources.append(DesiredResource(address: resource, document: [:], dependencies: [api]))
            resources.append(
                DesiredResource(
                    address: Address(.method, in: "shop", "GET /r\(number)"),
                    document: ["authorizationType": "AWS_IAM", "integration": ["type": "MOCK"]],
                    dependencies: [resource]))
        }
        return Deployments.derived(
            in: DesiredGraph(environment: "dev", target: ["engine": [:]], apply: ApplySettings(), resources: resources))
    }

    /// The engine with that graph applied, and what is recorded of it.
    struct Applied {
        var world: EngineWorld
        let graph: DesiredGraph
        var recorded: [RecordedObject]
        let id: String

        static func make(
            _ count: Int, fault: @escaping @Sendable (HTTPRequest) -> HTTPResponse.Status? = { _ in nil }
        ) async throws -> Applied {
            var world = try await EngineWorld.make(fault: fault)
            let graph = SurveyTests.graph(count)
            try await world.perform(Planner.plan(desired: graph, recorded: []).changes)
            let recorded = try graph.resources.map {
                RecordedObject(
                    address: $0.address, identity: try #require(world.identities[$0.address]), document: $0.document,
                    dependencies: $0.dependencies)
            }
            let id = try #require(world.identities[SurveyTests.api]?.physicalID)
            return Applied(world: world, graph: graph, recorded: recorded, id: id)
        }

        func survey() async throws -> TargetSurvey { try await world.provider.survey(observation) }

        var observation: Observation {
            Observation(
                addresses: recorded.map(\.address),
                identities: Dictionary(uniqueKeysWithValues: recorded.map { ($0.address, $0.identity) }),
                roots: ["shop"])
        }

        func report() async throws -> DriftReport {
            let survey = try await survey()
            var input = DriftInput(
                environment: "dev", recorded: recorded, applied: graph,
                observed: ObservedState(observation, objects: survey.objects),
                today: CivilDate(year: 2026, month: 11, day: 22))
            (input.strangers, input.served) = (survey.strangers, survey.served)
            return DriftReport(input)
        }

        /// A call of somebody else.
        @discardableResult
        func call(_ method: HTTPRequest.Method, _ path: APIPath, _ body: JSONValue? = nil) async throws -> JSONValue {
            try await world.client.call(method, path, body: body)
        }

        func patch(_ path: APIPath, _ operation: String, _ place: String, _ value: String? = nil) async throws {
            var patch: JSONObject = ["op": .string(operation), "path": .string(place)]
            patch["value"] = value.map { .string($0) }
            try await call(.patch, path, ["patchOperations": [.object(patch)]])
        }

        func resourceID(_ path: String) async throws -> String {
            let items = try await world.client.list(APIPath("restapis", id, "resources"))
            return try #require(items.first { $0["path"]?.string == path }?["id"]?.string)
        }

        var root: APIPath { APIPath("restapis", id) }
        var stagePath: APIPath { APIPath("restapis", id, "stages", "test") }
    }

    // MARK: Calls

    @Test("an API of 300 resources takes eleven calls, all of which read")
    func calls() async throws {
        let seen = Mutex<[String]>([])
        let applied = try await Applied.make(300) { request in
            seen.withLock { $0.append("\(request.method) \(request.path?.split(separator: "?").first ?? "")") }
            return nil
        }
        seen.withLock { $0 = [] }
        let survey = try await applied.survey()
        #expect(survey.callsCount == 11)
        #expect(survey.objects.count == 300 + 299 + 3)
        let calls = seen.withLock(\.self)
        #expect(calls.allSatisfy { $0.hasPrefix("GET ") })
        let deployment = try #require(survey.served.values.first?.deploymentID)
        #expect(
            calls.map { $0.replacing(applied.id, with: "API").replacing(deployment, with: "ID") } == [
                "GET /restapis", "GET /restapis/API/requestvalidators", "GET /restapis/API/authorizers",
                "GET /restapis/API/models", "GET /restapis/API/gatewayresponses",
                "GET /restapis/API/documentation/parts", "GET /restapis/API/resources",
                "GET /restapis/API/documentation/versions", "GET /restapis/API/deployments", "GET /restapis/API/stages",
                "GET /restapis/API/deployments/ID",
            ])
    }

    @Test("a throttled survey is tried again and its tries are counted, one that stays throttled fails")
    func throttled() async throws {
        let left = Mutex(0)
        let applied = try await Applied.make(3) { _ in
            left.withLock { left in
                guard left > 0 else { return nil }
                left -= 1
                return .tooManyRequests
            }
        }
        left.withLock { $0 = 3 }
        #expect(try await applied.survey().callsCount == 14)
        left.withLock { $0 = .max }
        let failure = await #expect(throws: ProviderFailure.self) { try await applied.survey() }
        #expect(failure?.code == .throttled)
    }

    @Test(
        "a target that goes down in the middle, or refuses, fails the survey: half a target is no drift",
        arguments: ["models", "stages", "apisummary"])
    func down(_ part: String) async throws {
        let isDown = Mutex(false)
        let applied = try await Applied.make(3) { request in
            isDown.withLock(\.self) && request.path?.contains(part) == true ? .forbidden : nil
        }
        isDown.withLock { $0 = true }
        let failure = await #expect(throws: ProviderFailure.self) { try await applied.survey() }
        #expect(failure?.code == .unauthorized)
    }

    // MARK: Drift

    @Test("what was applied is no drift, whatever the size", arguments: [2, 3, 30])
    func none(_ count: Int) async throws {
        let applied = try await Applied.make(count)
        let report = try await applied.report()
        #expect(report.isEmpty, "\(report.text())")
    }

    @Test("the same values in another notation are no drift")
    func notation() async throws {
        let applied = try await Applied.make(3)
        try await applied.patch(applied.stagePath, "replace", "/variables/tier", "gold")
        try await applied.patch(applied.stagePath, "replace", "/tracingEnabled", "false")
        try await applied.patch(applied.stagePath, "replace", "/*/*/throttling/rateLimit", "10000.0")
        try await applied.patch(applied.stagePath, "replace", "/*/*/throttling/burstLimit", "5000")
        expectNone(try await applied.report())
    }

    @Test("a changed variable is functional, a tag cosmetic, a route that opens access widening")
    func classes() async throws {
        let applied = try await Applied.make(3)
        try await applied.patch(applied.stagePath, "replace", "/variables/tier", "lead")
        try await applied.patch(applied.root, "replace", "/description", "by hand")
        let resource = try await applied.resourceID("/r1")
        try await applied.patch(
            APIPath("restapis", applied.id, "resources", resource, "methods", "GET"), "replace", "/authorizationType",
            "NONE")
        let report = try await applied.report()
        #expect(report.lines.map(\.address) == [Self.get, Self.stage, Self.api])
        #expect(report.lines.map(\.driftClass) == [.accessWidening, .functional, .cosmetic])
    }

    @Test("a resource, a method, a stage and an API that nobody declared are told")
    func undeclared() async throws {
        let applied = try await Applied.make(3)
        let parent = try await applied.resourceID("/")
        let made = try await applied.call(
            .post, APIPath("restapis", applied.id, "resources", parent), ["pathPart": "byhand"])
        let resource = try #require(made["id"]?.string)
        try await applied.call(
            .put, APIPath("restapis", applied.id, "resources", resource, "methods", "GET"),
            ["authorizationType": "NONE"])
        let stages = try await applied.call(.get, applied.stagePath)
        try await applied.call(
            .post, APIPath("restapis", applied.id, "stages"),
            ["stageName": "byhand", "deploymentId": stages["deploymentId"] ?? ""])
        let other = try await applied.call(.post, APIPath("restapis"), ["name": "by hand"])
        let lost = try await applied.call(
            .post, APIPath("restapis"),
            ["name": "lost", "tags": ["gatewright:environment": "dev", "gatewright:address": "RestApi/lost"]])
        try await applied.call(
            .post, APIPath("restapis"),
            ["name": "theirs", "tags": ["gatewright:environment": "prod", "gatewright:address": "RestApi/shop"]])
        let lines = try await applied.report().lines
        #expect(lines.allSatisfy { $0.sort == .undeclared })
        #expect(
            Set(lines.map(\.address.description)) == [
                "Resource/shop /byhand", "Method/shop GET /byhand", "Stage/shop byhand",
                "RestApi/\(try #require(other["id"]?.string))", "RestApi/lost",
            ])
        #expect(lines.first { $0.address.description == "RestApi/lost" }?.physicalID == lost["id"]?.string)
        #expect(lines.first { $0.address.kind == .method }?.driftClass == .accessWidening)
    }

    @Test("an API that somebody deleted is one missing line")
    func missing() async throws {
        let applied = try await Applied.make(3)
        try await applied.call(.delete, applied.root)
        let lines = try await applied.report().lines
        #expect(lines.map(\.address) == [Self.api])
        #expect(lines.map(\.sort) == [.missing])
    }

    // MARK: What a stage serves

    @Test("a definition that was changed by hand and deployed is named with both deployments and the routes")
    func deployedByHand() async throws {
        var applied = try await Applied.make(3)
        let resource = try await applied.resourceID("/r1")
        try await applied.patch(
            APIPath("restapis", applied.id, "resources", resource, "methods", "GET"), "replace", "/authorizationType",
            "NONE")
        let made = try await applied.call(
            .post, APIPath("restapis", applied.id, "deployments"), ["stageName": "test"])
        let report = try await applied.report()
        let line = try #require(report.lines.first { $0.address == Self.stage })
        #expect(line.sort == .servesSomethingElse)
        #expect(line.driftClass == .accessWidening)
        let meant = try #require(applied.world.identities[Address(.deployment, "shop")]?.physicalID)
        #expect(line.facts.contains { $0.contains(made["id"]?.string ?? "?") && $0.contains("somebody else") })
        #expect(line.facts.contains("the deployment that was applied is `\(meant)`"))
        #expect(line.facts.contains("it serves `GET /r1` for NONE instead of AWS_IAM"))
        // The way back is a flip, with no new deployment.
        let survey = try await applied.survey()
        let observed = ObservedState(applied.observation, objects: survey.objects)
        let graph = DriftCorrection.graph(applied.graph, correcting: report, observed: observed) { _ in true }
        let plan = Planner.plan(desired: graph, recorded: applied.recorded, observed: observed)
        #expect(plan.changes.map(\.address) == [Self.get, Self.stage])
        try await applied.world.perform(plan.changes)
        #expect(try await applied.report().isEmpty)
        let now = try await applied.call(.get, applied.stagePath)
        #expect(now["deploymentId"]?.string == meant)
    }

    @Test("a canary is drift, goes away with the correction, and comes back with its undo")
    func canary() async throws {
        var applied = try await Applied.make(3)
        let made = try await applied.call(
            .post, APIPath("restapis", applied.id, "deployments"),
            [
                "stageName": "test",
                "canarySettings": ["percentTraffic": 25, "stageVariableOverrides": ["tier": "new"]],
            ])
        let canary = try await applied.call(.get, applied.stagePath)["canarySettings"]
        let report = try await applied.report()
        let line = try #require(report.lines.first)
        #expect(line.sort == .servesSomethingElse)
        #expect(line.facts.contains { $0.contains("a canary sends 25") && $0.contains(made["id"]?.string ?? "?") })
        let survey = try await applied.survey()
        let observed = ObservedState(applied.observation, objects: survey.objects)
        let graph = DriftCorrection.graph(applied.graph, correcting: report, observed: observed) { _ in true }
        let plan = Planner.plan(desired: graph, recorded: applied.recorded, observed: observed)
        let steps = try await applied.world.perform(plan.changes)
        #expect(try await applied.call(.get, applied.stagePath)["canarySettings"] == nil)
        #expect(try await applied.report().isEmpty)
        for step in steps.reversed() { try await applied.world.undo(step) }
        #expect(try await applied.call(.get, applied.stagePath)["canarySettings"] == canary)
    }

    @Test("a deployment whose description somebody edited is still ours: the description alone is drift, and goes back")
    func description() async throws {
        var applied = try await Applied.make(3)
        let id = try #require(applied.world.identities[Address(.deployment, "shop")]?.physicalID)
        let path = APIPath("restapis", applied.id, "deployments", id)
        let written = try await applied.call(.get, path)["description"]
        try await applied.patch(path, "replace", "/description", "mine")
        let report = try await applied.report()
        #expect(report.lines.map(\.address) == [Address(.deployment, "shop")])
        #expect(report.lines.first?.driftClass == .cosmetic)
        #expect(report.lines.first?.properties.map(\.path.names) == [["description"]])
        let survey = try await applied.survey()
        let observed = ObservedState(applied.observation, objects: survey.objects)
        let graph = DriftCorrection.graph(applied.graph, correcting: report, observed: observed) { _ in true }
        let plan = Planner.plan(desired: graph, recorded: applied.recorded, observed: observed)
        let steps = try await applied.world.perform(plan.changes)
        #expect(steps.map(\.operation) == ["UpdateDeployment"])
        expectNone(try await applied.report())
        let back = try #require(SnapshotMarker(description: try await applied.call(.get, path)["description"]?.string))
        #expect(back.fingerprint == SnapshotMarker(description: written?.string)?.fingerprint)
        for step in steps.reversed() { try await applied.world.undo(step) }
        #expect(try await applied.report().lines.first?.properties.first?.observed == "mine")
    }

    @Test("a hand edit that is not deployed leaves the stage alone")
    func notDeployed() async throws {
        let applied = try await Applied.make(3)
        let resource = try await applied.resourceID("/r1")
        try await applied.call(.delete, APIPath("restapis", applied.id, "resources", resource, "methods", "GET"))
        #expect(try await applied.report().lines.map(\.address) == [Self.get])
        #expect(try await applied.report().lines.map(\.sort) == [.missing])
    }
}

@Suite("Surveys of a target that answers nonsense")
struct GarbageTests {
    private func client(_ answer: String) -> APIGatewayProvider {
        let clients = ServiceClients(
            transport: InProcessTransport { _, _ in (HTTPResponse(status: .ok), Array(answer.utf8)) },
            credentials: FixedCredentials(SigningCredentials(accessKeyID: "A", secretAccessKey: "s")),
            region: "us-east-1",
            hosts: .init(one: "h", region: "us-east-1"), now: { 0 })
        return APIGatewayProvider(clients: clients, environment: "dev")
    }

    private let observation = Observation(
        addresses: [SurveyTests.api],
        identities: [SurveyTests.api: Identity(physicalID: "a")], roots: ["shop"])

    @Test(
        "what is no list of objects is a failure that names the call, and never an empty target",
        arguments: [
            "", "[]", "null", "7", "<a>", "{\"item\": [", "{\"item\": 7}", "{\"item\": [7, null, {}]}",
            "{\"item\": [{\"id\": 7}]}",
        ])
    func nonsense(_ text: String) async throws {
        let failure = await #expect(throws: ProviderFailure.self) { try await client(text).survey(observation) }
        #expect(failure?.code == .badReply)
        #expect(failure?.message.contains("/restapis") == true || failure?.message.contains("an id") == true)
    }

    @Test("members of a wrong type are no crash")
    func members() async throws {
        let text = "{\"item\": [{\"id\": \"a\", \"tags\": 1, \"createdDate\": 1e400, \"stageName\": [], \"path\": 1}]}"
        let survey = try await client(text).survey(observation)
        #expect(survey.objects.keys.contains(SurveyTests.api))
    }

    @Test("a list that never ends is a failure and no hang")
    func endless() async throws {
        let failure = await #expect(throws: ProviderFailure.self) {
            try await client("{\"item\": [], \"position\": \"again\"}").survey(observation)
        }
        #expect(failure?.code == .badReply)
    }
}
