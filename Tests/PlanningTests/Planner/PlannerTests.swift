import Diagnostics
import JSON
import Resources
import Testing

@testable import Planning

@Suite("Plans")
struct PlannerTests {
    private let graph = PetStore.graph
    private var recorded: [RecordedObject] { graph.recorded }

    private func plan(_ change: (inout [DesiredResource]) -> Void) -> Plan {
        Planner.plan(desired: graph.with(change), recorded: recorded)
    }

    @Test("a change of the definition cuts exactly one deployment and flips the stages last")
    func definitionChange() {
        let plan = plan { $0["Model/petstore Pet"] = ["schema": ["type": "array"]] }
        #expect(
            plan.changes.map(\.address.description) == [
                "Model/petstore Pet", "Deployment/petstore", "Stage/petstore test",
            ])
        #expect(plan.changes.map(\.action) == [.update, .update, .update])
        #expect(plan.changes.map(\.visibility) == [.hidden, .hidden, .flip])
        #expect(plan.changes.last?.after?["deployment"] == plan.changes[1].after?["fingerprint"])
        #expect(plan.changes.last?.dependencies == [Address(.deployment, "petstore")])
    }

    @Test("a stage variable cuts no deployment")
    func stageVariable() {
        let plan = plan { $0["Stage/petstore test"] = ["variables": ["tier": "silver"]] }
        #expect(plan.changes.map(\.address.description) == ["Stage/petstore test"])
        #expect(plan.changes.first?.visibility == .flip)
    }

    @Test("a delete inside a definition is hidden, can be undone, and comes before the deployment")
    func deleteInside() {
        let plan = plan { $0["Method/petstore POST /pets"] = nil }
        #expect(
            plan.changes.map(\.address.description) == [
                "Method/petstore POST /pets", "Deployment/petstore", "Stage/petstore test",
            ])
        #expect(plan.changes[0].action == .delete)
        #expect(plan.changes[0].visibility == .hidden)
        #expect(plan.changes[0].isReversible)
        #expect(plan.changes[1].dependencies == [Address(.method, in: "petstore", "POST /pets")])
    }

    @Test("an API that goes takes every address with it, in lines that cannot be undone, itself last")
    func apiGoes() {
        let plan = plan { $0 = [] }
        #expect(plan.changes.count == recorded.count)
        #expect(plan.changes.allSatisfy { $0.action == .delete && !$0.isReversible && $0.visibility == .delete })
        #expect(plan.changes.last?.address == Address(.restAPI, "petstore"))
        #expect(plan.changes.last?.dependencies.count == recorded.count - 1)
        #expect(plan.changes.contains { $0.address == Address(.deployment, "petstore") })
    }

    @Test("a stage that goes is deleted at the end and can be made again; its deployment stays")
    func stageGoes() {
        let plan = plan { $0["Stage/petstore test"] = nil }
        #expect(plan.changes.map(\.address.description) == ["Stage/petstore test"])
        #expect(plan.changes.first?.action == .delete)
        #expect(plan.changes.first?.visibility == .delete)
        #expect(plan.changes.first?.isReversible == true)
    }

    @Test("what a kind's table calls immutable is made again by the import, inside a definition")
    func immutableInside() {
        let plan = plan { $0["Model/petstore Pet"] = changed($0["Model/petstore Pet"], "contentType", to: "text/xml") }
        #expect(plan.changes.first?.action == .update)
        #expect(plan.changes.first?.reason == "`contentType` cannot change in place")
    }

    @Test("numbers compare by value and members in any order")
    func equality() {
        let before = graph.with { $0["Model/petstore Pet"] = ["schema": ["a": 100, "b": 1]] }
        let one = JSONValue.object(["b": .number(JSONNumber(text: "1.0")), "a": .number(JSONNumber(text: "1e2"))])
        let after = graph.with { $0["Model/petstore Pet"] = ["schema": one] }
        #expect(Planner.plan(desired: after, recorded: before.recorded).isEmpty)
    }

    @Test("a cycle in a damaged record still gives every line once")
    func cycle() {
        let damaged = recorded.map { object in
            var object = object
            object.dependencies = recorded.map(\.address)
            return object
        }
        let plan = Planner.plan(desired: DesiredGraph.of([]), recorded: damaged)
        #expect(Set(plan.changes.map(\.address)) == Set(recorded.map(\.address)))
        #expect(plan.changes.count == recorded.count)
    }

    @Test("the endpoint of an API changes at once, its description unseen")
    func restAPIVisibility() {
        let endpoint = plan {
            $0["RestApi/petstore"] = changed(
                $0["RestApi/petstore"], "endpointConfiguration", to: ["types": ["EDGE"]])
        }
        #expect(endpoint.changes.map(\.visibility) == [.flip])
        let described = plan { $0["RestApi/petstore"] = changed($0["RestApi/petstore"], "description", to: "x") }
        #expect(described.changes.map(\.visibility) == [.hidden])
        let binary = plan { $0["RestApi/petstore"] = changed($0["RestApi/petstore"], "binaryMediaTypes", to: ["*/*"]) }
        #expect(binary.changes.map(\.address.kind) == [.restAPI, .deployment, .stage])
    }

    @Test("changes that a stage waits for come first, whatever their addresses are called")
    func newAPI() {
        let plan = Planner.plan(desired: graph, recorded: [])
        #expect(plan.changes.allSatisfy { $0.action == .create })
        #expect(plan.changes.first?.address == Address(.restAPI, "petstore"))
        #expect(plan.changes.last?.address == Address(.stage, in: "petstore", "test"))
        #expect(plan.changes.dropLast().last?.address == Address(.deployment, "petstore"))
    }
}
