import Foundation
import Testing

extension Acceptance {
    /// What `make install` puts in place beside the binary.
    @Suite struct InstallTests {
        private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()

        /// Where a package would stand, with everything installed.
        private func installed(_ workspace: Workspace) async throws -> String {
            let stage = try workspace.folder("stage")
            let output = try await Program.run(
                "bash", ["scripts/install"], in: Self.root.path(), workspace,
                environment: ["DESTDIR": stage, "PREFIX": "/opt/gw", "BINARY": Program.product("gatewright")])
            try #require(output.status == 0, "\(output)")
            return stage + "/opt/gw"
        }

        @Test("install respects DESTDIR and PREFIX, and every file is there with its rights")
        func files() async throws {
            let workspace = try Workspace()
            let folder = try await installed(workspace)
            for (path, mode) in [
                ("bin/gatewright", 0o755), ("share/bash-completion/completions/gatewright", 0o644),
                ("share/zsh/site-functions/_gatewright", 0o644),
                ("share/fish/vendor_completions.d/gatewright.fish", 0o644),
                ("share/man/man1/gatewright.1", 0o644),
                ("lib/systemd/system/gatewright.service", 0o644),
            ] {
                let found = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(path)")
                #expect((found[.posixPermissions] as? Int) == mode, "\(path)")
            }
            let unit = try String(contentsOfFile: folder + "/lib/systemd/system/gatewright.service", encoding: .utf8)
            #expect(unit.contains("ExecStart=/opt/gw/bin/gatewright serve"))
            let output = try await Program.run(folder + "/bin/gatewright", ["--version"], workspace)
            #expect(output.status == 0, "\(output)")
        }

        @Test(
            "the shell that a completion is for takes it", arguments: ["bash", "zsh", "fish"])
        func completions(_ shell: String) async throws {
            let workspace = try Workspace()
            let script = try await Program.run("gatewright", ["--generate-completion-script", shell], workspace)
            #expect(script.status == 0 && script.out.contains("gatewright") && script.out.contains("validate"))
            guard Program.isInstalled(shell) else { return }
            let file = workspace.path + "/completion"
            try script.out.write(toFile: file, atomically: true, encoding: .utf8)
            let check = try await Program.run(shell, ["-n", file], workspace)
            #expect(check.status == 0 && check.err.isEmpty, "\(check)")
        }

        @Test("the environments of the current folder are offered, and none where there is no configuration")
        func environments() async throws {
            let repository = try await Repository.hello()
            try repository.write(
                "gatewright.yaml",
                try repository.read("gatewright.yaml") + "---\n"
                    + repository.read("gatewright.yaml").replacing("name: dev", with: "name: prod"))
            // As the script for bash asks.
            let words = [
                "---completion", "plan", "--", "--environment", "3", "0", "gatewright", "plan", "--environment", "",
            ]
            for (folder, names) in [(repository.folder, ["dev", "prod"]), (repository.workspace.path, [])] {
                let offered = try await Program.run("gatewright", words, in: folder, repository.workspace)
                #expect(offered.status == 0, "\(offered)")
                #expect(offered.out.split(separator: "\n").map(String.init) == names, "\(offered)")
            }
        }

        @Test("the manual page has every command, option and exit status, and `man` takes it without a warning")
        func manual() async throws {
            let workspace = try Workspace()
            let page = try await Program.run("gatewright", ["explain", "--manual"], workspace)
            #expect(page.status == 0, "\(page)")
            for text in [
                ".TH GATEWRIGHT 1", ".SS gatewright validate [\\fIdir\\fR]", "\\fB\\-\\-detailed\\-exitcode\\fR",
                ".SS gatewright state", ".SS gatewright serve", "GATEWRIGHT_LISTENERS_DATA", "\n130\n",
            ] { #expect(page.out.contains(text), "no `\(text)` in \(page)") }
            #expect(!page.out.contains("git\\-transfer"), "\(page)")
            #expect(page.out.components(separatedBy: "fB\\-\\-data\\-dir").count == 2, "\(page)")
            guard Program.isInstalled("groff") else { return }
            let file = workspace.path + "/gatewright.1"
            try page.out.write(toFile: file, atomically: true, encoding: .utf8)
            let shown = try await Program.run(
                "groff", ["-man", "-Tutf8", "-ww", "-P-cbou", "-rLL=100n", file], workspace)
            #expect(shown.status == 0 && shown.err.isEmpty, "\(shown)")
            #expect(shown.out.contains("EXIT STATUS"), "\(shown)")
        }

        @Test("systemd takes the unit", .enabled(if: Program.isInstalled("systemd-analyze")))
        func unit() async throws {
            let workspace = try Workspace()
            let text = try String(
                contentsOf: Self.root.appending(path: "packaging/gatewright.service"), encoding: .utf8)
            // The program that it names is not installed here.
            let unit = text.replacing("/usr/local/bin/gatewright", with: Program.product("gatewright"))
            try unit.write(toFile: workspace.path + "/gatewright.service", atomically: true, encoding: .utf8)
            let output = try await Program.run(
                "systemd-analyze", ["verify", workspace.path + "/gatewright.service"], workspace)
            #expect(output.status == 0, "\(output)")
        }
    }
}
