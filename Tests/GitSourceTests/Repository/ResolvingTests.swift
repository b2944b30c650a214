import GitSource
import Testing

@Suite("Resolving names")
struct ResolvingTests {
    @Test("branches, tags, ids and their forebears give their commit", arguments: [false, true])
    func names(packed: Bool) async throws {
        let fixture = try Fixture()
        let first = try fixture.commit(["a": "1"])
        try fixture.git("tag", "light")
        try fixture.git("tag", "--annotate", "noted", "--message", "Note")
        try fixture.git("tag", "--annotate", "twice", "noted", "--message", "A tag of a tag")
        try fixture.git("branch", "team/feature")
        let second = try fixture.commit(["a": "2"])
        try fixture.git("update-ref", "refs/remotes/origin/far", first.hex)
        if packed {
            try fixture.git("pack-refs", "--all")
            try fixture.git("gc", "--quiet", "--prune=now")
        }
        let repository = try fixture.open()
        for name in [
            "", "HEAD", "main", "refs/heads/main", second.hex, String(second.hex.prefix(7)), second.hex.uppercased(),
        ] {
            #expect(try await repository.resolve(name) == second, "\(name)")
        }
        let older = [
            "light", "noted", "twice", "refs/tags/noted", "tags/light", "team/feature", "origin/far", "HEAD~1", "main^",
            "HEAD~", first.short, String(first.hex.prefix(12)),
        ]
        for name in older { #expect(try await repository.resolve(name) == first, "\(name)") }
    }

    @Test("a detached HEAD is resolved")
    func detached() async throws {
        let fixture = try Fixture()
        let first = try fixture.commit(["a": "1"])
        try fixture.commit(["a": "2"])
        try fixture.git("checkout", "--quiet", first.hex)
        #expect(try await fixture.open().resolve("HEAD") == first)
    }

    @Test("a branch without a commit is refused as such", arguments: ["", "HEAD", "HEAD~1"])
    func unborn(name: String) async throws {
        let fixture = try Fixture()
        let repository = try fixture.open()
        #expect(await failure { _ = try await repository.resolve(name) }?.code == .unbornBranch)
        #expect(await failure { _ = try await repository.resolve("main") }?.code == .unknownRef)
    }

    @Test(
        "names of nothing are refused",
        arguments: [
            "absent", "main~9", "main^2", "v9", "0123456789abcdef0123456789abcdef01234567", "abcdef1",
            "refs/heads/absent",
            "main:a", ":/Change", "main@{1}", "@{upstream}", "HEAD^{tree}", "a b", "..", "main..main", "-x", "~", "^",
            "main\n", "\u{7F}", "main^{/Change", "ma*",
        ])
    func unknown(name: String) async throws {
        let fixture = try Fixture()
        try fixture.commit(["a": "1"])
        let repository = try fixture.open()
        let failure = await failure { _ = try await repository.resolve(name) }
        #expect(failure?.code == .unknownRef || failure?.code == .objectMissing, "\(String(describing: failure))")
    }

    @Test("a tag of a file is no commit")
    func tagOfABlob() async throws {
        let fixture = try Fixture()
        try fixture.commit(["a": "1"])
        try fixture.git("tag", "file", "HEAD:a")
        let repository = try fixture.open()
        let failure = await failure { _ = try await repository.resolve("file") }
        #expect(failure?.code == .unknownRef)
        #expect(failure?.message == "`file` does not name a commit")
    }

    @Test("a branch and a tag of one name are refused unless they agree")
    func branchAndTag() async throws {
        let fixture = try Fixture()
        let first = try fixture.commit(["a": "1"])
        try fixture.git("tag", "--annotate", "v1", "--message", "Note")
        try fixture.git("branch", "v1")
        let repository = try fixture.open()
        #expect(try await repository.resolve("v1") == first)
        let second = try fixture.commit(["a": "2"])
        try fixture.git("branch", "--force", "v1")
        let failure = await failure { _ = try await repository.resolve("v1") }
        #expect(failure?.code == .ambiguousRef)
        #expect(failure?.message.contains("refs/heads/v1") == true)
        #expect(try await repository.resolve("refs/heads/v1") == second)
        #expect(try await repository.resolve("refs/tags/v1") == first)
    }

    @Test("a short id of several objects is ambiguous, one of 3 digits too short")
    func shortIDs() async throws {
        let fixture = try Fixture()
        let id = try fixture.commit(["a": "1"])
        let repository = try fixture.open()
        let short = await failure { _ = try await repository.resolve(String(id.hex.prefix(3))) }
        #expect(short?.code == .unknownRef)
        #expect(short?.message.contains("4 digits") == true)

        // 65,536 prefixes of 4 digits: among 2,000 objects two share one almost surely, and equally on each run.
        let stream = (0..<2_000).map { "blob\ndata \("\($0)".utf8.count)\n\($0)\n" }.joined()
        try fixture.git("fast-import", "--quiet", input: Array(stream.utf8))
        let all = try fixture.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
        let prefixes = Dictionary(grouping: all.split(separator: "\n"), by: { $0.prefix(4) })
        let shared = try #require(prefixes.first { $0.value.count > 1 }?.key)
        let again = try fixture.open()
        let failure = await failure { _ = try await again.resolve(String(shared)) }
        #expect(failure?.code == .ambiguousRef, "\(String(describing: failure))")
    }

    @Test("a branch of the remote alone is pointed to")
    func remoteBranch() async throws {
        let fixture = try Fixture()
        let id = try fixture.commit(["a": "1"])
        try fixture.git("update-ref", "refs/remotes/origin/far", id.hex)
        let repository = try fixture.open()
        let failure = await failure { _ = try await repository.resolve("far") }
        #expect(failure?.message.contains("`origin/far`") == true)
    }

    @Test("a commit's metadata is read")
    func metadata() async throws {
        let fixture = try Fixture()
        let first = try fixture.commit(["a": "1"], message: "Añade\nthe second line\n\nThe body.")
        let second = try fixture.commit(["a": "2"])
        let repository = try fixture.open()
        let commit = try await repository.commit(first)
        #expect(commit.id == first)
        #expect(try commit.tree == fixture.id(fixture.git("rev-parse", "\(first)^{tree}")))
        #expect(commit.author.name == "Ann Author")
        #expect(commit.author.email == "ann@example.com")
        #expect(commit.author.timeSeconds == 1_700_000_000)
        #expect(commit.author.offsetMinutes == 330)
        #expect(commit.committer.name == "Carl Committer")
        #expect(commit.committer.offsetMinutes == -480)
        #expect(commit.summary == "Añade the second line")
        #expect(commit.message == "Añade\nthe second line\n\nThe body.\n")
        #expect(commit.parents.isEmpty)
        #expect(try await repository.commit(second).parents == [first])
    }

    @Test("a new commit is seen by a repository that is open")
    func newCommit() async throws {
        let fixture = try Fixture()
        try fixture.commit(["a": "1"])
        let repository = try fixture.open()
        _ = try await repository.resolve("main")
        let second = try fixture.commit(["a": "2"])
        try fixture.git("gc", "--quiet", "--prune=now")
        #expect(try await repository.resolve("main") == second)
        #expect(try await repository.files(of: second).map(\.path) == ["a"])
    }

    @Test("ids are 40 hexadecimal digits")
    func ids() {
        let hex = "0123456789abcdef0123456789abcdef89abcdef"
        #expect(CommitID(hex: hex)?.hex == hex)
        #expect(CommitID(hex: hex.uppercased())?.hex == hex)
        #expect(CommitID(hex: hex)?.short == "0123456")
        #expect(CommitID(hex: String(hex.dropLast())) == nil)
        #expect(CommitID(hex: hex + "0") == nil)
        #expect(CommitID(hex: "g" + hex.dropFirst()) == nil)
        #expect(CommitID(hex: "") == nil)
    }
}
