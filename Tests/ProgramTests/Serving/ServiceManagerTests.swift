import Foundation
import Glibc
import Testing

extension Acceptance {
    /// What a service manager such as systemd is told, on a socket as it has one.
    @Suite struct ServiceManagerTests {
        /// A datagram socket that keeps what it is sent.
        private final class Manager: Sendable {
            let path: String
            private let file: Int32

            init(_ workspace: Workspace) throws {
                path = workspace.path + "/notify"
                file = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | O_NONBLOCK, 0)
                var address = sockaddr_un()
                address.sun_family = sa_family_t(AF_UNIX)
                let bytes = Array(path.utf8)
                withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
                let isBound = withUnsafePointer(to: &address) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        bind(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                    }
                }
                try #require(isBound)
            }

            deinit { close(file) }

            /// The next message; nil when none waits.
            func next() -> String? {
                var buffer = [UInt8](repeating: 0, count: 4096)
                let count = recv(file, &buffer, buffer.count, 0)
                return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
            }

            func hears(_ message: String, _ server: Server) async throws {
                try await until("\(message)") {
                    let heard = next()
                    return (heard == message + "\n" ? () : nil, "\(heard ?? "nothing")\n\(server.program.output.all)")
                }
            }
        }

        @Test("serve says when it listens, that it lives, and when it ends", arguments: ["serve", "engine"])
        func life(_ command: String) async throws {
            let repository = try await Repository.hello()
            let manager = try Manager(repository.workspace)
            let variables = ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "200000"]
            let server =
                try await command == "serve"
                ? Server.start(again: repository, environment: variables)
                : Server.engine(repository, environment: variables)
            try await manager.hears("READY=1", server)
            for _ in 1...3 { try await manager.hears("WATCHDOG=1", server) }
            let end = try await server.stop()
            #expect(end.status == 0, "\(end)")
            try await manager.hears("STOPPING=1", server)
            #expect(manager.next() == nil, "it said more after it said that it ends")
        }

        @Test("a watchdog for another process is not fed, and a manager that is gone is a warning")
        func others() async throws {
            let repository = try await Repository.hello()
            let manager = try Manager(repository.workspace)
            let server = try await Server.engine(
                repository,
                environment: ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"])
            try await manager.hears("READY=1", server)
            try await server.stop()
            try await manager.hears("STOPPING=1", server)
            let gone = try await Server.engine(
                repository, environment: ["NOTIFY_SOCKET": repository.workspace.path + "/nobody"])
            #expect(try await repository.namesOfAPIs(on: gone) == [])
            #expect(gone.program.output.err.contains("the service manager was not told"), "\(gone.program.output)")
            let end = try await gone.stop()
            #expect(end.status == 0, "\(end)")
        }
    }
}
