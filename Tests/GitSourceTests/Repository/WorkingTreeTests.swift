import Foundation
import GitSource
import Testing

@Suite("Comparing the working tree")
struct WorkingTreeTests {
    @Test("every kind of change is named, ignored files are not")
    func changes() async throws {
        let fixture = try Fixture()
        try fixture.commit([
            "apis/a.yaml": "1", "apis/b.yaml": "1", "c.yaml": "1", "d.yaml": "1", ".gitignore": "*.tmp\n",
        ])
        let repository = try fixture.open()
        #expect(try await repository.changedPaths().isEmpty)
        try fixture.write("apis/a.yaml", "22")
        try fixture.remove("apis/b.yaml")
        try fixture.write("apis/é.yaml", "1")
        try fixture.write("x.tmp", "1")
        try fixture.write("staged.yaml", "1")
        try fixture.git("add", "staged.yaml")
        try fixture.git("rm", "--quiet", "--cached", "d.yaml")
        try fixture.remove("d.yaml")
        #expect(try await !repository.changedPaths().isEmpty)
        let changes = try await repository.changedPaths().map { "\($0.change) \($0.path)" }
        #expect(
            changes == [
                "modified apis/a.yaml", "deleted apis/b.yaml", "untracked apis/é.yaml", "deleted d.yaml",
                "added staged.yaml",
            ])
        #expect(try await repository.changedPaths(under: ["c.yaml"]).isEmpty)
        #expect(try await repository.changedPaths(under: ["apis/"]).count == 3)
        #expect(try await repository.changedPaths(under: ["api"]).isEmpty)
        #expect(try await repository.changedPaths(under: [""]).count == 5)
        #expect(await failure { _ = try await repository.changedPaths(under: ["../x"]) }?.code == .unsafePath)
    }

    @Test("a merge that is not finished is in conflict")
    func conflict() async throws {
        let fixture = try Fixture()
        try fixture.commit(["a": "1\n"])
        try fixture.git("checkout", "--quiet", "-b", "other")
        try fixture.commit(["a": "2\n"])
        try fixture.git("checkout", "--quiet", "main")
        try fixture.commit(["a": "3\n"])
        #expect(throws: Fixture.CommandFailure.self) { try fixture.git("merge", "--quiet", "other") }
        let changes = try await fixture.open().changedPaths()
        #expect(changes.map { "\($0.change) \($0.path)" } == ["conflicted a"])
    }

    @Test("a repository without a commit has untracked files")
    func unborn() async throws {
        let fixture = try Fixture()
        let repository = try fixture.open()
        #expect(try await repository.changedPaths().isEmpty)
        try fixture.write("a", "1")
        #expect(try await repository.changedPaths().map { "\($0.change) \($0.path)" } == ["untracked a"])
    }

    @Test("tracked files and folders are told from others")
    func tracked() async throws {
        let fixture = try Fixture()
        let repository = try fixture.open()
        #expect(try await repository.isTracked("") == false)
        try fixture.commit(["apis/a.yaml": "1", "apis-v2": "1"])
        try fixture.write(".gatewright/state.db", "1")
        #expect(try await repository.isTracked(""))
        #expect(try await repository.isTracked("apis"))
        #expect(try await repository.isTracked("apis/a.yaml"))
        #expect(try await repository.isTracked("apis-v2"))
        #expect(try await repository.isTracked("api") == false)
        #expect(try await repository.isTracked(".gatewright") == false)
        try fixture.git("add", "--force", ".gatewright")
        #expect(try await repository.isTracked(".gatewright"))
        #expect(await failure { _ = try await repository.isTracked("/etc") }?.code == .unsafePath)
    }
}
