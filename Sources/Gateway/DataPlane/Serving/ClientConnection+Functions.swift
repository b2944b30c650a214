import NIOCore

/// A function, or keys, that a connection waits for. A class, so that a reply is told from one that comes too late.
final class PendingInvocation {}

extension ClientConnection {
    /// Asks for the function's answer. The client may go in the meantime: then nobody waits for the reply.
    func invoke(_ call: FunctionCall) {
        let pending = PendingInvocation()
        invocation = pending
        setDeadline(.milliseconds(Int64(call.timeout)))
        let bound = NIOLoopBound((self, pending), eventLoop: loop.eventLoop)
        let answer =
            call.elsewhere.map { loop.endpoints.alone($0).map { FunctionReply(of: $0) } }
            ?? loop.functions.invoke(call, on: loop.eventLoop)
        answer.hop(to: loop.eventLoop).whenComplete { result in
            let (connection, pending) = bound.value
            switch result {
            case .success(let reply): connection.functionReplied(reply, to: pending)
            case .failure(let error): connection.functionReplied(.unavailable("\(error)"), to: pending)
            }
        }
    }

    private func functionReplied(_ reply: FunctionReply, to pending: PendingInvocation) {
        guard invocation === pending, var exchange else { return }
        invocation = nil
        if case .paused(let head) = reading { return goOn(exchange.resume(reply), exchange, head) }
        self.exchange = nil
        answer(exchange.finish(reply))
    }

    /// Asks for the keys of a user pool, which come or not within a time of their own.
    func fetch(_ source: KeySource) {
        let pending = PendingInvocation()
        invocation = pending
        // The fetch ends by itself before.
        setDeadline(loop.keyFetcher.timeout * 2)
        let bound = NIOLoopBound((self, pending), eventLoop: loop.eventLoop)
        loop.keySets.fetch(source, at: answer.identity.milliseconds, by: loop.keyFetcher).whenComplete { _ in
            let (connection, pending) = bound.value
            guard connection.invocation === pending, var exchange = connection.exchange,
                case .paused(let head) = connection.reading
            else { return }
            connection.invocation = nil
            connection.goOn(exchange.resumeWithKeys(), exchange, head)
        }
    }

    /// The same while nobody waits.
    func refresh(_ source: KeySource) {
        _ = loop.keySets.fetch(source, at: answer.identity.milliseconds, by: loop.keyFetcher)
    }

    /// An authorizer has spoken, or its time is over.
    private func goOn(_ opening: Exchange.Opening, _ exchange: Exchange, _ head: RequestHead) {
        self.exchange = exchange
        setDeadline(loop.idleTimeout)
        follow(opening, head)
        process()
        flush()
        readOn()
    }

    /// The function did not answer within the time of the integration. What it answers later goes nowhere.
    func invocationTimedOut() {
        invocation = nil
        guard var exchange else { return closeNow() }
        if case .paused(let head) = reading { return goOn(exchange.resume(nil), exchange, head) }
        self.exchange = nil
        answer(exchange.response(to: .timeout))
    }

    private func answer(_ response: ExchangeResponse) {
        write(response)
        endAnswer()
        goOn()
    }
}
