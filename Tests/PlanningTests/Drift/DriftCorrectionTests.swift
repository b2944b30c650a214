import JSON
import Resources
import Seeds
import Testing

@testable import Planning

@Suite("Corrections of drift")
struct DriftCorrectionTests {
    private func plan(_ world: DriftWorld, where isWanted: (DriftLine) -> Bool = { _ in true }) -> Plan {
        let input = world.input
        let graph = DriftCorrection.graph(
            world.graph, correcting: world.report, observed: input.observed, where: isWanted)
        return Planner.plan(desired: graph, recorded: world.recorded, observed: input.observed)
    }

    private static func meddled() -> DriftWorld {
        var world = DriftWorld()
        world.set(DriftWorld.stage, "variables", ["tier": "lead"])
        world.set(DriftWorld.stage, "tags", ["owner": "x"])
        world.set(DriftWorld.api, "description", "x")
        world.objects[DriftWorld.model] = nil
        world.add(Address(.method, in: "petstore", "PUT /pets"), ["authorizationType": "NONE"])
        return world
    }

    @Test("all of it goes back to what was applied, and nothing else is touched")
    func all() {
        let plan = plan(Self.meddled())
        #expect(
            Set(plan.changes.map { "\($0.action) \($0.address)" }) == [
                "update Stage/petstore test", "update RestApi/petstore", "create Model/petstore Pet",
                "delete Method/petstore PUT /pets",
            ])
        #expect(plan.changes.first { $0.address == DriftWorld.stage }?.after?["variables"] == ["tier": "gold"])
    }

    @Test(
        "what is left alone is in no change, sort by sort",
        arguments: [DriftLine.Sort.changed, .missing, .undeclared])
    func some(_ sort: DriftLine.Sort) {
        let world = Self.meddled()
        let left = Set(world.report.lines.filter { $0.sort == sort }.map(\.address))
        let touched = Set(plan(world) { $0.sort != sort }.changes.map(\.address))
        #expect(touched == Set(world.report.lines.map(\.address)).subtracting(left))
        #expect(plan(world) { _ in false }.isEmpty)
    }

    @Test("an ignored property stays while the others of its object go back")
    func ignored() throws {
        var world = Self.meddled()
        world.ignore = [IgnoreTests.rule("Stage", "*", [["tags"]])]
        let stage = try #require(plan(world).changes.first { $0.address == DriftWorld.stage })
        #expect(stage.after?["tags"] == ["owner": "x"])
        #expect(stage.after?["variables"] == ["tier": "gold"])
        #expect(stage.properties.map(\.path) == ["variables.tier"])
    }

    @Test("an API that is gone is left alone with all that was in it, or made again with it")
    func wholeAPI() {
        var world = DriftWorld()
        world.objects = [:]
        #expect(plan(world) { _ in false }.isEmpty)
        #expect(plan(world).changes.count == world.recorded.count)
        #expect(plan(world).changes.allSatisfy { $0.action == .create })
    }

    @Test("a stage that serves something else is flipped back without a new deployment")
    func flip() {
        var world = DriftWorld()
        world.set(DriftWorld.stage, "deployment", "zzz")
        let plan = plan(world)
        #expect(plan.changes.map { "\($0.action) \($0.address)" } == ["update Stage/petstore test"])
    }

    @Test("corrected drift is gone, whatever it was", arguments: 0..<200)
    func law(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        var world = DriftWorld()
        for address in world.objects.keys.sorted() where generator.chance(20) && address.kind != .deployment {
            if generator.chance(30), address.kind.isPartOfDefinition {
                world.objects[address] = nil
            } else {
                let name = ["description", "tags", "variables"].randomElement(using: &generator) ?? ""
                world.set(address, name, ["a": "b"])
            }
        }
        let lines = world.report.lines
        let wanted = Set(lines.map(\.address).filter { _ in generator.chance(50) })
        let plan = plan(world) { wanted.contains($0.address) }
        #expect(Set(plan.changes.map(\.address)) == wanted)
        for change in plan.changes {
            if let after = change.after {
                world.objects[change.address] = ObservedObject(identity: Identity(physicalID: "y"), document: after)
            }
        }
        #expect(Set(world.report.lines.map(\.address)) == Set(lines.map(\.address)).subtracting(wanted))
    }
}
