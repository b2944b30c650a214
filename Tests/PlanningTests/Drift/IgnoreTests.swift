import Diagnostics
import JSON
import Resources
import Testing

@testable import Planning

@Suite("Drift that is left alone")
struct IgnoreTests {
    static func rule(
        _ kind: String, _ name: String, _ paths: [[String]],
        expires: CivilDate = CivilDate(year: 2027, month: 1, day: 31),
        classes: Set<DriftClass> = [.cosmetic, .functional]
    ) -> DriftRule {
        DriftRule(
            kind: kind, name: name, paths: paths, owner: "Ann", reason: "agreed", expires: expires, classes: classes)
    }

    @Test("a rule takes its properties out, and what is left is reported")
    func properties() {
        var world = DriftWorld()
        world.set(DriftWorld.stage, "tags", ["owner": "x", "cost": "y"])
        world.set(DriftWorld.stage, "variables", ["tier": "lead"])
        world.ignore = [Self.rule("Stage", "petstore *", [["tags", "owner"], ["variables", "*"]])]
        let report = world.report
        #expect(report.lines.map { $0.properties.map(\.path.pointer) } == [["/tags/cost"]])
        #expect(report.lines.first?.driftClass == .cosmetic)
        #expect(report.ignored.map { $0.line.properties.map(\.path.pointer) } == [["/tags/owner", "/variables/tier"]])
        #expect(report.summary == "1 object drifted: 1 cosmetic; 1 ignored")
        #expect(!report.text().contains("agreed"))
        #expect(report.text(showsIgnored: true).contains("until 2027-01-31, Ann: agreed"))
    }

    @Test("a rule for all that drifted leaves no drift, and the fingerprint is that of none")
    func all() {
        var world = DriftWorld()
        world.set(DriftWorld.stage, "tags", ["owner": "x"])
        world.ignore = [Self.rule("*", "petstore test", [["tags"]])]
        #expect(world.report.isEmpty)
        #expect(world.report.fingerprint.isEmpty)
        #expect(world.report.text() == "dev: no drift; 1 ignored\n")
    }

    @Test("what is missing or undeclared is left alone only by a rule for the whole object")
    func whole() {
        var world = DriftWorld()
        world.objects[DriftWorld.model] = nil
        world.strangers = [Stranger(physicalID: "abc", name: "x")]
        world.ignore = [Self.rule("Model", "petstore Pet", [["schema"]]), Self.rule("RestApi", "ab*", [["name"]])]
        #expect(world.report.lines.count == 2)
        world.ignore = [Self.rule("Model", "petstore Pet", [[]]), Self.rule("RestApi", "ab*", [[]])]
        #expect(world.report.isEmpty)
        #expect(world.report.ignored.count == 2)
    }

    @Test("access widening is never hidden unless the rule names the class")
    func access() {
        var world = DriftWorld()
        let put = Address(.method, in: "petstore", "PUT /pets")
        world.add(put, ["authorizationType": "NONE"])
        world.ignore = [Self.rule("*", "*", [[]])]
        #expect(world.report.lines.map(\.address) == [put])
        world.ignore = [Self.rule("*", "*", [[]], classes: [.accessWidening])]
        #expect(world.report.isEmpty)
    }

    @Test("an expired rule ignores nothing and says so, one that matches nothing is noted")
    func expired() {
        var world = DriftWorld()
        world.set(DriftWorld.stage, "tags", ["owner": "x"])
        world.ignore = [
            Self.rule("Stage", "*", [["tags"]], expires: CivilDate(year: 2026, month: 11, day: 21)),
            Self.rule("Stage", "other *", [["tags"]]),
        ]
        let report = world.report
        #expect(report.lines.count == 1)
        #expect(report.notes.map(\.code) == ["drift.rule-expired", "drift.rule-unused"])
        #expect(report.notes.map(\.severity) == [.warning, .note])
        world.ignore[0].expires = DriftWorld.today
        #expect(world.report.isEmpty)
    }

    @Test("a path means itself and what is inside, by whole names")
    func paths() {
        var world = DriftWorld()
        world.set(DriftWorld.stage, "tags", ["owner": "x", "owners": "y"])
        world.ignore = [Self.rule("Stage", "petstore test", [["tags", "owner"]])]
        #expect(world.report.lines.first?.properties.map(\.path.pointer) == ["/tags/owners"])
        world.ignore = [Self.rule("Stage", "petstore test", [["tags", "owner", "first"]])]
        #expect(world.report.lines.first?.properties.count == 2)
    }
}
