import Diagnostics
import JSON
import Resources
import Testing

@testable import Planning

@Suite("What was read of the target")
struct RecordedStateTests {
    private let api = Address(.restAPI, "petstore")
    private let method = Address(.method, in: "petstore", "GET /pets")
    private let graph = PetStore.graph.with { resources in
        resources["Method/petstore GET /pets"] = [
            "authorizationType": "NONE",
            "integration": ["uri": "https://${RestApi/petstore.id}.test/a", "type": "MOCK"],
        ]
    }

    /// The method as somebody changed it.
    private var signed: JSONValue { changed(graph.observed[method]?.document, "authorizationType", to: "AWS_IAM") }

    private func plan(_ change: (inout [Address: ObservedObject]) -> Void, desired: DesiredGraph? = nil) -> Plan {
        var objects = graph.observed
        change(&objects)
        let desired = desired ?? graph
        return Planner.plan(
            desired: desired, recorded: graph.recorded,
            observed: ObservedState(all: objects, desired, graph.recorded))
    }

    @Test("drift becomes a change from what is there, with references where nothing drifted")
    func drift() {
        let plan = plan { $0[method]?.document = signed }
        #expect(plan.changes.map(\.address) == [method])
        let change = plan.changes.first
        #expect(change?.before?["authorizationType"] == "AWS_IAM")
        #expect(change?.before?["integration"]?["uri"] == "https://${RestApi/petstore.id}.test/a")
        #expect(change?.reason == "it was changed on the target")
    }

    @Test("what is gone is made again, and what only the record had is dropped without a line")
    func gone() {
        let gone = plan { $0[method] = nil }
        #expect(gone.changes.map(\.action) == [.create])
        #expect(gone.changes.first?.reason == "it is gone from the target")
        let withoutMethod = graph.with { $0["Method/petstore GET /pets"] = nil }
        let dropped = plan({ $0[method] = nil }, desired: withoutMethod)
        #expect(!dropped.changes.contains { $0.address == method })
    }

    @Test("an undeclared object inside a definition is deleted there; outside it is only told")
    func undeclared() {
        let route = Address(.method, in: "petstore", "PUT /pets")
        let stage = Address(.stage, in: "petstore", "byhand")
        let plan = plan {
            let identity = Identity(physicalID: "x")
            $0[route] = ObservedObject(identity: identity, document: ["authorizationType": "NONE"])
            $0[stage] = ObservedObject(identity: identity, document: ["deployment": "x"])
        }
        #expect(plan.changes.map(\.address) == [route])
        #expect(plan.changes.map(\.action) == [.delete])
        #expect(plan.changes.first?.visibility == .hidden)
        #expect(plan.findings.map(\.code) == ["planning.undeclared-object"])
        #expect(!plan.findings.hasErrors)
    }

    @Test("a change made by hand that is what the commit wants is no change")
    func alreadyThere() {
        let wanted = graph.with {
            $0["Method/petstore GET /pets"] = changed(
                $0["Method/petstore GET /pets"], "authorizationType", to: "AWS_IAM")
        }
        let plan = plan(
            { $0[method]?.document = signed }, desired: wanted)
        #expect(plan.changes.map(\.address.kind) == [.deployment, .stage])
    }

    @Test("an API that was made again by hand has its new id everywhere")
    func newIdentity() {
        let plan = plan { $0[api]?.identity.physicalID = "another" }
        #expect(plan.changes.map(\.address) == [method])
        #expect(plan.changes.first?.before?["integration"]?["uri"]?.string?.hasPrefix("https://id") == true)
    }

    @Test("what was not asked for is as it was recorded")
    func partial() {
        let observed = ObservedState(addresses: [api], objects: [api: graph.observed[api]].compactMapValues { $0 })
        #expect(Planner.plan(desired: graph, recorded: graph.recorded, observed: observed).isEmpty)
    }

    @Test("a state that was lost is rebuilt as the commit wrote it, with dependencies")
    func rebuilt() {
        let state = RecordedState.refreshed(
            [], desired: Deployments.derived(in: graph), observed: ObservedState(all: graph.observed, graph, []))
        let expected = graph.recorded.sorted { $0.address < $1.address }
        #expect(state.objects == expected)
    }
}
