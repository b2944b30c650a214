import Resources
import Synchronization

/// The target that all processes share.
final class SharedWorld: Sendable {
    private let state: Mutex<World>

    init(_ world: World) { state = Mutex(world) }

    var world: World { state.withLock { $0 } }
    func change<Value: Sendable>(_ body: (inout World) -> Value) -> Value { state.withLock { body(&$0) } }
}

/// The target as one process reaches it: calls take their time, are lost, refused or put off, and what was sent arrives
/// also when the process that sent it has been stopped meanwhile.
struct ProcessProvider: ResourceProvider {
    let target: SharedWorld
    let stores: SharedStores
    let process: SimulatedProcess
    var settleTime: Duration { .seconds(5) }

    private enum Kind { case perform, undo, observe }

    private enum Reply: Sendable {
        case result(World.CallResult)
        case failure(ProviderFailure)
    }

    private var scheduler: Scheduler { stores.scheduler }

    func steps(for changes: [Change]) throws(ProviderFailure) -> [Step] { worldSteps(for: changes) }

    func observe(_ observation: Observation) async throws(ProviderFailure) -> [Address: ObservedObject] {
        let weather = stores.weather.withLock { $0 }
        let seen = Exchange<[Address: ObservedObject]>()
        let isLost = scheduler.happens(weather.unreachable + weather.lostNotTaken)
        scheduler.after(.milliseconds(1 + scheduler.below(40))) { [target] in
            seen.finish(isLost ? nil : target.world.observe(observation))
        }
        guard let objects = await seen.value(), !process.isDead else {
            throw ProviderFailure(.unreachable, "a fault", effect: .none)
        }
        return objects
    }

    func perform(_ step: Step, _ context: StepContext) async throws(ProviderFailure) -> StepResult {
        try await call(.perform, step) { $0.perform(step, context) }
    }

    func undo(_ step: Step, _ context: StepContext) async throws(ProviderFailure) -> StepResult {
        try await call(.undo, step) { $0.undo(step, context) }
    }

    private func call(
        _ kind: Kind, _ step: Step, _ body: @escaping @Sendable (inout World) -> World.CallResult
    ) async throws(ProviderFailure) -> StepResult {
        let lost = ProviderFailure(.replyLost, "a fault", effect: .unknown)
        guard !process.isDead else { throw lost }
        let weather = stores.weather.withLock { $0 }
        if scheduler.happens(weather.refused) {
            return try await answer(.failure(ProviderFailure(.refused, "a fault", effect: .none)))
        }
        if scheduler.happens(weather.throttled) {
            let effect = ProviderFailure.Effect.deferred(retryAfter: .seconds(scheduler.below(5)))
            return try await answer(.failure(ProviderFailure(.throttled, "a fault", effect: effect)))
        }
        if scheduler.happens(weather.conflict) {
            return try await answer(
                .failure(ProviderFailure(.conflict, "a fault", effect: .deferred(retryAfter: .zero))))
        }
        if scheduler.happens(weather.unreachable) {
            let effect = ProviderFailure.Effect.deferred(retryAfter: .seconds(5))
            return try await answer(.failure(ProviderFailure(.unreachable, "a fault", effect: effect)))
        }
        if scheduler.happens(weather.lostNotTaken) { return try await answer(.failure(lost)) }
        if kind == .undo, scheduler.happens(weather.undoLies) { return try await answer(.result(.took([:]))) }

        let reply = Exchange<World.CallResult>()
        let isSlow = scheduler.happens(weather.slow)
        let arrival = Duration.milliseconds(1 + scheduler.below(isSlow ? 49_000 : 60))
        let isReplyLost = scheduler.happens(weather.lostTaken)
        let leasesExpire = weather.leasesExpire
        scheduler.after(arrival) { [target, process, scheduler, settleTime] in
            // What a dead process had sent may still arrive; where its lease dies with it, only within the settle time.
            if let diedAt = process.diedAt {
                let isTooLate = !leasesExpire && scheduler.now - diedAt >= settleTime
                if isTooLate || scheduler.happens(5_000) { return reply.finish(nil) }
            }
            let result = target.change(body)
            scheduler.trace("\(process.name) \(kind) \(step.number) \(step.effects.map(\.address)): \(result)")
            scheduler.after(.milliseconds(scheduler.below(isSlow ? 30_000 : 5))) {
                reply.finish(isReplyLost ? nil : result)
            }
        }
        switch await reply.value() {
        case nil: throw lost
        case .took(let identities): return StepResult(identities: identities)
        case .refused(let message): throw ProviderFailure(.refused, message, effect: .none)
        }
    }

    private func answer(_ reply: Reply) async throws(ProviderFailure) -> StepResult {
        let heard = Exchange<Reply>()
        scheduler.after(.milliseconds(1 + scheduler.below(60))) { heard.finish(reply) }
        switch await heard.value() {
        case nil: throw ProviderFailure(.replyLost, "cut off", effect: .unknown)
        case .failure(let failure): throw failure
        case .result(.took(let identities)): return StepResult(identities: identities)
        case .result(.refused(let message)): throw ProviderFailure(.refused, message, effect: .none)
        }
    }
}
