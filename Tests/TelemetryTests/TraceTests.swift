import Foundation
import JSON
import Logging
import Synchronization
import Testing
import Tracing

@testable import Telemetry

@Suite("Spans, their context, and their way to a collector")
struct TraceTests {
    private let queue = SpanQueue()

    private var logger: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    /// Exported, dropped, failed exports.
    private var counters: [Int] {
        let counters = queue.counters
        return [counters.exported, counters.dropped, counters.failedExports]
    }

    private func tracer(ratio: Double = 1) -> SpanTracer { SpanTracer(queue: queue, sampleRatio: ratio) }

    @Test("a traceparent is read as the recommendation says, and printed the same")
    func traceparent() throws {
        let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let context = try #require(TraceContext(traceparent: text))
        #expect(context.isSampled && context.traceparent == text)
        #expect(TraceContext(traceparent: text.dropLast() + "0")?.isSampled == false)
        // A later version may say more; its first four parts count.
        #expect(TraceContext(traceparent: "cc" + text.dropFirst(2) + "-more") != nil)
    }

    @Test(
        "a traceparent that is none is ignored",
        arguments: [
            "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01", "zz-0-0-0",
        ])
    func notATraceparent(_ text: String) { #expect(TraceContext(traceparent: text) == nil) }

    @Test("spans inside one another share a trace, and each names its parent")
    func nesting() throws {
        let tracer = tracer()
        let outer = tracer.startSpan("outer", context: .topLevel)
        let inner = tracer.startSpan("inner", context: outer.context, ofKind: .client)
        inner.attributes["gw.kind"] = "Stage"
        inner.attributes["gw.count"] = 3
        inner.recordError(Oops())
        inner.end()
        inner.end()
        outer.end()
        let spans = queue.take(10)
        #expect(spans.map(\.name) == ["inner", "outer"])
        #expect(spans[0].parentID == spans[1].context.spanID && spans[1].parentID == nil)
        #expect(spans[0].context.traceID == spans[1].context.traceID)
        #expect(spans[0].error == "oops" && spans[1].error == nil)
        #expect(spans.allSatisfy { $0.end >= $0.start && $0.context.spanID.count == 16 })
    }

    private struct Oops: Error, CustomStringConvertible { var description: String { "oops" } }

    @Test("what a caller decided about sampling holds; else the ratio does for requests")
    func sampling() {
        var context = ServiceContext.topLevel
        context.trace = TraceContext(
            traceID: String(repeating: "a", count: 32), spanID: "00000000000000ab", isSampled: false)
        tracer().startSpan("x", context: context, ofKind: .server).end()
        tracer(ratio: 0).startSpan("y", context: .topLevel, ofKind: .server).end()
        #expect(queue.take(10).isEmpty)
        tracer(ratio: 0).startSpan("z", context: .topLevel).end()
        #expect(queue.take(10).map(\.name) == ["z"])
    }

    @Test("a full queue drops spans and counts them")
    func full() {
        let queue = SpanQueue(limit: 2)
        let tracer = SpanTracer(queue: queue, sampleRatio: 1)
        for number in 0..<5 { tracer.startSpan("\(number)", context: .topLevel).end() }
        #expect(queue.counters.dropped == 3)
        #expect(queue.take(10).map(\.name) == ["0", "1"])
    }

    /// A collector that gives the answers it is told, and keeps what it accepts.
    private final class Collector: Sendable {
        let bodies = Mutex<[[UInt8]]>([])
        let answers: Mutex<[SpanExporter.Answer]>

        init(_ answers: [SpanExporter.Answer] = []) { self.answers = Mutex(answers) }

        func take(_ body: [UInt8]) -> SpanExporter.Answer {
            let answer = answers.withLock { $0.isEmpty ? .accepted : $0.removeFirst() }
            bodies.withLock { $0.append(body) }
            return answer
        }
    }

    private func exporter(_ collector: Collector) -> SpanExporter {
        SpanExporter(queue: queue, version: "1", clock: InstantClock(), logger: logger) { collector.take($0) }
    }

    @Test("an export has the shape that the protocol documents")
    func shape() async throws {
        let tracer = tracer()
        let span = tracer.startSpan("reconcile", context: .topLevel, ofKind: .server)
        span.attributes["gw.commit"] = "abc"
        span.attributes["gw.steps"] = 7
        span.attributes["gw.ratio"] = 0.5
        span.attributes["gw.live"] = true
        span.addEvent("turned")
        span.setStatus(.init(code: .error, message: "no"))
        span.end()
        let collector = Collector()
        await exporter(collector).export()
        let body = try #require(collector.bodies.withLock { $0.first })
        let document = try JSONValue(parsing: body)
        let resource = try #require(document["resourceSpans"]?[0])
        #expect(
            resource["resource"]?["attributes"]?[0] == ["key": "service.name", "value": ["stringValue": "gatewright"]])
        let sent = try #require(resource["scopeSpans"]?[0]?["spans"]?[0])
        #expect(try #require(sent["traceId"]?.string).wholeMatch(of: #/[0-9a-f]{32}/#) != nil)
        #expect(try #require(sent["spanId"]?.string).wholeMatch(of: #/[0-9a-f]{16}/#) != nil)
        #expect(sent["parentSpanId"] == nil)
        #expect(sent["kind"] == 2)
        #expect(sent["status"] == ["code": 2, "message": "no"])
        let start = try #require(sent["startTimeUnixNano"]?.string.flatMap { UInt64($0) })
        let end = try #require(sent["endTimeUnixNano"]?.string.flatMap { UInt64($0) })
        #expect(start > 1_000_000_000_000_000_000 && end >= start)
        let attributes = Dictionary(
            uniqueKeysWithValues: (sent["attributes"]?.array ?? []).map {
                ($0["key"]?.string ?? "", $0["value"] ?? .null)
            })
        #expect(
            attributes == [
                "gw.commit": ["stringValue": "abc"], "gw.steps": ["intValue": "7"],
                "gw.ratio": ["doubleValue": .number(JSONNumber(0.5))], "gw.live": ["boolValue": true],
            ])
        #expect(sent["events"]?[0]?["name"] == "turned")
        #expect(counters == [1, 0, 0])
    }

    @Test("many spans go in several exports")
    func batches() async throws {
        let tracer = tracer()
        for _ in 0..<Limits.spansPerExport + 1 { tracer.startSpan("x", context: .topLevel).end() }
        let collector = Collector()
        await exporter(collector).export()
        #expect(collector.bodies.withLock { $0.count } == 2)
        #expect(queue.counters.exported == Limits.spansPerExport + 1)
    }

    @Test("a busy collector is asked again; one that stays busy or refuses costs the spans, which are counted")
    func retries() async throws {
        let tracer = tracer()
        tracer.startSpan("a", context: .topLevel).end()
        await exporter(Collector([.busy(retryAfter: nil), .busy(retryAfter: .seconds(1))])).export()
        #expect(counters == [1, 0, 0])
        tracer.startSpan("b", context: .topLevel).end()
        let busy = Collector([.busy(retryAfter: nil), .busy(retryAfter: nil), .busy(retryAfter: nil)])
        await exporter(busy).export()
        #expect(busy.bodies.withLock { $0.count } == Limits.exportTriesMax)
        #expect(counters == [1, 1, 1])
        tracer.startSpan("c", context: .topLevel).end()
        await exporter(Collector([.refused("400")])).export()
        #expect(counters == [1, 2, 2])
    }
}

/// A clock whose sleeps are over at once.
struct InstantClock: Clock {
    var now: ContinuousClock.Instant { ContinuousClock.now }
    var minimumResolution: Duration { .zero }
    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {}
}
