import Foundation
import GitSource
import Testing

@Suite("Reading a commit's files")
struct ReadingTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("files under paths come once, in byte order", arguments: [false, true])
    func files(packed: Bool) async throws {
        let fixture = try Fixture()
        let id = try fixture.commit([
            "apis/b.yaml": "b", "apis/a.yaml": "aa", "apis.yaml": "x", "apis-v2/c.yaml": "c", "iam/deep/er/é.yaml": "é",
            "README": "r", "Z": "z",
        ])
        if packed { try fixture.git("gc", "--quiet", "--prune=now") }
        let repository = try fixture.open()
        func paths(_ asked: String...) async throws -> [String] {
            try await repository.files(of: id, under: asked).map(\.path)
        }
        let all = ["README", "Z", "apis-v2/c.yaml", "apis.yaml", "apis/a.yaml", "apis/b.yaml", "iam/deep/er/é.yaml"]
        #expect(try await paths() == all)
        #expect(try await paths("") == all)
        #expect(try await paths("./") == all)
        #expect(try await paths("apis") == ["apis/a.yaml", "apis/b.yaml"])
        #expect(try await paths("./apis/") == ["apis/a.yaml", "apis/b.yaml"])
        #expect(
            try await paths("iam", "apis", "apis/b.yaml", "apis//b.yaml") == [
                "apis/a.yaml", "apis/b.yaml", "iam/deep/er/é.yaml",
            ])
        #expect(try await paths("apis", "") == all)
        #expect(try await paths("iam/deep/er/é.yaml") == ["iam/deep/er/é.yaml"])
        let file = try #require(try await repository.files(of: id, under: ["apis/a.yaml"]).first)
        #expect(file.size == 2)
        #expect(try file.blob == fixture.id(fixture.git("rev-parse", "HEAD:apis/a.yaml")))
        #expect(text(try await repository.read(file.blob, byteLimit: 2)) == "aa")
        #expect(text(try await repository.read(file.blob, byteLimit: 100)) == "aa")
    }

    @Test("the tree is that of the commit, not that of the folder")
    func noCheckout() async throws {
        let fixture = try Fixture()
        let first = try fixture.commit(["a": "old"])
        try fixture.commit(["a": "new", "b": "1"])
        try fixture.write("a", "edited")
        let repository = try fixture.open()
        let files = try await repository.files(of: first)
        #expect(files.map(\.path) == ["a"])
        #expect(try await repository.read(files, byteLimit: 9).map(text) == ["old"])
    }

    @Test("executable files, empty files and binary files are read as they are")
    func kinds() async throws {
        let fixture = try Fixture()
        try fixture.write("run", "#!/bin/sh\n")
        try fixture.run(["chmod", "+x", "run"])
        let id = try fixture.commit(["empty": "", "binary": "\u{0}\r\n\u{1}"])
        let repository = try fixture.open()
        let files = try await repository.files(of: id)
        #expect(files.map(\.isExecutable) == [false, false, true])
        #expect(try await repository.read(files, byteLimit: 99).map(text) == ["\u{0}\r\n\u{1}", "", "#!/bin/sh\n"])
    }

    @Test("many files take one batch")
    func batch() async throws {
        let fixture = try Fixture()
        var stream = "commit refs/heads/main\ncommitter A <a@example.com> 1700000000 +0000\ndata 1\nx\n"
        for number in 0..<10_000 {
            let text = "number: \(number)\n"
            stream += "M 644 inline apis/\(number % 100)/\(number).yaml\ndata \(text.utf8.count)\n\(text)\n"
        }
        try fixture.git("fast-import", "--quiet", input: Array(stream.utf8))
        let repository = try fixture.open()
        let files = try await repository.files(of: repository.resolve("main"), under: ["apis"])
        #expect(files.count == 10_000)
        let contents = try await repository.read(files, byteLimit: 1 << 20)
        #expect(contents.count == 10_000)
        for (file, content) in zip(files, contents) {
            #expect(text(content) == "number: \(file.path.split(separator: "/")[2].dropLast(5))\n")
        }
    }

    @Test("limits of one file and of all are refused just past them")
    func limits() async throws {
        let fixture = try Fixture()
        let id = try fixture.commit(["a": "12345", "b": "12345"])
        let repository = try fixture.open()
        let files = try await repository.files(of: id)
        #expect(try await repository.read(files, byteLimit: 5, totalByteLimit: 10).count == 2)
        let one = await failure { _ = try await repository.read(files, byteLimit: 4) }
        #expect(one?.code == .fileTooLarge)
        #expect(one?.path == "a")
        #expect(one?.message == "`a` has 5 bytes, and 4 are read")
        let all = await failure { _ = try await repository.read(files, byteLimit: 5, totalByteLimit: 9) }
        #expect(all?.code == .batchTooLarge)
        let blob = await failure { _ = try await repository.read(files[0].blob, byteLimit: 4) }
        #expect(blob?.code == .fileTooLarge)
    }

    @Test("more than 100,000 files are refused")
    func tooManyFiles() async throws {
        let fixture = try Fixture()
        let blob = try fixture.blob("x")
        let file = try fixture.git("mktree", input: Array("100644 blob \(blob)\tf\n".utf8))
        // 317 folders of 317 folders of one file: 100,489 files, three trees.
        func folders(_ tree: String) throws -> String {
            let lines = (0..<317).map { "040000 tree \(tree)\t\($0)\n" }.joined()
            return try fixture.git("mktree", input: Array(lines.utf8))
        }
        let root = try folders(folders(file))
        let id: CommitID = try fixture.id(fixture.git("commit-tree", root, "-m", "Large"))
        let repository = try fixture.open()
        #expect(await failure { _ = try await repository.files(of: id) }?.code == .tooManyFiles)
        #expect(try await repository.files(of: id, under: ["5"]).count == 317)
    }

    @Test("folders without end are refused at once", .timeLimit(.minutes(1)))
    func treeBomb() async throws {
        let fixture = try Fixture()
        var tree = try fixture.git("mktree", input: [])
        for _ in 0..<12 {
            let lines = (0..<10).map { "040000 tree \(tree)\t\($0)\n" }.joined()
            tree = try fixture.git("mktree", input: Array(lines.utf8))
        }
        let bomb: CommitID = try fixture.id(fixture.git("commit-tree", tree, "-m", "Bomb"))
        for _ in 0..<101 { tree = try fixture.git("mktree", input: Array("040000 tree \(tree)\td\n".utf8)) }
        let deep: CommitID = try fixture.id(fixture.git("commit-tree", tree, "-m", "Deep"))
        let repository = try fixture.open()
        #expect(await failure { _ = try await repository.files(of: bomb) }?.code == .tooManyFiles)
        #expect(await failure { _ = try await repository.files(of: deep) }?.code == .tooManyFiles)
    }
}
