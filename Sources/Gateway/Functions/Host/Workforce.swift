import Diagnostics
import Glibc
import Logging
import NIOCore
import NIOPosix

/// All processes of all functions. On the host's event loop alone.
final class Workforce: ProcessOwner {
    private let configuration: FunctionHostConfiguration
    private let logger: Logger
    let logs: FunctionLogs
    private let eventLoop: any EventLoop
    private var pools: [String: Pool] = [:]
    private var slots: Set<Int> = []
    private var isStopped = false
    private var allEnded: EventLoopPromise<Void>?

    /// The processes of one function, in the order of their starts.
    private struct Pool {
        var specification: FunctionSpecification
        var processes: [FunctionProcess] = []
    }

    init(
        _ configuration: FunctionHostConfiguration, _ logs: FunctionLogs, eventLoop: any EventLoop, logger: Logger
    ) {
        self.configuration = configuration
        self.logs = logs
        self.eventLoop = eventLoop
        self.logger = logger
    }

    /// The specification that a function was last called with.
    func specification(_ arn: String) -> FunctionSpecification? { pools[arn]?.specification }

    func invoke(_ specification: FunctionSpecification, _ invocation: Invocation) -> EventLoopFuture<InvocationAnswer> {
        guard !isStopped else { return eventLoop.makeFailedFuture(FunctionsFailure.stopped) }
        guard invocation.event.count <= Limits.eventBytesMax else {
            return eventLoop.makeFailedFuture(
                FunctionsFailure(
                    .eventTooLarge,
                    "the event for `\(specification.name)` has \(invocation.event.count) bytes; "
                        + "\(Limits.eventBytesMax) are the most"))
        }
        adopt(specification)
        let running = RunningInvocation(invocation, eventLoop.makePromise())
        let pool = pools[specification.arn]?.processes ?? []
        let throttled = FunctionsFailure(
            .throttled, "too many invocations of `\(specification.name)` are running",
            recovery: .retry(after: .seconds(1)))
        guard busyCount(besides: specification) < specification.reservedConcurrency ?? .max else {
            running.promise.fail(throttled)
            return running.promise.futureResult
        }
        if let free = pool.filter(\.isFree).max(by: { $0.idleSince < $1.idleSince }) {
            free.run(running)
            return running.promise.futureResult
        }
        guard makeRoom() else {
            running.promise.fail(throttled)
            return running.promise.futureResult
        }
        start(specification, running)
        return running.promise.futureResult
    }

    /// Invocations that run now of a function, by all its versions: reserved are those of all together.
    private func busyCount(besides specification: FunctionSpecification) -> Int {
        guard specification.reservedConcurrency != nil else { return 0 }
        let function = specification.functionARN
        return pools.values.lazy.filter { $0.specification.functionARN == function }.flatMap(\.processes)
            .count { !$0.isEnding && !$0.isFree }
    }

    /// Processes of an earlier specification take no further invocation.
    private func adopt(_ specification: FunctionSpecification) {
        guard let pool = pools[specification.arn] else {
            pools[specification.arn] = Pool(specification: specification)
            return
        }
        pools[specification.arn]?.specification = specification
        guard pool.specification.ofProcess != specification.ofProcess else { return }
        for process in pool.processes { process.retire() }
    }

    /// Ends the process that was idle the longest where all places are taken.
    private func makeRoom() -> Bool {
        // Those that end have a place of their own for the short time that it takes.
        guard slots.count < 2 * configuration.processesMax else { return false }
        let living = pools.values.flatMap(\.processes).filter { !$0.isEnding }
        guard living.count >= configuration.processesMax else { return true }
        guard let longest = living.filter(\.isFree).min(by: { $0.idleSince < $1.idleSince }) else { return false }
        longest.retire()
        return true
    }

    private func start(_ specification: FunctionSpecification, _ running: RunningInvocation) {
        var slot = 0
        while !slots.insert(slot).inserted { slot += 1 }
        let process = FunctionProcess(
            specification, slot: slot, first: running, configuration, logs, owner: self, eventLoop: eventLoop)
        pools[specification.arn]?.processes.append(process)
        process.start()
    }

    func isFree(_ process: FunctionProcess) {
        if pools[process.specification.arn]?.specification.ofProcess != process.specification.ofProcess {
            process.retire()
        }
    }

    func hasEnded(_ process: FunctionProcess, _ scratch: ScratchFolder?) {
        guard let scratch else { return forget(process) }
        let bound = NIOLoopBound((self, process), eventLoop: eventLoop)
        NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { try scratch.remove() }
            .assumeIsolated().whenComplete { result in
                let (workforce, process) = bound.value
                if case .failure(let error) = result {
                    workforce.logger.warning(
                        "the folder of a function's process was not removed", metadata: ["gw.error": "\(error)"])
                }
                workforce.forget(process)
            }
    }

    private func forget(_ process: FunctionProcess) {
        slots.remove(process.slot)
        let arn = process.specification.arn
        pools[arn]?.processes.removeAll { $0 === process }
        if pools[arn]?.processes.isEmpty == true { pools[arn] = nil }
        if slots.isEmpty { allEnded?.succeed() }
    }

    /// Ends the processes of one function, each after the invocation it has.
    func retire(_ arn: String) {
        logs.remove(arn)
        for process in pools[arn]?.processes ?? [] { process.retire() }
        if pools[arn]?.processes.isEmpty == true { pools[arn] = nil }
    }

    /// Ends all, and refuses what comes later.
    func stop() -> EventLoopFuture<Void> {
        if let allEnded { return allEnded.futureResult }
        isStopped = true
        let promise = eventLoop.makePromise(of: Void.self)
        allEnded = promise
        for process in pools.values.flatMap(\.processes) { process.stop() }
        if slots.isEmpty { promise.succeed() }
        return promise.futureResult
    }

    /// Living processes, for what watches the host.
    var processCount: Int { slots.count }
}

extension FunctionHostConfiguration {
    /// A user of its own for each process, so that none can reach another one, nor the engine. Only root can give one.
    func user(_ slot: Int) -> UInt32? { geteuid() == 0 ? firstUser + UInt32(clamping: slot) : nil }
}
