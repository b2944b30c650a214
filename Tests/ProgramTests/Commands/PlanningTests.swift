import Foundation
import JSON
import Testing

extension Acceptance {
    /// `init`, `validate`, `plan` and `apply` in order, and what a plan file is good for.
    @Suite struct PlanningTests {
        @Test("init, validate, commit and plan work as init prints them")
        func start() async throws {
            let workspace = try Workspace()
            let environment = [
                "PATH": [Program.product("."), workspace.environment["PATH"] ?? ""].joined(separator: ":"),
                "GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "ann@example.com", "GIT_COMMITTER_NAME": "Ann",
                "GIT_COMMITTER_EMAIL": "ann@example.com",
            ]
            func shell(_ line: String, in folder: String) async throws -> Output {
                try await Program.run("sh", ["-c", line], in: folder, workspace, environment: environment)
            }
            let made = try await shell("gatewright init shop", in: workspace.path)
            try #require(made.status == 0, "\(made)")
            let printed = made.out.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            let valid = try await shell("gatewright validate shop", in: workspace.path)
            #expect(valid.status == 0, "\(valid)")
            let commit = try #require(printed.first { $0.hasPrefix("git init") }, "\(made)")
            let bare = commit.replacing(/\s+\(.*\)$/, with: "")
            let committed = try await shell(bare, in: workspace.path + "/shop")
            #expect(committed.status == 0, "\(committed)")
            let plan = try await shell(
                #require(printed.first { $0.hasPrefix("gatewright plan") }, "\(made)"), in: workspace.path)
            #expect(plan.status == 0 && plan.out.contains("to create"), "\(plan)")
            let status = try await shell("git status --porcelain", in: workspace.path + "/shop")
            #expect(status.out.isEmpty, "what plan leaves is not ignored: \(status)")

            let again = try await shell("gatewright init shop", in: workspace.path)
            #expect(again.status == 1 && again.err.contains("gatewright.yaml"), "\(again)")
        }

        @Test("plan exits with 2 before apply and with 0 after it")
        func detailedExitCode() async throws {
            let repository = try await Repository.hello()
            let before = try await repository.gatewright("plan", "--detailed-exitcode")
            #expect(before.status == 2, "\(before)")
            try await repository.apply()
            let after = try await repository.gatewright("plan", "--detailed-exitcode")
            #expect(after.status == 0 && after.out.contains("no changes"), "\(after)")
            try await repository.expectConverged()
            let again = try await repository.gatewright("apply", "--yes")
            #expect(again.status == 0, "\(again)")
            try repository.greet("Ahoy")
            try await repository.commit("Greet as sailors do")
            let changed = try await repository.gatewright("plan", "--detailed-exitcode")
            #expect(changed.status == 2, "\(changed)")
        }

        @Test("a plan as JSON parses and names its digest; as Markdown it is short; the same twice")
        func formats() async throws {
            let repository = try await Repository.hello()
            let json = try await repository.gatewright("plan", "--format", "json")
            #expect(json.status == 0, "\(json)")
            let document = try JSONValue(parsing: Array(json.out.utf8))
            let digest = try #require(document["digest"]?.string, "\(json)")
            #expect(digest.count >= 32, "\(digest)")
            #expect(try await repository.gatewright("plan", "--format", "json").out == json.out)
            let markdown = try await repository.gatewright("plan", "--format", "markdown")
            #expect(markdown.status == 0 && markdown.out.utf8.count < 65_000, "\(markdown)")
            #expect(markdown.out.contains("<details>"), "\(markdown)")
            let text = try await repository.gatewright("plan")
            #expect(!text.out.contains("\u{1B}["), "colour without a terminal: \(text)")
        }

        @Test("a dirty tree is pointed out, and only --worktree plans it")
        func dirtyTree() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            try repository.greet("Ahoy")
            let plan = try await repository.gatewright("plan", "--detailed-exitcode")
            #expect(plan.status == 0 && plan.err.contains("apis/hello.openapi.yaml"), "\(plan)")
            let worktree = try await repository.gatewright("plan", "--worktree", "--detailed-exitcode")
            #expect(worktree.status == 2, "\(worktree)")
        }

        @Test("a plan file that is stale exits with 4 and nothing is written")
        func stalePlan() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            try repository.greet("Ahoy")
            try await repository.commit("Greet as sailors do")
            let file = repository.workspace.path + "/plan.json"
            #expect(try await repository.gatewright("plan", "--out", file).status == 0)
            try repository.greet("Moin")
            try await repository.commit("Greet as they do in the north")
            try await repository.expectFailure("apply", "--yes", "--plan", file, status: 4)
            let before = try await repository.gatewright(
                "plan", "--ref", "HEAD~2", "--refresh", "--detailed-exitcode")
            #expect(before.status == 0, "\(before)")
        }

        @Test("a plan file whose digest another commit has too is applied")
        func equalDigest() async throws {
            let repository = try await Repository.hello()
            let file = repository.workspace.path + "/plan.json"
            #expect(try await repository.gatewright("plan", "--out", file).status == 0)
            try repository.write("README.md", "# Greetings\n")
            try await repository.commit("Say what this is")
            let applied = try await repository.gatewright("apply", "--plan", file)
            #expect(applied.status == 0, "\(applied)")
            try await repository.expectConverged()
        }

        @Test("a plan file that is missing or damaged is an error", arguments: [nil, "", "{", "[]", "not a plan"])
        func badPlanFile(_ content: String?) async throws {
            let repository = try await Repository.hello()
            let file = repository.folder + "/.gatewright/plan.json"
            if let content { try repository.write(".gatewright/plan.json", content) }
            try await repository.expectFailure("apply", "--yes", "--plan", file, status: 1)
        }

        @Test("a digest is expected: another one exits with 4, its own applies")
        func expectedDigest() async throws {
            let repository = try await Repository.hello()
            try await repository.expectFailure(
                "apply", "--yes", "--expect-digest", "sha256:0000", status: 4, says: "sha256:0000")
            let plan = try await repository.gatewright("plan", "--format", "json")
            let digest = try #require(JSONValue(parsing: Array(plan.out.utf8))["digest"]?.string)
            let applied = try await repository.gatewright("apply", "--expect-digest", digest)
            #expect(applied.status == 0, "\(applied)")
        }

        @Test("history and show tell what was applied")
        func history() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            let commit = try await repository.git("rev-parse", "--short=7", "HEAD")
            let history = try await repository.gatewright("history")
            #expect(history.status == 0 && history.out.contains(commit) && history.out.contains("Start"), "\(history)")
            let revision = try await repository.gatewright("show", "1")
            #expect(revision.status == 0 && revision.out.contains(commit), "\(revision)")
            try await repository.expectFailure("show", "2", status: 1)
            try await repository.expectFailure("show", "RestApi/nope", status: 1, says: "RestApi/nope")
        }
    }
}
