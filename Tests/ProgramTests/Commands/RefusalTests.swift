import Testing

extension Acceptance {
    /// Commands that are given what they cannot work with: each says why, and exits with the documented code.
    @Suite struct RefusalTests {
        @Test("apply without a terminal and without --yes writes nothing and exits with 4")
        func consent() async throws {
            let repository = try await Repository.hello()
            try await repository.expectFailure("apply", status: 4, says: "--yes")
            let plan = try await repository.gatewright("plan", "--refresh", "--detailed-exitcode")
            #expect(plan.status == 2, "\(plan)")
        }

        @Test("several environments and none named: an error that lists them", arguments: ["plan", "apply"])
        func environments(_ command: String) async throws {
            let repository = try await Repository.hello()
            let text = try repository.read("gatewright.yaml")
            try repository.write(
                "gatewright.yaml", text + "---\n" + text.replacing("name: dev", with: "name: prod"))
            try await repository.commit("Add prod")
            var arguments = [command]
            if command == "apply" { arguments.append("--yes") }
            let output = try await Program.run(
                "gatewright", arguments, in: repository.folder, repository.workspace)
            try await repository.expectFailure(output, status: 1, says: ["dev", "prod", "--environment"])
            let named = try await repository.gatewright("plan", "--environment", "prod")
            #expect(named.status == 0 && named.out.contains("prod"), "\(named)")
        }

        @Test("an environment that is not there is named, with those that are")
        func unknownEnvironment() async throws {
            let repository = try await Repository.hello()
            try await repository.expectFailure("plan", "--environment", "prod", status: 1, says: "prod", "dev")
        }

        @Test("a ref that is not there is named", arguments: ["plan", "apply"])
        func unknownRef(_ command: String) async throws {
            let repository = try await Repository.hello()
            try await repository.expectFailure(command, "--ref", "no-such-branch", status: 1, says: "no-such-branch")
        }

        @Test("a folder that is no git repository is named", arguments: ["plan", "apply"])
        func noRepository(_ command: String) async throws {
            let repository = try Repository(files: [:])
            #expect(try await repository.gatewright("init").status == 0)
            try await repository.expectFailure(command, status: 1, says: "repository")
            try await repository.expectFailure(
                command, repository.folder + "/nowhere", status: 1, says: "nowhere")
        }

        @Test("a repository without a commit is an error that says so")
        func noCommit() async throws {
            let repository = try Repository(files: [:])
            #expect(try await repository.gatewright("init").status == 0)
            try await repository.git("init", "--quiet", "-b", "main")
            try await repository.expectFailure("plan", status: 1)
        }

        @Test("a repository without a gatewright.yaml: the file is named", arguments: ["plan", "validate", "apply"])
        func noConfiguration(_ command: String) async throws {
            let repository = try Repository(files: ["README.md": "# Nothing here\n"])
            try await repository.start()
            try await repository.expectFailure(command, status: 1, says: "gatewright.yaml")
        }

        @Test("a typo in an option exits with 64 and names it", arguments: ["plan", "apply", "validate", "serve"])
        func typo(_ command: String) async throws {
            let repository = try await Repository.hello()
            let output = try await repository.gatewright(command, "--enviroment", "dev")
            #expect(output.status == 64, "\(output)")
            #expect(output.err.contains("--enviroment"), "\(output)")
        }

        @Test("a command that is not there exits with 64")
        func unknownCommand() async throws {
            let repository = try Repository(files: [:])
            let output = try await repository.gatewright("aply")
            #expect(output.status == 64 && output.err.contains("aply"), "\(output)")
        }

        @Test("a target that nobody answers at exits with 5")
        func unreachable() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            try repository.replace(
                "gatewright.yaml", "target: { engine: {} }",
                by: "target: { engine: { endpoint: \"http://127.0.0.1:9\" } }")
            try repository.replace("gatewright.yaml", "name: dev", by: "name: other")
            try await repository.commit("Another engine")
            try await repository.expectFailure("plan", "--environment", "other", "--refresh", status: 5)
        }

        @Test(
            "every command has a help page",
            arguments: [
                "init", "validate", "plan", "apply", "history", "show", "serve", "engine", "import", "export",
                "explain",
                "doctor",
            ])
        func help(_ command: String) async throws {
            let repository = try Repository(files: [:])
            let output = try await repository.gatewright(command, "--help")
            #expect(output.status == 0 && output.out.contains("USAGE: gatewright \(command)"), "\(output)")
        }

        @Test("explain knows no code that is not there, and lists those that are")
        func explain() async throws {
            let repository = try Repository(files: [:])
            try await repository.expectFailure("explain", "no.such-code", status: 1, says: "no.such-code")
            let list = try await repository.gatewright("explain")
            #expect(list.status == 0 && list.out.contains("command.not-confirmed"), "\(list)")
        }
    }
}
