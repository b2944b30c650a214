import AWSProvider
import Applying
import Diagnostics
import JSON
import Persistence
import Planning
import Reconciling
import Resources

/// A look for drift at an API of 300 resources with a method each: calls and time, on the embedded engine.
enum DriftBenchmark {
    private static let resources = 300
    private static let callsExpected = 11

    static func run() async throws {
        let directory = ApplyBenchmark.temporaryFolder()
        let state = try await StateDatabase.open(directory: directory, now: { Timestamp(milliseconds: 0) })
        let provider = APIGatewayProvider(clients: try await EngineBenchmark.clients(directory), environment: "bench")
        let desired = Deployments.derived(in: graph)
        let request = ApplyRequest(
            plan: Planner.plan(desired: desired, recorded: []), commit: String(repeating: "c", count: 40),
            dependencies: Dictionary(uniqueKeysWithValues: desired.resources.map { ($0.address, $0.dependencies) }))
        guard case .done = await ApplyBenchmark.applier(state).apply(request, with: provider) else {
            return print("drift: FAILED")
        }
        let recorded = try await state.objects(environment: "bench")
        let observation = Observation(
            addresses: recorded.map(\.address),
            identities: Dictionary(uniqueKeysWithValues: recorded.map { ($0.address, $0.identity) }), roots: ["api"])
        var calls = 0
        let reading = try await Bench.best(of: 10) {
            calls = try await provider.survey(observation).callsCount
        }
        let survey = try await provider.survey(observation)
        var input = DriftInput(
            environment: "bench", recorded: recorded, applied: desired,
            observed: ObservedState(observation, objects: survey.objects),
            today: CivilDate(year: 2026, month: 11, day: 22))
        (input.strangers, input.served) = (survey.strangers, survey.served)
        let finished = input
        let comparing = await Bench.best(of: 10) {
            precondition(DriftReport(finished).isEmpty, "what was applied is no drift")
        }
        Bench.report(
            "drift of an API of \(resources) resources", Double(calls), "calls", budget: "\(callsExpected) calls",
            isMet: calls == callsExpected)
        Bench.report("  reading it from the engine", reading.seconds * 1000, "ms")
        Bench.report("  comparing it", comparing.seconds * 1000, "ms")
        await state.close()
    }

    private static var graph: DesiredGraph {
        let api = Address(.restAPI, "api")
        var resources = [
            DesiredResource(
                address: api, document: ["name": "api", "endpointConfiguration": ["types": ["REGIONAL"]]]),
            DesiredResource(address: Address(.resource, in: "api", "/"), document: [:], dependencies: [api]),
            DesiredResource(address: Address(.stage, in: "api", "test"), document: [:], dependencies: [api]),
        ]
        for number in 1..<Self.resources {
            let resource = Address(.resource, in: "api", "/r\(number)")
            resources += [
                DesiredResource(address: resource, document: [:], dependencies: [api]),
                DesiredResource(
                    address: Address(.method, in: "api", "GET /r\(number)"),
                    document: [
                        "authorizationType": "NONE", "requestParameters": ["method.request.querystring.page": false],
                        "integration": [
                            "type": "MOCK", "requestTemplates": ["application/json": "{\"statusCode\": 200}"],
                        ],
                    ], dependencies: [resource]),
            ]
        }
        return DesiredGraph(
            environment: "bench", target: ["engine": [:]], apply: ApplySettings(), resources: resources)
    }
}
