import Diagnostics
import Logging
import NIOCore

/// Events that nobody waits for: each is tried again as AWS does. They are kept in memory alone, and go with the host.
/// On the host's event loop alone.
final class EventQueue {
    private let workforce: Workforce
    private let configuration: FunctionHostConfiguration
    private let eventLoop: any EventLoop
    private let logger: Logger
    private var waiting: [String: WaitingEvent] = [:]
    private var byteCount = 0

    /// SOURCE: AWS Lambda, "Error handling for asynchronous invocation": throttled events wait 1 s to 5 min, up to 6 h.
    private static let throttleDelayMax = TimeAmount.minutes(5)
    private static let ageMax = TimeAmount.hours(6)

    private struct WaitingEvent {
        var specification: FunctionSpecification
        var invocation: Invocation
        let since = NIODeadline.now()
        var failures = 0
        var throttleDelay = TimeAmount.seconds(1)
    }

    init(
        _ workforce: Workforce, _ configuration: FunctionHostConfiguration, eventLoop: any EventLoop, logger: Logger
    ) {
        self.workforce = workforce
        self.configuration = configuration
        self.eventLoop = eventLoop
        self.logger = logger
    }

    func submit(_ specification: FunctionSpecification, _ invocation: Invocation) throws(FunctionsFailure) {
        guard invocation.event.count <= Limits.asynchronousEventBytesMax else {
            throw FunctionsFailure(
                .eventTooLarge,
                "the event for `\(specification.name)` has \(invocation.event.count) bytes; "
                    + "\(Limits.asynchronousEventBytesMax) are the most where nobody waits for the answer")
        }
        guard waiting.count < Limits.waitingEventsMax,
            byteCount + invocation.event.count <= Limits.waitingEventBytesMax
        else {
            throw FunctionsFailure(
                .eventsFull, "too many events wait for functions", recovery: .retry(after: .seconds(1)))
        }
        waiting[invocation.requestID] = WaitingEvent(specification: specification, invocation: invocation)
        byteCount += invocation.event.count
        attempt(invocation.requestID)
    }

    private func attempt(_ id: String) {
        guard let event = waiting[id] else { return }
        // What the function has become in between.
        let specification = workforce.specification(event.specification.arn) ?? event.specification
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        workforce.invoke(specification, event.invocation).assumeIsolated().whenComplete { result in
            bound.value.settle(id, result)
        }
    }

    private func settle(_ id: String, _ result: Result<InvocationAnswer, any Error>) {
        guard var event = waiting[id] else { return }
        let delay: TimeAmount
        switch result {
        case .success(let answer) where !answer.isError: return remove(id)
        case .success:
            guard event.failures < configuration.eventRetryDelays.count else { return drop(id, "the function failed") }
            delay = TimeAmount(configuration.eventRetryDelays[event.failures])
            event.failures += 1
        case .failure(let error as FunctionsFailure) where error.code == .throttled || error.code == .startRefused:
            guard NIODeadline.now() - event.since < Self.ageMax else { return drop(id, "\(error)") }
            delay = event.throttleDelay
            event.throttleDelay = min(event.throttleDelay * 2, Self.throttleDelayMax)
        case .failure(let error): return drop(id, "\(error)")
        }
        waiting[id] = event
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: delay) { bound.value.attempt(id) }
    }

    private func drop(_ id: String, _ reason: String) {
        logger.warning("an event was given up", metadata: ["gw.request": "\(id)", "gw.reason": "\(reason)"])
        remove(id)
    }

    private func remove(_ id: String) {
        guard let event = waiting.removeValue(forKey: id) else { return }
        byteCount -= event.invocation.event.count
    }

    /// Events of a function that is gone.
    func forget(_ arn: String) {
        for (id, event) in waiting where event.specification.arn == arn { remove(id) }
    }

    var count: Int { waiting.count }
}
