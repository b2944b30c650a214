import Applying
import Diagnostics
import GitSource
import Manifests
import Planning
import Resources
import Synchronization
import Testing

@testable import Reconciling

@Suite("Stages are asked after they are flipped")
struct ProbeTests {
    /// Says of each stage what it is told to, and keeps what it was asked.
    final class Prober: StageProber {
        private let bad: Set<String>
        private let asked = Mutex<[ProbeQuestion]>([])

        init(bad: Set<String> = []) { self.bad = bad }

        var questions: [ProbeQuestion] { asked.withLock(\.self) }

        func ask(_ question: ProbeQuestion) async -> ProbeAnswer {
            asked.withLock { $0.append(question) }
            return bad.contains(question.stage.name) ? .failed("nobody answers") : .serves("it serves")
        }
    }

    private static let commit = CommitFacts(id: String(repeating: "a", count: 40))

    private func apply(_ house: House, _ world: SmallWorld) async throws -> ApplyOutcome? {
        let repository = try house.repository.open()
        let tree = CommitTree(repository, at: try await repository.resolve("main"))
        let pipeline = house.pipeline(world: world)
        let graph = try #require(try await pipeline.load(tree, environment: nil).graph)
        guard
            case .ended(let outcome, _) = try await pipeline.apply(try await pipeline.plan(graph), commit: Self.commit)
        else { return nil }
        return outcome
    }

    @Test("each flipped stage whether it serves its deployment, and nothing where nothing is flipped")
    func byDefault() async throws {
        let house = try House()
        let prober = Prober()
        let world = SmallWorld(prober: prober)
        guard case .done(let report)? = try await apply(house, world) else {
            Issue.record("not done")
            return
        }
        #expect(report.probes.map(\.stage) == [House.stage])
        #expect(prober.questions.map(\.request) == [nil])
        #expect(prober.questions[0].deploymentID != nil)
        #expect(try await apply(house, world) == nil)
        #expect(prober.questions.count == 1)
    }

    @Test("every rule that is for the stage counts, and others do not")
    func rules() async throws {
        let probes =
            "[{ path: /pets }, { stage: \"pets t*\", path: /pets/1, expect: [404] }, { stage: shop *, path: /no }]"
        let house = try House(Manifests.all(apply: "{ probes: \(probes) }"))
        let prober = Prober()
        _ = try await apply(house, SmallWorld(prober: prober))
        #expect(prober.questions.compactMap(\.request?.path).sorted() == ["/pets", "/pets/1"])
    }

    @Test("a commit whose stage does not serve is taken back and not tried again, and what was served is served")
    func failure() async throws {
        let probes = "{ probes: [{ attempts: 1 }] }"
        let house = try House(Manifests.all(apply: probes))
        let world = SmallWorld(prober: Prober(bad: ["pets test"]))
        guard case .rolledBack(let report)? = try await apply(house, world) else {
            Issue.record("not rolled back")
            return
        }
        #expect(report.proof?.isEqual == true)
        #expect(await world.objects.isEmpty)
        let outcome = ApplyOutcome.rolledBack(report)
        #expect(outcome.problem?.code == "applying.probe-failed")
        #expect(Verdict(outcome) == .awaitCommit(try #require(outcome.problem)))
    }
}
