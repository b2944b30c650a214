import JSON
import Planning
import Resources
import Seeds

@testable import Applying

/// A target, what is recorded of it, and a plan that the real planner made.
struct Scenario {
    var world = World()
    var recorded: [RecordedObject] = []
    let plan: Plan
    let before: [Address: JSONValue]
    /// ``before`` with the plan's changes: what the target has when all goes well.
    let after: [Address: JSONValue]
    let steps: [Step]
    var header: ApplyHeader
    /// Asked at the gate for that, where the header has one.
    var probes: [Probe] = []

    /// - Parameters: Both with their dependencies among themselves.
    init(from old: [DesiredResource], to new: [DesiredResource], settings: ApplySettings) {
        let graph = { (resources: [DesiredResource]) in
            Deployments.derived(
                in: DesiredGraph(environment: "test", target: ["engine": [:]], apply: settings, resources: resources))
        }
        var identities: [Address: Identity] = [:]
        var before: [Address: JSONValue] = [:]
        for resource in Self.ordered(graph(old).resources) {
            let identity = world.place(resource.address, resource.document.resolved(with: identities))
            identities[resource.address] = identity
            before[resource.address] = resource.document
            recorded.append(
                RecordedObject(
                    address: resource.address, identity: identity, document: resource.document,
                    dependencies: resource.dependencies))
        }
        plan = Planner.plan(desired: graph(new), recorded: recorded)
        self.before = before
        var after = before
        for change in plan.changes { after[change.address] = change.after }
        self.after = after
        steps = worldSteps(for: plan.changes)
        let id = ApplyID(rawValue: String(repeating: "0123456789abcdef", count: 2))
        let preparation = Preparation(
            ApplyRequest(plan: plan, commit: String(repeating: "c", count: 40), id: id), steps: steps,
            recorded: recorded)
        let observed = world.observe(preparation.scope.observation(preparation.identities))
        precondition(preparation.stale(observed).isEmpty, "a scenario starts without drift")
        header = preparation.header(observed)
    }

    /// Dependencies first.
    private static func ordered(_ resources: [DesiredResource]) -> [DesiredResource] {
        var left = resources
        var placed: Set<Address> = []
        var ordered: [DesiredResource] = []
        while !left.isEmpty {
            let free = left.filter { $0.dependencies.allSatisfy(placed.contains) }
            precondition(!free.isEmpty, "a scenario has no cycle")
            ordered += free
            placed.formUnion(free.map(\.address))
            left.removeAll { placed.contains($0.address) }
        }
        return ordered
    }

    /// True if the target has exactly these documents, whatever its objects are called.
    static func has(_ world: World, exactly documents: [Address: JSONValue]) -> Bool {
        let identities = world.objects.mapValues(\.identity)
        return world.objects.mapValues(\.document) == documents.mapValues { $0.resolved(with: identities) }
    }
}

extension Scenario {
    static func part(_ name: String, _ value: Int, needs: [String] = [], refersTo: [String] = []) -> DesiredResource {
        let kind = ResourceKind(rawValue: "Part")
        let references = refersTo.map { JSONValue.string("${Part/\($0).id}") }
        return DesiredResource(
            address: Address(kind, name),
            document: ["value": JSONValue(integerLiteral: value), "uses": .array(references)],
            dependencies: (needs + refersTo).map { Address(kind, $0) })
    }

    /// Five steps, two or more at a time: two that build on one, and two beside them.
    static let fiveStepsTwoInFlight: Scenario = {
        var settings = ApplySettings()
        settings.parallelism = 2
        return Scenario(
            from: [part("base", 1), part("beside", 1)],
            to: [
                part("base", 2), part("beside", 2), part("left", 1, refersTo: ["base"]),
                part("right", 1, refersTo: ["base"]), part("top", 1, refersTo: ["left", "right"]),
            ],
            settings: settings)
    }()

    /// Creates, updates and, at the end, two deletes that cannot be undone.
    static let endsIrreversibly: Scenario = {
        var settings = ApplySettings()
        settings.parallelism = 3
        return Scenario(
            from: [part("base", 1), part("old", 1), part("older", 1, refersTo: ["old"]), part("oldest", 1)],
            to: [part("base", 2), part("new", 1, refersTo: ["base"]), part("newer", 1, refersTo: ["new"])],
            settings: settings)
    }()

    /// Bigger plans: parts in layers, APIs with definitions and stages, everything made, changed or deleted.
    static func random(seed: Int) -> Scenario {
        var generator = SeededGenerator(seed: seed)
        var settings = ApplySettings()
        settings.parallelism = 2 + generator.below(7)
        settings.onFailure = generator.chance(15) ? .hold : .rollback
        let count = 4 + generator.below(24)
        let apis = generator.below(4)
        var old: [DesiredResource] = []
        var new: [DesiredResource] = []
        for number in 0..<count {
            let needs = (0..<number).filter { _ in generator.below(number) < 2 }
            let presence = generator.below(10)
            let used = { (others: [DesiredResource]) in
                needs.map { "p\($0)" }.filter { name in others.contains { $0.address.name == name } }
            }
            if presence < 7 { old.append(part("p\(number)", generator.below(2), refersTo: used(old))) }
            if presence > 1 { new.append(part("p\(number)", generator.below(3), refersTo: used(new))) }
        }
        for number in 0..<apis {
            if generator.chance(70) { old += api("api\(number)", &generator) }
            if generator.chance(80) { new += api("api\(number)", &generator) }
        }
        for number in 0..<generator.below(3) {
            if generator.chance(70) { old += function("f\(number)", for: old, &generator) }
            if generator.chance(80) { new += function("f\(number)", for: new, &generator) }
        }
        return Scenario(from: old, to: new, settings: settings)
    }

    /// A function, perhaps with an alias that holds its code, and a permission of either that may name an API.
    static func function(
        _ name: String, for others: [DesiredResource], _ generator: inout SeededGenerator
    ) -> [DesiredResource] {
        let function = Address(.function, name)
        let code = JSONValue.string("code\(generator.below(3))")
        var resources = [DesiredResource(address: function, document: ["name": .string(name), "code": code])]
        var called = function
        if generator.chance(70) {
            called = Address(.alias, in: name, "live")
            resources.append(
                DesiredResource(
                    address: called,
                    document: ["function": .string("${Function/\(name).id}"), "content": ["code": code]],
                    dependencies: [function]))
        }
        guard generator.chance(60) else { return resources }
        let api = others.first { $0.address.kind == .restAPI && generator.chance(50) }?.address
        let key = called == function ? "gateway" : "live gateway"
        var document: JSONObject = [
            "function": .string("${Function/\(name).id}"), "principal": "apigateway.amazonaws.com",
        ]
        if called != function { document["qualifier"] = .string("${Function/\(name).aliases.live.id}") }
        if let api { document["sourceArn"] = .string("${RestApi/\(api.name).id}") }
        resources.append(
            DesiredResource(
                address: Address(.permission, in: name, key), document: .object(document),
                dependencies: Set([function, called] + (api.map { [$0] } ?? [])).sorted()))
        return resources
    }

    static func api(_ name: String, _ generator: inout SeededGenerator) -> [DesiredResource] {
        let root = Address(.restAPI, name)
        var resources = [
            DesiredResource(
                address: root, document: ["name": .string(name), "endpointConfiguration": ["types": ["REGIONAL"]]]),
            DesiredResource(address: Address(.resource, in: name, "/"), document: [:], dependencies: [root]),
        ]
        for verb in ["DELETE", "GET", "POST", "PUT"] where generator.chance(60) {
            resources.append(
                DesiredResource(
                    address: Address(.method, in: name, "\(verb) /"),
                    document: ["authorizationType": "NONE", "operationName": .string("op\(generator.below(2))")],
                    dependencies: [root, Address(.resource, in: name, "/")]))
        }
        if generator.chance(80) {
            resources.append(
                DesiredResource(
                    address: Address(.stage, in: name, "test"),
                    document: ["variables": ["tier": .string("t\(generator.below(2))")]], dependencies: [root]))
        }
        return resources
    }
}
