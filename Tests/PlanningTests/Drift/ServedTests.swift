import JSON
import Resources
import Testing

@testable import Planning

@Suite("A stage that serves something else")
struct ServedTests {
    private static func routes(_ graph: DesiredGraph = PetStore.graph) -> [String: ServedDefinition.Route] {
        Dictionary(
            uniqueKeysWithValues: graph.resources.filter { $0.address.kind == .method }.map {
                ($0.address.key, ServedDefinition.Route(authorizationType: "NONE", apiKeyRequired: false))
            })
    }

    @Test("a stage that serves what was applied is no drift")
    func same() {
        var world = DriftWorld()
        world.served[DriftWorld.stage] = ServedDefinition(
            deploymentID: "d", fingerprint: "f", commit: "c", routes: Self.routes())
        #expect(world.report.isEmpty)
    }

    @Test("a deployment of somebody else is named with both ids, its time and its routes")
    func foreign() throws {
        var world = DriftWorld()
        world.set(DriftWorld.stage, "deployment", "zzz999")
        var routes = Self.routes()
        routes["PUT /pets"] = ServedDefinition.Route(authorizationType: "NONE", apiKeyRequired: false)
        routes["GET /"] = nil
        routes["GET /pets"] = ServedDefinition.Route(authorizationType: "AWS_IAM", apiKeyRequired: true)
        world.served[DriftWorld.stage] = ServedDefinition(
            deploymentID: "zzz999", created: 1_795_370_978, routes: routes)
        let line = try #require(world.report.lines.first)
        #expect(line.sort == .servesSomethingElse)
        #expect(line.driftClass == .accessWidening)
        #expect(line.isCorrectable)
        let meant = try #require(world.recorded.first { $0.address.kind == .deployment }?.identity.physicalID)
        #expect(
            line.facts == [
                "it serves the deployment `zzz999`, made by somebody else on 2026-11-22 18:09 UTC",
                "the deployment that was applied is `\(meant)`", "it does not serve `GET /`",
                "it serves `GET /pets` for AWS_IAM with a key instead of NONE",
                "it serves `PUT /pets` for NONE, which was not applied",
            ])
        #expect(world.report.text().contains("stage serves something else Stage/petstore test"))
    }

    @Test("an older deployment of ours is named with its commit")
    func older() throws {
        var world = DriftWorld()
        world.set(DriftWorld.stage, "deployment", "otherfingerprint")
        world.served[DriftWorld.stage] = ServedDefinition(
            deploymentID: "old", fingerprint: "otherfingerprint", commit: "abcdef0123", created: 0)
        let line = try #require(world.report.lines.first)
        #expect(line.sort == .servesSomethingElse)
        #expect(line.driftClass == .functional)
        #expect(line.facts.first?.hasSuffix("made from here on 1970-01-01 00:00 UTC for the commit abcdef0") == true)
    }

    @Test("a deployment with our mark that froze something else is drift that no plan puts back")
    func frozen() throws {
        var world = DriftWorld()
        var routes = Self.routes()
        routes["GET /pets"] = nil
        world.served[DriftWorld.stage] = ServedDefinition(deploymentID: "d", fingerprint: "f", routes: routes)
        let line = try #require(world.report.lines.first)
        #expect(line.sort == .servesSomethingElse)
        #expect(line.properties.isEmpty)
        #expect(!line.isCorrectable)
        world.ignore = [IgnoreTests.rule("Stage", "*", [["deployment"]])]
        #expect(world.report.lines.count == 1)
    }

    @Test("a canary is named with its share and its deployment")
    func canary() throws {
        var world = DriftWorld()
        world.set(
            DriftWorld.stage, "canarySettings", ["deploymentId": "can1", "percentTraffic": .number(JSONNumber(12.5))])
        world.served[DriftWorld.stage] = ServedDefinition(deploymentID: "d", fingerprint: "f", routes: Self.routes())
        let line = try #require(world.report.lines.first)
        #expect(line.sort == .servesSomethingElse)
        #expect(line.facts == ["a canary sends 12.5% of the callers to the deployment `can1`"])
        #expect(line.isCorrectable)
    }

    @Test("a target that does not say what it serves is not suspected")
    func silent() {
        var world = DriftWorld()
        world.served[DriftWorld.stage] = ServedDefinition(deploymentID: "d", fingerprint: "f")
        #expect(world.report.isEmpty)
    }

    @Test("of many routes the first are named and the others counted")
    func many() throws {
        var world = DriftWorld()
        var routes = Self.routes()
        for number in 0..<100 {
            routes["GET /x\(number)"] = ServedDefinition.Route(authorizationType: "NONE", apiKeyRequired: false)
        }
        world.served[DriftWorld.stage] = ServedDefinition(deploymentID: "d", fingerprint: "f", routes: routes)
        let facts = try #require(world.report.lines.first).facts
        #expect(facts.count == Limits.routesShownMax + 2)
        #expect(facts.contains("80 more routes differ"))
    }
}
