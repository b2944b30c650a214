package import CoreMetrics
import Synchronization

/// The backend of swift-metrics: keeps every series, and writes them when it is asked.
///
/// Names are `gatewright_<target>_<noun>_<unit>`; labels come from closed sets, so that the number of series has an end.
package final class MetricsRegistry: MetricsFactory {
    /// What a metric is, said once for all of its series.
    package struct Declaration: Sendable {
        package let name: String
        package let help: String

        package init(_ name: String, _ help: String) {
            self.name = name
            self.help = help
        }
    }

    struct Key: Hashable {
        let name: String
        let labels: [String]
    }

    private struct State {
        var series: [Key: Series] = [:]
        var dropped = 0
    }

    private let helps: [String: String]
    private let state = Mutex(State())

    package init(_ declarations: [Declaration] = []) {
        helps = Dictionary(declarations.map { ($0.name, $0.help) }) { first, _ in first }
    }

    private func series(_ label: String, _ dimensions: [(String, String)], _ kind: Exposition.Kind) -> Series {
        let labels = dimensions.sorted { $0.0 < $1.0 }
        let name = Exposition.name(label)
        let key = Key(name: name, labels: labels.flatMap { [$0.0, $0.1] })
        return state.withLock { state in
            // A name is of one kind; what another use of it records is not shown.
            if let found = state.series[key] { return found.kind == kind ? found : Series(kind, labels) }
            let made = Series(kind, labels)
            if state.series.count < Limits.seriesMax { state.series[key] = made } else { state.dropped += 1 }
            return made
        }
    }

    /// Writes all series: by name, then by labels.
    package func write(to exposition: inout Exposition) {
        let (series, dropped) = state.withLock { ($0.series, $0.dropped) }
        let byName = Dictionary(grouping: series) { $0.key.name }
        for (name, members) in byName.sorted(by: { $0.key < $1.key }) {
            let kind = members[0].value.kind
            exposition.begin(name, helps[name] ?? "Recorded by a library.", kind)
            for (_, series) in members.sorted(by: { $0.key.labels.lexicographicallyPrecedes($1.key.labels) })
            where series.kind == kind {
                series.write(name, to: &exposition)
            }
        }
        exposition.begin("gatewright_telemetry_series_dropped_total", "Series beyond the limit.", .counter)
        exposition.sample("gatewright_telemetry_series_dropped_total", [], dropped)
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter)
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        FloatingSeries(series(label, dimensions, .counter))
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge)
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        series(label, dimensions, aggregate ? .histogram : .gauge)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .histogram)
    }

    // Series are kept for the life of the process: a counter that vanishes and starts again would look like a restart.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}

/// One metric with one set of labels.
final class Series: CounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    let kind: Exposition.Kind
    private let labels: [(String, String)]
    private let state: Mutex<State>

    private struct State {
        var value = 0.0
        var histogram = Histogram()
    }

    init(_ kind: Exposition.Kind, _ labels: [(String, String)]) {
        self.kind = kind
        self.labels = labels
        state = Mutex(State())
    }

    func write(_ name: String, to exposition: inout Exposition) {
        let (value, histogram) = state.withLock { ($0.value, $0.histogram) }
        switch kind {
        case .counter, .gauge: exposition.sample(name, labels, value)
        case .histogram:
            exposition.histogram(
                name, labels, buckets: histogram.buckets, sum: histogram.sum, count: histogram.count)
        }
    }

    func increment(by amount: Int64) { add(Double(amount)) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }
    func reset() { state.withLock { $0 = State() } }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { state.withLock { $0.value = value } }
    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }

    func record(_ value: Double) {
        state.withLock { state in
            if kind == .histogram { state.histogram.record(value) } else { state.value = value }
        }
    }

    private func add(_ amount: Double) { state.withLock { $0.value += amount } }
}

/// A counter of fractions; apart from ``Series`` only because both protocols name their methods alike.
final class FloatingSeries: FloatingPointCounterHandler {
    private let series: Series

    init(_ series: Series) { self.series = series }

    func increment(by amount: Double) { series.increment(by: amount) }
    func reset() { series.reset() }
}
