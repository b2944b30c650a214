import Foundation
import JSON
import Testing

extension Acceptance {
    /// The dry run of a pull request: from the repository alone.
    @Suite struct DiffTests {
        /// `main` and `feature` parted; `feature` greets otherwise.
        private func parted(_ word: String = "Ahoy") async throws -> Repository {
            let repository = try await Repository.hello()
            try await repository.git("checkout", "--quiet", "-b", "feature")
            try repository.greet(word)
            try await repository.commit("Greet as sailors do")
            try await repository.git("checkout", "--quiet", "main")
            try repository.write("README.md", "# Greetings\n")
            try await repository.commit("Say what this is")
            return repository
        }

        @Test("a diff has the digest of the plan after the merge, and touches nothing")
        func digestLaw() async throws {
            let repository = try await parted()
            let diff = try await repository.gatewright("diff", "main...feature", "--format", "json")
            #expect(diff.status == 0, "\(diff)")
            #expect(!FileManager.default.fileExists(atPath: repository.folder + "/.gatewright"))
            let document = try JSONValue(parsing: Array(diff.out.utf8))
            #expect(document["format"] == "gatewright.diff/v1")
            #expect(document["merge"] == true)
            let shown = try #require(document["environments"]?[0]?["plan"]?["digest"]?.string, "\(diff)")

            try await repository.apply()
            try await repository.git("merge", "--quiet", "--no-edit", "feature")
            let plan = try await repository.gatewright("plan", "--format", "json")
            #expect(try JSONValue(parsing: Array(plan.out.utf8))["digest"]?.string == shown, "\(plan)")
            let observed = try await repository.gatewright("plan", "--refresh", "--format", "json")
            #expect(try JSONValue(parsing: Array(observed.out.utf8))["digest"]?.string == shown, "\(observed)")
            let applied = try await repository.gatewright("apply", "--expect-digest", shown)
            #expect(applied.status == 0, "\(applied)")
            let rest = try await repository.gatewright("diff", "HEAD...feature", "--detailed-exitcode")
            #expect(rest.status == 0 && rest.out.contains("no changes"), "\(rest)")
        }

        @Test("three dots merge, two compare the commits as they are; with changes the exit code can say so")
        func dots() async throws {
            let repository = try await parted()
            let merged = try await repository.gatewright("diff", "main...feature", "--detailed-exitcode")
            #expect(merged.status == 2 && merged.out.contains("GET /"), "\(merged)")
            #expect(try await repository.gatewright("diff", "feature...main", "--detailed-exitcode").status == 0)
            let back = try await repository.gatewright("diff", "feature..main", "--detailed-exitcode")
            #expect(back.status == 2, "\(back)")
            let elsewhere = try await Program.run(
                "gatewright", ["diff", repository.folder, "main...feature"], repository.workspace)
            #expect(elsewhere.status == 0 && elsewhere.out == merged.out, "\(elsewhere)")
        }

        @Test("the Markdown is a comment that is found again and names the digest")
        func markdown() async throws {
            let repository = try await parted()
            let all = try await repository.gatewright("diff", "main...feature", "--format", "markdown")
            #expect(all.out.hasPrefix("<!-- gatewright:all -->\n"), "\(all)")
            #expect(all.out.contains("Digest: `sha256:") && all.out.contains("<details>"), "\(all)")
            let one = try await repository.gatewright(
                "diff", "main...feature", "--format", "markdown", "--environment", "dev")
            #expect(one.out.hasPrefix("<!-- gatewright:dev -->\n"), "\(one)")
        }

        @Test("a conflict is named by its path and exits with 1")
        func conflict() async throws {
            let repository = try await parted()
            try repository.greet("Moin")
            try await repository.commit("Greet as they do in the north")
            try await repository.expectFailure(
                "diff", "main...feature", status: 1, says: "command.merge-conflicts", "apis/hello.openapi.yaml")
        }

        @Test("errors of the merge result are shown with their places and exit with 1; those of the base stop nothing")
        func invalid() async throws {
            let repository = try await Repository.hello()
            try await repository.git("checkout", "--quiet", "-b", "feature")
            let place = try repository.breakDefinition()
            try await repository.commit("Break it")
            let broken = try await repository.expectFailure("diff", "main...feature", status: 1, says: place)
            #expect(broken.out.isEmpty, "\(broken)")
            try repository.replace("apis/hello.openapi.yaml", "type: mook", by: "type: mock")
            try repository.greet("Ahoy")
            try await repository.commit("Mend it")
            let mended = try await repository.gatewright("diff", "feature~1..feature")
            #expect(mended.status == 0 && mended.out.contains("no plan: the base has errors"), "\(mended)")
            #expect(mended.err.contains("command.base-invalid") && mended.err.contains(place), "\(mended)")
        }

        @Test("a shallow clone is told how to be deepened; two dots need no history")
        func shallow() async throws {
            let repository = try await parted()
            let clone = repository.workspace.path + "/clone"
            let made = try await Program.run(
                "git",
                ["clone", "--quiet", "--depth", "1", "--no-single-branch", "file://" + repository.folder, clone],
                repository.workspace)
            try #require(made.status == 0, "\(made)")
            func diff(_ range: String) async throws -> Output {
                try await Program.run("gatewright", ["diff", clone, range], repository.workspace)
            }
            let merge = try await diff("origin/main...origin/feature")
            #expect(merge.status == 1 && merge.err.contains("fetch-depth: 0"), "\(merge)")
            let unknown = try await diff("HEAD~1...HEAD")
            #expect(unknown.status == 1 && unknown.err.contains("shallow"), "\(unknown)")
            let plain = try await diff("origin/main..origin/feature")
            #expect(plain.status == 0 && plain.out.contains("GET /"), "\(plain)")
        }

        @Test(
            "what is no range is refused",
            arguments: ["main", "...feature", "main....feature", "a..b..c", "", "..", "main...feature...x"])
        func badRange(_ range: String) async throws {
            let repository = try await Repository.hello()
            try await repository.expectFailure("diff", range, status: 1, says: "command.bad-range")
        }

        @Test("unknown commits and environments are refused by name")
        func unknown() async throws {
            let repository = try await parted()
            try await repository.expectFailure("diff", "main...nothing", status: 1, says: "git.unknown-ref", "nothing")
            try await repository.expectFailure(
                "diff", "main...feature", "--environment", "deb", status: 1, says: "dev")
        }
    }

    @Suite struct PlanFileTests {
        @Test("a plan that cannot be written says so")
        func badPath() async throws {
            let repository = try await Repository.hello()
            try await repository.expectFailure(
                "plan", "--out", repository.folder + "/nowhere/plan.json", status: 1,
                says: "command.plan-file-unwritable", "nowhere/plan.json")
        }

        @Test("a plan file of another environment or target exits with 4, one of another version with 1")
        func otherFiles() async throws {
            let repository = try await Repository.hello()
            let file = repository.folder + "/.gatewright/plan.json"
            #expect(try await repository.gatewright("plan", "--out", file).status == 0)
            try await repository.expectFailure(
                "apply", "--yes", "--plan", file, "--environment", "prod", status: 4,
                says: "command.other-environment", "`dev`", "`prod`")
            let text = try repository.read(".gatewright/plan.json")
            try repository.write(
                ".gatewright/newer.json", text.replacing("gatewright.plan/v1", with: "gatewright.plan/v9"))
            try await repository.expectFailure(
                "apply", "--yes", "--plan", repository.folder + "/.gatewright/newer.json", status: 1,
                says: "planning.file-version")
            let altered = text.replacing(#""action":"create""#, with: #""action":"update""#)
            try repository.write(".gatewright/altered.json", altered)
            try await repository.expectFailure(
                "apply", "--yes", "--plan", repository.folder + "/.gatewright/altered.json", status: 1,
                says: "planning.file-altered")
            try repository.replace("gatewright.yaml", "engine: {}", by: "engine: { endpoint: \"http://127.0.0.1:9\" }")
            try await repository.commit("Go elsewhere")
            try await repository.expectFailure(
                "apply", "--yes", "--plan", file, status: 4, says: "command.other-target", "127.0.0.1:9")
        }

        @Test("a plan says what applying it is expected to take, and the digest does not depend on it")
        func estimate() async throws {
            let repository = try await Repository.hello()
            let plan = try await repository.gatewright("plan", "--format", "json")
            let document = try JSONValue(parsing: Array(plan.out.utf8))
            #expect((document["estimate"]?["calls"]?.int ?? 0) > 3, "\(plan)")
            let diff = try await repository.gatewright("diff", "HEAD..HEAD", "--format", "json")
            #expect(try JSONValue(parsing: Array(diff.out.utf8))["environments"]?[0]?["plan"]?["estimate"] == nil)
        }
    }

    @Suite struct ValidateFormatTests {
        @Test("SARIF and workflow commands name files from the root of the repository, wherever DIR is")
        func formats() async throws {
            let repository = try await Repository.hello()
            let place = try repository.breakDefinition()
            try await repository.git("mv", "gatewright.yaml", "apis/gatewright.yaml")
            try repository.replace("apis/gatewright.yaml", "manifests: [apis]", by: "manifests: [.]")
            let sarif = try await repository.gatewright("validate", "apis", "--format", "sarif")
            #expect(sarif.status == 1, "\(sarif)")
            let run = try #require(try JSONValue(parsing: Array(sarif.out.utf8))["runs"]?[0])
            let file = run["results"]?[0]?["locations"]?[0]?["physicalLocation"]?["artifactLocation"]?["uri"]
            #expect(file == .string(String(place.prefix { $0 != ":" })), "\(sarif)")
            #expect(run["tool"]?["driver"]?["rules"]?[0]?["help"] != nil, "\(sarif)")
            let github = try await repository.gatewright("validate", "apis", "--format", "github")
            #expect(github.status == 1 && github.out.hasPrefix("::error file=\(place.prefix { $0 != ":" }),line="))
        }

        @Test("nothing wrong is a whole SARIF document, and every environment is checked")
        func nothing() async throws {
            let repository = try await Repository.hello()
            let sarif = try await repository.gatewright("validate", "--format", "sarif")
            #expect(sarif.status == 0, "\(sarif)")
            #expect(try JSONValue(parsing: Array(sarif.out.utf8))["runs"]?[0]?["results"] == [])
        }
    }
}
