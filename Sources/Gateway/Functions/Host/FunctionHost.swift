package import Logging
package import NIOCore
import NIOPosix
import Synchronization

/// Runs functions as processes of this machine. Their runtimes talk to it by the Lambda Runtime API, so that they need
/// not know where they are.
///
/// Nothing of a function outlives the host, however the host ends: docs/decisions/0023-functions-have-a-keeper.md.
package final class FunctionHost: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let eventLoop: any EventLoop
    private let workforce: NIOLoopBound<Workforce>
    private let events: NIOLoopBound<EventQueue>
    private let logs: FunctionLogs
    private let isOpen = Mutex(true)
    private let logger: Logger

    /// - Parameter logger: Gets what functions print, too.
    /// - Throws: What the system says of ``FunctionHostConfiguration/scratchFolder``.
    package init(
        _ configuration: FunctionHostConfiguration,
        logger: Logger = Logger(label: "functions") { _ in SwiftLogNoOpLogHandler() }
    ) async throws {
        self.logger = logger
        try ScratchFolder.prepare(configuration.scratchFolder)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        self.eventLoop = eventLoop
        let logs = FunctionLogs(logger)
        self.logs = logs
        (workforce, events) = try await eventLoop.submit {
            let workforce = Workforce(configuration, logs, eventLoop: eventLoop, logger: logger)
            let events = EventQueue(workforce, configuration, eventLoop: eventLoop, logger: logger)
            return (NIOLoopBound(workforce, eventLoop: eventLoop), NIOLoopBound(events, eventLoop: eventLoop))
        }.get()
    }

    /// Runs one event and gives its answer to a loop of the caller's; failures are as ``invoke(_:_:)`` has them.
    package func start(
        _ specification: FunctionSpecification, _ invocation: Invocation, on caller: any EventLoop
    ) -> EventLoopFuture<InvocationAnswer> {
        let workforce = workforce
        let running = enqueue { workforce.value.invoke(specification, invocation) }
        return running?.hop(to: caller) ?? caller.makeFailedFuture(FunctionsFailure.stopped)
    }

    /// Runs one event and waits for its answer, which is there after the function's time limit at the latest.
    ///
    /// - Throws: `functions.throttled`, `functions.event-too-large`, `functions.runtime-unknown`,
    ///   `functions.start-refused`, `functions.stopped`. What the function did wrong is in the answer.
    package func invoke(
        _ specification: FunctionSpecification, _ invocation: Invocation
    ) async throws(FunctionsFailure) -> InvocationAnswer {
        let workforce = workforce
        return try await wait(for: enqueue { workforce.value.invoke(specification, invocation) })
    }

    /// Takes an event that nobody waits for. It is tried again where the function fails, and is lost with the host.
    ///
    /// - Throws: `functions.event-too-large`, `functions.events-full`, `functions.stopped`.
    package func submit(
        _ specification: FunctionSpecification, _ invocation: Invocation
    ) async throws(FunctionsFailure) {
        try await wait(for: take(specification, invocation))
    }

    /// As ``submit(_:_:)``, for a loop of the caller's.
    package func submit(
        _ specification: FunctionSpecification, _ invocation: Invocation, on caller: any EventLoop
    ) -> EventLoopFuture<Void> {
        take(specification, invocation)?.hop(to: caller) ?? caller.makeFailedFuture(FunctionsFailure.stopped)
    }

    private func take(
        _ specification: FunctionSpecification, _ invocation: Invocation
    ) -> EventLoopFuture<Void>? {
        let (events, eventLoop) = (events, eventLoop)
        return enqueue { eventLoop.makeCompletedFuture { try events.value.submit(specification, invocation) } }
    }

    private func wait<Value: Sendable>(for future: EventLoopFuture<Value>?) async throws(FunctionsFailure) -> Value {
        guard let future else { throw .stopped }
        do {
            return try await future.get()
        } catch let failure as FunctionsFailure {
            throw failure
        } catch {
            throw .stopped
        }
    }

    /// Runs `body` on the loop; nil after the stop. A loop that has ended would never say so, hence the lock: what was
    /// enqueued before the stop is run before it.
    private func enqueue<Value: Sendable>(
        _ body: @escaping @Sendable () -> EventLoopFuture<Value>
    ) -> EventLoopFuture<Value>? {
        isOpen.withLock { isOpen in isOpen ? eventLoop.flatSubmit(body) : nil }
    }

    /// Ends a function's processes, each after the invocation it has, and forgets its waiting events and its log.
    package func retire(_ arn: String) {
        let (workforce, events, eventLoop) = (workforce, events, eventLoop)
        _ = enqueue {
            events.value.forget(arn)
            workforce.value.retire(arn)
            return eventLoop.makeSucceededVoidFuture()
        }
    }

    /// The last 256 KiB of what a function has logged.
    package func recentLog(of arn: String) -> [UInt8] { logs.recent(of: arn) }

    /// Processes that are there now, those that are just ending with them.
    package func processCount() async -> Int {
        let (workforce, eventLoop) = (workforce, eventLoop)
        do throws(FunctionsFailure) {
            return try await wait(for: enqueue { eventLoop.makeSucceededFuture(workforce.value.processCount) })
        } catch {
            return 0
        }
    }

    /// Events that wait, or are tried just now.
    package func waitingEventCount() async -> Int {
        let (events, eventLoop) = (events, eventLoop)
        do throws(FunctionsFailure) {
            return try await wait(for: enqueue { eventLoop.makeSucceededFuture(events.value.count) })
        } catch {
            return 0
        }
    }

    /// Ends all processes, politely first, and waits until nothing of them is left.
    package func stop() async {
        let workforce = workforce
        let ended = isOpen.withLock { isOpen -> EventLoopFuture<Void>? in
            guard isOpen else { return nil }
            isOpen = false
            return eventLoop.flatSubmit { workforce.value.stop() }
        }
        guard let ended else { return }
        do {
            try await ended.get()
            await logs.forwarder.end()
            try await group.shutdownGracefully()
        } catch {
            logger.warning("the loop of functions did not stop", metadata: ["gw.error": "\(error)"])
        }
    }
}
