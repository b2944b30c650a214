import Diagnostics
import JSON
import Resources
import Testing

@testable import Planning

@Suite("Versions of the documentation")
struct DocumentationVersionTests {
    private static let part = Address(.documentationPart, in: "petstore", "API - - - -")

    private static func graph(_ version: String, _ words: JSONValue = "Pets", more: Bool = false) -> DesiredGraph {
        PetStore.graph.with { resources in
            let span = SourceSpan(file: "apis/petstore.openapi.yaml", line: 60, column: 3)
            let address = Address(.documentationVersion, in: "petstore", version)
            resources["DocumentationPart/petstore API - - - -"] = ["properties": ["info": ["title": words]]]
            var parts = [part]
            if more {
                parts.append(Address(.documentationPart, in: "petstore", "MODEL - - - Pet"))
                resources.append(DesiredResource(address: parts[1], document: ["properties": ["a": 1]]))
            }
            resources.append(
                DesiredResource(
                    address: address, document: [:], dependencies: [Address(.restAPI, "petstore")] + parts, span: span))
            resources["Stage/petstore test"] = changed(
                resources["Stage/petstore test"], "documentationVersion", to: .string(version))
            for position in resources.indices where resources[position].address.kind == .stage {
                resources[position].dependencies.append(address)
            }
        }
    }

    private static func addresses(_ plan: Plan) -> [String] {
        plan.changes.map { "\($0.action) \($0.address)" }
    }

    @Test("a version is made after the parts that it holds, and before the stage that publishes it")
    func order() throws {
        let graph = Self.graph("1.0")
        let new = Self.addresses(Planner.plan(desired: graph, recorded: []))
        let version = try #require(new.firstIndex(of: "create DocumentationVersion/petstore 1.0"))
        #expect(try #require(new.firstIndex(of: "create DocumentationPart/petstore API - - - -")) < version)
        #expect(try #require(new.firstIndex(of: "create Stage/petstore test")) > version)

        let fewer = Planner.plan(desired: Self.graph("2.0", "Cats"), recorded: Self.graph("1.0", more: true).recorded)
        #expect(
            Self.addresses(fewer) == [
                "update DocumentationPart/petstore API - - - -", "delete DocumentationPart/petstore MODEL - - - Pet",
                "create DocumentationVersion/petstore 2.0", "update Stage/petstore test",
            ])
        #expect(fewer.needsConsent.isEmpty)
    }

    @Test("neither a deployment nor a second plan comes of a version")
    func settled() {
        let graph = Self.graph("1.0")
        #expect(Planner.plan(desired: graph, recorded: graph.recorded).isEmpty)
        #expect(
            Self.addresses(Planner.plan(desired: graph, recorded: PetStore.graph.recorded)) == [
                "create DocumentationVersion/petstore 1.0",
                "update Stage/petstore test",
            ])
    }

    @Test("a version that no commit names any more is kept, and taken up again by one that does")
    func kept() {
        let both =
            Self.graph("2.0", "Cats").recorded
            + Self.graph("1.0").recorded.filter {
                $0.address.kind == .documentationVersion
            }
        let back = Planner.plan(desired: Self.graph("1.0"), recorded: both)
        #expect(
            Self.addresses(back) == [
                "update DocumentationPart/petstore API - - - -", "update Stage/petstore test",
            ])
        #expect(back.findings.isEmpty)
        let gone = Planner.plan(desired: .of([]), recorded: both)
        #expect(gone.changes.count { $0.address.kind == .documentationVersion && $0.action == .delete } == 2)
        #expect(gone.changes.last?.address == Address(.restAPI, "petstore"))
    }

    @Test("other parts under the name of a version are an error at its place")
    func taken() throws {
        let graph = Self.graph("1.0", "Cats")
        let finding = try #require(
            Planner.plan(desired: graph, recorded: Self.graph("1.0").recorded).findings.first)
        #expect(finding.severity == .error && finding.code == "planning.documentation-version-taken")
        #expect(finding.message.hasPrefix("`DocumentationVersion/petstore 1.0` holds other documentation parts"))
        #expect(finding.spans.first?.line == 60)
        #expect(finding.remedy?.contains("another `version`") == true)

        var observed = graph.observed
        let version = Address(.documentationVersion, in: "petstore", "1.0")
        observed[version] = ObservedObject(identity: Identity(physicalID: "1.0"), document: [:])
        let byHand = Planner.plan(
            desired: graph, recorded: graph.recorded, observed: ObservedState(all: observed, graph, graph.recorded))
        #expect(byHand.findings.first?.message.contains("was not made from here") == true)
    }

    @Test("versions of ours beside the wanted one are recorded, those of others are a note")
    func rebuilt() {
        let graph = Self.graph("2.0", "Cats")
        var observed = graph.observed
        for (name, document) in [("1.0", ["fingerprint": "f"]), ("x", [:])] as [(String, JSONValue)] {
            observed[Address(.documentationVersion, in: "petstore", name)] = ObservedObject(
                identity: Identity(physicalID: name), document: document)
        }
        let state = RecordedState.refreshed(
            [], desired: Deployments.derived(in: graph), observed: ObservedState(all: observed, graph, []))
        let names = state.objects.filter { $0.address.kind == .documentationVersion }.map(\.address.key)
        #expect(names == ["1.0", "2.0"])
        #expect(
            state.findings.map(\.message) == [
                "the target has `DocumentationVersion/petstore x`, which no manifest declares"
            ])
    }

    @Test("an export is of the version that holds the parts as they are")
    func current() {
        func name(_ documents: [Address: JSONValue]) -> String? {
            DocumentationVersions.current(of: "petstore", in: documents)
        }
        let documents = Self.graph("1.0").observed.mapValues(\.document)
        #expect(name(documents) == "1.0")
        var edited = documents
        edited[Self.part] = ["properties": [:]]
        #expect(name(edited) == nil)
        var twice = documents
        twice[Address(.documentationVersion, in: "petstore", "9")] =
            documents[Address(.documentationVersion, in: "petstore", "1.0")]
        #expect(name(twice) == "1.0")
        twice[Address(.stage, in: "petstore", "test")] = [:]
        #expect(name(twice) == "9")
        #expect(name(PetStore.graph.observed.mapValues(\.document)) == nil)
    }
}
