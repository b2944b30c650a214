import Metrics
import Resources
import Tracing

/// What is told of the call of a step: its span and its time. Without backends for them it does nothing.
enum CallTrace {
    static func run(_ step: Step, isUndo: Bool, _ call: () async -> CallOutcome) async -> CallOutcome {
        let span = startSpan(isUndo ? "undo" : "step", ofKind: .client)
        if span.isRecording {
            span.attributes["gw.step"] = step.operation
            span.attributes["gw.resource"] = step.effects.first.map { "\($0.address)" } ?? ""
        }
        let began = ContinuousClock.now
        let outcome = await ServiceContext.withValue(span.context) { await call() }
        let (word, failure) = outcome.told
        if let failure {
            span.attributes["gw.code"] = failure.code
            span.setStatus(.init(code: .error, message: failure.message))
        }
        span.end()
        Metrics.Timer(
            label: "gatewright_applying_call_seconds",
            dimensions: [
                ("kind", step.effects.first?.address.kind.rawValue ?? "none"), ("direction", isUndo ? "undo" : "do"),
                ("outcome", word),
            ]
        ).record(duration: ContinuousClock.now - began)
        return outcome
    }
}

extension CallOutcome {
    fileprivate var told: (word: String, failure: RecordedFailure?) {
        switch self {
        case .succeeded: ("succeeded", nil)
        case .refused(let failure): ("refused", failure)
        case .lost(let failure): ("lost", failure)
        case .deferred(let failure, _, _): ("deferred", failure)
        }
    }
}
