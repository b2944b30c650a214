import JSON
package import Logging

/// Sends spans to a collector, some at a time.
package struct SpanExporter: Sendable {
    /// What a collector made of an export.
    package enum Answer: Sendable {
        case accepted
        /// It may take the same later.
        case busy(retryAfter: Duration?)
        case refused(String)
    }

    /// Sends the body of one request to `/v1/traces`.
    package typealias Sending = @Sendable (_ body: [UInt8]) async -> Answer

    private let queue: SpanQueue
    private let version: String
    private let interval: Duration
    private let clock: any Clock<Duration>
    private let send: Sending
    private let logger: Logger

    package init(
        queue: SpanQueue, version: String, interval: Duration = .seconds(2),
        clock: any Clock<Duration> = ContinuousClock(), logger: Logger, send: @escaping Sending
    ) {
        self.queue = queue
        self.version = version
        self.interval = interval
        self.clock = clock
        self.logger = logger
        self.send = send
    }

    /// Exports until the task is cancelled; what waits then is left for a last ``export()``.
    package func run() async {
        while !Task.isCancelled {
            do { try await clock.sleep(for: interval) } catch { return }
            await export()
        }
    }

    /// Sends all that waits now.
    package func export() async {
        while true {
            let spans = queue.take(Limits.spansPerExport)
            guard !spans.isEmpty, await export(spans), !Task.isCancelled else { return }
        }
    }

    /// - Returns: False when the collector does not take any more for now.
    private func export(_ spans: [SpanRecord]) async -> Bool {
        let body = OTLPDocument.traces(spans, service: "gatewright", version: version).bytes(.compact)
        var reason = "it is busy"
        for attempt in 1...Limits.exportTriesMax {
            switch await send(body) {
            case .accepted:
                queue.exported(spans.count)
                return true
            case .refused(let text):
                lost(spans, text)
                return true
            case .busy(let pause):
                reason = "it did not take them in \(attempt) tries"
                guard !Task.isCancelled else {
                    queue.putBack(spans)
                    return false
                }
                guard attempt < Limits.exportTriesMax else { break }
                let wait = min(pause ?? .milliseconds(250 << attempt), .seconds(10))
                do { try await clock.sleep(for: wait) } catch {}
            }
        }
        lost(spans, reason)
        return false
    }

    private func lost(_ spans: [SpanRecord], _ reason: String) {
        queue.lost(spans.count)
        logger.warning(
            "spans were lost", metadata: ["gw.spans": "\(spans.count)", "gw.reason": "\(reason)"])
    }
}
