import Foundation
import Glibc
import Testing

extension Acceptance {
    /// Commands that find nothing to work with leave nothing behind.
    @Suite struct TraceTests {
        private func entries(_ path: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        }

        @Test("where nothing was applied, show and history say so and make nothing")
        func reading() async throws {
            let repository = try await Repository.hello()
            let before = try entries(repository.folder)
            let history = try await repository.gatewright("history")
            #expect(history.status == 0 && history.out.contains("no revision"), "\(history)")
            try await repository.expectFailure("show", "RestApi/hello", status: 1, says: "RestApi/hello")
            try await repository.expectFailure("show", "1", status: 1, says: "no revision 1")
            let empty = repository.workspace.path + "/empty"
            try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: false)
            try await repository.expectFailure("history", empty, status: 1, says: "nothing was applied")
            #expect(try entries(repository.folder) == before)
            #expect(try entries(empty) == [])
        }

        @Test("a folder that is not there is not made", arguments: [["serve"], ["plan"], ["plan", "--worktree"]])
        func noFolder(_ command: [String]) async throws {
            let repository = try await Repository.hello()
            let output = try await Program.run(
                "gatewright", command + ["nowhere"], in: repository.folder, repository.workspace)
            try await repository.expectFailure(output, status: 1, says: ["nowhere"])
            #expect(try !entries(repository.folder).contains("nowhere"))
        }

        @Test("the largest number is no revision")
        func largestNumber() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            try await repository.expectFailure("show", "\(Int.max)", status: 1, says: "\(Int.max)")
        }

        @Test("an empty --data-dir is a mistake and not the current folder; a shared folder is refused")
        func dataDirectory() async throws {
            let repository = try await Repository.hello()
            let before = try entries(repository.folder)
            let output = try await repository.gatewright("plan", "--data-dir", "")
            #expect(output.status == 64 && output.err.contains("--data-dir"), "\(output)")
            #expect(try entries(repository.folder) == before)
            let shared = repository.workspace.path + "/shared"
            try FileManager.default.createDirectory(atPath: shared, withIntermediateDirectories: false)
            try Data("x".utf8).write(to: URL(filePath: shared + "/somebody's"))
            try #require(chmod(shared, 0o1777) == 0)
            try await repository.expectFailure("plan", "--data-dir", shared, status: 1, says: "shared")
            #expect(try entries(shared) == ["somebody's"])
        }
    }
}
