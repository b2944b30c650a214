import Logging
import NIOPosix
import Synchronization

/// Writes what functions print to the engine's log, on a thread of its own: a log that nobody reads costs lines, which are
/// counted, and never an invocation.
final class LogForwarder: Sendable {
    private let logger: Logger
    private let pool = NIOThreadPool(numberOfThreads: 1)
    private let waitingBytes = Atomic<Int>(0)
    private let lost = Atomic<Int>(0)

    init(_ logger: Logger) {
        self.logger = logger
        pool.start()
    }

    /// - Parameter request: The invocation; nil before the first one.
    func take(_ lines: [String], at level: Logger.Level, of function: String, request: String?) {
        guard !lines.isEmpty, logger.logLevel <= level else { return }
        let bytes = lines.reduce(0) { $0 + $1.utf8.count }
        guard waitingBytes.add(bytes, ordering: .relaxed).newValue <= Limits.waitingLogBytesMax else {
            waitingBytes.subtract(bytes, ordering: .relaxed)
            lost.add(lines.count, ordering: .relaxed)
            return
        }
        pool.submit { _ in
            self.write(lines, at: level, of: function, request: request)
            self.waitingBytes.subtract(bytes, ordering: .relaxed)
        }
    }

    private func write(_ lines: [String], at level: Logger.Level, of function: String, request: String?) {
        var metadata: Logger.Metadata = ["gw.function": .string(function)]
        if let request { metadata["gw.request"] = .string(request) }
        for line in lines { logger.log(level: level, "\(line)", metadata: metadata) }
        let lost = lost.exchange(0, ordering: .relaxed)
        if lost > 0 {
            logger.warning("lines of functions were lost: the log is not read", metadata: ["gw.count": "\(lost)"])
        }
    }

    /// Writes what waits, and ends the thread.
    func end() async {
        do {
            try await pool.shutdownGracefully()
        } catch {
            logger.warning("the thread of functions' logs did not end", metadata: ["gw.error": "\(error)"])
        }
    }
}
