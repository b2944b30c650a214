import DataPlane
import JSON
import Logging
import Metrics
import Reconciling
import ServiceLifecycle
import Synchronization
import Telemetry
import Tracing

/// What a server tells about itself: access records, metrics, traces. One-shot commands have none of it and pay nothing.
struct Observation: Sendable {
    let metrics: MetricsRegistry
    /// Nil where no collector is set.
    let tracer: SpanTracer?
    let records: AccessRecords
    let dataPlane = RunningDataPlane()
    private let settings: ControllerConfiguration
    private let logger: Logger

    /// Becomes the backend of swift-metrics and swift-distributed-tracing: once in a process.
    static func start(_ settings: ControllerConfiguration, _ logger: Logger) -> Observation {
        let metrics = MetricsRegistry(MetricsPage.declarations)
        MetricsSystem.bootstrap(metrics)
        var tracer: SpanTracer?
        if settings.telemetry.otlpEndpoint != nil {
            let made = SpanTracer(queue: SpanQueue(), sampleRatio: settings.telemetry.sampleRatio)
            InstrumentationSystem.bootstrap(made)
            tracer = made
        }
        return Observation(
            metrics: metrics, tracer: tracer, records: AccessRecords(), settings: settings, logger: logger)
    }

    /// What the data plane tells, put into its configuration.
    func observe(_ configuration: inout DataPlaneConfiguration) {
        let records = records
        if settings.logs.requests != .none {
            configuration.accessLog = AccessLog(
                format: settings.logs.format == .json ? .json : .text, isErrorsOnly: settings.logs.requests == .errors
            ) { records.take($0) }
        }
        guard let tracer else { return }
        configuration.tracing = RequestTracing { parent in
            Self.begin(parent, tracer)
        } end: { traced in
            Self.end(traced, tracer)
        }
    }

    private static func begin(_ parent: String?, _ tracer: SpanTracer) -> String? {
        let above = parent.flatMap { TraceContext(traceparent: $0) }
        guard above?.isSampled ?? tracer.samples else { return nil }
        return TraceContext(childOf: above).traceparent
    }

    private static func end(_ traced: RequestTracing.Traced, _ tracer: SpanTracer) {
        guard let context = TraceContext(traceparent: traced.token) else { return }
        let start = UInt64(clamping: traced.startMilliseconds) &* 1_000_000
        // SOURCE: OpenTelemetry semantic conventions for HTTP spans, 1.x.
        tracer.queue.add(
            SpanRecord(
                context: context, parentID: traced.parent.flatMap { TraceContext(traceparent: $0) }?.spanID,
                name: traced.method, kind: .server, start: start, end: start &+ UInt64(clamping: traced.nanoseconds),
                attributes: [
                    ("http.request.method", .string(traced.method)), ("url.path", .string(traced.path)),
                    ("http.response.status_code", .init(integerLiteral: traced.status)),
                    ("gw.api", .string(traced.apiID)), ("gw.stage", .string(traced.stageName)),
                ], error: traced.status >= 500 ? "" : nil))
    }

    /// It ends last but for `http`, so that what the others tell while they end is told.
    func service(_ http: OutgoingHTTP, _ environment: Environment) -> any Service {
        ObservationService(
            observation: self, settings: settings.telemetry, http: http, environment: environment, logger: logger)
    }
}

/// The data plane of this process, once it serves.
final class RunningDataPlane: Sendable {
    private let server = Mutex<DataPlaneServer?>(nil)

    func started(_ server: DataPlaneServer) { self.server.withLock { $0 = server } }

    func statistics() async -> DataPlaneStatistics {
        let server = server.withLock { $0 }
        return await server?.statistics() ?? DataPlaneStatistics()
    }
}

/// Exports spans while the others work, and the rest of them at the end.
struct ObservationService: Service {
    let observation: Observation
    let settings: TelemetrySettings
    let http: OutgoingHTTP
    let environment: Environment
    let logger: Logger

    func run() async throws {
        if let tracer = observation.tracer, let endpoint = settings.otlpEndpoint {
            let sender = SpanSender(
                endpoint: endpoint, headers: settings.otlpHeaders, http: http, environment: environment)
            let exporter = SpanExporter(queue: tracer.queue, version: Version.text, logger: logger) {
                await sender.send($0)
            }
            await cancelWhenGracefulShutdown { await exporter.run() }
            await exporter.export()
        } else {
            do { try await gracefulShutdown() } catch {}
        }
        await observation.records.end()
    }
}
