import NIOCore
import NIOPosix

/// The socket on which the process that owns a data directory answers.
struct OwnerSocket {
    let path: String

    /// False where there is no socket, or one that a killed process left behind.
    func isAnswering() async -> Bool {
        do {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(unixDomainSocketPath: path).get()
            try await channel.close().get()
            return true
        } catch {
            return false
        }
    }
}
