import Glibc

/// The jobs that wait for a thread.
///
/// INVARIANT: `entries`, `isClosed` are touched only with `mutex` held; the pointers never change.
final class JobQueue: @unchecked Sendable {
    struct Entry {
        let job: UnownedJob
        /// Keeps the executor until the job has run.
        let executor: BlockingExecutor
    }

    let label: String
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let arrival: UnsafeMutablePointer<pthread_cond_t>
    private var entries: [Entry] = []
    private var isClosed = false

    init(label: String) {
        self.label = label
        mutex = .allocate(capacity: 1)
        arrival = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        arrival.initialize(to: pthread_cond_t())
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(arrival, nil)
    }

    deinit {
        pthread_cond_destroy(arrival)
        pthread_mutex_destroy(mutex)
        arrival.deallocate()
        mutex.deallocate()
    }

    /// The thread holds the queue, not the executor, so that the executor can end.
    func startThread() {
        var thread = pthread_t()
        let result = pthread_create(&thread, nil, runJobs, Unmanaged.passRetained(self).toOpaque())
        precondition(result == 0, "the system has a thread for \(label)")
        pthread_detach(thread)
    }

    func append(_ entry: Entry) {
        pthread_mutex_lock(mutex)
        entries.append(entry)
        pthread_cond_signal(arrival)
        pthread_mutex_unlock(mutex)
    }

    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_signal(arrival)
        pthread_mutex_unlock(mutex)
    }

    /// Waits for jobs; gives all that have arrived, or nothing once the queue is closed and empty.
    func take() -> [Entry] {
        pthread_mutex_lock(mutex)
        while entries.isEmpty && !isClosed { pthread_cond_wait(arrival, mutex) }
        let taken = entries
        entries = []
        pthread_mutex_unlock(mutex)
        return taken
    }
}

/// A free function: C calls it on the new thread, where no actor's isolation holds.
private func runJobs(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let queue = Unmanaged<JobQueue>.fromOpaque(context).takeRetainedValue()
    nameThread(queue.label)
    while true {
        let entries = queue.take()
        if entries.isEmpty { return nil }
        for entry in entries { entry.job.runSynchronously(on: entry.executor.asUnownedSerialExecutor()) }
    }
}

/// Shows in debuggers and `top -H`; only a help, so that a system without `/proc` does without. `pthread_setname_np` is
/// not visible to Swift.
private func nameThread(_ label: String) {
    guard let file = fopen("/proc/thread-self/comm", "w") else { return }
    fputs(label, file)
    fclose(file)
}
