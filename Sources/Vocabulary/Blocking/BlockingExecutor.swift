/// A serial executor on a thread of its own, for an actor whose calls into C block.
///
/// Jobs run in the order in which they arrive. The thread starts with the executor and ends by itself after the last
/// job, once nobody holds the executor any more: nothing waits for it.
///
/// ```swift
/// private let blocking = BlockingExecutor(label: "gw.git")
/// package nonisolated var unownedExecutor: UnownedSerialExecutor { blocking.asUnownedSerialExecutor() }
/// ```
package final class BlockingExecutor: SerialExecutor {
    private let queue: JobQueue

    /// - Parameter label: The name of the thread; the system keeps its first 15 bytes.
    package init(label: String) {
        queue = JobQueue(label: label)
        queue.startThread()
    }

    deinit { queue.close() }

    package func enqueue(_ job: consuming ExecutorJob) {
        queue.append(JobQueue.Entry(job: UnownedJob(job), executor: self))
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}
