import Foundation
import JSON
import Testing
import YAML

extension Acceptance {
    /// The workflow files of `examples/ci`, run as they are written on a repository with a branch.
    @Suite struct WorkflowTests {
        /// A pull request that changes a greeting, and its forge.
        private struct Day {
            let repository: Repository
            let forge: FakeForge
            let environment: [String: String]

            init(_ kind: FakeForge.Kind) async throws {
                repository = try await Repository.hello()
                forge = try await FakeForge(kind)
                let base = try await repository.git("rev-parse", "HEAD")
                try await repository.git("switch", "--quiet", "--create", "greet")
                try repository.greet("Ahoy")
                let head = try await repository.commit("Greet as sailors do")
                try await repository.git("remote", "add", "origin", repository.folder)
                let tools = try repository.workspace.folder("tools")
                for (name, path) in [
                    ("gatewright", Program.product("gatewright")),
                    ("pr-comment", Repository.project + "/scripts/pr-comment"),
                ] where !FileManager.default.fileExists(atPath: tools + "/" + name) {
                    try FileManager.default.createSymbolicLink(atPath: tools + "/" + name, withDestinationPath: path)
                }
                var environment = forge.variables
                environment["PATH"] = tools + ":" + (repository.workspace.environment["PATH"] ?? "")
                environment.merge([
                    "BASE": base, "HEAD": head, "CI_COMMIT_SHA": head, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
                    "GITHUB_STEP_SUMMARY": repository.workspace.path + "/summary.md",
                ]) { $1 }
                self.environment = environment
            }

            func run(_ line: String) async throws -> Output {
                try await Program.run(
                    "bash", ["-e", "-o", "pipefail", "-c", line], in: repository.folder, repository.workspace,
                    environment: environment)
            }
        }

        private static func workflow(_ kind: FakeForge.Kind) throws -> JSONValue {
            let path = "examples/ci/\(kind.rawValue).yml"
            let bytes = try Data(contentsOf: URL(filePath: Repository.project + "/" + path))
            let reading = Node.parse(yaml: Array(bytes), file: path)
            try #require(reading.diagnostics.isEmpty, "\(reading.diagnostics)")
            return try #require(reading.documents.first).value
        }

        /// The steps of the one job.
        private static func steps(_ kind: FakeForge.Kind) throws -> [JSONValue] {
            try #require(workflow(kind)["jobs"]?["plan"]?["steps"]?.array)
        }

        private static func lines(_ kind: FakeForge.Kind) throws -> [String] {
            guard kind != .gitlab else {
                return try #require(workflow(kind)["gatewright"]?["script"]?.array).compactMap(\.string)
            }
            return try steps(kind).compactMap { $0["run"]?.string }
        }

        @Test("the whole history is fetched", arguments: FakeForge.Kind.allCases)
        func history(kind: FakeForge.Kind) throws {
            if kind == .gitlab {
                #expect(try Self.workflow(kind)["gatewright"]?["variables"]?["GIT_DEPTH"] == "0")
            } else {
                let checkout = try #require(Self.steps(kind).first)
                #expect(checkout["uses"]?.string?.hasPrefix("actions/checkout@") == true)
                #expect(checkout["with"]?["fetch-depth"]?.int == 0)
            }
        }

        @Test("nothing from the event is put into a command's text", arguments: FakeForge.Kind.allCases)
        func injection(kind: FakeForge.Kind) throws {
            for line in try Self.lines(kind) { #expect(!line.contains("${{"), "\(line)") }
        }

        @Test("each line works as it is written, and the plan becomes one comment", arguments: FakeForge.Kind.allCases)
        func run(kind: FakeForge.Kind) async throws {
            let day = try await Day(kind)
            let lines = try Self.lines(kind)
            #expect(lines.contains { $0.hasPrefix("gatewright validate") })
            #expect(lines.contains { $0.contains("gatewright diff ") && $0.contains("...") })
            #expect(lines.contains { $0.contains("pr-comment plan.md") })
            for _ in 1...2 {
                for line in lines {
                    let output = try await day.run(line)
                    #expect(output.status == 0, "\(output)")
                }
            }
            #expect(day.forge.comments.count == 1)
            let comment = try #require(day.forge.comments.first).body
            #expect(comment.hasPrefix("<!-- gatewright:") && comment.contains("hello"), "\(comment)")
            if kind == .github {
                let summary = try String(contentsOfFile: day.repository.workspace.path + "/summary.md", encoding: .utf8)
                #expect(summary.contains("hello"), "\(summary)")
            }
        }

        @Test("a mistake in a pull request fails the job at its place", arguments: FakeForge.Kind.allCases)
        func mistake(kind: FakeForge.Kind) async throws {
            let day = try await Day(kind)
            let place = try day.repository.breakDefinition()
            try await day.repository.commit("Break it")
            let line = try #require(Self.lines(kind).first { $0.hasPrefix("gatewright validate") })
            let output = try await day.run(line)
            #expect(output.status == 1, "\(output)")
            let parts = place.split(separator: ":")
            #expect(output.all.contains("file=\(parts[0]),line=\(parts[1])") || output.all.contains(place), "\(output)")
        }
    }
}
