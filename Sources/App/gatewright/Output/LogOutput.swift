import Glibc
import NIOPosix
import Synchronization

/// Standard error, as logs use it: a line is written whole or with nothing in between, whoever else writes.
enum LogOutput {
    private static let turn = Mutex(())

    static func write(_ bytes: [UInt8]) {
        turn.withLock { _ in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
                if count < 0 {
                    guard errno == EINTR else { return }
                    continue
                }
                rest = rest.dropFirst(count)
            }
        }
    }
}

/// Takes access records off the event loops: written on a thread of their own, so that a reader who does not keep up
/// costs records, which are counted, and never a request.
final class AccessRecords: Sendable {
    private let pool = NIOThreadPool(numberOfThreads: 1)
    private let waitingBytes = Atomic<Int>(0)
    private let droppedLines = Atomic<Int>(0)

    init() { pool.start() }

    var dropped: Int { droppedLines.load(ordering: .relaxed) }

    func take(_ lines: [UInt8]) {
        let waiting = waitingBytes.add(lines.count, ordering: .relaxed).newValue
        guard waiting <= Limits.waitingRecordBytes else {
            waitingBytes.subtract(lines.count, ordering: .relaxed)
            droppedLines.add(lines.count { $0 == UInt8(ascii: "\n") }, ordering: .relaxed)
            return
        }
        pool.submit { _ in
            LogOutput.write(lines)
            self.waitingBytes.subtract(lines.count, ordering: .relaxed)
        }
    }

    /// Writes what waits, and ends the thread.
    func end() async {
        do { try await pool.shutdownGracefully() } catch {}
    }
}
