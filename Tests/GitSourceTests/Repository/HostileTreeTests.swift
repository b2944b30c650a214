import Diagnostics
import Foundation
import GitSource
import Testing

@Suite("Hostile and damaged repositories")
struct HostileTreeTests {
    @Test(
        "paths that are not in the tree are refused",
        arguments: [
            ("absent", GitFailure.Code.pathNotFound), ("apis/absent", .pathNotFound), ("apis/a.yaml/x", .pathNotFound),
            ("APIS", .pathNotFound), ("..", .unsafePath), ("../x", .unsafePath), ("apis/../iam", .unsafePath),
            ("/etc/passwd", .unsafePath), ("/", .unsafePath), (".git", .unsafePath), (".GIT/config", .unsafePath),
            ("a\u{0}b", .unsafePath), ("a\nb", .unsafePath),
        ])
    func badPaths(path: String, code: GitFailure.Code) async throws {
        let fixture = try Fixture()
        let id = try fixture.commit(["apis/a.yaml": "1"])
        let repository = try fixture.open()
        let failure = await failure { _ = try await repository.files(of: id, under: ["apis", path]) }
        #expect(failure?.code == code)
        #expect(failure?.path == path)
    }

    @Test("symbolic links are refused wherever they are met, and not where they are not asked for")
    func symbolicLinks() async throws {
        let fixture = try Fixture()
        try fixture.write("apis/a.yaml", "1")
        try fixture.run(["ln", "-s", "/etc/passwd", "apis/link.yaml"])
        try fixture.run(["ln", "-s", "apis", "alias"])
        let id = try fixture.commit(["iam/a.yaml": "1"])
        let repository = try fixture.open()
        for (asked, named) in [
            ("apis", "apis/link.yaml"), ("apis/link.yaml", "apis/link.yaml"), ("alias", "alias"),
            ("alias/a.yaml", "alias"),
            ("", "alias"),
        ] {
            let failure = await failure { _ = try await repository.files(of: id, under: [asked]) }
            #expect(failure?.code == .symbolicLink)
            #expect(failure?.path == named)
        }
        #expect(try await repository.files(of: id, under: ["iam", "apis/a.yaml"]).count == 2)
    }

    @Test("submodules are refused wherever they are met")
    func submodules() async throws {
        let fixture = try Fixture()
        let blob = try fixture.blob("x")
        let id = try fixture.commit(tree: [
            "100644 blob \(blob)\ta.yaml", "160000 commit 0123456789abcdef0123456789abcdef01234567\tmodule",
        ])
        let repository = try fixture.open()
        for asked in ["", "module", "module/x.yaml"] {
            let failure = await failure { _ = try await repository.files(of: id, under: [asked]) }
            #expect(failure?.code == .submodule)
            #expect(failure?.path == "module")
        }
        #expect(try await repository.files(of: id, under: ["a.yaml"]).count == 1)
    }

    @Test("a file name that is not UTF-8 is refused")
    func notUTF8() async throws {
        let fixture = try Fixture()
        let blob = try fixture.blob("x")
        let line = Array("100644 blob \(blob)\ta".utf8) + [0xFF, 0x00]
        let tree = try fixture.git("mktree", "-z", input: line)
        let id: CommitID = try fixture.id(fixture.git("commit-tree", tree, "-m", "Odd"))
        let repository = try fixture.open()
        #expect(await failure { _ = try await repository.files(of: id) }?.code == .nameNotUTF8)
    }

    @Test("names that no checkout may have are refused", arguments: [".", "..", ".git", ".Git", "a\u{1B}[2J", "a/b"])
    func unsafeNames(name: String) async throws {
        let fixture = try Fixture()
        let blob = try fixture.blob("x")
        var raw = Array("100644 \(name)".utf8) + [0]
        raw += stride(from: 0, to: 40, by: 2).compactMap { UInt8(blob.dropFirst($0).prefix(2), radix: 16) }
        let tree = try fixture.git("hash-object", "-t", "tree", "--literally", "-w", "--stdin", input: raw)
        let id: CommitID = try fixture.id(fixture.git("commit-tree", tree, "-m", "Odd"))
        let repository = try fixture.open()
        #expect(await failure { _ = try await repository.files(of: id) }?.code == .unsafePath)
    }

    @Test("a missing object is said to be missing")
    func missing() async throws {
        let fixture = try Fixture()
        let id = try fixture.commit(["apis/a.yaml": "1", "b.yaml": "2"])
        let repository = try fixture.open()
        let files = try await repository.files(of: id)
        let gone = try fixture.id("0123456789abcdef0123456789abcdef01234567") as CommitID
        #expect(await failure { _ = try await repository.commit(gone) }?.code == .objectMissing)
        #expect(await failure { _ = try await repository.files(of: gone) }?.code == .objectMissing)

        try fixture.remove(fixture.loosePath(files[0].blob.hex))
        try fixture.remove(fixture.loosePath(fixture.git("rev-parse", "HEAD:apis")))
        let again = try fixture.open()
        let blob = await failure { _ = try await again.read(files, byteLimit: 9) }
        #expect(blob?.code == .objectMissing)
        #expect(blob?.path == "apis/a.yaml")
        #expect(blob?.recovery == .retry(after: .seconds(5)))
        let tree = await failure { _ = try await again.files(of: id) }
        #expect(tree?.code == .objectMissing)
    }

    @Test("a damaged object is said to be damaged", arguments: ["", "garbage", "cut", "swapped"])
    func damaged(how: String) async throws {
        let fixture = try Fixture()
        let long = (0..<500).map { "line \($0)\n" }.joined()
        let id = try fixture.commit(["a.yaml": long, "b.yaml": "2"])
        let files = try await fixture.open().files(of: id)
        func damage(_ hex: String) throws {
            let path = fixture.repository + "/" + fixture.loosePath(hex)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            let other = fixture.repository + "/" + fixture.loosePath(files[1].blob.hex)
            let replacement =
                switch how {
                case "garbage": Data("no zlib stream at all".utf8)
                case "cut": bytes.prefix(bytes.count / 2)
                case "swapped": try Data(contentsOf: URL(fileURLWithPath: other))
                default: Data()
                }
            try FileManager.default.removeItem(atPath: path)
            try replacement.write(to: URL(fileURLWithPath: path))
        }
        try damage(files[0].blob.hex)
        let repository = try fixture.open()
        let blob = await failure { _ = try await repository.read(files[0].blob, byteLimit: 1 << 20) }
        #expect(blob?.code == .objectCorrupt, "\(String(describing: blob))")

        try damage(fixture.git("rev-parse", "HEAD^{tree}"))
        let withTree = try fixture.open()
        let tree = await failure { _ = try await withTree.files(of: id) }
        #expect(tree?.code == .objectCorrupt, "\(String(describing: tree))")
        let status = await failure { _ = try await withTree.changedPaths() }
        #expect(status?.code == .objectCorrupt, "\(String(describing: status))")

        try damage(id.hex)
        let withCommit = try fixture.open()
        let commit = await failure { _ = try await withCommit.commit(id) }
        #expect(commit?.code == .objectCorrupt, "\(String(describing: commit))")
        let ref = await failure { _ = try await withCommit.resolve("main") }
        #expect(ref?.code == .objectCorrupt, "\(String(describing: ref))")
    }

    @Test("an object that claims to be huge is refused before it is read")
    func claimedSize() async throws {
        let fixture = try Fixture()
        let id = try fixture.commit(["a.yaml": "1"])
        let files = try await fixture.open().files(of: id)
        let path = fixture.repository + "/" + fixture.loosePath(files[0].blob.hex)
        try FileManager.default.removeItem(atPath: path)
        let script = "import sys,zlib; sys.stdout.buffer.write(zlib.compress(b'blob 99999999999\\0x'))"
        try fixture.run(["sh", "-c", "python3 -c \"\(script)\" > '\(path)'"])
        let repository = try fixture.open()
        let failure = await failure { _ = try await repository.read(files[0].blob, byteLimit: 1 << 20) }
        #expect(failure?.code == .fileTooLarge, "\(String(describing: failure))")
    }

    @Test("a tree that names a folder as a file is damaged")
    func wrongType() async throws {
        let fixture = try Fixture()
        let blob = try fixture.blob("x")
        let tree = try fixture.git("mktree", input: Array("100644 blob \(blob)\tf\n".utf8))
        var raw = Array("100644 file".utf8) + [0]
        raw += stride(from: 0, to: 40, by: 2).compactMap { UInt8(tree.dropFirst($0).prefix(2), radix: 16) }
        let wrong = try fixture.git("hash-object", "-t", "tree", "--literally", "-w", "--stdin", input: raw)
        let id: CommitID = try fixture.id(fixture.git("commit-tree", wrong, "-m", "Odd"))
        let repository = try fixture.open()
        #expect(await failure { _ = try await repository.files(of: id) }?.code == .objectCorrupt)
    }
}
