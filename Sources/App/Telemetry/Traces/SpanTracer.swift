import JSON
import Synchronization
package import Tracing

/// The instrument of swift-distributed-tracing: gives spans their ids and puts those that have ended into a queue.
package final class SpanTracer: Tracer {
    package let queue: SpanQueue
    private let sampleRatio: Double

    /// - Parameter sampleRatio: The share of traces that are recorded where nobody above decided; 0 to 1.
    package init(queue: SpanQueue, sampleRatio: Double) {
        self.queue = queue
        self.sampleRatio = sampleRatio
    }

    /// A new trace of work that came from outside; sampled by chance.
    package var samples: Bool { sampleRatio >= 1 || Double.random(in: 0..<1) < sampleRatio }

    package func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> RecordingSpan {
        var context = context()
        let parent = context.trace
        // Work that begins here is always recorded: there is little of it. Callers may say otherwise.
        let isSampled = parent?.isSampled ?? (kind == .server ? samples : true)
        let own = TraceContext(
            traceID: parent?.traceID ?? TraceContext.randomID(bytes: 16), spanID: TraceContext.randomID(bytes: 8),
            isSampled: isSampled)
        context.trace = own
        return RecordingSpan(
            context: context, queue: isSampled ? queue : nil,
            record: SpanRecord(
                context: own, parentID: parent?.spanID, name: operationName, kind: kind,
                start: instant().nanosecondsSinceEpoch, end: 0))
    }

    package func forceFlush() {}

    package func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        if let text = extractor.extract(key: "traceparent", from: carrier) {
            context.trace = TraceContext(traceparent: text) ?? context.trace
        }
    }

    package func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        if let trace = context.trace { injector.inject(trace.traceparent, forKey: "traceparent", into: &carrier) }
    }
}

/// A span that is going on.
package final class RecordingSpan: Span {
    package let context: ServiceContext
    /// Nil for one that is not sampled.
    private let queue: SpanQueue?
    private let state: Mutex<State>

    private struct State {
        var record: SpanRecord
        var attributes: SpanAttributes = [:]
        var hasEnded = false
    }

    init(context: ServiceContext, queue: SpanQueue?, record: SpanRecord) {
        self.context = context
        self.queue = queue
        state = Mutex(State(record: record))
    }

    package var isRecording: Bool { queue != nil }

    package var operationName: String {
        get { state.withLock { $0.record.name } }
        set { state.withLock { $0.record.name = newValue } }
    }

    package var attributes: SpanAttributes {
        get { state.withLock { $0.attributes } }
        set { state.withLock { $0.attributes = newValue } }
    }

    package func setStatus(_ status: SpanStatus) {
        state.withLock { $0.record.error = status.code == .error ? status.message ?? "" : nil }
    }

    package func addEvent(_ event: SpanEvent) {
        let values = Self.values(event.attributes)
        state.withLock { $0.record.events.append((event.name, event.nanosecondsSinceEpoch, values)) }
    }

    package func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        let values = [("exception.message", JSONValue.string("\(error)"))] + Self.values(attributes)
        let time = instant().nanosecondsSinceEpoch
        state.withLock { state in
            state.record.events.append(("exception", time, values))
            if state.record.error == nil { state.record.error = "\(error)" }
        }
    }

    package func addLink(_ link: SpanLink) {}

    package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard let queue else { return }
        let time = instant().nanosecondsSinceEpoch
        let ended = state.withLock { state -> SpanRecord? in
            guard !state.hasEnded else { return nil }
            state.hasEnded = true
            state.record.end = max(time, state.record.start)
            state.record.attributes = Self.values(state.attributes)
            return state.record
        }
        if let ended { queue.add(ended) }
    }

    private static func values(_ attributes: SpanAttributes) -> [(String, JSONValue)] {
        var values: [(String, JSONValue)] = []
        attributes.forEach { name, attribute in values.append((name, value(attribute))) }
        return values.sorted { $0.0 < $1.0 }
    }

    private static func value(_ attribute: SpanAttribute) -> JSONValue {
        switch attribute {
        case .int32(let value): .number(JSONNumber(Int(value)))
        case .int64(let value): .number(JSONNumber(Int(value)))
        case .double(let value): value.isFinite ? .number(JSONNumber(value)) : .string("\(value)")
        case .bool(let value): .bool(value)
        case .string(let value): .string(value)
        case .stringArray(let values): .array(values.map { .string($0) })
        default: .string("\(attribute)")
        }
    }
}
