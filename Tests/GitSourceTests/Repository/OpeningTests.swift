import Diagnostics
import Foundation
import GitSource
import Testing

@Suite("Opening a repository")
struct OpeningTests {
    @Test("a folder, a folder inside, a bare repository and a file URL are opened")
    func opened() async throws {
        let fixture = try Fixture()
        let id = try fixture.commit(["apis/a b.yaml": "x"])
        for location in [fixture.repository, fixture.repository + "/apis", "file://" + fixture.repository] {
            let repository = try GitRepository(opening: location)
            #expect(try await repository.resolve("") == id)
            #expect(repository.workingFolder?.hasSuffix("/repository/") == true)
        }
        try fixture.git("clone", "--quiet", "--bare", ".", "../odd name.git")
        let bare = try GitRepository(opening: "file://localhost\(fixture.root)/odd%20name.git")
        #expect(try await bare.resolve("main") == id)
        #expect(bare.workingFolder == nil)
        #expect(try await bare.changedPaths().isEmpty)
    }

    @Test("a worktree of its own is opened")
    func worktree() async throws {
        let fixture = try Fixture()
        try fixture.commit(["a": "1"])
        try fixture.git("worktree", "add", "--quiet", "-b", "other", "../other")
        let repository = try GitRepository(opening: fixture.root + "/other")
        #expect(try await repository.resolve("HEAD") == fixture.id(fixture.git("rev-parse", "other")))
    }

    @Test(
        "what is not a folder of this machine is refused",
        arguments: [
            "https://example.com/r.git", "ssh://git@example.com/r", "git://example.com/r", "git@example.com:r.git",
            "file://server/share/r", "file://", "file:///a%zz", "file:///a%0", "file:///a%00b", "", "a\u{0}b",
            "FTP://example.com/r",
        ])
    func unsupported(location: String) async throws {
        let failure = await failure { _ = try GitRepository(opening: location) }
        #expect(failure?.code == .unsupportedLocation)
    }

    @Test("a password in a URL is not repeated")
    func password() async throws {
        let failure = await failure { _ = try GitRepository(opening: "https://ann:secret@example.com/r.git") }
        #expect(failure?.message.contains("secret") == false)
        #expect(failure?.message.contains("example.com/r.git") == true)
    }

    @Test("a folder without a repository, a missing folder and a file are no repository")
    func notARepository() async throws {
        let folder = NSTemporaryDirectory() + "gatewright-git-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data().write(to: URL(fileURLWithPath: folder + "/file"))
        for location in [folder, folder + "/absent", folder + "/file", "file://" + folder] {
            let failure = await failure { _ = try GitRepository(opening: location) }
            #expect(failure?.code == .notARepository, "\(location) \(String(describing: failure))")
        }
    }

    @Test("a repository with a broken configuration or of an unknown format is refused with the reason")
    func unreadable() async throws {
        let fixture = try Fixture()
        try fixture.commit(["a": "1"])
        let config = try String(contentsOfFile: fixture.repository + "/.git/config", encoding: .utf8)
        try fixture.write(".git/config", config + "[broken\n")
        #expect(await failure { _ = try fixture.open() }?.code == .unreadable)
        try fixture.write(".git/config", "[core]\nrepositoryformatversion = 9\n")
        let failure = await failure { _ = try fixture.open() }
        #expect(failure?.code == .unreadable)
        #expect(failure?.message.contains("version") == true, "\(String(describing: failure))")
    }

    @Test(
        "another user's repository is refused, and how to trust it is said", .enabled(if: getuid() == 0, "needs root"))
    func anotherUsers() async throws {
        let fixture = try Fixture()
        try fixture.commit(["a": "1"])
        try fixture.run(["chown", "-R", "65534:65534", fixture.repository])
        let failure = await failure { _ = try fixture.open() }
        #expect(failure?.code == .notOwned)
        #expect(failure?.message.contains("safe.directory") == true)
        #expect(failure?.recovery == .askOperator(runbook: "repository.md"))
    }

    @Test("every code explains itself")
    func codes() {
        for code in GitFailure.Code.allCases {
            #expect(code.rawValue.hasPrefix("git."))
            #expect(!code.explanation.meaning.isEmpty && !code.explanation.remedy.isEmpty)
        }
    }
}
