import Logging
import Synchronization

/// What functions have logged lately, by function; the oldest bytes go first. All of it goes to the engine's log too.
final class FunctionLogs: Sendable {
    let forwarder: LogForwarder
    private let tails = Mutex<[String: ByteTail]>([:])

    init(_ logger: Logger) { forwarder = LogForwarder(logger) }

    func append(_ bytes: UnsafeRawBufferPointer, of arn: String) {
        tails.withLock { $0[arn, default: ByteTail(bytesMax: Limits.functionLogBytesMax)].append(bytes) }
    }

    func recent(of arn: String) -> [UInt8] { tails.withLock { $0[arn]?.bytes ?? [] } }

    func remove(_ arn: String) { tails.withLock { $0[arn] = nil } }
}
