import NIOCore

/// A deadline that moves with every request but rarely needs a timer to be set: when one fires early, it is set again.
struct LazyTimer {
    private(set) var deadline = NIODeadline.distantFuture
    private var scheduled: Scheduled<Void>?
    private var firesAt = NIODeadline.distantFuture

    /// - Returns: True if the timer that is set would fire too late: then call ``schedule(onto:fire:)``.
    mutating func move(to deadline: NIODeadline) -> Bool {
        self.deadline = deadline
        return deadline < firesAt
    }

    /// What a timer that fired means.
    enum Firing { case due, early, off }

    /// To be called when the timer fires. If it was early, call ``schedule(onto:fire:)``.
    mutating func fired() -> Firing {
        firesAt = .distantFuture
        scheduled = nil
        guard deadline != .distantFuture else { return .off }
        guard NIODeadline.now() >= deadline else { return .early }
        deadline = .distantFuture
        return .due
    }

    /// - Parameter fire: Called on the loop at the deadline or before it. It is held until then or until ``cancel()``.
    mutating func schedule(onto eventLoop: any EventLoop, fire: @escaping () -> Void) {
        scheduled?.cancel()
        firesAt = deadline
        scheduled = eventLoop.assumeIsolated().scheduleTask(deadline: deadline, fire)
    }

    mutating func cancel() {
        scheduled?.cancel()
        scheduled = nil
        firesAt = .distantFuture
        deadline = .distantFuture
    }
}
