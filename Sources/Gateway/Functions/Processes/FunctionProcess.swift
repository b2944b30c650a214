import Diagnostics
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// One process of a function, from its start to its end. On the host's event loop alone.
///
/// It serves one invocation at a time. It is free while its runtime waits for the next event, and an invocation is over
/// when the runtime asks for another one, so that all it has logged is in the answer.
final class FunctionProcess {
    let specification: FunctionSpecification
    let slot: Int
    private(set) var idleSince = NIODeadline.now()
    /// It takes no further invocation, and ends after the one it has.
    private(set) var isRetired = false

    private let configuration: FunctionHostConfiguration
    let eventLoop: any EventLoop
    private let startedAt = NIODeadline.now()
    private weak var owner: (any ProcessOwner)?
    private var log: InvocationLog
    private var current: RunningInvocation?
    /// The runtime's question for the next event.
    private var waiting: RuntimeConnection?
    private var hasInitialised = false
    private var isSettling = false
    private var deadline: Scheduled<Void>?

    private var listener: (any Channel)?
    private var keeper: Keeper?
    private var scratch: ScratchFolder?
    private var pid: Int32 = 0
    private var ending: Ending?
    private var status: Int32?
    private var reportsHaveEnded = false
    private var outputHasEnded = false
    private var isOver = false

    /// Why it was told to end, or could not go on.
    private enum Ending {
        case failed(FunctionError)
        case refused(FunctionsFailure)
        case stopped
    }

    init(
        _ specification: FunctionSpecification, slot: Int, first: RunningInvocation,
        _ configuration: FunctionHostConfiguration, _ logs: FunctionLogs, owner: any ProcessOwner,
        eventLoop: any EventLoop
    ) {
        self.specification = specification
        self.slot = slot
        self.configuration = configuration
        self.owner = owner
        self.eventLoop = eventLoop
        current = first
        log = InvocationLog(specification, logs)
    }

    /// It can be given an invocation at once.
    var isFree: Bool { current == nil && waiting != nil && !isEnding && !isRetired }
    var isEnding: Bool { ending != nil || isOver || status != nil }

    /// Whose the process is.
    var user: Int64 { Int64(configuration.user(slot) ?? geteuid()) }

    // MARK: Start

    func start() {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        ServerBootstrap(group: eventLoop)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(RuntimeConnection(bound.value))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .assumeIsolated()
            .whenComplete { result in bound.value.hasListener(result) }
    }

    private func hasListener(_ result: Result<any Channel, any Error>) {
        do throws(FunctionsFailure) {
            switch result {
            case .failure(let error):
                throw FunctionsFailure(
                    .startRefused, "no port could be opened for the runtime of `\(specification.name)`",
                    recovery: .retry(after: .seconds(1)), cause: error)
            case .success(let channel):
                listener = channel
                if ending != nil { return conclude() }
                try spawn(port: channel.localAddress?.port ?? 0)
            }
        } catch {
            ending = .refused(error)
            conclude()
        }
    }

    private func spawn(port: Int) throws(FunctionsFailure) {
        guard let runtime = configuration.command(specification.runtime) else {
            throw FunctionsFailure(
                .runtimeUnknown, "this engine runs no functions of the runtime `\(specification.runtime)`")
        }
        let user = configuration.user(slot)
        let scratch = try ScratchFolder(in: configuration.scratchFolder, user: user)
        self.scratch = scratch
        let environment = ProcessEnvironment(
            specification, configuration, runtime: runtime, runtimeAPI: "127.0.0.1:\(port)",
            scratchFolder: scratch.path, logStream: "[\(specification.version)]" + Invocation.newRequestID())
        let program =
            runtime.program.hasPrefix("/") ? runtime.program : specification.codeFolder + "/" + runtime.program
        let keeper = try Keeper(
            Keeper.Order(
                program: program, arguments: runtime.arguments + (runtime.takesHandler ? [specification.handler] : []),
                environment: environment.variables, folder: specification.codeFolder, user: user,
                memoryBytes: UInt64(specification.memoryMegabytes) << 20, grace: configuration.grace))
        self.keeper = keeper
        listen(to: keeper, program: program)
        setDeadline(in: configuration.initLimit + specification.timeout)
    }

    private func listen(to keeper: Keeper, program: String) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let reports = NIOPipeBootstrap(group: eventLoop).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    ReportReader(
                        onReport: { bound.value.take($0, program: program) }, onEnd: { bound.value.reportsEnd() }))
            }
        }.takingOwnershipOfDescriptor(input: keeper.reports)
        reports.assumeIsolated().whenFailure { _ in bound.value.reportsEnd() }
        let output = NIOPipeBootstrap(group: eventLoop)
            .channelOption(.autoRead, value: false)
            .channelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Limits.logReadBytesMax)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        OutputReader(
                            onBytes: { bytes in bytes.withUnsafeReadableBytes { bound.value.log.append($0) } },
                            onEnd: { bound.value.outputEnds() }))
                }
            }.takingOwnershipOfDescriptor(input: keeper.output)
        output.assumeIsolated().whenFailure { _ in bound.value.outputEnds() }
    }

    // MARK: Invocations

    /// Only while it is free.
    func run(_ invocation: RunningInvocation) {
        precondition(isFree, "a process has one invocation at a time")
        current = invocation
        deliver()
    }

    private func deliver() {
        guard var running = current, let waiting, ending == nil else { return }
        self.waiting = nil
        let now = NIODeadline.now()
        running.deliveredAt = now
        if !hasInitialised {
            hasInitialised = true
            running.initDuration = Duration(now - startedAt)
        }
        current = running
        // What the initialisation left of its own time and the function's, at most the function's.
        let spent = running.initDuration ?? .zero
        let rest = min(specification.timeout, configuration.initLimit + specification.timeout - spent)
        setDeadline(in: rest)
        let invocation = running.invocation
        log.start(invocation.requestID, version: specification.version)
        var headers = [
            ("Lambda-Runtime-Aws-Request-Id", invocation.requestID),
            ("Lambda-Runtime-Deadline-Ms", String(configuration.clock() + rest.wholeMilliseconds)),
            ("Lambda-Runtime-Invoked-Function-Arn", invocation.invokedARN),
        ]
        if let trace = invocation.traceID { headers.append(("Lambda-Runtime-Trace-Id", trace)) }
        if let client = invocation.clientContext { headers.append(("Lambda-Runtime-Client-Context", client)) }
        waiting.reply(RuntimeReply(status: .ok, headers: headers, body: invocation.event))
    }

    /// A request of the runtime.
    func receive(_ request: RuntimeRequest, body: [UInt8], isTooLarge: Bool, from connection: RuntimeConnection) {
        switch request {
        case .next: next(connection)
        case .response(let id):
            take(
                isTooLarge ? .error(.answerTooLarge) : .answer(body), isTooLarge: isTooLarge, for: id, from: connection)
        case .error(let id):
            take(
                .error(isTooLarge ? .answerTooLarge : .reported(body)), isTooLarge: isTooLarge, for: id,
                from: connection)
        case .initError:
            guard !hasInitialised, !isTooLarge else { return connection.reply(.wrongState) }
            connection.reply(.accepted)
            end(.failed(.reported(body)), .terminate)
        case .unknown: connection.reply(.unknown)
        }
    }

    private func next(_ connection: RuntimeConnection) {
        guard waiting == nil, !isSettling, current.map({ $0.deliveredAt == nil || $0.reply != nil }) ?? true else {
            return connection.reply(.wrongState)
        }
        waiting = connection
        guard current?.reply != nil else { return deliver() }
        // After what else is ready now: output that was printed before this question is read before the answer goes.
        isSettling = true
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute { bound.value.settle() }
    }

    private func take(
        _ reply: RunningInvocation.Reply, isTooLarge: Bool, for requestID: String, from connection: RuntimeConnection
    ) {
        guard let current, current.deliveredAt != nil, current.invocation.requestID == requestID else {
            return connection.reply(.wrongRequestID)
        }
        guard current.reply == nil else { return connection.reply(.wrongState) }
        self.current?.reply = reply
        connection.reply(isTooLarge ? .tooLarge : .accepted)
    }

    func hasClosed(_ connection: RuntimeConnection) {
        if waiting === connection { waiting = nil }
    }

    private func settle() {
        isSettling = false
        guard let reply = current?.reply else { return }
        complete(reply)
        if isRetired { return end(.stopped, .terminate) }
        guard ending == nil else { return }
        idleSince = .now()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        deadline = eventLoop.scheduleTask(in: TimeAmount(configuration.idleLimit)) {
            bound.value.end(.stopped, .terminate)
        }
        owner?.isFree(self)
    }

    /// Answers whoever waits.
    private func complete(_ reply: RunningInvocation.Reply) {
        guard let running = current else { return }
        current = nil
        deadline?.cancel()
        let invocation = running.invocation
        let since = running.deliveredAt ?? startedAt
        let duration = Duration(NIODeadline.now() - since)
        var isTimeout = false
        var answer = InvocationAnswer(
            payload: [], isError: false, logTail: [], requestID: invocation.requestID, duration: duration,
            initDuration: running.initDuration)
        switch reply {
        case .answer(let bytes): answer.payload = bytes
        case .error(let error):
            answer.payload = error.payload(requestID: invocation.requestID)
            answer.isError = true
            if case .timedOut = error { isTimeout = true }
            if running.deliveredAt == nil { log.start(invocation.requestID, version: specification.version) }
            log.failed(invocation.requestID, error, now: configuration.clock())
        }
        log.report(
            InvocationLog.Report(
                requestID: invocation.requestID, duration: duration, initDuration: running.initDuration,
                memoryMegabytes: specification.memoryMegabytes, memoryUsedMegabytes: MemoryUse.peakMegabytes(of: pid),
                isTimeout: isTimeout))
        answer.logTail = log.tail.bytes
        log.forgetTail()
        running.promise.succeed(answer)
    }

    private func setDeadline(in duration: Duration) {
        deadline?.cancel()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        deadline = eventLoop.scheduleTask(in: TimeAmount(duration)) {
            let process = bound.value
            process.end(.failed(.timedOut(process.specification.timeout)), .kill)
        }
    }

    // MARK: End

    /// Takes no further invocation; ends now, or after the one it has.
    func retire() {
        isRetired = true
        if current == nil { end(.stopped, .terminate) }
    }

    func stop() { end(.stopped, .terminate) }

    private func end(_ reason: Ending, _ word: Keeper.Word) {
        guard ending == nil, !isOver else { return }
        ending = reason
        deadline?.cancel()
        // A process that is just being started has no keeper yet; ``hasListener(_:)`` sees the ending.
        if status == nil { keeper?.say(word) }
    }

    private func take(_ report: KeeperReport, program: String) {
        switch report {
        case .started(let pid): self.pid = pid
        case .refused(let errno):
            if ending == nil { ending = .failed(.refused(program: program, errno: errno)) }
        case .ended(let status): self.status = status
        }
    }

    private func reportsEnd() {
        guard !reportsHaveEnded else { return }
        reportsHaveEnded = true
        keeper?.reap()
        if outputHasEnded { return conclude() }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: .milliseconds(Limits.lastOutputMilliseconds)) { bound.value.conclude() }
    }

    private func outputEnds() {
        outputHasEnded = true
        if reportsHaveEnded { conclude() }
    }

    private func conclude() {
        guard !isOver else { return }
        isOver = true
        deadline?.cancel()
        if current != nil {
            switch (current?.reply, ending) {
            case (let reply?, _): complete(reply)
            case (nil, .failed(let error)): complete(.error(error))
            case (nil, .refused(let failure)): fail(failure)
            case (nil, .stopped): fail(.stopped)
            // A keeper that was killed itself says nothing of the function's end.
            case (nil, nil): complete(.error(.exited(status: status ?? 9)))
            }
        }
        log.end()
        waiting = nil
        listener?.close(promise: nil)
        owner?.hasEnded(self, scratch)
    }

    private func fail(_ failure: FunctionsFailure) {
        current?.promise.fail(failure)
        current = nil
    }
}

/// Who is told of a process.
protocol ProcessOwner: AnyObject {
    func isFree(_ process: FunctionProcess)
    /// - Parameter scratch: Still to be removed.
    func hasEnded(_ process: FunctionProcess, _ scratch: ScratchFolder?)
}
