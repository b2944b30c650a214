import Foundation
import JSON
import Testing

extension Acceptance {
    /// The recorded state is a cache of what the target has: it can be made anew, moved and added to.
    @Suite struct StateCommandTests {
        private func lose(_ repository: Repository) throws {
            for ending in ["", "-wal", "-shm"] {
                let path = repository.folder + "/.gatewright/state.db" + ending
                guard FileManager.default.fileExists(atPath: path) else { continue }
                try FileManager.default.removeItem(atPath: path)
            }
        }

        private func aside(_ repository: Repository, _ part: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: repository.folder + "/.gatewright").filter {
                $0.contains(part)
            }
        }

        private func expectEmptyPlan(_ repository: Repository, _ location: SourceLocation = #_sourceLocation)
            async throws
        {
            for options in [[], ["--refresh"]] {
                let plan = try await Program.run(
                    "gatewright", ["plan", "--detailed-exitcode"] + options, in: repository.folder, repository.workspace
                )
                #expect(plan.status == 0, "\(plan)", sourceLocation: location)
            }
        }

        /// Of what is recorded; after an import ids are natural keys, after a reading they are the target's own.
        private func addresses(_ repository: Repository) async throws -> [String] {
            let list = try await repository.gatewright("state", "list", "--format", "json")
            return try JSONValue(parsing: Array(list.out.utf8)).array?.compactMap { $0["address"]?.string } ?? []
        }

        @Test("after a rebuild from the markers the plan of every example is empty", arguments: ExampleTests.names)
        func rebuild(_ name: String) async throws {
            let repository = try await Repository.example(name)
            try await repository.apply()
            let before = try await addresses(repository)
            try lose(repository)
            let rebuilt = try await repository.gatewright("state", "rebuild", "--environment", "dev")
            #expect(rebuilt.status == 0 && !rebuilt.all.contains("drift"), "\(rebuilt)")
            #expect(try await addresses(repository) == before && !before.isEmpty)
            try await expectEmptyPlan(repository)
            let events = try await repository.gatewright("history", "--events")
            #expect(events.out.split(separator: "\n").count == 1 && events.out.contains("rebuilt"), "\(events)")
            #expect(try await repository.gatewright("history").out.contains("no revision yet"))
            // And life goes on.
            try repository.write("NOTES.md", "nothing that the environment reads")
            try await repository.commit("Unrelated")
            try await expectEmptyPlan(repository)
        }

        @Test("an apply after a rebuild works, changes one API and makes none")
        func applyAfterwards() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            try lose(repository)
            try repository.greet("Ahoy")
            try await repository.commit("Say Ahoy")
            // The markers name the commit before, so the plan says what the new commit changes.
            let rebuilt = try await repository.gatewright("state", "rebuild")
            #expect(rebuilt.status == 0 && !rebuilt.all.contains("drift"), "\(rebuilt)")
            let plan = try await repository.gatewright("plan", "--detailed-exitcode")
            #expect(plan.status == 2 && !plan.out.contains("+ RestApi"), "\(plan)")
            try await repository.apply()
            let engine = try await Server.engine(repository)
            #expect(try await repository.namesOfAPIs(on: engine) == ["hello"])
            #expect(try await engine.site("hello").get("/hello").body.contains("Ahoy"))
        }

        @Test("the marker follows the commits that change the API without a new deployment")
        func markerFollows() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            try repository.addStage("second")
            let commit = try await repository.commit("Two stages")
            try await repository.apply()
            let engine = try await Server.engine(repository)
            let apis = try await engine.aws("apigateway", "get-rest-apis")
            let tags = try #require(apis["items"]?.array?.first?["tags"])
            #expect(tags["gatewright:commit"]?.string == commit, "\(tags)")
            #expect(tags["gatewright:environment"]?.string == "dev", "\(tags)")
            #expect(tags["gatewright:address"]?.string == "RestApi/hello", "\(tags)")
        }

        @Test("foreign, damaged and doubled markers are reported and skipped; drift is named")
        func markers() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            let engine = try await Server.engine(repository)
            func make(_ name: String, _ tags: String) async throws {
                _ = try await engine.aws("apigateway", "create-rest-api", "--name", name, "--tags", tags)
            }
            try await make("theirs", "gatewright:environment=prod,gatewright:address=RestApi/x,gatewright:commit=1")
            try await make("broken", "gatewright:environment=dev,gatewright:address=nonsense")
            try await make("empty", "gatewright:token=1")
            try await make("twice", "gatewright:environment=dev,gatewright:address=RestApi/hello")
            try await make("plain", "team=a")
            let apis = try await engine.aws("apigateway", "get-rest-apis")
            let hello = try #require(apis["items"]?.array?.first { $0["name"]?.string == "hello" }?["id"]?.string)
            _ = try await engine.aws(
                "apigateway", "update-stage", "--rest-api-id", hello, "--stage-name", "test", "--patch-operations",
                "op=replace,path=/description,value=by-hand")
            try lose(repository)
            let rebuilt = try await repository.gatewright("state", "rebuild")
            #expect(rebuilt.status == 0, "\(rebuilt)")
            for text in ["of the environment `prod`", "`nonsense`", "names no environment", "delete one of them"] {
                #expect(rebuilt.err.contains(text), "no \(text) in \(rebuilt)")
            }
            #expect(rebuilt.err.contains("drift: `Stage/hello test`") && !rebuilt.all.contains("plain"), "\(rebuilt)")
            let plan = try await repository.gatewright("plan", "--detailed-exitcode")
            #expect(plan.status == 2 && plan.out.contains("by-hand"), "\(plan)")
        }

        @Test("a damaged state.db is named with its remedy, and a rebuild keeps it aside")
        func damagedDatabase() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            try lose(repository)
            try repository.write(".gatewright/state.db", String(repeating: "this is no database. ", count: 500))
            let failed = try await repository.expectFailure("plan", status: 1, says: "state.db")
            let code = try #require(failed.codes.first { $0.hasPrefix("storage.") })
            let explained = try await repository.gatewright("explain", code)
            #expect(explained.out.contains("state rebuild"), "\(explained)")
            let rebuilt = try await repository.gatewright("state", "rebuild")
            #expect(rebuilt.status == 0 && rebuilt.err.contains("it is kept as"), "\(rebuilt)")
            #expect(try aside(repository, "state.db.damaged-").count == 1)
            try await expectEmptyPlan(repository)
        }

        @Test(
            "a journal that cannot be read blocks the environment until a rebuild sets it aside",
            .enabled(if: Program.isInstalled("sqlite3"), "sqlite3 is not installed"))
        func damagedJournal() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            let database = repository.folder + "/.gatewright/state.db"
            let broken = try await Program.run(
                "sqlite3",
                [
                    database,
                    "INSERT INTO apply (id, environment, is_ended) VALUES ('x', 'dev', 0); "
                        + "INSERT INTO journal (apply, records) SELECT number, 'not json' FROM apply WHERE id = 'x'",
                ], repository.workspace)
            try #require(broken.status == 0, "\(broken)")
            try repository.greet("Ahoy")
            try await repository.commit("Say Ahoy")
            try await repository.expectFailure("apply", "--yes", status: 1, says: "journal.corrupt")
            let rebuilt = try await repository.gatewright("state", "rebuild")
            #expect(rebuilt.status == 0 && rebuilt.err.contains("cannot be read is kept as"), "\(rebuilt)")
            let kept = try #require(try aside(repository, "journal-").first)
            #expect(try repository.read(".gatewright/" + kept) == "not json")
            try await repository.apply()
            try await expectEmptyPlan(repository)
            #expect(try await repository.gatewright("history").out.contains("Ahoy"))
        }

        @Test("an API that moves to another name stays the same API, with all that refers to it")
        func move() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            let before = try await repository.gatewright("state", "list")
            let id = try #require(before.out.firstMatch(of: /RestApi\/hello  (\S+)/)?.1)
            try await repository.expectFailure(
                "state", "mv", "RestApi/none", "RestApi/x", status: 1, says: "has no `RestApi/none`")
            try await repository.expectFailure(
                "state", "mv", "RestApi/hello", "Stage/x", status: 1, says: "kinds differ")
            try await repository.expectFailure(
                "state", "mv", "Stage/hello test", "Stage/hello prod", status: 1, says: "inside an API")
            try await repository.expectFailure("state", "mv", "hello", "x", status: 1, says: "no address")
            let moved = try await repository.gatewright("state", "mv", "RestApi/hello", "RestApi/greeter")
            #expect(moved.status == 0, "\(moved)")
            let after = try await repository.gatewright("state", "list")
            #expect(
                !after.out.contains("RestApi/hello") && !after.out.contains("Stage/hello")
                    && after.out.contains("RestApi/greeter  \(id)"), "\(after)")
            try repository.replace("apis/hello.yaml", "name: hello", by: "name: greeter")
            try await repository.commit("Call it greeter")
            let plan = try await repository.gatewright("plan")
            #expect(!plan.out.contains("+ RestApi") && !plan.out.contains("- RestApi"), "\(plan)")
            try await repository.apply()
            try await expectEmptyPlan(repository)
            // The marker says it too.
            try lose(repository)
            let rebuilt = try await repository.gatewright("state", "rebuild")
            #expect(rebuilt.status == 0, "\(rebuilt)")
            #expect(try await repository.gatewright("state", "list").out.contains("RestApi/greeter  \(id)"))
        }

        @Test("an API that was made by hand is taken in, and the next plan says what it would change")
        func importing() async throws {
            let repository = try await Repository.hello()
            let engine = try await Server.engine(repository)
            let made = try await engine.aws(
                "apigateway", "create-rest-api", "--name", "hello", "--description", "by hand")
            let id = try #require(made["id"]?.string)
            let theirs = try await engine.aws(
                "apigateway", "create-rest-api", "--name", "theirs", "--tags",
                "gatewright:environment=prod,gatewright:address=RestApi/x")
            let other = try #require(theirs["id"]?.string)
            try await repository.expectFailure(
                "state", "import", "RestApi/hello", other, status: 1, says: "environment `prod`")
            try await repository.expectFailure(
                "state", "import", "RestApi/hello", "nosuchid00", status: 1, says: "no `RestApi` with the id")
            try await repository.expectFailure(
                "state", "import", "RestApi/undeclared", id, status: 1, says: "no manifest declares")
            try await repository.expectFailure("state", "import", "hello", id, status: 1, says: "not the address")
            let imported = try await repository.gatewright("state", "import", "RestApi/hello", id)
            #expect(imported.status == 0 && imported.out.contains("by hand"), "\(imported)")
            try await repository.expectFailure(
                "state", "import", "RestApi/hello", id, status: 1, says: "recorded already")
            try await repository.apply()
            #expect(try await repository.namesOfAPIs(on: engine) == ["hello", "theirs"])
            #expect(try await engine.site("hello").get("/hello").status == 200)
            let shown = try await repository.gatewright("state", "show", "RestApi/hello")
            #expect(try JSONValue(parsing: Array(shown.out.utf8))["id"]?.string == id, "\(shown)")
            try await expectEmptyPlan(repository)
        }
    }
}
