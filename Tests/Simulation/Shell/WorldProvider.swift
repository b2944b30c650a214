import Resources
import Synchronization

/// A ``World`` behind the provider contract, with faults by the number of the call.
final class WorldProvider: ResourceProvider {
    enum Call: Sendable { case perform, undo, observe }

    private struct State {
        var world: World
        var faults: [Int: Fault]
        var place = 0
        var calls: [Call] = []
    }

    private let state: Mutex<State>
    /// Asked before each call; a fault of its own, or nothing. May wait.
    private let before: @Sendable (Call, Int) async -> Fault?
    let prober: (any StageProber)?
    private let propagation: Duration

    init(
        _ world: World, faults: [Int: Fault] = [:],
        prober: (any StageProber)? = nil, propagation: Duration = .zero,
        before: @escaping @Sendable (Call, Int) async -> Fault? = { _, _ in nil }
    ) {
        self.prober = prober
        self.propagation = propagation
        state = Mutex(State(world: world, faults: faults))
        self.before = before
    }

    var world: World {
        get { state.withLock { $0.world } }
    }
    var calls: [Call] { state.withLock { $0.calls } }

    func meddle(_ change: (inout World) -> Void) {
        state.withLock { change(&$0.world) }
    }

    func propagationTime(of step: Step) -> Duration { propagation }

    func steps(for changes: [Change]) throws(ProviderFailure) -> [Step] { worldSteps(for: changes) }

    func observe(_ observation: Observation) async throws(ProviderFailure) -> [Address: ObservedObject] {
        switch await fault(.observe) {
        case nil, .crashAfterAppend, .crashBeforeAppend, .undoLies, .stop: break
        default: throw ProviderFailure(.unreachable, "a fault", effect: .none)
        }
        return state.withLock { $0.world.observe(observation) }
    }

    func perform(_ step: Step, _ context: StepContext) async throws(ProviderFailure) -> StepResult {
        try await call(.perform) { $0.perform(step, context) }
    }

    func undo(_ step: Step, _ context: StepContext) async throws(ProviderFailure) -> StepResult {
        try await call(.undo) { $0.undo(step, context) }
    }

    private func call(
        _ kind: Call, _ body: @Sendable (inout World) -> World.CallResult
    ) async throws(ProviderFailure) -> StepResult {
        let fault = await fault(kind)
        switch fault {
        case .lostNotTaken: throw ProviderFailure(.replyLost, "a fault", effect: .unknown)
        case .refused: throw ProviderFailure(.refused, "a fault", effect: .none)
        case .throttled: throw ProviderFailure(.throttled, "a fault", effect: .deferred(retryAfter: .zero))
        case .unreachable: throw ProviderFailure(.throttled, "a fault", effect: .deferred(retryAfter: .milliseconds(1)))
        case .undoLies where kind == .undo: return StepResult()
        default: break
        }
        let result = state.withLock { body(&$0.world) }
        if fault == .lostTaken { throw ProviderFailure(.replyLost, "a fault", effect: .unknown) }
        switch result {
        case .took(let identities): return StepResult(identities: identities)
        case .refused(let message): throw ProviderFailure(.refused, message, effect: .none)
        }
    }

    private func fault(_ call: Call) async -> Fault? {
        let (place, fault) = state.withLock { state in
            state.place += 1
            state.calls.append(call)
            return (state.place, state.faults[state.place])
        }
        // Some calls overtake others.
        for _ in 0..<place % 3 { await Task.yield() }
        return await before(call, place) ?? fault
    }
}
