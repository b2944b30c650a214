import NIOCore

/// A deadline that moves with every request but rarely needs a timer to be set: when one fires early, it is set again.
struct LazyTimer {
    private(set) var deadline = NIODeadline.distantFuture
    private var scheduled: Scheduled<Void>?
    private var firesAt = NIODeadline.distantFuture

    /// - Parameter fire: Called on the loop at the deadline or before it; it then calls ``isDue(onto:fire:)``.
    mutating func set(_ deadline: NIODeadline, onto eventLoop: any EventLoop, fire: @escaping () -> Void) {
        self.deadline = deadline
        guard deadline < firesAt else { return }
        scheduled?.cancel()
        schedule(onto: eventLoop, fire)
    }

    /// True if the deadline has come; otherwise the timer is set anew.
    mutating func isDue(onto eventLoop: any EventLoop, fire: @escaping () -> Void) -> Bool {
        firesAt = .distantFuture
        scheduled = nil
        guard deadline != .distantFuture else { return false }
        guard NIODeadline.now() < deadline else {
            deadline = .distantFuture
            return true
        }
        schedule(onto: eventLoop, fire)
        return false
    }

    private mutating func schedule(onto eventLoop: any EventLoop, _ fire: @escaping () -> Void) {
        firesAt = deadline
        let deadline = deadline
        scheduled = eventLoop.assumeIsolated().scheduleTask(deadline: deadline, fire)
    }

    mutating func cancel() {
        scheduled?.cancel()
        scheduled = nil
        firesAt = .distantFuture
        deadline = .distantFuture
    }
}
