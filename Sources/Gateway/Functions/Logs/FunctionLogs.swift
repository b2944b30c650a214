import Synchronization

/// What functions have logged lately, by function; the oldest bytes go first.
final class FunctionLogs: Sendable {
    private let tails = Mutex<[String: ByteTail]>([:])

    func append(_ bytes: UnsafeRawBufferPointer, of arn: String) {
        tails.withLock { $0[arn, default: ByteTail(bytesMax: Limits.functionLogBytesMax)].append(bytes) }
    }

    func recent(of arn: String) -> [UInt8] { tails.withLock { $0[arn]?.bytes ?? [] } }

    func remove(_ arn: String) { tails.withLock { $0[arn] = nil } }
}
