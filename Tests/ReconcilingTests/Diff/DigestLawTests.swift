import Diagnostics
import GitSource
import Manifests
import Planning
import Resources
import Testing

@testable import Reconciling

@Suite("The digest law: a diff is the plan that follows the merge")
struct DigestLawTests {
    @Test("no drift and base applied: diff and plan have one digest, the target read or not", arguments: 0..<40)
    func sameDigest(seed: Int) async throws {
        var manifests = RandomManifests(seed: seed)
        let house = try House([:])
        let base = try house.repository.commit(manifests.files(), "Base")
        let git = try house.repository.open()
        let pipeline = house.pipeline()
        let baseTree = CommitTree(git, at: try await git.resolve(base))
        let begin = try await pipeline.plan(try graph(try await pipeline.load(baseTree, environment: nil)))
        _ = try await pipeline.apply(begin, commit: CommitFacts(id: base), consent: begin.plan.digest)

        let head = try house.repository.commit(manifests.files(), "Head")
        let headTree = CommitTree(git, at: try await git.resolve(head))
        let outcome = try await Differ(loader: ManifestLoader()).compare(base: baseTree, result: headTree)
        guard case .sections(let sections) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let shown = try #require(sections.first?.plan)
        let wanted = try graph(try await pipeline.load(headTree, environment: nil))
        let planned = try await pipeline.plan(wanted)
        #expect(shown.digest == planned.plan.digest)
        let observed = try await pipeline.plan(wanted, observing: .everything)
        #expect(shown.digest == observed.plan.digest)

        _ = try await pipeline.apply(planned, commit: CommitFacts(id: head), consent: planned.plan.digest)
        let rest = try await pipeline.plan(wanted, observing: .everything)
        #expect(rest.plan.isEmpty, "\(rest.plan.changes.map(\.address))")
    }

    @Test("the histories have patches that come, change and go")
    func patches() {
        var kinds: Set<String> = []
        for seed in 0..<40 {
            var manifests = RandomManifests(seed: seed)
            let written = (0..<2).map { _ in
                let files = manifests.files()
                let environment = (files["gatewright.yaml"] ?? nil) ?? ""
                return environment.split(separator: "  patches:\n").dropFirst().joined()
                    + ((files["patches/all.yaml"] ?? nil) ?? "")
            }
            switch (written[0].isEmpty, written[1].isEmpty) {
            case (true, false): kinds.insert("come")
            case (false, true): kinds.insert("go")
            case (false, false): kinds.insert(written[0] == written[1] ? "stay" : "change")
            case (true, true): break
            }
        }
        #expect(kinds.isSuperset(of: ["come", "change", "go"]))
    }

    private func graph(_ result: LoadResult) throws -> DesiredGraph {
        try #require(result.graph, "\(result.diagnostics.map(\.message))")
    }
}
