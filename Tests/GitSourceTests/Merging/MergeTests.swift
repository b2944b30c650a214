import Foundation
import GitSource
import Testing

private let lines = (1...30).map { "line \($0)\n" }.joined()

/// What both sides do, with no conflict.
private let cleanCases: [(String, @Sendable (Fixture) throws -> Void, @Sendable (Fixture) throws -> Void)] = [
    ("different files", { try $0.write("new/b", "b") }, { try $0.write("a", lines + "end\n") }),
    (
        "different lines of one file", { try $0.write("a", "start\n" + lines) },
        { try $0.write("a", lines + "end\n") }
    ),
    (
        "the same change", { try $0.write("a", "x\n") },
        {
            try $0.write("a", "x\n")
            try $0.write("b", "y\n")
        }
    ),
    ("a deletion", { try $0.remove("dir/c") }, { try $0.write("a", lines + "end\n") }),
    (
        "a rename and a change", { try $0.git("mv", "a", "dir/renamed") }, { try $0.write("a", lines + "end\n") }
    ),
    ("a mode", { try $0.run(["chmod", "+x", "a"]) }, { try $0.write("dir/c", "changed\n") }),
    ("an empty file", { try $0.write("empty", "") }, { try $0.write("dir/c", "changed\n") }),
]

@Suite("Merging two commits in memory")
struct MergeTests {
    /// Two branches, `main` and `side`, from one commit.
    private func branches(
        from start: [String: String], main: (Fixture) throws -> Void, side: (Fixture) throws -> Void
    ) throws -> Fixture {
        let fixture = try Fixture()
        try fixture.commit(start)
        try fixture.git("branch", "side")
        try main(fixture)
        try fixture.commit([:])
        try fixture.git("checkout", "--quiet", "side")
        try side(fixture)
        try fixture.commit([:])
        return fixture
    }

    private func merge(_ fixture: Fixture, _ base: String = "main", _ head: String = "side") async throws -> MergeResult
    {
        let repository = try fixture.open()
        return try await repository.merge(base: repository.resolve(base), head: repository.resolve(head))
    }

    /// Every file below `.git` with its time and size: nothing may differ after a merge.
    private func snapshot(_ fixture: Fixture) throws -> [String] {
        try fixture.run(["find", ".", "-type", "f", "-printf", "%p %T@ %s\\n"]).split(separator: "\n").map(String.init)
            .sorted()
    }

    /// The tree that git itself makes of it, or its conflicting paths.
    private func mergedByGit(_ fixture: Fixture) throws -> (tree: String?, conflicts: [String]) {
        do {
            return (try fixture.git("merge-tree", "--write-tree", "main", "side"), [])
        } catch let failure as Fixture.CommandFailure {
            let lines = failure.output.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
            return (nil, Set(lines.prefix { !$0.isEmpty }.map { String($0.split(separator: "\t")[1]) }).sorted())
        }
    }

    @Test(
        "a clean merge gives the tree that git gives, and leaves the repository as it was",
        arguments: cleanCases.indices)
    func clean(_ position: Int) async throws {
        let (name, main, side) = cleanCases[position]
        let fixture = try branches(from: ["a": lines, "dir/c": "c\n"], main: main, side: side)
        let before = try snapshot(fixture)
        guard case .merged(let tree) = try await merge(fixture) else {
            Issue.record("`\(name)` conflicts")
            return
        }
        #expect(try snapshot(fixture) == before)
        let expected = try mergedByGit(fixture)
        #expect(tree.id.hex == expected.tree, "\(name)")
        #expect(tree.way == .merge)
        #expect(try tree.mergeBase.hex == fixture.git("merge-base", "main", "side"))
        let listed = try fixture.git("ls-tree", "-r", "--name-only", "--full-tree", tree.id.hex)
        let files = try await tree.repository.files(in: tree.id)
        #expect(files.map(\.path) == listed.split(separator: "\n").map(String.init))
        for (file, bytes) in zip(files, try await tree.repository.read(files, byteLimit: 1 << 20)) {
            #expect(
                try String(decoding: bytes, as: UTF8.self) == fixture.run(["git", "show", file.blob.hex])
                    + ending(bytes))
        }
    }

    /// What `Fixture.run` cuts off.
    private func ending(_ bytes: [UInt8]) -> String { bytes.last == 10 ? "\n" : "" }

    @Test("conflicts are named with their kind, in the order of their paths, and nothing is written")
    func conflicts() async throws {
        let fixture = try branches(
            from: ["a": "a\n", "b": lines, "z": lines, "fine": "1\n"],
            main: {
                try $0.write("a", "main\n")
                try $0.write("b", "b\n" + lines)
                try $0.remove("z")
                try $0.write("both", "main\n")
            },
            side: {
                try $0.write("a", "side\n")
                try $0.remove("b")
                try $0.write("z", "z\n" + lines)
                try $0.write("both", "side\n")
                try $0.write("fine", "2\n")
            })
        let before = try snapshot(fixture)
        guard case .conflicts(let found) = try await merge(fixture) else {
            Issue.record("merged")
            return
        }
        #expect(try snapshot(fixture) == before)
        #expect(found.map(\.path) == ["a", "b", "both", "z"])
        #expect(found.map(\.kind) == [.bothModified, .deletedInHead, .bothAdded, .deletedInBase])
        #expect(try mergedByGit(fixture).conflicts == ["a", "b", "both", "z"])
    }

    @Test("renames to two places, and a folder where a file is, conflict as in git")
    func structure() async throws {
        let renames = try branches(
            from: ["a": lines], main: { try $0.git("mv", "a", "b") }, side: { try $0.git("mv", "a", "c") })
        guard case .conflicts(let moved) = try await merge(renames) else {
            Issue.record("merged")
            return
        }
        #expect(moved.map(\.path) == ["a", "b", "c"])
        #expect(moved.allSatisfy { $0.kind == .moved })
        let folder = try branches(
            from: ["a": "a\n"], main: { try $0.write("x", "file\n") }, side: { try $0.write("x/y", "inside\n") })
        guard case .conflicts(let found) = try await merge(folder) else {
            Issue.record("merged")
            return
        }
        #expect(found.map(\.path) == ["x"] && found.map(\.kind) == [.moved])
    }

    @Test("a head that the base has, and a base that the head has, need no merge")
    func trivial() async throws {
        let fixture = try Fixture()
        let first = try fixture.commit(["a": "1"])
        let second = try fixture.commit(["a": "2"])
        let repository = try fixture.open()
        for (base, head, way, text) in [
            (first, second, MergedTree.Way.fastForward, "2"), (second, first, .alreadyMerged, "2"),
            (second, second, .alreadyMerged, "2"),
        ] {
            guard case .merged(let tree) = try await repository.merge(base: base, head: head) else {
                Issue.record("conflicts")
                continue
            }
            #expect(tree.way == way)
            let files = try await tree.repository.files(in: tree.id)
            #expect(try await tree.repository.read(files, byteLimit: 9) == [Array(text.utf8)])
        }
    }

    @Test("crossed histories are merged from a merge of their merge bases")
    func crissCross() async throws {
        let fixture = try branches(
            from: ["a": lines], main: { try $0.write("a", "top\n" + lines) },
            side: { try $0.write("a", lines + "end\n") })
        let (main, side) = (try fixture.git("rev-parse", "main"), try fixture.git("rev-parse", "side"))
        try fixture.git("merge", "--quiet", "--no-edit", main)
        try fixture.commit(["a": "top\n" + lines + "end of side\n"])
        try fixture.git("checkout", "--quiet", "main")
        try fixture.git("merge", "--quiet", "--no-edit", side)
        try fixture.commit(["a": "top of main\n" + lines + "end\n"])
        guard case .merged(let tree) = try await merge(fixture) else {
            Issue.record("conflicts")
            return
        }
        #expect(try tree.id.hex == mergedByGit(fixture).tree)
    }

    @Test("a shallow clone without the merge base says how to deepen it")
    func shallow() async throws {
        let fixture = try branches(
            from: ["a": lines], main: { try $0.write("b", "b") }, side: { try $0.write("c", "c") })
        try fixture.git(
            "clone", "--quiet", "--bare", "--depth=1", "--no-single-branch", "file://" + fixture.repository,
            "../shallow")
        let clone = try GitRepository(opening: fixture.root + "/shallow")
        #expect(await clone.isShallow)
        let found = await failure {
            _ = try await clone.merge(base: clone.resolve("main"), head: clone.resolve("side"))
        }
        #expect(found?.code == .shallow)
        #expect(found?.message.contains("git fetch --unshallow") == true)
        #expect(found?.message.contains("fetch-depth: 0") == true)
        try fixture.git("-C", "../shallow", "fetch", "--quiet", "--unshallow")
        let whole = try GitRepository(opening: fixture.root + "/shallow")
        #expect(await !whole.isShallow)
        guard case .merged = try await whole.merge(base: whole.resolve("main"), head: whole.resolve("side")) else {
            Issue.record("conflicts")
            return
        }
    }

    @Test("histories without a common commit are refused")
    func unrelated() async throws {
        let fixture = try Fixture()
        let first = try fixture.commit(["a": "1"])
        try fixture.git("checkout", "--quiet", "--orphan", "other")
        let second = try fixture.commit(["b": "1"])
        let repository = try fixture.open()
        let found = await failure { _ = try await repository.merge(base: first, head: second) }
        #expect(found?.code == .unrelatedHistories)
    }

    @Test("an object that is missing or cut off ends a merge, whichever side has it", arguments: ["main", "side"])
    func damage(_ branch: String) async throws {
        for isCut in [false, true] {
            let fixture = try branches(
                from: ["a": lines], main: { try $0.write("a", "x\n" + lines) },
                side: { try $0.write("a", lines + "y\n") })
            let path = fixture.repository + "/" + fixture.loosePath(try fixture.git("rev-parse", branch + ":a"))
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            try FileManager.default.removeItem(atPath: path)
            if isCut { try bytes.dropLast(9).write(to: URL(fileURLWithPath: path)) }
            let found = await failure { _ = try await merge(fixture) }
            #expect(found?.code == (isCut ? .objectCorrupt : .objectMissing))
        }
    }
}
