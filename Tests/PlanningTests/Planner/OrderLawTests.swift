import JSON
import Resources
import Seeds
import Testing

@testable import Planning

@Suite("The order of plans, by seed")
struct OrderLawTests {
    private struct Case {
        let before: DesiredGraph
        let after: DesiredGraph
        let plan: Plan

        init(seed: Int) {
            var generator = SeededGenerator(seed: seed)
            before = RandomIdentities.make(&generator)
            after = RandomIdentities.make(&generator)
            plan = Planner.plan(
                desired: after, recorded: before.recorded.shuffled(using: &generator), kinds: TestKinds.lookup)
        }
    }

    @Test("what can be undone comes in the order of the classes, and what cannot comes last", arguments: 0..<200)
    func classes(seed: Int) {
        let one = Case(seed: seed)
        #expect(one.plan.changes.map(\.isReversible).drop { $0 }.allSatisfy { !$0 })
        let classes = one.plan.changes.filter(\.isReversible).map(\.visibility)
        #expect(zip(classes, classes.dropFirst()).allSatisfy { $0 <= $1 }, "\(classes)")
    }

    @Test("every change comes after what it depends on", arguments: 0..<200)
    func dependencies(seed: Int) {
        let one = Case(seed: seed)
        var done: Set<Address> = []
        for change in one.plan.changes {
            #expect(change.dependencies.allSatisfy { done.contains($0) }, "\(change.address)")
            done.insert(change.address)
        }
    }

    @Test("the changes lead from the one to the other, through what stands beside", arguments: 0..<200)
    func chain(seed: Int) {
        let one = Case(seed: seed)
        var documents = Dictionary(one.before.recorded.map { ($0.address, $0.document) }) { first, _ in first }
        for change in one.plan.changes {
            #expect(documents[change.address] == change.before, "\(change.address)")
            documents[change.address] = change.after
            let old = change.address.displaced(besides: [])
            if change.action == .replace, change.isReversible { documents[old] = change.before }
        }
        let desired = Deployments.derived(in: one.after).resources
        for resource in desired { #expect(documents[resource.address] == resource.document) }
        let staying = Set(desired.map(\.address))
        for address in documents.keys where address.kind != .deployment { #expect(staying.contains(address)) }
    }

    @Test("before the flips nobody loses access, and after them nobody gains any", arguments: 0..<200)
    func accessOnlyWhereItBelongs(seed: Int) {
        let one = Case(seed: seed)
        for change in one.plan.changes where change.action == .update {
            guard let schema = TestKinds.lookup[change.address.kind], !schema.kind.isPartOfDefinition else { continue }
            let effects = AccessChange.all(by: schema, from: change.before, to: change.after)
            let effect = effects.reduce(into: AccessEffect()) { $0.formUnion($1.effect) }
            switch change.visibility {
            case .grant: #expect(effect == .widens, "\(change.address)")
            case .revoke: #expect(effect == .narrows, "\(change.address)")
            case .hidden: #expect(effect == [], "\(change.address)")
            case .flip, .delete: continue
            }
        }
    }

    @Test("the same input gives the same bytes, in whatever order the record comes", arguments: 0..<200)
    func sameBytes(seed: Int) {
        let one = Case(seed: seed)
        let other = Planner.plan(desired: one.after, recorded: one.before.recorded, kinds: TestKinds.lookup)
        #expect(one.plan.json.bytes(.compact) == other.json.bytes(.compact))
        let again = Planner.plan(desired: one.after, recorded: one.after.recorded, kinds: TestKinds.lookup)
        #expect(again.isEmpty)
    }

    @Test("a diff of two graphs has the digest of the plan against what was applied", arguments: 0..<200)
    func digestLaw(seed: Int) {
        let one = Case(seed: seed)
        let shown = Planner.plan(from: one.before, to: one.after, kinds: TestKinds.lookup)
        #expect(shown.digest == one.plan.digest)
        #expect(shown.changes.map(\.isReversible) == one.plan.changes.map(\.isReversible))
        #expect(shown.needsConsent == one.plan.needsConsent)
    }

    @Test("the phases cover the plan, each of one class", arguments: 0..<200)
    func phases(seed: Int) {
        let one = Case(seed: seed)
        var next = 0
        for phase in one.plan.phases {
            #expect(phase.range.lowerBound == next)
            next = phase.range.upperBound
            #expect(one.plan.changes[phase.range].allSatisfy { $0.visibility == phase.visibility })
        }
        #expect(next == one.plan.changes.count)
    }
}
