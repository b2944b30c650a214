package import Logging
import NIOCore
import NIOPosix

/// Runs methods without authorization and without a deployment, as `TestInvokeMethod` does: the same exchange as a
/// request takes, on an event loop of the process.
package struct TestInvoker: Sendable {
    private let guardian: EndpointGuard
    private let tls: EndpointTLS
    private let links: LinkRegistry
    private let functions: FunctionRegistry
    private let services: ServiceBackends
    private let keysTimeout: TimeAmount
    private let millisecondsSince1970: @Sendable () -> Int64
    private let logger: Logger

    /// - Parameters:
    ///   - configuration: Its rules for endpoints and its clock are used.
    ///   - functions: Asked to run functions; with an empty one there are none.
    ///   - links: Asked about the private links of integrations.
    ///   - services: Where services are, and the roles that integrations call them as.
    package init(
        configuration: DataPlaneConfiguration = DataPlaneConfiguration(),
        functions: FunctionRegistry = FunctionRegistry(), links: LinkRegistry = LinkRegistry(),
        services: ServiceBackends = ServiceBackends(), logger: Logger
    ) {
        self.functions = functions
        var own: [SocketAddress] = []
        do {
            own = try System.enumerateDevices().compactMap(\.address)
        } catch {
            logger.warning("the addresses of this machine are unknown", metadata: ["gw.error": "\(error)"])
        }
        guardian = EndpointGuard(configuration.endpoints, ownAddresses: own)
        tls = EndpointTLS(authoritiesPath: configuration.endpoints.authoritiesPath)
        keysTimeout = TimeAmount(configuration.keysTimeout)
        millisecondsSince1970 = configuration.millisecondsSince1970
        self.links = links
        self.services = services
        self.logger = logger
    }

    /// - Returns: Nil when the definition has no such resource or no such method.
    package func invoke(_ invocation: TestInvocation) async -> TestInvocationResult? {
        let started = millisecondsSince1970()
        var identities = IdentitySource()
        guard var run = TestRun(invocation, identity: identities.next(started), links: links, services: services)
        else { return nil }
        let response: ExchangeResponse
        switch run.begin() {
        case .respond(let answer): response = answer
        case .call(let call):
            let outcome = await self.call(call)
            response = run.finish(outcome, milliseconds: Int(millisecondsSince1970() - started))
        case .invoke(let call):
            let reply = await self.invoke(call)
            response = run.finish(reply, milliseconds: Int(millisecondsSince1970() - started))
        }
        return run.result(response, milliseconds: Int(millisecondsSince1970() - started))
    }

    /// - Returns: Nil when the definition has no such authorizer.
    package func invoke(_ invocation: AuthorizerInvocation) async -> AuthorizerInvocationResult? {
        let started = millisecondsSince1970()
        var identities = IdentitySource()
        guard var run = AuthorizerRun(invocation, identity: identities.next(started), services: services)
        else { return nil }
        switch run.begin() {
        case .end(let result): return result
        case .invoke(let call):
            let reply = await invoke(call)
            return run.finish(reply, milliseconds: Int(millisecondsSince1970() - started))
        case .fetchKeys(let source):
            await fetch(source, at: started)
            return run.finishWithKeys(milliseconds: Int(millisecondsSince1970() - started))
        }
    }

    private func fetch(_ source: KeySource, at now: Int64) async {
        let fetcher = KeyFetcher(
            eventLoop: MultiThreadedEventLoopGroup.singleton.any(), guardian: guardian, tls: tls, timeout: keysTimeout)
        do {
            try await services.keySets.fetch(source, at: now, by: fetcher).get()
        } catch {
            logger.warning("keys of a user pool were not fetched", metadata: ["gw.error": "\(error)"])
        }
    }

    /// - Returns: Nil when the time of the call ran out first.
    private func invoke(_ call: FunctionCall) async -> FunctionReply? {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        let promise = eventLoop.makePromise(of: FunctionReply?.self)
        // Whichever comes first; the promise takes the first alone.
        let timer = eventLoop.scheduleTask(in: .milliseconds(Int64(call.timeout))) { promise.succeed(nil) }
        let answer =
            call.elsewhere.map { start($0, on: eventLoop).map { FunctionReply(of: $0) } }
            ?? functions.invoke(call, on: eventLoop)
        answer.whenComplete { result in
            timer.cancel()
            switch result {
            case .success(let reply): promise.succeed(reply)
            case .failure(let error): promise.succeed(.unavailable("\(error)"))
            }
        }
        do {
            return try await promise.futureResult.get()
        } catch {
            return .unavailable("\(error)")
        }
    }

    private func start(_ call: EndpointCall, on eventLoop: any EventLoop) -> EventLoopFuture<TestRun.Outcome> {
        let (guardian, tls) = (guardian, tls)
        return eventLoop.flatSubmit {
            EndpointPool(eventLoop: eventLoop, guardian: guardian, tls: tls, idleTimeout: .seconds(1)).alone(call)
        }
    }

    private func call(_ call: EndpointCall) async -> TestRun.Outcome {
        do {
            return try await start(call, on: MultiThreadedEventLoopGroup.singleton.any()).get()
        } catch {
            logger.warning("a test invocation was cut off", metadata: ["gw.error": "\(error)"])
            return .failed(.network("the call was cut off"))
        }
    }
}

/// A call whose whole answer is waited for; used on one event loop only.
final class BufferedCall: EndpointListener {
    private let call: EndpointCall
    private let pool: EndpointPool
    private let bytesMax: Int
    private let promise: EventLoopPromise<TestRun.Outcome>
    private var endpoint: EndpointExchange?
    private var answer: EndpointAnswer?
    private var timer: Scheduled<Void>?

    /// - Parameter bytesMax: Of the answer's body; a longer one is a failure.
    init(_ call: EndpointCall, pool: EndpointPool, bytesMax: Int = Limits.responseBodyBytesMax) {
        self.call = call
        self.pool = pool
        self.bytesMax = bytesMax
        promise = pool.eventLoop.makePromise()
    }

    func start() -> EventLoopFuture<TestRun.Outcome> {
        let hasBody = if case .bytes = call.body { true } else { false }
        let endpoint = EndpointExchange(call, framing: hasBody ? .whole : .none, pool: pool, listener: self)
        self.endpoint = endpoint
        timer = pool.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(call.timeout))) {
            self.end(.failed(.timeout))
        }
        endpoint.start()
        return promise.futureResult
    }

    private func end(_ outcome: TestRun.Outcome) {
        guard let endpoint else { return }
        self.endpoint = nil
        timer?.cancel()
        timer = nil
        endpoint.cancel()
        pool.closeAll()
        promise.succeed(outcome)
    }

    var takesMore: Bool { true }

    func endpointAnswered(_ head: ResponseHead) {
        answer = EndpointAnswer(status: head.status, headers: head.headers, body: [])
    }

    func endpointSent(_ bytes: ByteBuffer) {
        answer?.body.append(contentsOf: bytes.readableBytesView)
        if let count = answer?.body.count, count > bytesMax {
            end(.failed(.badAnswer("the endpoint's answer is longer than \(bytesMax) bytes")))
        }
    }

    func endpointFinished() { end(answer.map { .answered($0) } ?? .failed(.network("the endpoint did not answer"))) }
    func endpointFailed(_ failure: EndpointFailure) { end(.failed(failure.error)) }
    func endpointWritabilityChanged() {}
    func endpointReadCompleted() {}
}
