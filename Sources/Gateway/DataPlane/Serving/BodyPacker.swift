import NIOCore
import NIOPosix
import Synchronization

/// Packs and unpacks long bodies on threads of its own: ten megabytes are a piece of work in which an event loop serves
/// hundreds of other requests.
final class BodyPacker: Sendable {
    let threads: NIOThreadPool
    private let count = Atomic<Int>(0)

    init() {
        threads = NIOThreadPool(numberOfThreads: Limits.packingThreads)
        threads.start()
    }

    /// Bodies that are waiting or being worked on.
    var waiting: Int { count.load(ordering: .relaxed) }

    /// - Returns: Fails only when the threads are stopped.
    func packed(_ body: [UInt8], _ coding: ContentCoding, on eventLoop: any EventLoop) -> EventLoopFuture<[UInt8]> {
        run(on: eventLoop) { BodyDeflater.packed(body, coding) }
    }

    /// - Returns: Fails only when the threads are stopped; what is not packed as it says is inside.
    func unpacked(
        _ body: [UInt8], _ coding: ContentCoding, on eventLoop: any EventLoop
    ) -> EventLoopFuture<Result<[UInt8], GatewayError>> {
        run(on: eventLoop) {
            Result { () throws(GatewayError) -> [UInt8] in try BodyInflater.unpacked(body, coding) }
        }
    }

    private func run<Value: Sendable>(
        on eventLoop: any EventLoop, _ work: @escaping @Sendable () -> Value
    ) -> EventLoopFuture<Value> {
        count.add(1, ordering: .relaxed)
        return threads.runIfActive(eventLoop: eventLoop, work).always { _ in self.count.subtract(1, ordering: .relaxed)
        }
    }

    /// What still waits fails.
    func stop() async throws { try await threads.shutdownGracefully() }
}
