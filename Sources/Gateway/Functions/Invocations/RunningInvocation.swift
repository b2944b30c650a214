import NIOCore

/// An invocation and who waits for it. On the host's event loop alone.
struct RunningInvocation {
    let invocation: Invocation
    let promise: EventLoopPromise<InvocationAnswer>
    /// Once the runtime has it.
    var deliveredAt: NIODeadline?
    /// What the runtime sent back.
    var reply: Reply?
    /// Where the process was started for it.
    var initDuration: Duration?

    enum Reply {
        case answer([UInt8])
        case error(FunctionError)
    }

    init(_ invocation: Invocation, _ promise: EventLoopPromise<InvocationAnswer>) {
        self.invocation = invocation
        self.promise = promise
    }
}
