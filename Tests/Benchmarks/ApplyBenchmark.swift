import Applying
import Diagnostics
import Glibc
import JSON
import Logging
import Persistence
import Planning
import Reconciling
import Resources

/// Budget: an apply with a durable journal, 64 steps wide, against a provider that costs nothing: 5,000 steps a second.
enum ApplyBenchmark {
    static func run() async throws {
        try await run(count: 10_000, directory: temporaryFolder())
        try await recovery(count: 1_000, directory: temporaryFolder())
    }

    private static func run(count: Int, directory: String) async throws {
        let state = try await StateDatabase.open(directory: directory, now: { Timestamp(milliseconds: 0) })
        let applier = applier(state)
        let cpu = Bench.cpuSeconds
        let start = ContinuousClock.now
        guard case .done = await applier.apply(request(count), with: Instant()) else { return print("apply: FAILED") }
        let seconds = (ContinuousClock.now - start).seconds
        let rate = Double(count) / seconds
        Bench.report("apply, durable journal, 64 wide", rate, "steps/s", budget: "5,000 steps/s", isMet: rate >= 5_000)
        Bench.report("  CPU of it", (Bench.cpuSeconds - cpu) / Double(count) * 1_000_000, "µs/step")
        await state.close()
    }

    private static func recovery(count: Int, directory: String) async throws {
        let state = try await StateDatabase.open(directory: directory, now: { Timestamp(milliseconds: 0) })
        let applier = applier(state)
        _ = await applier.apply(request(count), with: Instant(failsAt: count - 1))
        let start = ContinuousClock.now
        let outcomes = await applier.recover(environment: "bench", with: Instant())
        guard outcomes.count == 1 else { return print("recovery: FAILED") }
        let seconds = (ContinuousClock.now - start).seconds
        Bench.report("recovery of an apply of 1,000 steps", seconds, "s", budget: "2 s", isMet: seconds <= 2)
        await state.close()
    }

    static func applier(_ state: StateDatabase) -> Applier {
        var settings = ApplierSettings()
        settings.attemptsMax = 1
        return Applier(
            journal: state, states: state, leases: state, holder: "bench", settings: settings,
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
    }

    private static func request(_ count: Int) -> ApplyRequest {
        var settings = ApplySettings()
        settings.parallelism = 64
        let changes = (0..<count).map { number in
            Change(
                .create, Address(ResourceKind(rawValue: "Part"), "p\(number)"), before: nil,
                after: ["name": .string("part \(number)"), "tags": ["team": "pets", "tier": "gold"]],
                visibility: .hidden)
        }
        return ApplyRequest(
            plan: Plan(
                environment: "bench", target: ["engine": [:]], settings: settings, changes: changes, digest: "sha256:0"),
            commit: String(repeating: "c", count: 40))
    }

    static func temporaryFolder() -> String {
        var template = Array("/tmp/gatewright-bench-XXXXXX".utf8CString)
        _ = mkdtemp(&template)
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// Says yes at once, and has nothing.
private struct Instant: ResourceProvider {
    /// The call that no reply comes to, after which the target is out of reach.
    var failsAt = -1

    func steps(for changes: [Change]) throws(ProviderFailure) -> [Step] {
        changes.enumerated().map { number, change in
            Step(
                number: number, operation: "Put",
                effects: [Step.Effect(change.address, before: change.before, after: change.after)], dependencies: [],
                isReversible: true)
        }
    }

    func observe(_ observation: Observation) async throws(ProviderFailure) -> [Address: ObservedObject] {
        if failsAt >= 0, observation.addresses.count == 1 {
            throw ProviderFailure(.unreachable, "out of reach", effect: .none)
        }
        return [:]
    }

    func perform(_ step: Step, _ context: StepContext) async throws(ProviderFailure) -> StepResult {
        if step.number == failsAt { throw ProviderFailure(.replyLost, "lost", effect: .unknown) }
        return StepResult(identities: [step.effects[0].address: Identity(physicalID: context.token)])
    }

    func undo(_ step: Step, _ context: StepContext) async throws(ProviderFailure) -> StepResult {
        StepResult(identities: [step.effects[0].address: nil])
    }
}
