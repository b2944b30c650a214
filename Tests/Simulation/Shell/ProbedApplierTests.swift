import JSON
import Planning
import Resources
import Synchronization
import Testing

@testable import Applying

/// Answers from a list, the last one for ever; keeps what it was asked.
final class ListedProber: StageProber {
    private let state: Mutex<(answers: [ProbeAnswer], questions: [ProbeQuestion])>
    private let before: @Sendable (Int) async -> Void

    init(_ answers: ProbeAnswer..., before: @escaping @Sendable (Int) async -> Void = { _ in }) {
        state = Mutex((answers, []))
        self.before = before
    }

    var questions: [ProbeQuestion] { state.withLock { $0.questions } }

    func ask(_ question: ProbeQuestion) async -> ProbeAnswer {
        let (answer, number) = state.withLock { state in
            state.questions.append(question)
            let answer = state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
            return (answer, state.questions.count)
        }
        await before(number)
        return answer
    }
}

@Suite("the applier, asking stages", .timeLimit(.minutes(2)))
struct ProbedApplierTests {
    static let stage = Address(.stage, in: "a", "test")

    /// An API whose method changes and whose stage is flipped to it; something that goes at the end.
    static let flip: Scenario = {
        let root = Address(.restAPI, "a")
        func resources(_ operation: String) -> [DesiredResource] {
            [
                DesiredResource(address: root, document: ["name": "a"]),
                DesiredResource(
                    address: Address(.method, in: "a", "GET /"), document: ["operationName": .string(operation)],
                    dependencies: [root]),
                DesiredResource(
                    address: stage, document: ["variables": ["v": .string(operation)]], dependencies: [root]),
            ]
        }
        return Scenario(
            from: resources("x") + [Scenario.part("old", 1)], to: resources("y"), settings: ApplySettings())
    }()

    static func rule(attempts: Int = 2, bake: Duration = .zero) -> ProbeRule {
        ProbeRule(
            request: ProbeRule.Request(path: "/"), timeout: .seconds(60), attempts: attempts,
            interval: .microseconds(100), bake: bake)
    }

    private func bench(
        _ prober: any StageProber, _ rule: ProbeRule = rule(), settings: ApplierSettings? = nil,
        before: @escaping @Sendable (WorldProvider.Call, Int) async -> Fault? = { _, _ in nil }
    ) -> Bench {
        Bench(Self.flip, settings: settings, prober: prober, probes: [Probe(Self.stage, rule)], before: before)
    }

    @Test("asks the flipped stage before anything is taken away, by its API's id")
    func asks() async throws {
        let seen = Mutex<[Int]>([])
        let bench = Mutex<Bench?>(nil)
        let prober = ListedProber(.answered(status: 204, excerpt: "")) { _ in
            let left = bench.withLock { $0?.provider.world.objects.keys.count { $0.kind.rawValue == "Part" } ?? -1 }
            seen.withLock { $0.append(left) }
        }
        let made = self.bench(prober)
        bench.withLock { $0 = made }
        let outcome = await made.apply()
        guard case .done(let report) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(made.violations(outcome) == [])
        #expect(seen.withLock { $0 } == [1], "the part is still there while the stage is asked")
        let question = try #require(prober.questions.first)
        #expect(question.apiID == made.provider.world.objects[Address(.restAPI, "a")]?.identity.physicalID)
        #expect(question.deploymentID == made.provider.world.objects[Address(.deployment, "a")]?.identity.physicalID)
        #expect(question.stageName == "test" && question.request?.path == "/")
        #expect(report.probes.map(\.isPassed) == [true] && report.probes[0].answer == "answered 204")
    }

    @Test("a bad answer within the attempts is forgotten")
    func badThenGood() async throws {
        let prober = ListedProber(.answered(status: 502, excerpt: "down"), .answered(status: 200, excerpt: ""))
        let bench = bench(prober)
        let outcome = await bench.apply()
        guard case .done(let report) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(report.probes[0].requestsCount == 2)
        #expect(bench.violations(outcome) == [])
    }

    @Test(
        "a stage that does not serve is flipped back, and the request and its answer are named",
        arguments: [
            (ProbeAnswer.answered(status: 502, excerpt: "bad gateway"), "was 502, expected 200 to 299: bad gateway"),
            (.failed("no connection to `http://127.0.0.1:1`"), "no connection to `http://127.0.0.1:1`"),
        ])
    func fails(_ answer: ProbeAnswer, _ words: String) async throws {
        let bench = bench(ListedProber(answer))
        let outcome = await bench.apply()
        guard case .rolledBack(let report) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(bench.violations(outcome) == [])
        #expect(report.cause?.kind == .probed && report.cause?.failure.code == "applying.probe-failed")
        let message = report.cause?.failure.message ?? ""
        #expect(
            message.contains("`a test` was asked `GET /`, 2 times in a row") && message.contains(words), "\(message)")
        #expect(report.proof?.isEqual == true)
        #expect(report.probes.map(\.isPassed) == [false])
    }

    @Test("a stage that goes bad while it bakes is flipped back")
    func bakes() async throws {
        let good = ProbeAnswer.answered(status: 200, excerpt: "")
        let prober = ListedProber(good, good, good, .answered(status: 500, excerpt: ""))
        let bench = bench(prober, Self.rule(attempts: 3, bake: .seconds(3_600)))
        guard case .rolledBack(let report) = await bench.apply() else { return #expect(Bool(false)) }
        #expect(report.probes[0].requestsCount == 6)
    }

    @Test("no answer in time is a bad one")
    func timesOut() async throws {
        let prober = ListedProber(.serves("late")) { _ in
            do { try await Task.sleep(for: .seconds(3_600)) } catch {}
        }
        var rule = Self.rule(attempts: 1)
        rule.timeout = .milliseconds(5)
        guard case .rolledBack(let report) = await bench(prober, rule).apply() else { return #expect(Bool(false)) }
        #expect(report.cause?.failure.message.contains("no answer within") == true)
    }

    @Test("what was applied stays where the settings ask for it")
    func holds() async throws {
        var settings = ApplySettings()
        settings.onFailure = .hold
        let made = Self.flip.plan
        let plan = Plan(
            environment: made.environment, target: made.target, settings: settings, changes: made.changes,
            digest: made.digest)
        let bench = bench(ListedProber(.failed("no")), Self.rule(attempts: 1))
        let outcome = await bench.applier.apply(
            ApplyRequest(plan: plan, commit: String(repeating: "c", count: 40), probes: bench.probes),
            with: bench.provider)
        guard case .held(let report) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(report.cause?.kind == .probed)
    }

    @Test("asked to stop while a stage is asked, it takes back without waiting for the answer")
    func stops() async throws {
        let stop = StopSignal()
        let prober = ListedProber(.serves("late")) { _ in
            stop.stop()
            do { try await Task.sleep(for: .seconds(3_600)) } catch {}
        }
        var rule = Self.rule()
        rule.timeout = .seconds(3_600)
        let bench = bench(prober, rule)
        let outcome = await bench.apply(stop: stop)
        guard case .rolledBack(let report) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(report.cause?.kind == .stopped)
        #expect(bench.violations(outcome) == [])
    }

    @Test("cut off while a stage is asked, the next start takes everything back")
    func cutOff() async throws {
        let asked = AsyncStream<Void>.makeStream()
        let prober = ListedProber(.serves("late")) { _ in
            asked.continuation.yield()
            do { try await Task.sleep(for: .seconds(3_600)) } catch {}
        }
        let bench = bench(prober)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await bench.apply() }
            for await _ in asked.stream { break }
            group.cancelAll()
        }
        let outcomes = await bench.applier.recover(environment: "test", with: bench.provider)
        guard case .rolledBack(let report) = outcomes.first else { return #expect(Bool(false), "\(outcomes)") }
        #expect(report.cause?.kind == .restarted)
        #expect(bench.violations(outcomes[0]) == [])
        #expect(prober.questions.count == 1, "what is taken back is not asked")
    }
}
