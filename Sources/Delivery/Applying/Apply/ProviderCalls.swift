import Diagnostics
import JSON
import Resources
import Synchronization

/// The calls of one apply, with their deadlines, in the machine's words.
struct ProviderCalls: Sendable {
    let provider: any ResourceProvider
    let ticker: Ticker
    let settings: ApplierSettings
    /// Returns if the lease outlives a call of this time that starts now.
    let ensure: @Sendable (Duration) async throws(LeaseFailure) -> Void

    /// A call that takes longer counts as lost.
    var timeMax: Duration { settings.callTimeMax }

    func perform(_ step: Step, _ context: StepContext) async -> CallOutcome {
        await CallTrace.run(step, isUndo: false) {
            await withDeadline {
                do throws(ProviderFailure) {
                    return .succeeded(try await provider.perform(step, context).identities)
                } catch {
                    return CallOutcome(error)
                }
            }
        }
    }

    func undo(_ step: Step, _ context: StepContext) async -> CallOutcome {
        await CallTrace.run(step, isUndo: true) {
            await withDeadline {
                do throws(ProviderFailure) {
                    return .succeeded(try await provider.undo(step, context).identities)
                } catch {
                    return CallOutcome(error)
                }
            }
        }
    }

    /// What the objects of a step look like after a lost reply.
    ///
    /// - Parameters:
    ///   - isUndo: The reply to an undo was lost: what fits both sides counts as undone, else as applied.
    ///   - original: What objects were called before the first step.
    func look(
        at step: Step, _ context: StepContext, original: [Address: Identity], isUndo: Bool
    ) async -> Sighting {
        var observation = Observation(addresses: step.effects.map(\.address), identities: context.identities)
        // Also where something was there before: a new deployment stands beside the one that it follows.
        for effect in step.effects { observation.tokens[effect.address] = context.token }
        let observed: [Address: ObservedObject]
        do throws(ProviderFailure) {
            observed = try await provider.observe(observation)
        } catch {
            return .failed(RecordedFailure(error))
        }
        return Sighting(of: step, observed, identities: context.identities, original: original, isUndo: isUndo)
    }

    /// Cancels a call that takes too long. What it says then still counts; a provider answers a cancelled call at once.
    ///
    /// Between the decision to call and the call itself the process may have been stopped for any time: the lease is
    /// looked at once more right before, and the time counts from there.
    private func withDeadline(_ call: @escaping @Sendable () async -> CallOutcome) async -> CallOutcome {
        let start = CallStart()
        return await withTaskGroup(of: CallOutcome?.self) { group in
            group.addTask { [ticker, timeMax, ensure] in
                do throws(LeaseFailure) {
                    try await ensure(timeMax)
                } catch {
                    return .lost(RecordedFailure(error))
                }
                start.time.withLock { $0 = ticker.now }
                return await call()
            }
            group.addTask { [ticker, timeMax] in
                while true {
                    let due = (start.time.withLock { $0 } ?? ticker.now) + timeMax
                    guard ticker.now < due, await ticker.sleep(for: due - ticker.now) else { return nil }
                }
            }
            var outcome: CallOutcome?
            for await ended in group {
                group.cancelAll()
                outcome = ended ?? outcome
            }
            return outcome ?? .lost(RecordedFailure(code: "provider.reply-lost", message: "the call took too long"))
        }
    }
}

/// When a call was really made; nil before.
private final class CallStart: Sendable {
    let time = Mutex<Duration?>(nil)
}

extension Sighting {
    /// Compares what is there with the documents before and after the step, references resolved. What refers to an
    /// object that was made anew may still name it as it was called before: that is the state before the step.
    init(
        of step: Step, _ observed: [Address: ObservedObject], identities: [Address: Identity],
        original: [Address: Identity], isUndo: Bool
    ) {
        var known = identities
        var news: [Address: Identity?] = [:]
        for effect in step.effects {
            let identity = observed[effect.address]?.identity
            known[effect.address] = identity ?? known[effect.address]
            if identity != identities[effect.address] { news[effect.address] = .some(identity) }
        }
        func fits(_ document: (Step.Effect) -> JSONValue?, _ names: [Address: Identity]) -> Bool {
            step.effects.allSatisfy { effect in
                guard let wanted = document(effect), let found = observed[effect.address] else {
                    return document(effect) == nil && observed[effect.address] == nil
                }
                return found.matches(wanted, of: effect.address.kind, names)
            }
        }
        let asAfter = fits(\.after, known)
        let asBefore = fits(\.before, known) || fits(\.before, original)
        self =
            switch (asBefore, asAfter, isUndo) {
            case (true, false, _), (true, true, true): .asBefore(news)
            case (_, true, _): .asAfter(news)
            case (false, false, _): .differs(news)
            }
    }
}

extension CallOutcome {
    init(_ failure: ProviderFailure) {
        let recorded = RecordedFailure(failure)
        let isOutOfReach = failure.code == .unreachable
        switch (failure.effect, failure.recovery) {
        case (.unknown, _): self = .lost(recorded)
        case (.deferred(let pause), _): self = .deferred(recorded, after: pause, isOutOfReach: isOutOfReach)
        case (.none, .retry(let pause)): self = .deferred(recorded, after: pause, isOutOfReach: isOutOfReach)
        case (.none, _): self = .refused(recorded)
        }
    }
}

extension RecordedFailure {
    init(_ failure: some Failure) {
        let message = failure.message
        let cut = message.utf8.prefix(Limits.messageBytesMax)
        self.init(
            code: failure.code.rawValue,
            message: cut.count < message.utf8.count ? String(decoding: cut, as: UTF8.self) + "…" : message)
    }
}
