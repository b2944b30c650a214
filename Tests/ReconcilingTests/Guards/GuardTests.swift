import Applying
import Diagnostics
import GitSource
import JSON
import Planning
import Resources
import Testing

@testable import Reconciling

@Suite("Guards that do not trust the tree")
struct GuardTests {
    private func environment(_ apply: String) -> [String: String?] {
        ["gatewright.yaml": Manifests.environments(apply: apply)]
    }

    @Test(
        "a commit that loosens a guard is held until somebody agrees, and then it is the guard",
        arguments: [
            ("{ maxDeletes: 5 }", "{ maxDeletes: 6 }"), ("{ protect: [\"Stage/*\"] }", "{}"),
            ("{ protect: [\"Stage/*\"] }", "{ protect: [\"Stage/pets test\"] }"),
        ])
    func loosened(_ strict: String, _ loose: String) async throws {
        let house = try House(Manifests.all(apply: strict))
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        try house.repository.commit(environment(loose))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .held)
        #expect(reconciler.status.diagnostics.contains { $0.code == "planning.guard-loosened" })
        let digest = try #require(reconciler.status.pendingDigest)
        await house.stores.setApproval(
            Approval(environment: "dev", digest: digest, author: "ann", time: house.now), environment: "dev")
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        #expect(await house.stores.approval(environment: "dev") == nil)
        // From here on it is what a commit is held against.
        try house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "tin")])
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
    }

    @Test(
        "a commit that makes a guard stricter needs nobody",
        arguments: [
            ("{ maxDeletes: 5 }", "{ maxDeletes: 4 }"), ("{}", "{ protect: [\"Stage/*\"] }"),
            ("{ protect: [\"Stage/pets test\"] }", "{ protect: [\"Stage/*\"] }"),
        ])
    func stricter(_ loose: String, _ strict: String) async throws {
        let house = try House(Manifests.all(apply: loose))
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        try house.repository.commit(environment(strict))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
    }

    private static func rule(_ classes: String = "[functional]", expires: String = "2027-01-31") -> String {
        "{ target: { kind: Stage, name: \"pets *\" }, paths: [/variables], owner: Ann, reason: labels, "
            + "expires: \(expires), classes: \(classes) }"
    }

    @Test(
        "a commit that watches less is held until somebody agrees, and until then the environment is watched as before",
        arguments: [
            ("{ action: report }", "{ action: off }", "spec.drift.action"),
            ("{ action: correct }", "{ action: report }", "spec.drift.action.functional"),
            ("{ action: correct }", "{ action: off }", "spec.drift.action"),
            (
                "{ action: { accessWidening: correct } }", "{ action: { functional: correct } }",
                "spec.drift.action.accessWidening"
            ),
            ("{ action: report }", "{ ignore: [\(rule())] }", "spec.drift.ignore"),
            ("{ ignore: [\(rule())] }", "{ ignore: [\(rule("[functional, accessWidening]"))] }", "spec.drift.ignore"),
            ("{ ignore: [\(rule())] }", "{ ignore: [\(rule(expires: "2027-02-01"))] }", "spec.drift.ignore"),
            (
                "{ ignore: [\(rule())] }", "{ ignore: [\(rule().replacing("/variables", with: "\"\""))] }",
                "spec.drift.ignore"
            ),
        ])
    func watch(_ strict: String, _ loose: String, _ field: String) async throws {
        let house = try House(Manifests.all(drift: strict))
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        let before = try await house.sweep(house.pipeline()).settings
        try house.repository.commit(["gatewright.yaml": Manifests.environments(drift: loose)])
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .held)
        let fields = reconciler.status.needsConsent.compactMap { reason -> String? in
            if case .loosened(let field, _, _) = reason { field } else { nil }
        }
        #expect(fields.contains(field), "\(fields)")
        #expect(try await house.sweep(house.pipeline()).settings == before)
        await reconciler.consent(to: try #require(reconciler.status.pendingDigest))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        #expect(try await house.sweep(house.pipeline()).settings != before)
        // From here on it is what a commit is held against.
        try house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "tin")])
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
    }

    @Test(
        "a commit that watches as much or more needs nobody",
        arguments: [
            ("{ action: off }", "{ action: correct }"), ("{ ignore: [\(rule())] }", "{}"),
            ("{ ignore: [\(rule())] }", "{ ignore: [\(rule(expires: "2026-12-31"))] }"),
            ("{ ignore: [\(rule())] }", "{ ignore: [\(rule().replacing("pets *", with: "pets test"))] }"),
            ("{ ignore: [\(rule())] }", "{ ignore: [\(rule().replacing("/variables", with: "/variables/tier"))] }"),
            ("{ ignore: [\(rule("[cosmetic, functional]"))] }", "{ ignore: [\(rule())] }"),
        ])
    func watchedMore(_ loose: String, _ strict: String) async throws {
        let house = try House(Manifests.all(drift: loose))
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        try house.repository.commit(["gatewright.yaml": Manifests.environments(drift: strict)])
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready, "\(reconciler.status.needsConsent)")
    }

    @Test("a diff names what the commit loosens, in every form, and its digest is as without")
    func diff() async throws {
        let house = try House(Manifests.all(apply: "{ protect: [\"Stage/*\"] }", drift: "{ action: correct }"))
        let git = try house.repository.open()
        let base = CommitTree(git, at: try await git.resolve("main"))
        try house.repository.commit([
            "gatewright.yaml": Manifests.environments(drift: "{ ignore: [\(Self.rule("[accessWidening]"))] }")
        ])
        let head = CommitTree(git, at: try await git.resolve("main"))
        let outcome = try await Differ(loader: house.pipeline().loader).compare(base: base, result: head)
        guard case .sections(let sections) = outcome, let plan = sections.first?.plan else {
            Issue.record("\(outcome)")
            return
        }
        #expect(plan.isEmpty && plan.needsConsent.count == 5, "\(plan.needsConsent)")
        let report = DiffReport(
            range: "main...head", base: "", head: "", isMerge: true, environment: nil, sections: sections)
        for text in [report.text(colour: false), report.markdown, report.json.text(.compact)] {
            #expect(text.contains("spec.apply.protect") && text.contains("spec.drift.action.cosmetic"), "\(text)")
            #expect(text.contains("until 2027-01-31, also what widens access"), "\(text)")
        }
    }

    @Test("what is recorded of the guards is read again as it was")
    func guardsForm() throws {
        let rule = DriftRule(
            kind: "Stage", name: "pets *", paths: [["a", "b/c"], []], owner: "Ann", reason: "because",
            expires: CivilDate(year: 2027, month: 1, day: 31), classes: [.accessWidening])
        let guards = AppliedGuards(
            maxDeletes: 3, protect: ["Stage/*"],
            watch: DriftGuard(isOn: false, corrected: [.functional], ignored: [rule]),
            renames: [Rename(from: Address(.restAPI, "a"), to: Address(.restAPI, "b"))])
        #expect(AppliedGuards(json: guards.json) == guards)
        // As an earlier version wrote them.
        let earlier: JSONValue = ["format": "gatewright.guards/v1", "maxDeletes": 3, "protect": ["Stage/*"]]
        #expect(AppliedGuards(json: earlier) == AppliedGuards(maxDeletes: 3, protect: ["Stage/*"]))
    }

    @Test("a commit cannot take protection away and the object in one step")
    func both() async throws {
        let house = try House(
            Manifests.all(apply: "{ protect: [\"Stage/*\"] }").merging(
                ["apis/pets.yaml": Manifests.api(stages: ["test", "live"])]) { _, new in new })
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        try house.repository.commit(environment("{}").merging(["apis/pets.yaml": Manifests.api()]) { _, new in new })
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .held)
        let live = Address(.stage, in: "pets", "live")
        #expect(reconciler.status.needsConsent.contains(.protected(live, pattern: "Stage/*")))
        #expect(
            reconciler.status.needsConsent.contains(
                .loosened(field: "spec.apply.protect", before: "Stage/*", after: "nothing")))
        #expect(await house.world.document(live) != nil)
    }

    @Test("the controller's own rules hold whatever the commit says")
    func controller() async throws {
        let house = try House(Manifests.all())
        let own = ControllerGuards.Environment(maxDeletes: 0, protect: ["Method/*"], needsApproval: true)
        let guards = ControllerGuards(maxDeletes: 9, environments: ["dev": own])
        let reconciler = try house.reconciler(guards: guards)
        _ = await reconciler.tick()
        #expect(reconciler.status.needsConsent == [.approval])
        await reconciler.consent(to: try #require(reconciler.status.pendingDigest))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        try house.repository.commit(["apis/pets.openapi.yaml": Manifests.definition(["/more"])])
        _ = await reconciler.tick()
        let reasons = reconciler.status.needsConsent
        #expect(reasons.contains { if case .tooManyDeletes(_, limit: 0) = $0 { true } else { false } })
        #expect(reasons.contains { if case .protected(House.method, pattern: "Method/*") = $0 { true } else { false } })
        #expect(reasons.contains(.approval))
    }

    @Test("an environment goes to no other target than the controller names")
    func target() async throws {
        let house = try House(Manifests.all())
        let own = ControllerGuards.Environment(target: ["engine": ["endpoint": "http://127.0.0.1:1"]])
        let reconciler = try house.reconciler(guards: ControllerGuards(environments: ["dev": own]))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .refused)
        #expect(reconciler.status.problem?.code == "reconciling.target-forbidden")
        #expect(await house.world.calls.isEmpty)
    }

    @Test("an approval of another plan is none")
    func otherApproval() async throws {
        let house = try House(Manifests.all())
        let own = ControllerGuards.Environment(needsApproval: true)
        let reconciler = try house.reconciler(guards: ControllerGuards(environments: ["dev": own]))
        await house.stores.setApproval(
            Approval(environment: "dev", digest: "sha256:0", author: "ann", time: house.now), environment: "dev")
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .held)
        #expect(await house.world.objects.isEmpty)
    }

    @Test("what is destroyed is everything that is recorded, after a consent; nothing recorded is nothing to do")
    func destruction() async throws {
        let house = try House(Manifests.all())
        let pipeline = house.pipeline()
        #expect(try await pipeline.planDestruction(of: "dev") == nil)
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        let prepared = try #require(try await pipeline.planDestruction(of: "dev"))
        #expect(prepared.plan.changes.allSatisfy { $0.action == .delete })
        #expect(!prepared.plan.needsConsent.isEmpty)
        let refused = await #expect(throws: ReconcilingFailure.self) {
            try await pipeline.apply(prepared, commit: CommitFacts(id: ""))
        }
        #expect(refused?.code == .consentNeeded)
        let result = try await pipeline.apply(
            prepared, commit: CommitFacts(id: ""), consent: prepared.plan.digest)
        guard case .ended(.done, _) = result else {
            Issue.record("it was not done")
            return
        }
        #expect(await house.world.objects.isEmpty)
        #expect(try await house.stores.objects(environment: "dev").isEmpty)
    }
}
