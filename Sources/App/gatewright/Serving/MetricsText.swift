import Reconciling

/// `/metrics`: counters and gauges in the text exposition format that Prometheus reads.
///
/// SOURCE: Prometheus documentation, "Exposition formats", version 0.0.4.
struct MetricsText {
    private(set) var text = ""

    init(_ counters: ReconcilerCounters, _ statuses: [EnvironmentStatus]) {
        add("gatewright_reconciling_polls_total", "Times that the ref was read.", counters.polls)
        add("gatewright_reconciling_poll_failures_total", "Reads of the ref that failed.", counters.pollFailures)
        add("gatewright_reconciling_commits_skipped_total", "Commits without work.", counters.commitsSkipped)
        add("gatewright_planning_plans_total", "Plans made.", counters.plans)
        add("gatewright_planning_stale_plans_total", "Plans made again.", counters.stalePlans)
        add("gatewright_applying_steps_total", "Steps of all applies.", counters.steps)
        add("gatewright_reconciling_retries_total", "Attempts that are made again later.", counters.retries)
        add("gatewright_applying_recoveries_total", "Applies that were recovered.", counters.recoveries)
        head("gatewright_reconciling_attempts_total", "Attempts by outcome.", "counter")
        for outcome in Revision.Outcome.allCases {
            line(
                "gatewright_reconciling_attempts_total", [("outcome", outcome.rawValue)],
                counters.outcomes[outcome] ?? 0)
        }
        head("gatewright_reconciling_environments_count", "Environments by state.", "gauge")
        for state in EnvironmentStatus.State.allCases {
            line(
                "gatewright_reconciling_environments_count", [("state", state.rawValue)],
                statuses.count { $0.state == state })
        }
    }

    private mutating func add(_ name: String, _ help: String, _ value: Int) {
        head(name, help, "counter")
        line(name, [], value)
    }

    private mutating func head(_ name: String, _ help: String, _ type: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    /// Labels come from closed enums, so they need no escaping.
    private mutating func line(_ name: String, _ labels: [(String, String)], _ value: Int) {
        let list = labels.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(list)} \(value)\n"
    }
}
