import HTTPTypes
import JSON
import Planning
import Resources
import Synchronization
import Testing

@testable import AWSProvider

/// Users, groups, roles and policies on the real engine, with what is recorded of them.
struct IdentityWorld {
    var engine: EngineWorld
    private(set) var recorded: [RecordedObject] = []
    private(set) var steps: [Step] = []

    static func make() async throws -> IdentityWorld { IdentityWorld(engine: try await EngineWorld.make()) }

    init(engine: EngineWorld) { self.engine = engine }

    /// An object of a graph, as a manifest gives it.
    static func object(_ kind: ResourceKind, _ name: String, _ spec: JSONObject) -> DesiredResource {
        var document = spec
        if kind != .oidcProvider { document["name"] = .string(name) }
        let normal = KindTable.object(kind)?.normalForm(of: .object(document)) ?? .object(document)
        return DesiredResource(
            address: Address(kind, name), document: normal,
            dependencies: Set(normal.references.map(\.address)).sorted())
    }

    static func graph(_ resources: [DesiredResource], renames: [Rename] = []) -> DesiredGraph {
        var graph = DesiredGraph(
            environment: "dev", target: ["engine": [:]], apply: ApplySettings(), resources: resources)
        graph.renames = renames
        return graph
    }

    func plan(_ resources: [DesiredResource], renames: [Rename] = [], refresh: Bool = false) async throws -> Plan {
        let graph = Self.graph(resources, renames: renames)
        guard refresh else { return Planner.plan(desired: graph, recorded: recorded) }
        let asked = Set(resources.map(\.address) + recorded.map(\.address))
        let observation = Observation(addresses: asked.sorted(), identities: identities)
        let objects = try await engine.provider.observe(observation)
        return Planner.plan(
            desired: graph, recorded: recorded, observed: ObservedState(observation, objects: objects))
    }

    var identities: [Address: Identity] { engine.identities }

    /// Plans, performs every step, and records what was wanted.
    @discardableResult
    mutating func apply(
        _ resources: [DesiredResource], renames: [Rename] = [], refresh: Bool = false
    ) async throws -> [String] {
        let plan = try await plan(resources, renames: renames, refresh: refresh)
        for rename in renames { engine.rename(rename.from, rename.to) }
        steps = try await engine.perform(plan.changes)
        record(resources)
        return steps.map(\.operation)
    }

    mutating func record(_ resources: [DesiredResource]) {
        recorded = resources.map {
            RecordedObject(
                address: $0.address, identity: engine.identities[$0.address] ?? Identity(physicalID: ""),
                document: $0.document, dependencies: $0.dependencies)
        }
    }

    mutating func forgetFingerprints() {
        engine.forgetFingerprints()
        recorded = recorded.map { object in
            RecordedObject(
                address: object.address, identity: engine.identities[object.address] ?? object.identity,
                document: object.document, dependencies: object.dependencies)
        }
    }

    /// Undoes the steps of the last apply, the last one first.
    mutating func undo() async throws {
        for step in steps.reversed() { try await engine.undo(step) }
    }

    /// What the target has of these, references resolved.
    func observed(_ addresses: [Address]) async throws -> [Address: ObservedObject] {
        try await engine.provider.observe(Observation(addresses: addresses, identities: identities))
    }

    /// True if the target has exactly these, as they are wanted.
    func has(_ resources: [DesiredResource]) async throws -> Bool {
        let found = try await observed(resources.map(\.address))
        return resources.allSatisfy {
            found[$0.address]?.matches($0.document, of: $0.address.kind, identities) == true
        }
    }

    func iam(_ action: String, _ parameters: QueryParameters) async throws {
        _ = try await engine.clients.iam.call(action, parameters)
    }
}
