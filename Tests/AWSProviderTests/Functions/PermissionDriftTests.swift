import Diagnostics
import HTTPTypes
import JSON
import Planning
import Resources
import Testing

@testable import AWSProvider

@Suite("Drift of who may call functions")
struct PermissionDriftTests {
    private static let gateway: JSONValue = ["principal": "apigateway.amazonaws.com"]

    /// `hello` with a permission of its own and one of its alias, both declared.
    private static func applied(_ body: (inout FunctionWorld, [DesiredResource]) async throws -> Void) async throws {
        try await FunctionWorld.with { world in
            let resources = world.resources(
                "1", aliases: ["live": ["permissions": ["gateway": gateway]]], permissions: ["gateway": gateway])
            _ = try await world.apply(resources)
            try await body(&world, resources)
        }
    }

    private static func lines(_ world: FunctionWorld, _ resources: [DesiredResource]) async throws -> [DriftLine] {
        let recorded = world.world.recorded
        let observation = Observation(
            addresses: recorded.map(\.address),
            identities: Dictionary(uniqueKeysWithValues: recorded.map { ($0.address, $0.identity) }))
        let survey = try await world.world.engine.provider.survey(observation)
        let graph = DesiredGraph(
            environment: "dev", target: ["engine": [:]], apply: ApplySettings(), resources: resources)
        let input = DriftInput(
            environment: "dev", recorded: recorded, applied: graph,
            observed: ObservedState(observation, objects: survey.objects),
            today: CivilDate(year: 2026, month: 11, day: 23))
        return DriftReport(input).lines
    }

    private static func add(_ id: String, to qualifier: String?, _ world: FunctionWorld) async throws {
        var path = FunctionHandler.path("hello", "policy")
        path.query = qualifier.map { [("Qualifier", $0)] } ?? []
        _ = try await world.lambda.call(
            .post, path,
            body: .object([
                "StatementId": .string(id), "Action": "lambda:InvokeFunction", "Principal": "210987654321",
            ]))
    }

    @Test("what was applied is no drift")
    func none() async throws {
        try await Self.applied { world, resources in
            let lines = try await Self.lines(world, resources)
            #expect(lines.isEmpty)
        }
    }

    @Test(
        "a statement that somebody added is told as wider access, and no correction removes it",
        arguments: [nil, "live"] as [String?])
    func added(_ qualifier: String?) async throws {
        try await Self.applied { world, resources in
            try await Self.add("stranger", to: qualifier, world)
            let lines = try await Self.lines(world, resources)
            let line = try #require(lines.first)
            #expect(lines.count == 1)
            let key = qualifier.map { "\($0) stranger" } ?? "stranger"
            #expect(line.address == Address(.permission, in: "hello", key))
            #expect(line.sort == .undeclared && line.driftClass == .accessWidening && !line.isCorrectable)
            #expect(line.facts.contains { $0.contains("somebody added it to the function's policy") })
        }
    }

    @Test("a statement that somebody removed is missing")
    func removed() async throws {
        try await Self.applied { world, resources in
            _ = try await world.lambda.call(.delete, FunctionHandler.path("hello", "policy", "gateway"))
            let lines = try await Self.lines(world, resources)
            #expect(lines.map(\.sort) == [.missing])
            #expect(lines.map(\.address) == [Address(.permission, in: "hello", "gateway")])
        }
    }
}
