import Diagnostics
import Foundation
import Manifests
import Testing

@testable import Reconciling

@Suite("The files of a folder")
struct WorkingTreeTests {
    private func repository(_ files: [String: String?]) throws -> TemporaryRepository {
        let repository = try TemporaryRepository()
        for (path, text) in files { try repository.write(path, text) }
        return repository
    }

    @Test("files are listed in the order of their bytes, without git's folder and the data directory")
    func listing() async throws {
        let repository = try repository([
            "a/b.yaml": "one", "a/Z.yaml": "", "a-b": "three", ".gatewright/state.db": "no",
        ])
        defer { withExtendedLifetime(repository) {} }
        let tree = WorkingTree(repository.folder)
        #expect(try await tree.list(under: "").map(\.path) == ["a-b", "a/Z.yaml", "a/b.yaml"])
        #expect(try await tree.list(under: "a").map(\.byteCount) == [0, 3])
        #expect(try await tree.list(under: "a-b").map(\.path) == ["a-b"])
        #expect(try await tree.list(under: "none").isEmpty)
        #expect(try await tree.list(under: "none/deeper").isEmpty)
        #expect(try await tree.list(under: ".gatewright").isEmpty)
    }

    @Test("a file is read up to its limit, a folder and what is missing are no files")
    func reading() async throws {
        let repository = try repository(["a/b": "12345", "empty": ""])
        defer { withExtendedLifetime(repository) {} }
        let tree = WorkingTree(repository.folder)
        #expect(try await tree.read("a/b", byteLimit: 5) == Array("12345".utf8))
        #expect(try await tree.read("empty", byteLimit: 0) == [])
        #expect(try await tree.read("a", byteLimit: 5) == nil)
        #expect(try await tree.read("none", byteLimit: 5) == nil)
        #expect(try await tree.read("a/b/c", byteLimit: 5) == nil)
        let failure = await #expect(throws: TreeFailure.self) { try await tree.read("a/b", byteLimit: 4) }
        #expect(failure?.code == .fileTooLarge)
    }

    @Test(
        "no path leads out",
        arguments: ["../secret", "a/../../secret", "/etc/hostname", "a\u{0}b", ".git/config", "./a"])
    func outside(path: String) async throws {
        let repository = try repository(["a": "1"])
        defer { withExtendedLifetime(repository) {} }
        let tree = WorkingTree(repository.folder)
        #expect(try await tree.read(path, byteLimit: 1 << 20) == nil)
        #expect(try await tree.list(under: path).isEmpty)
    }

    @Test("links are neither followed nor listed, to files or on the way, and pipes are not waited for")
    func links() async throws {
        let repository = try repository(["real/file": "1"])
        let files = FileManager.default
        try files.createSymbolicLink(atPath: repository.folder + "/link", withDestinationPath: "real/file")
        try files.createSymbolicLink(atPath: repository.folder + "/way", withDestinationPath: "real")
        #expect(mkfifo(repository.folder + "/pipe", 0o600) == 0)
        defer { withExtendedLifetime(repository) {} }
        let tree = WorkingTree(repository.folder)
        #expect(try await tree.list(under: "").map(\.path) == ["real/file"])
        #expect(try await tree.list(under: "way").isEmpty)
        for path in ["link", "way/file", "pipe"] { #expect(try await tree.read(path, byteLimit: 9) == nil) }
    }

    @Test("folders deeper than the limit are refused")
    func depth() async throws {
        let deep = (0...Limits.folderDepthMax).map { _ in "d" }.joined(separator: "/")
        let repository = try repository([deep + "/file": "1"])
        defer { withExtendedLifetime(repository) {} }
        let tree = WorkingTree(repository.folder)
        let failure = await #expect(throws: TreeFailure.self) { try await tree.list(under: "") }
        #expect(failure?.code == .unreadable)
    }

    @Test("a folder that is not there is a failure, not an empty tree")
    func noFolder() async throws {
        let tree = WorkingTree("/nowhere/at/all")
        let failure = await #expect(throws: TreeFailure.self) { try await tree.list(under: "") }
        #expect(failure?.code == .unreadable)
        #expect(failure?.message.contains("`/nowhere/at/all`") == true)
    }
}
