import Testing

extension Acceptance {
    /// `apply` on a terminal asks; util-linux's `script` is the terminal.
    @Suite(.enabled(if: Program.isInstalled("script"), "`script` is not installed"))
    struct ConfirmationTests {
        @Test("on a terminal, only `yes` applies", arguments: ["yes": 0, "y": 4, "no": 4, "": 4] as [String: Int32])
        func answer(_ answer: String, status: Int32) async throws {
            let repository = try await Repository.hello()
            try repository.write("answer", answer + "\n")
            let gatewright = Program.product("gatewright")
            let output = try await Program.run(
                "sh", ["-c", "script --quiet --return --command '\(gatewright) apply' /dev/null <answer"],
                in: repository.folder, repository.workspace)
            #expect(output.status == status, "\(output)")
            let plan = try await repository.gatewright("plan", "--refresh", "--detailed-exitcode")
            #expect(plan.status == (status == 0 ? 0 : 2), "\(plan)")
        }
    }
}
