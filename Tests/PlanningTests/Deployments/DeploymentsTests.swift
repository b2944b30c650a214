import JSON
import Resources
import Seeds
import Testing

@testable import Planning

@Suite("Derived deployments")
struct DeploymentsTests {
    private func fingerprint(_ graph: DesiredGraph) -> JSONValue? {
        Deployments.derived(in: graph).resources["Deployment/petstore"]?["fingerprint"]
    }

    private func changing(_ address: String, _ name: String, to value: JSONValue) -> DesiredGraph {
        PetStore.graph.with { $0[address] = changed($0[address], name, to: value) }
    }

    @Test("the fingerprint is 64 lower-case hex digits and every stage is bound to it")
    func shape() {
        let derived = Deployments.derived(in: PetStore.graph)
        let fingerprint = derived.resources["Deployment/petstore"]?["fingerprint"]?.string
        #expect(fingerprint?.utf8.count == 64)
        #expect(fingerprint?.allSatisfy { $0.isHexDigit && !$0.isUppercase } == true)
        #expect(derived.resources["Stage/petstore test"]?["deployment"]?.string == fingerprint)
        let stage = derived.resources.first { $0.address.kind == .stage }
        #expect(stage?.dependencies.contains(Address(.deployment, "petstore")) == true)
        let deployment = derived.resources.first { $0.address.kind == .deployment }
        let inside = PetStore.graph.resources.filter { $0.address.kind != .stage }.map(\.address)
        #expect(Set(deployment?.dependencies ?? []) == Set(inside))
    }

    @Test("deriving twice changes nothing", arguments: 0..<50)
    func idempotent(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let once = Deployments.derived(in: RandomGraph.make(&generator))
        let twice = Deployments.derived(in: once)
        #expect(once.resources.map(\.document) == twice.resources.map(\.document))
        #expect(once.resources.map(\.dependencies) == twice.resources.map(\.dependencies))
    }

    private func described(_ text: String) -> DesiredGraph {
        PetStore.graph.with {
            $0.append(
                DesiredResource(
                    address: Address(.deployment, "petstore"), document: ["description": .string(text)],
                    dependencies: [Address(.restAPI, "petstore")]))
        }
    }

    @Test("a manifest's description gets the fingerprint, and is no part of it")
    func description() throws {
        let derived = Deployments.derived(in: described("Release 7"))
        let deployments = derived.resources.filter { $0.address.kind == .deployment }
        let deployment = try #require(deployments.first)
        #expect(deployments.count == 1)
        #expect(deployment.document["description"] == "Release 7")
        #expect(deployment.document["fingerprint"] == fingerprint(PetStore.graph))
        let plain = Deployments.derived(in: PetStore.graph).resources.first { $0.address.kind == .deployment }
        #expect(deployment.dependencies == plain?.dependencies)
        #expect(Deployments.derived(in: derived).resources.map(\.document) == derived.resources.map(\.document))
    }

    @Test("another description is a change of the deployment alone, which callers do not see")
    func descriptionAlone() throws {
        let plan = Planner.plan(desired: described("Release 8"), recorded: described("Release 7").recorded)
        let change = try #require(plan.changes.first)
        #expect(plan.changes.count == 1)
        #expect(change.action == .update && change.visibility == .hidden && change.isReversible)
        #expect(change.reason == nil)
        #expect(change.properties.map(\.path) == ["description"])
        let without = Planner.plan(desired: PetStore.graph, recorded: described("Release 7").recorded)
        #expect(without.changes.map(\.address) == [Address(.deployment, "petstore")])
    }

    @Test("an API without stages has no deployment")
    func noStages() {
        let graph = PetStore.graph.with { $0["Stage/petstore test"] = nil }
        #expect(!Deployments.derived(in: graph).resources.contains { $0.address.kind == .deployment })
    }

    @Test("what only a deployment makes visible is in the fingerprint, the rest is not")
    func whatCounts() {
        let base = fingerprint(PetStore.graph)
        #expect(fingerprint(changing("Method/petstore GET /", "authorizationType", to: "AWS_IAM")) != base)
        #expect(fingerprint(changing("Model/petstore Pet", "schema", to: [:])) != base)
        for (name, value) in [
            ("binaryMediaTypes", ["*/*"]), ("policy", ["Version": "2012-10-17"]), ("apiKeySource", "AUTHORIZER"),
            ("minimumCompressionSize", 10), ("disableExecuteApiEndpoint", true),
        ] as [(String, JSONValue)] {
            #expect(fingerprint(changing("RestApi/petstore", name, to: value)) != base, "\(name)")
        }
        for (name, value) in [
            ("description", "x"), ("name", "x"), ("tags", ["a": "b"]), ("endpointConfiguration", ["types": ["EDGE"]]),
        ] as [(String, JSONValue)] {
            #expect(fingerprint(changing("RestApi/petstore", name, to: value)) == base, "\(name)")
        }
        #expect(fingerprint(changing("DocumentationPart/petstore API - - - -", "properties", to: "x")) == base)
        #expect(fingerprint(changing("Stage/petstore test", "variables", to: [:])) == base)
        #expect(fingerprint(PetStore.graph.with { $0["Method/petstore GET /"] = nil }) != base)
    }

    @Test("two objects that swap their documents have another fingerprint")
    func swapped() {
        let one = PetStore.graph.with {
            let get = $0["Method/petstore GET /pets"]
            $0["Method/petstore GET /pets"] = $0["Method/petstore POST /pets"]
            $0["Method/petstore POST /pets"] = get
        }
        #expect(fingerprint(one) != fingerprint(PetStore.graph))
    }
}
