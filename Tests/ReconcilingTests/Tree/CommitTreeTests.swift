import Diagnostics
import Foundation
import GitSource
import Manifests
import Testing

@testable import Reconciling

@Suite("The files of a commit")
struct CommitTreeTests {
    private func tree(_ repository: TemporaryRepository) async throws -> CommitTree {
        let git = try repository.open()
        return CommitTree(git, at: try await git.resolve("main"))
    }

    @Test("a commit's files are listed in the order of their bytes and read, whatever the folder has by now")
    func reading() async throws {
        let repository = try TemporaryRepository()
        try repository.commit(["a/b.yaml": "one", "a/Z.yaml": "two", "a-b": "three", ".gatewright/state.db": "no"])
        try repository.write("a/b.yaml", "changed")
        let tree = try await tree(repository)
        #expect(try await tree.list(under: "").map(\.path) == ["a-b", "a/Z.yaml", "a/b.yaml"])
        #expect(try await tree.list(under: "a").map(\.path) == ["a/Z.yaml", "a/b.yaml"])
        #expect(try await tree.list(under: "a/b.yaml").map(\.byteCount) == [3])
        #expect(try await tree.list(under: "none").isEmpty)
        #expect(try await tree.read("a/b.yaml", byteLimit: 3) == Array("one".utf8))
        #expect(try await tree.read("none", byteLimit: 3) == nil)
        #expect(try await tree.read("a", byteLimit: 3) == nil)
        #expect(
            try await tree.read(["none", "a-b", "a/Z.yaml"], byteLimit: 9) == [
                nil, Array("three".utf8), Array("two".utf8),
            ])
    }

    @Test("a file that is too large and a link are refused")
    func refusals() async throws {
        let repository = try TemporaryRepository()
        try repository.commit(["big": "12345"])
        let large = await #expect(throws: TreeFailure.self) {
            try await tree(repository).read("big", byteLimit: 4)
        }
        #expect(large?.code == .fileTooLarge)
        #expect(large?.recovery == .awaitCommit)
        try FileManager.default.createSymbolicLink(
            atPath: repository.folder + "/link", withDestinationPath: "/etc/passwd")
        try repository.commit([:])
        let link = await #expect(throws: TreeFailure.self) { try await tree(repository).read("link", byteLimit: 4) }
        #expect(link?.code == .unreadable)
        #expect(link?.recovery == .awaitCommit)
    }

    @Test("the files of a merge are read as those of a commit, though no commit has them")
    func merged() async throws {
        let repository = try TemporaryRepository()
        try repository.commit(["a": "1\n", "dir/b": "1\n"])
        try repository.git("branch", "side")
        try repository.commit(["a": "2\n"])
        try repository.git("checkout", "--quiet", "side")
        try repository.commit(["dir/b": "2\n"])
        let git = try repository.open()
        let result = try await git.merge(base: git.resolve("main"), head: git.resolve("side"))
        guard case .merged(let merged) = result else {
            Issue.record("conflicts")
            return
        }
        let tree = CommitTree(merged)
        #expect(try await tree.list(under: "").map(\.path) == ["a", "dir/b"])
        #expect(try await tree.read(["a", "dir/b", "c"], byteLimit: 9) == [Array("2\n".utf8), Array("2\n".utf8), nil])
    }
}
