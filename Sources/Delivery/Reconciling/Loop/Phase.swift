import Diagnostics
import Metrics
import Tracing

/// What is told of an attempt while it happens: a span for it, one inside for each phase, and the times.
///
/// Without a tracer and a metrics backend, as in commands that run once, all of it does nothing.
enum Phase {
    /// A whole attempt at a commit: the span that the phases and steps are in.
    static func attempt<Value: Sendable>(
        environment: String, commit: String, _ work: () async -> Value
    ) async -> Value {
        let span = startSpan("reconcile")
        if span.isRecording {
            span.attributes["gw.environment"] = environment
            span.attributes["gw.commit"] = commit
        }
        let value = await ServiceContext.withValue(span.context) { await work() }
        span.end()
        return value
    }

    static func run<Value>(
        _ name: String, _ work: () async throws(ReconcilingFailure) -> Value
    ) async throws(ReconcilingFailure) -> Value {
        let span = startSpan(name)
        let result = await ServiceContext.withValue(span.context) { () async -> Result<Value, ReconcilingFailure> in
            do throws(ReconcilingFailure) {
                return .success(try await work())
            } catch {
                return .failure(error)
            }
        }
        if case .failure(let failure) = result {
            span.attributes["gw.code"] = failure.code.rawValue
            span.setStatus(.init(code: .error, message: failure.message))
        }
        span.end()
        return try result.get()
    }

    static func planned(after duration: Duration) {
        Metrics.Timer(label: "gatewright_planning_plan_seconds").record(duration: duration)
    }

    /// - Parameter isLive: The commit is applied now.
    static func ended(_ state: EnvironmentStatus.State, after duration: Duration, isLive: Bool) {
        Metrics.Timer(label: "gatewright_reconciling_attempt_seconds", dimensions: [("state", state.rawValue)])
            .record(duration: duration)
        if isLive { Metrics.Timer(label: "gatewright_reconciling_commit_to_live_seconds").record(duration: duration) }
    }
}
