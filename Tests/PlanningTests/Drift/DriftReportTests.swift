import JSON
import Resources
import Testing

@testable import Planning

@Suite("Drift reports")
struct DriftReportTests {
    private let graph = PetStore.graph

    private func report(_ change: (inout [Address: ObservedObject]) -> Void) -> DriftReport {
        var objects = graph.observed
        change(&objects)
        return DriftReport(
            environment: "dev", recorded: graph.recorded,
            observed: ObservedState(all: objects, graph, graph.recorded))
    }

    @Test("a target as it was applied has no drift")
    func none() {
        #expect(report { _ in }.isEmpty)
        #expect(report { _ in }.text == "dev: no drift\n")
    }

    @Test("what changed, what is missing and what nobody declared are told apart")
    func sorts() {
        let stage = Address(.stage, in: "petstore", "test")
        let route = Address(.method, in: "petstore", "PUT /pets")
        let model = Address(.model, in: "petstore", "Pet")
        let report = report {
            let fingerprint = $0[stage]?.document["deployment"] ?? .null
            $0[stage]?.document = ["deployment": fingerprint, "variables": ["tier": "lead"]]
            $0[model] = nil
            $0[route] = ObservedObject(identity: Identity(physicalID: "x"), document: [:])
        }
        #expect(report.lines.map(\.sort) == [.undeclared, .missing, .changed])
        #expect(report.lines.map(\.address) == [route, model, stage])
        #expect(
            report.lines.last?.properties == [PropertyChange(path: "variables.tier", before: "gold", after: "lead")])
        #expect(
            report.text == """
                  undeclared Method/petstore PUT /pets
                  missing Model/petstore Pet
                  changed Stage/petstore test
                      variables.tier: "gold" → "lead"
                dev: 3 objects drifted

                """)
        #expect(report.json["drift"]?.array?.count == 3)
    }

    @Test("what was not read is not in the report")
    func unread() {
        let report = DriftReport(
            environment: "dev", recorded: graph.recorded, observed: ObservedState(addresses: [], objects: [:]))
        #expect(report.isEmpty)
    }
}
