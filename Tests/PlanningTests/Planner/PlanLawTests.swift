import JSON
import Resources
import Seeds
import Testing

@testable import Planning

@Suite("Laws of plans, by seed")
struct PlanLawTests {
    /// Two graphs and the plan from the first to the second.
    private struct Case {
        let before: DesiredGraph
        let after: DesiredGraph
        let plan: Plan

        init(seed: Int) {
            var generator = SeededGenerator(seed: seed)
            before = RandomGraph.make(&generator)
            after = RandomGraph.make(&generator)
            plan = Planner.plan(desired: after, recorded: before.recorded.shuffled(using: &generator))
        }
    }

    @Test("the same input gives the same bytes, in whatever order the record comes", arguments: 0..<200)
    func sameBytes(seed: Int) {
        let one = Case(seed: seed)
        let other = Planner.plan(desired: one.after, recorded: one.before.recorded)
        #expect(one.plan.json.bytes(.compact) == other.json.bytes(.compact))
    }

    @Test("a plan from a state to itself is empty", arguments: 0..<200)
    func emptyPlan(seed: Int) {
        let one = Case(seed: seed)
        #expect(Planner.plan(desired: one.after, recorded: one.after.recorded).isEmpty)
        let observed = ObservedState(all: one.after.observed, one.after, one.after.recorded)
        #expect(Planner.plan(desired: one.after, recorded: one.after.recorded, observed: observed).isEmpty)
        #expect(Planner.plan(desired: one.after, recorded: [], observed: observed).isEmpty)
    }

    @Test("the changes applied to the recorded documents give the desired ones", arguments: 0..<200)
    func changesLead(seed: Int) {
        let one = Case(seed: seed)
        var documents = Dictionary(uniqueKeysWithValues: one.before.recorded.map { ($0.address, $0.document) })
        for change in one.plan.changes {
            #expect(documents[change.address] == change.before, "\(change.address)")
            documents[change.address] = change.after
        }
        let desired = Deployments.derived(in: one.after).resources
        let staying = Set(desired.filter { $0.address.kind == .restAPI }.map(\.address.root))
        // A deployment that no stage serves any more is left to the pruning.
        documents = documents.filter { address, _ in
            address.kind != .deployment || !staying.contains(address.root) || desired.contains { $0.address == address }
        }
        #expect(documents == Dictionary(uniqueKeysWithValues: desired.map { ($0.address, $0.document) }))
    }

    @Test("every change comes after what it depends on, and each address once", arguments: 0..<200)
    func order(seed: Int) {
        let one = Case(seed: seed)
        var done: Set<Address> = []
        for change in one.plan.changes {
            #expect(change.dependencies.allSatisfy { done.contains($0) }, "\(change.address)")
            #expect(done.insert(change.address).inserted)
        }
        let desired = Dictionary(
            uniqueKeysWithValues: Deployments.derived(in: one.after).resources.map { ($0.address, $0.dependencies) })
        for change in one.plan.changes where change.action != .delete {
            let needed = Set(desired[change.address] ?? []).intersection(done)
            #expect(needed.isSubset(of: change.dependencies), "\(change.address)")
        }
    }

    @Test("deletes go from the dependants to what they need", arguments: 0..<200)
    func deletesInReverse(seed: Int) {
        let one = Case(seed: seed)
        let position = Dictionary(uniqueKeysWithValues: one.plan.changes.enumerated().map { ($1.address, $0) })
        let deleted = Set(one.plan.changes.filter { $0.action == .delete }.map(\.address))
        for object in one.before.recorded where deleted.contains(object.address) {
            for needed in object.dependencies where deleted.contains(needed) {
                #expect((position[object.address] ?? 0) < (position[needed] ?? 0), "\(object.address) \(needed)")
            }
        }
    }

    @Test("what cannot be undone comes after all that can", arguments: 0..<200)
    func irreversibleLast(seed: Int) {
        let one = Case(seed: seed)
        let reversible = one.plan.changes.map(\.isReversible)
        #expect(reversible.drop { $0 }.allSatisfy { !$0 })
        let classes = one.plan.changes.filter(\.isReversible).map(\.visibility)
        #expect(zip(classes, classes.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test("a deployment follows every change of its definition, and a flip follows its deployment", arguments: 0..<200)
    func deploymentBetween(seed: Int) {
        let one = Case(seed: seed)
        for (position, change) in one.plan.changes.enumerated()
        where change.address.kind == .deployment && change.action != .delete {
            let rest = one.plan.changes[position...].filter { $0.address.root == change.address.root }
            #expect(!rest.contains { $0.address.kind.isPartOfDefinition })
            let flips = one.plan.changes[..<position].filter { $0.isFlip && $0.address.root == change.address.root }
            #expect(flips.isEmpty)
        }
    }

    @Test("reading what was written is identity", arguments: 0..<200)
    func roundTrip(seed: Int) throws {
        let one = Case(seed: seed)
        let text = one.plan.json.bytes(.pretty)
        let read = try Plan.read(text)
        #expect(read.json.bytes(.compact) == one.plan.json.bytes(.compact))
        #expect(read.json == one.plan.json)
    }

    @Test("the digest ignores spans, reasons, findings, settings and ids", arguments: 0..<100)
    func digestIgnores(seed: Int) {
        let one = Case(seed: seed)
        let moved = one.after.with { resources in
            for position in resources.indices { resources[position].span = nil }
        }
        var settings = ApplySettings()
        settings.maxDeletes = 0
        settings.protect = ["*"]
        let renumbered = one.before.recorded.map {
            RecordedObject(
                address: $0.address, identity: Identity(physicalID: "other"), document: $0.document,
                dependencies: $0.dependencies)
        }
        #expect(Planner.plan(desired: moved.with(settings), recorded: renumbered).digest == one.plan.digest)
    }

    @Test("the difference of two commits has the digest of the plan against the state", arguments: 0..<100)
    func difference(seed: Int) {
        let one = Case(seed: seed)
        #expect(Planner.plan(from: one.before, to: one.after).digest == one.plan.digest)
    }

    @Test("without drift the digest is the same whether the target was read or not", arguments: 0..<200)
    func digestWithoutDrift(seed: Int) {
        let one = Case(seed: seed)
        let observed = ObservedState(all: one.before.observed, one.after, one.before.recorded)
        let plan = Planner.plan(desired: one.after, recorded: one.before.recorded, observed: observed)
        #expect(plan.digest == one.plan.digest)
        #expect(plan.changes.map(\.reason) == one.plan.changes.map(\.reason))
    }
}
