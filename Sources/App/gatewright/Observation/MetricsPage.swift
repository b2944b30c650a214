import DataPlane
import Reconciling
import Resources
import Telemetry

/// `/metrics`: what the parts of the process count, in the text format that Prometheus reads.
struct MetricsPage {
    private var page = Exposition()

    static let contentType = Exposition.contentType

    /// What is recorded while it happens, by the names that are used there.
    static let declarations: [MetricsRegistry.Declaration] = [
        .init(
            "gatewright_reconciling_attempt_seconds",
            "Attempts at a commit, from their begin to their end, by the state after it."),
        .init("gatewright_reconciling_commit_to_live_seconds", "From a commit being seen to its being applied."),
        .init("gatewright_planning_plan_seconds", "Plans made, with the reading of the target where it was needed."),
        .init("gatewright_applying_call_seconds", "Calls of steps, by the kind of the object, direction and outcome."),
        .init("gatewright_provider_call_seconds", "Requests to targets, by outcome."),
    ]

    /// - Parameter controller: Nil for an engine alone.
    init(
        _ controller: (counters: ReconcilerCounters, statuses: [EnvironmentStatus])?,
        _ statistics: DataPlaneStatistics, _ observation: Observation
    ) {
        if let controller { add(controller.counters, controller.statuses) }
        add(statistics)
        add(observation)
    }

    var text: String { page.text }

    private mutating func add(_ counters: ReconcilerCounters, _ statuses: [EnvironmentStatus]) {
        add("gatewright_reconciling_polls_total", "Times that the ref was read.", counters.polls)
        add("gatewright_reconciling_poll_failures_total", "Reads of the ref that failed.", counters.pollFailures)
        add("gatewright_reconciling_commits_skipped_total", "Commits without work.", counters.commitsSkipped)
        add("gatewright_planning_plans_total", "Plans made.", counters.plans)
        add("gatewright_planning_stale_plans_total", "Plans made again.", counters.stalePlans)
        add("gatewright_applying_steps_total", "Steps of all applies.", counters.steps)
        add("gatewright_reconciling_retries_total", "Attempts that are made again later.", counters.retries)
        add("gatewright_applying_recoveries_total", "Applies that were recovered.", counters.recoveries)
        add("gatewright_reconciling_sweeps_total", "Looks at a target for drift.", counters.sweeps)
        add("gatewright_reconciling_sweep_failures_total", "Looks at a target that failed.", counters.sweepFailures)
        add("gatewright_reconciling_sweep_calls_total", "Calls of looks at targets.", counters.sweepCalls)
        add("gatewright_reconciling_drifts_found_total", "Looks that found other drift.", counters.driftsFound)
        add("gatewright_reconciling_drifts_corrected_total", "Corrections of drift.", counters.driftsCorrected)
        let drifted = "gatewright_reconciling_drifted_objects_count"
        page.begin(drifted, "Objects that drifted, by class.", .gauge)
        for driftClass in DriftClass.allCases {
            let count = statuses.reduce(0) { $0 + ($1.drift?.counts[driftClass] ?? 0) }
            page.sample(drifted, [("class", driftClass.rawValue)], count)
        }
        let attempts = "gatewright_reconciling_attempts_total"
        page.begin(attempts, "Attempts by outcome.", .counter)
        for outcome in Revision.Outcome.allCases {
            page.sample(attempts, [("outcome", outcome.rawValue)], counters.outcomes[outcome] ?? 0)
        }
        let environments = "gatewright_reconciling_environments_count"
        page.begin(environments, "Environments by state.", .gauge)
        for state in EnvironmentStatus.State.allCases {
            page.sample(environments, [("state", state.rawValue)], statuses.count { $0.state == state })
        }
    }

    private mutating func add(_ statistics: DataPlaneStatistics) {
        let requests = "gatewright_dataplane_requests_total"
        page.begin(requests, "Requests to the deployed APIs, by the class of their answer.", .counter)
        for (position, count) in statistics.answers.enumerated() {
            page.sample(requests, [("status", "\(position + 1)xx")], count)
        }
        let latency = "gatewright_dataplane_request_seconds"
        page.begin(latency, "From the head of a request to the end of its answer.", .histogram)
        page.histogram(
            latency, buckets: Array(zip(DataPlaneStatistics.latencyBounds, statistics.latencies)).map { ($0, $1) },
            sum: Double(statistics.nanoseconds) / 1_000_000_000, count: statistics.latencies.reduce(0, +))
        let connections = "gatewright_dataplane_connections_count"
        page.begin(connections, "Connections of clients that stand now.", .gauge)
        page.sample(connections, [], statistics.connections)
        let targets = "gatewright_dataplane_targets_count"
        page.begin(targets, "Targets of private links, by whether they get requests.", .gauge)
        page.sample(targets, [("state", "healthy")], statistics.healthyTargets)
        page.sample(targets, [("state", "unhealthy")], statistics.unhealthyTargets)
    }

    private mutating func add(_ observation: Observation) {
        add("gatewright_logs_records_dropped_total", "Access records nobody read in time.", observation.records.dropped)
        let spans = observation.tracer?.queue.counters ?? .init()
        add("gatewright_telemetry_spans_exported_total", "Spans that a collector took.", spans.exported)
        add("gatewright_telemetry_spans_dropped_total", "Spans that were lost.", spans.dropped)
        add("gatewright_telemetry_exports_failed_total", "Exports that were given up.", spans.failedExports)
        observation.metrics.write(to: &page)
    }

    private mutating func add(_ name: String, _ help: String, _ value: Int) {
        page.begin(name, help, .counter)
        page.sample(name, [], value)
    }
}
