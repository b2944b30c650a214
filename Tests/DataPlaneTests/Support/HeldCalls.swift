import NIOCore
import Synchronization

@testable import DataPlane

/// Keeps calls until the test replies: what no function can be told to do.
final class HeldCalls: FunctionInvoker {
    private struct State {
        var calls: [EventLoopPromise<FunctionReply>] = []
        var events: [[UInt8]] = []
        var waiter: (count: Int, continuation: CheckedContinuation<Void, Never>)?
    }

    private let state = Mutex(State())

    func invoke(_ call: FunctionCall, on eventLoop: any EventLoop) -> EventLoopFuture<FunctionReply> {
        let promise = eventLoop.makePromise(of: FunctionReply.self)
        let ready = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.calls.append(promise)
            state.events.append(call.event)
            guard let waiter = state.waiter, state.calls.count >= waiter.count else { return nil }
            state.waiter = nil
            return waiter.continuation
        }
        ready?.resume()
        return promise.futureResult
    }

    /// What has come so far.
    var events: [[UInt8]] { state.withLock { $0.events } }

    func arrived(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.calls.count < count { state.waiter = (count, continuation) }
                return state.calls.count >= count
            }
            if isThere { continuation.resume() }
        }
    }

    func reply(_ reply: FunctionReply, to position: Int) {
        state.withLock { $0.calls[position] }.succeed(reply)
    }

    /// No promise may be left without an end.
    func end() {
        for promise in state.withLock({ $0.calls }) { promise.succeed(.unavailable("the end")) }
    }
}
