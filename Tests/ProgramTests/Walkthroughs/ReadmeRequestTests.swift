import Foundation
import JSON
import Testing

extension Acceptance {
    /// What the READMEs of the examples say of requests and of `why`, asked as it is written there.
    @Suite struct ReadmeRequestTests {
        /// A row of a table whose first cell is a command: what it is, and what the README says of it.
        private struct Row {
            let command: String
            let promise: String

            static func all(of readme: String) -> [Row] {
                readme.split(separator: "\n").compactMap { line in
                    guard let match = line.wholeMatch(of: #/\| `((?:curl|gatewright why) [^`]*)` \| (.*) \|/#) else {
                        return nil
                    }
                    return Row(command: String(match.1), promise: String(match.2))
                }
            }

            /// It needs keys that are made by hand, or is about the stand's own server.
            var isLeft: Bool { command.contains("SECRET") || command.contains(":19090") }
            var status: Int? { promise.firstMatch(of: /^\d{3}\b/).flatMap { Int($0.0) } }
            /// The answer, where it is shown whole.
            var body: String? {
                promise.matches(of: /`({[^`]*})`/).map { String($0.1) }.first { !$0.contains("...") }
            }
            var exitCode: Int32 { promise.contains("exit code 4") ? 4 : 0 }
        }

        @Test("the requests of an example's README are answered as it says", arguments: ExampleTests.names)
        func requests(_ name: String) async throws {
            let readme = try String(
                contentsOfFile: Repository.project + "/examples/\(name)/README.md", encoding: .utf8)
            let rows = Row.all(of: readme).filter { !$0.isLeft }
            try #require(!rows.isEmpty)
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await Repository.example(name, backend: backend.url, in: workspace)
            var options: [String] = readme.contains("--enable-functions") ? ["--enable-functions"] : []
            if readme.contains("--endpoint sns=") {
                let sns = try await FakeServer { _ in .status(200, body: #"{"ListTopicsResponse":{}}"#) }
                options += ["--endpoint", "sns=\(sns.url)"]
                try await ask(rows, repository, options)
                #expect(!sns.requests.isEmpty)
                return
            }
            let configuration = ".gatewright/gatewright.conf.yaml"
            if FileManager.default.fileExists(atPath: repository.folder + "/" + configuration) {
                let address = String(backend.url.dropFirst("http://".count))
                try repository.replace(configuration, "127.0.0.1:19090", by: address)
            }
            try await ask(rows, repository, options)
        }

        private func ask(_ rows: [Row], _ repository: Repository, _ options: [String]) async throws {
            let server = try await Server.engine(repository, options)
            try await repository.apply()
            let readme = try repository.read("README.md")
            let api = readme.firstMatch(of: /gatewright show RestApi\/([a-z-]+)/).map { String($0.1) }
            let site = if let api { try await server.site(api) } else { Site?.none }
            for row in rows {
                if let site, row.command.hasPrefix("curl ") { try await expect(row, site, repository) }
                if row.command.hasPrefix("gatewright ") {
                    let id = site?.url.split(separator: "/").dropLast().last.map(String.init) ?? ""
                    let command = row.command.dropFirst("gatewright ".count).replacing(":API/", with: ":\(id)/")
                    let words = command.split(separator: " ").map { String($0.filter { $0 != "'" }) }
                    let said = try await Program.run(
                        "gatewright", words, in: repository.folder, repository.workspace)
                    #expect(said.status == row.exitCode, "\(row.command): \(said)")
                }
            }
        }

        private func expect(_ row: Row, _ site: Site, _ repository: Repository) async throws {
            // The words of a shell, as it takes them apart.
            let command = row.command.dropFirst("curl ".count).replacing("URL", with: site.url)
            let words = try await Program.run(
                "sh", ["-c", "printf '%s\\n' \(command)"], in: repository.folder, repository.workspace)
            var options = words.out.split(separator: "\n").map(String.init)
            let url = try #require(options.firstIndex { $0.hasPrefix("http://") }, "\(row.command)")
            let asked = Site(url: options.remove(at: url), workspace: repository.workspace)
            let answer = try await asked.get("", options.filter { $0 != "-i" && $0 != "-s" })
            #expect(answer.status == row.status ?? answer.status, "\(row.command): \(answer.text)")
            if let body = row.body { #expect(try answer.isJSON(body), "\(row.command): \(answer.text)") }
            #expect(row.status != nil || answer.status < 500, "\(row.command): \(answer.text)")
        }
    }
}
