package import NIOCore
import Synchronization

/// Who runs functions for all stages. Until somebody is named, every call is ``FunctionReply/unavailable(_:)``.
package final class FunctionRegistry: Sendable {
    private let invoker = Mutex<(any FunctionInvoker)?>(nil)

    package init() {}

    /// From now on this one is asked; nil: functions are off.
    package func publish(_ invoker: (any FunctionInvoker)?) {
        self.invoker.withLock { $0 = invoker }
    }

    /// One short lock for each call.
    package func invoke(_ call: FunctionCall, on eventLoop: any EventLoop) -> EventLoopFuture<FunctionReply> {
        guard let invoker = invoker.withLock({ $0 }) else {
            return eventLoop.makeSucceededFuture(.unavailable("functions are off"))
        }
        return invoker.invoke(call, on: eventLoop)
    }
}
