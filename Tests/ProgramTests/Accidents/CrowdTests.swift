import Foundation
import Glibc
import Testing

extension Acceptance {
    /// Many clients in one API of the engine: `make soak` is this for a minute.
    @Suite(.enabled(if: Program.isInstalled("python3"), "python3 is not installed"))
    struct CrowdTests {
        private static let root = ["AKIAROOTROOTROOTROOT", "secret"]
        private static let script =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("scripts/crowd.py").path

        @Test("of fifty clients at once none loses a write or sees a failure, also not through kill -9 in the middle")
        func fifty() async throws {
            let repository = try await Repository.hello()
            let probe = try Program("python3", ["-c", "import botocore"], repository.workspace)
            guard try await probe.end().status == 0 else { return }
            let first = try await engine(repository)
            let (whole, cut) = (repository.folder + "/whole.json", repository.folder + "/cut.json")
            try await crowd(repository, first, "run", "5", "50", whole)
            try await crowd(repository, first, "check", whole)

            // Until the engine is gone; the time is only a limit.
            let running = try Program(
                "python3", try Self.arguments(first, "run", ["60", "50", cut]), repository.workspace)
            try await first.eventually("the crowd to be at work") {
                (running.output.out.contains("busy"), "\(running.output)")
            }
            first.program.signal(SIGKILL)
            try await first.program.end()
            let ended = try await running.end()
            #expect(ended.status == 0, "\(ended)")
            #expect(ended.out.contains("50 clients, 50 of them cut off"), "\(ended)")
            let second = try await engine(repository)
            try await crowd(repository, second, "check", whole)
            try await crowd(repository, second, "check", cut)
        }

        private func engine(_ repository: Repository) async throws -> Server {
            try await Server.engine(
                repository, "--root-access-key", Self.root[0], "--root-secret-key", Self.root[1])
        }

        private static func arguments(_ server: Server, _ command: String, _ rest: [String]) throws -> [String] {
            [script, command, "http://\(try server.address("management"))"] + root + rest
        }

        private func crowd(
            _ repository: Repository, _ server: Server, _ command: String, _ rest: String...
        ) async throws {
            let done = try await Program("python3", try Self.arguments(server, command, rest), repository.workspace)
                .end()
            #expect(done.status == 0, "\(done)")
        }
    }
}
