import Diagnostics
import Foundation
import Manifests
import Testing

@Suite("Working trees")
struct DirectoryTreeTests {
    /// A folder that is gone after the test.
    private func withFolder(_ work: (URL, DirectoryTree) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatewright-tree-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
        }
        try await work(folder, DirectoryTree(folder.path))
    }

    private func write(_ text: String, _ path: String, in folder: URL) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    @Test("files are listed in byte order, without those of git and our own")
    func list() async throws {
        try await withFolder { folder, tree in
            for path in ["b.yaml", "a/c.yaml", "a.yaml", "a/b/d.yaml", ".git/config", "a/.gatewright/state.db"] {
                try write("1234", path, in: folder)
            }
            #expect(try await tree.list(under: "").map(\.path) == ["a.yaml", "a/b/d.yaml", "a/c.yaml", "b.yaml"])
            #expect(try await tree.list(under: "a").map(\.path) == ["a/b/d.yaml", "a/c.yaml"])
            #expect(try await tree.list(under: "a.yaml") == [TreeEntry(path: "a.yaml", byteCount: 4)])
            #expect(try await tree.list(under: "nothing").isEmpty)
        }
    }

    @Test("links are neither listed nor followed")
    func links() async throws {
        try await withFolder { folder, tree in
            try write("secret", "real/file.yaml", in: folder)
            let manager = FileManager.default
            try manager.createSymbolicLink(
                at: folder.appending(path: "link.yaml"), withDestinationURL: folder.appending(path: "real/file.yaml"))
            try manager.createSymbolicLink(
                at: folder.appending(path: "linked"), withDestinationURL: folder.appending(path: "real"))
            #expect(try await tree.list(under: "").map(\.path) == ["real/file.yaml"])
            #expect(try await tree.read("link.yaml", byteLimit: 100) == nil)
            #expect(try await tree.read("linked/file.yaml", byteLimit: 100) == nil)
            #expect(try await tree.read("real/file.yaml", byteLimit: 100) == Array("secret".utf8))
        }
    }

    @Test("folders, pipes and what is not there are no files; a large file is refused")
    func others() async throws {
        try await withFolder { folder, tree in
            try write("12345", "folder/file", in: folder)
            #expect(mkfifo(folder.appending(path: "pipe.yaml").path, 0o600) == 0)
            #expect(try await tree.read("folder", byteLimit: 100) == nil)
            #expect(try await tree.read("pipe.yaml", byteLimit: 100) == nil)
            #expect(try await tree.read("nothing", byteLimit: 100) == nil)
            #expect(try await tree.read("folder/file/more", byteLimit: 100) == nil)
            #expect(try await tree.list(under: "").map(\.path) == ["folder/file"])
            await #expect(throws: TreeFailure.self) { _ = try await tree.read("folder/file", byteLimit: 4) }
            #expect(try await tree.read(["folder/file", "no"], byteLimit: 5) == [Array("12345".utf8), nil])
        }
    }
}
