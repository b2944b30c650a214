import Diagnostics
import JSON
import Resources
import Testing

@testable import Planning

@Suite("Objects under another name")
struct RenamingTests {
    private static let span = SourceSpan(file: "apis/shop.yaml", line: 3, column: 20)
    private static let old = Address(.restAPI, "petstore")
    private static let new = Address(.restAPI, "shop")

    /// The pet store under the name `shop`.
    private func renamed(_ graph: DesiredGraph = PetStore.graph, marked: Bool = true) throws -> DesiredGraph {
        let move = try ObjectMove(from: Self.old, to: Self.new)
        var next = DesiredGraph.of(
            graph.resources.map {
                DesiredResource(
                    address: move.moved($0.address), document: $0.document,
                    dependencies: $0.dependencies.map { move.moved($0) }, span: $0.span)
            })
        if marked { next.renames = [Rename(from: Self.old, to: Self.new, span: Self.span)] }
        return next
    }

    @Test("a rename is one line, and everything inside follows without one")
    func plain() throws {
        let plan = Planner.plan(desired: try renamed(), recorded: PetStore.graph.recorded)
        #expect(plan.changes.map { "\($0.action) \($0.address)" } == ["adopt RestApi/shop"])
        #expect(plan.changes[0].origin == .recorded(Self.old))
        #expect(plan.changes[0].before == plan.changes[0].after)
        #expect(plan.text(colour: false).contains("= RestApi/shop  (was `RestApi/petstore`; apis/shop.yaml:3:20)"))
        #expect(plan.markdown.contains("keeps its URL"))
        #expect(try Plan.read(plan.json).json == plan.json)
    }

    @Test("what else the commit changes comes after it, on the object that is there")
    func withEdits() throws {
        let desired = try renamed().with { $0["RestApi/shop"] = changed($0["RestApi/shop"], "name", to: "shop") }
        let plan = Planner.plan(desired: desired, recorded: PetStore.graph.recorded)
        #expect(plan.changes.map { "\($0.action) \($0.address)" } == ["adopt RestApi/shop", "update RestApi/shop"])
        #expect(plan.changes[1].properties.map(\.path) == ["name"])
    }

    @Test("the diff has the digest of the plan, and another one than a plan without the rename")
    func law() throws {
        let desired = try renamed()
        let plan = Planner.plan(desired: desired, recorded: PetStore.graph.recorded)
        #expect(Planner.plan(from: PetStore.graph, to: desired).digest == plan.digest)
        var other = desired
        other.renames = [Rename(from: Address(.restAPI, "else"), to: Self.new)]
        #expect(Planner.plan(desired: other, recorded: PetStore.graph.recorded).digest != plan.digest)
        let observed = ObservedState(all: desired.observed, desired, desired.recorded)
        let refreshed = Planner.plan(desired: desired, recorded: PetStore.graph.recorded, observed: observed)
        #expect(refreshed.digest == plan.digest)
    }

    @Test("the line does nothing once it was applied, and on an environment that is new")
    func stays() throws {
        let desired = try renamed()
        #expect(Planner.plan(desired: desired, recorded: desired.recorded).isEmpty)
        let fresh = Planner.plan(desired: desired, recorded: [])
        #expect(fresh.changes.allSatisfy { $0.action == .create })
        #expect(!fresh.findings.contains { $0.code == "planning.nothing-to-rename" })
    }

    @Test("a former name that is not recorded is a note with its place")
    func missing() throws {
        var desired = try renamed()
        desired.renames = [Rename(from: Address(.restAPI, "typo"), to: Self.new, span: Self.span)]
        let plan = Planner.plan(desired: desired, recorded: PetStore.graph.recorded)
        let note = try #require(plan.findings.first { $0.code == "planning.nothing-to-rename" })
        #expect(note.severity == .note && note.spans == [Self.span])
        #expect(plan.changes.contains { $0.action == .delete && $0.address == Self.old })
    }

    @Test("where both names are recorded nothing is renamed, and the delete of the old one needs a consent")
    func both() throws {
        let desired = try renamed()
        let recorded = PetStore.graph.recorded + desired.recorded
        let plan = Planner.plan(desired: desired, recorded: recorded)
        #expect(plan.needsConsent.contains(.bothRecorded(Self.new, previous: Self.old, span: Self.span)))
        #expect(plan.findings.contains { $0.code == "planning.both-recorded" && $0.spans == [Self.span] })
        #expect(plan.changes.contains { $0.action == .delete && $0.address == Self.old })
        #expect(!plan.changes.contains { $0.action == .adopt })
        #expect(try Plan.read(plan.json).json == plan.json)
    }

    @Test("a commit that goes back to the old name renames back, if the last applied one renamed")
    func back() throws {
        let desired = try renamed()
        let plan = Planner.plan(desired: PetStore.graph, recorded: desired.recorded, former: desired.renames)
        #expect(plan.changes.map { "\($0.action) \($0.address)" } == ["adopt RestApi/petstore"])
        #expect(Planner.plan(from: desired, to: PetStore.graph).digest == plan.digest)
        let unknown = Planner.plan(desired: PetStore.graph, recorded: desired.recorded)
        #expect(unknown.changes.contains { $0.action == .delete && $0.address == Self.new })
    }

    @Test("a rename does not lead out of protection", arguments: ["RestApi/petstore", "Stage/petstore *"])
    func protected(_ pattern: String) throws {
        var settings = ApplySettings()
        settings.protect = [pattern]
        var desired = try renamed(marked: false).with(settings)
        desired.renames = [Rename(from: Self.old, to: Self.new)]
        let plan = Planner.plan(desired: desired, recorded: PetStore.graph.recorded)
        #expect(plan.needsConsent.count == 1)
        settings.protect.append(pattern.replacing("petstore", with: "shop"))
        desired = try renamed(marked: false).with(settings)
        desired.renames = [Rename(from: Self.old, to: Self.new)]
        #expect(Planner.plan(desired: desired, recorded: PetStore.graph.recorded).needsConsent.isEmpty)
    }

    @Test("references to a renamed object follow it, so that others do not change")
    func references() throws {
        let other = DesiredResource(
            address: Address(.restAPI, "other"), document: ["name": "other", "description": "${RestApi/petstore.id}"],
            dependencies: [Self.old])
        let before = PetStore.graph.with { $0.append(other) }
        var after = try renamed(PetStore.graph).with {
            var moved = other
            moved.document = ["name": "other", "description": "${RestApi/shop.id}"]
            moved.dependencies = [Self.new]
            $0.append(moved)
        }
        after.renames = [Rename(from: Self.old, to: Self.new)]
        let plan = Planner.plan(desired: after, recorded: before.recorded)
        #expect(plan.changes.map { "\($0.action) \($0.address)" } == ["adopt RestApi/shop"])
    }

    @Test("an object of the target is taken over as it is, then changed; without a look at it that is said")
    func adoption() throws {
        var desired = PetStore.graph
        desired.adoptions = [Adoption(Self.old, physicalID: "abc", span: Self.span)]
        var objects = PetStore.graph.observed
        objects[Self.old] = ObservedObject(
            identity: Identity(physicalID: "abc"), document: changed(objects[Self.old]?.document, "name", to: "by hand")
        )
        let observed = ObservedState(all: objects, desired, [])
        let plan = Planner.plan(desired: desired, recorded: [], observed: observed)
        #expect(
            plan.changes.prefix(2).map { "\($0.action) \($0.address)" } == [
                "adopt RestApi/petstore", "update RestApi/petstore",
            ])
        try #require(plan.changes.count == 2)
        #expect(plan.changes[0].origin == .target("abc"))
        #expect(plan.changes[1].properties.map(\.path) == ["name"])

        let unread = Planner.plan(from: DesiredGraph.of([]), to: desired)
        #expect(unread.changes.first { $0.address == Self.old }?.action == .adopt)
        #expect(unread.findings.contains { $0.code == "planning.adoption-unread" && $0.spans == [Self.span] })
        #expect(try Plan.read(unread.json).json == unread.json)
        #expect(Planner.plan(from: desired, to: desired).isEmpty)
    }
}
