import AWSProvider
import Applying
import ControlPlane
import DataPlane
import Diagnostics
import JSON
import Logging
import Persistence
import Planning
import Reconciling
import Resources
import SigV4

/// Budget: applying to the embedded engine, journal and engine both on disk, 64 steps wide: 5,000 steps a second.
enum EngineBenchmark {
    private static let apis = 200
    private static let stages = 10

    static func run() async throws {
        let directory = ApplyBenchmark.temporaryFolder()
        let state = try await StateDatabase.open(directory: directory, now: { Timestamp(milliseconds: 0) })
        let provider = APIGatewayProvider(clients: try await clients(directory), environment: "bench")
        let applier = ApplyBenchmark.applier(state)
        try await report("apply to the engine: \(apis) new APIs with \(stages) stages", "0", state, applier, provider)
        try await report("apply to the engine: a variable on \(apis * stages) stages", "1", state, applier, provider)
        await state.close()
    }

    private static func report(
        _ name: String, _ variable: String, _ state: StateDatabase, _ applier: Applier, _ provider: APIGatewayProvider
    ) async throws {
        let recorded = try await state.objects(environment: "bench")
        let desired = Deployments.derived(in: graph(variable))
        let plan = Planner.plan(desired: desired, recorded: recorded)
        let dependencies = Dictionary(uniqueKeysWithValues: desired.resources.map { ($0.address, $0.dependencies) })
        let request = ApplyRequest(
            plan: plan, commit: String(repeating: "c", count: 40), dependencies: dependencies)
        let cpu = Bench.cpuSeconds
        let start = ContinuousClock.now
        guard case .done(let report) = await applier.apply(request, with: provider) else {
            return print("\(name): FAILED")
        }
        let seconds = (ContinuousClock.now - start).seconds
        let rate = Double(report.stepsCount) / seconds
        Bench.report(
            "\(name), \(report.stepsCount) steps", rate, "steps/s", budget: "5,000 steps/s", isMet: rate >= 5_000)
        Bench.report("  CPU of it", (Bench.cpuSeconds - cpu) / Double(report.stepsCount) * 1_000_000, "µs/step")
    }

    static func clients(_ directory: String) async throws -> ServiceClients {
        let configuration = EngineConfiguration(
            rootCredentials: RootCredentials(accessKeyID: "AKIABENCH", secretAccessKey: "secret"),
            databasePath: directory + "/engine.db")
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let plane = try await ControlPlane(
            configuration: configuration, snapshots: SnapshotRegistry(), testInvoker: TestInvoker(logger: logger),
            clock: { 1_700_000_000 }, logger: logger)
        return ServiceClients(
            transport: InProcessTransport { request, body in
                let answer = await plane.respond(to: request, body: body)
                return (answer.response, answer.body)
            }, credentials: FixedCredentials(SigningCredentials(accessKeyID: "AKIABENCH", secretAccessKey: "secret")),
            region: "us-east-1", hosts: .init(aws: "us-east-1"), now: { 1_700_000_000 })
    }

    private static func graph(_ variable: String) -> DesiredGraph {
        var resources: [DesiredResource] = []
        for number in 0..<apis {
            let root = "api\(number)"
            let api = Address(.restAPI, root)
            resources += [
                DesiredResource(
                    address: api,
                    document: ["name": .string(root), "endpointConfiguration": ["types": ["REGIONAL"]]]),
                DesiredResource(address: Address(.resource, in: root, "/"), document: [:], dependencies: [api]),
                DesiredResource(
                    address: Address(.method, in: root, "GET /"),
                    document: [
                        "authorizationType": "NONE",
                        "integration": [
                            "type": "MOCK", "requestTemplates": ["application/json": "{\"statusCode\": 200}"],
                        ],
                    ], dependencies: [api]),
            ]
            for stage in 0..<stages {
                resources.append(
                    DesiredResource(
                        address: Address(.stage, in: root, "s\(stage)"),
                        document: ["variables": ["round": .string(variable)]], dependencies: [api]))
            }
        }
        var settings = ApplySettings()
        settings.parallelism = 64
        return DesiredGraph(environment: "bench", target: ["engine": [:]], apply: settings, resources: resources)
    }
}
