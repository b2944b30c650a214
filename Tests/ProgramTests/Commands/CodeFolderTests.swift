import Crypto
import Foundation
import Glibc
import Resources
import Testing

@testable import gatewright

/// The kept code of functions: what needs it, and what is removed.
@Suite struct CodeFolderTests {
    private func archive(_ text: String) -> CodeArchive {
        let bytes = Array(text.utf8)
        return CodeArchive(hash: Data(SHA256.hash(data: bytes)).base64EncodedString(), bytes: bytes)
    }

    private func with(_ body: (CodeFolder, String) throws -> Void) throws {
        let workspace = try Workspace()
        let folder = try workspace.folder("data")
        try body(
            CodeFolder(directory: DataDirectory(option: folder, environment: Environment(), repository: nil)),
            folder + "/functions")
    }

    private func files(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0 != "lock" }.sorted()
    }

    @Test("what is needed stays, and all else goes, half written files too")
    func removed() throws {
        try with { shelf, folder in
            let (old, new) = (archive("old"), archive("new"))
            for code in [old, new] { try shelf.keep(code) }
            try Data("half".utf8).write(to: URL(filePath: folder + "/half.zip.tmp"))
            try FileManager.default.createDirectory(atPath: folder + "/mine", withIntermediateDirectories: true)
            #expect(try files(folder).count == 4)
            let lease = try #require(try shelf.pruningLease())
            _ = try shelf.removeAll(but: [new.hash])
            lease.release()
            #expect(try shelf.code(new.hash) == new.bytes)
            #expect(throws: ProviderFailure.self) { try shelf.code(old.hash) }
            #expect(try files(folder).count == 2)
            // What is gone is kept again by the next apply that needs it.
            try shelf.keep(old)
            #expect(try shelf.code(old.hash) == old.bytes)
        }
    }

    @Test("nobody prunes while somebody applies, and nobody applies while somebody prunes")
    func leases() throws {
        try with { shelf, _ in
            #expect(try shelf.pruningLease() == nil)
            let first = try #require(try shelf.lease())
            let second = try #require(try shelf.lease())
            #expect(try shelf.pruningLease() == nil)
            first.release()
            #expect(try shelf.pruningLease() == nil)
            second.release()
            let pruning = try #require(try shelf.pruningLease())
            #expect(try shelf.lease() == nil)
            #expect(try shelf.pruningLease() == nil)
            pruning.release()
            try #require(try shelf.lease()).release()
        }
    }

    @Test("the lease of a process that was killed is free", .enabled(if: Program.isInstalled("flock")))
    func killed() throws {
        try with { shelf, folder in
            try shelf.keep(archive("a"))
            try #require(try shelf.lease()).release()
            let holder = Process()
            holder.executableURL = URL(filePath: "/usr/bin/env")
            // Says that it has the lock, and keeps it.
            holder.arguments = [
                "flock", "--shared", "--no-fork", folder + "/lock", "sh", "-c", "echo locked; exec sleep 600",
            ]
            let pipe = Pipe()
            holder.standardOutput = pipe
            try holder.run()
            #expect(pipe.fileHandleForReading.availableData == Data("locked\n".utf8))
            #expect(try shelf.pruningLease() == nil)
            kill(holder.processIdentifier, SIGKILL)
            holder.waitUntilExit()
            try #require(try shelf.pruningLease()).release()
        }
    }
}
