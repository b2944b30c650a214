import Diagnostics
import JSON
import Resources
import Testing

@testable import Planning

@Suite("Guards")
struct GuardTests {
    private func settings(maxDeletes: Int = 20, protect: [String] = []) -> ApplySettings {
        var settings = ApplySettings()
        settings.maxDeletes = maxDeletes
        settings.protect = protect
        return settings
    }

    private let withoutPets = PetStore.graph.with { resources in
        resources.removeAll { $0.address.key.contains("/pets") }
    }

    @Test("as many deletes as allowed need no consent, one more does")
    func maxDeletes() {
        let recorded = PetStore.graph.recorded
        let allowed = Planner.plan(desired: withoutPets.with(settings(maxDeletes: 5)), recorded: recorded)
        #expect(allowed.changes.filter { $0.action == .delete }.count == 5)
        #expect(allowed.needsConsent.isEmpty)
        #expect(!allowed.findings.hasErrors)
        let refused = Planner.plan(desired: withoutPets.with(settings(maxDeletes: 4)), recorded: recorded)
        #expect(refused.needsConsent == [.tooManyDeletes(count: 5, limit: 4)])
        #expect(refused.findings.map(\.code) == ["planning.too-many-deletes"])
        #expect(refused.findings.hasErrors)
        #expect(refused.digest == allowed.digest)
    }

    @Test("a protected object is deleted only with consent; other changes of it are free")
    func protected() {
        let settings = settings(protect: ["Stage/*", "Method/petstore GET /pets*"])
        let recorded = PetStore.graph.recorded
        let plan = Planner.plan(desired: withoutPets.with(settings), recorded: recorded)
        let pattern = "Method/petstore GET /pets*"
        #expect(
            Set(plan.needsConsent) == [
                .protected(Address(.method, in: "petstore", "GET /pets"), pattern: pattern),
                .protected(Address(.method, in: "petstore", "GET /pets/{petId}"), pattern: pattern),
            ])
    }

    @Test("a plan that leaves nothing of a kind needs consent")
    func emptied() {
        let recorded = PetStore.graph.recorded
        let nothing = Planner.plan(desired: DesiredGraph.of([], apply: settings(maxDeletes: 100)), recorded: recorded)
        #expect(
            nothing.needsConsent == [
                .deletesEvery(.method, count: 4), .deletesEvery(.restAPI, count: 1), .deletesEvery(.stage, count: 1),
            ])
        let withoutModel = PetStore.graph.with { $0["Model/petstore Pet"] = nil }
        #expect(Planner.plan(desired: withoutModel, recorded: recorded).needsConsent.isEmpty)
    }

    @Test(
        "a pattern matches with `*` for any text",
        arguments: [
            ("RestApi/petstore", true), ("RestApi/*", true), ("*", true), ("*/petstore", true), ("R*t*p*e", true),
            ("RestApi/pet", false), ("RestApi/petstore2", false), ("Stage/*", false), ("*store2", false),
            ("RestApi/petstore*petstore", false), ("", false), ("RestApi/petstore**", true), ("*pp*", false),
        ])
    func patterns(pattern: String, isMatch: Bool) {
        #expect(AddressPattern(pattern).matches(Address(.restAPI, "petstore")) == isMatch)
    }

    @Test("a pattern of many stars takes no long time")
    func hostilePattern() {
        let address = Address(.restAPI, String(repeating: "a", count: 2000))
        #expect(!AddressPattern(String(repeating: "*a", count: 1000) + "*b").matches(address))
    }
}
