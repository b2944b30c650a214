import Foundation
import JSON
import Testing

extension Acceptance {
    /// Every block of commands in README.md, in docs and in the examples' READMEs, run as it is written there.
    @Suite struct DocumentedCommandTests {
        /// Blocks that no test runs, each with the reason.
        private static let left = [
            "README.md: make run": "it builds the project; `make smoke` runs the same demo by itself",
            "docs/access.md: Access, as": "the beginning of a plan",
            "docs/architecture.md: Sources/ Vocabulary/": "a picture of the folders",
            "docs/architecture.md: ref ->": "a picture of the stages",
            "docs/architecture.md: gatewright validate": "a synopsis, with brackets",
            "docs/takeovers.md: gatewright export":
                "of an account that is there: ExportObjectsTests makes one and does the same",
            "docs/drift.md: gatewright drift": "a synopsis, with brackets",
            "docs/drift.md: { \"format\":": "the shape of a document",
        ]

        /// Commands of blocks that are run, which need what a test has not.
        private static let leftCommands = [
            "useradd": "makes a user of this machine", "install": "belongs to that user's group",
            "systemctl": "needs systemd as the first process",
        ]

        private static let run = [
            "README.md: gatewright init", "README.md: AWS_SHARED_CREDENTIALS_FILE=.gatewright/credentials aws",
            "docs/backup.md: gatewright state", "docs/operations.md: useradd --system",
            "docs/policies.md: gatewright why",
            "docs/iam.md: export AWS_SHARED_CREDENTIALS_FILE=.gatewright/credentials",
        ]

        @Test("each block is run by a test here, or is left out with a reason")
        func known() throws {
            var pages = ["README.md"]
            let docs = try FileManager.default.contentsOfDirectory(atPath: Repository.project + "/docs")
            pages += docs.filter { $0.hasSuffix(".md") }.sorted().map { "docs/" + $0 }
            let runbooks = try FileManager.default.contentsOfDirectory(atPath: Repository.project + "/docs/runbooks")
            pages += runbooks.filter { $0.hasSuffix(".md") }.sorted().map { "docs/runbooks/" + $0 }
            var found: [String] = []
            for page in pages { found += try ShellBlock.all(of: page).map(\.name) }
            #expect(Set(found) == Set(Self.left.keys).union(Self.run))
            for name in Self.examples {
                let names = try ShellBlock.all(of: "examples/\(name)/README.md").map(\.name)
                #expect(names.last?.hasSuffix("cp -R") == true && names.count <= 2, "\(names)")
                #expect(names.count < 2 || names[0].hasSuffix("petstore-stub --port"), "\(names)")
            }
        }

        static var examples: [String] { ExampleTests.names + ["environments"] }

        @Test("the tour of README.md goes from an empty folder to a commit that is live")
        func tour() async throws {
            let shell = try Shell()
            let blocks = try ShellBlock.all(of: "README.md").filter { Self.run.contains($0.name) }
            let output = try await shell.run(blocks[0].lines.dropLast())
            for words in [
                "valid: environment `dev`", "7 to create", "Method/hello GET /hello", "dev: no drift", "Say Ahoy",
                "rolled back to revision 1",
            ] { #expect(output.out.contains(words), "no `\(words)` in \(output)") }

            let folder = shell.folder + "/shop"
            let serve = try shell.start(try #require(blocks[0].lines.last), in: folder)
            let management = try await shell.address("management", in: folder, serve)
            #expect(try await shell.greeting(in: folder).contains("Hello from stage test"))
            if Program.isInstalled("aws") {
                let apis = try await shell.run(
                    blocks[1].lines.map { $0.replacing("127.0.0.1:4600", with: management) }, in: folder)
                #expect(apis.out.contains("\"name\": \"hello\""), "\(apis)")
                let users = try #require(try ShellBlock.all(of: "docs/iam.md").first)
                let caller = try await shell.run(
                    users.lines.map { $0.replacing("127.0.0.1:4600", with: management) }, in: folder)
                #expect(caller.out.contains("\"Arn\": \"arn:aws:iam::123456789012:root\""), "\(caller)")
            }
            _ = try await shell.run(
                ["sed -i s/Ahoy/Moin/ apis/hello.openapi.yaml && git commit -qam \"Say Moin\""], in: folder)
            try await until("the commit to be live") {
                let greeting = try await shell.greeting(in: folder)
                return (greeting.contains("Moin from stage test") ? () : nil, greeting + serve.output.all)
            }
            try await shell.stop(serve)
        }

        @Test("the commands of an example's README start what it says", arguments: examples)
        func example(_ name: String) async throws {
            let shell = try Shell()
            let blocks = try ShellBlock.all(of: "examples/\(name)/README.md")
            // On a free port: others may run beside this test. What has no API has no backend.
            let backend = try blocks.dropLast().first.map { block in
                try shell.start(block.lines[0].replacing("19090", with: "0"), in: shell.folder)
            }
            if let backend {
                try await until("the backend to listen") {
                    (backend.output.out.contains("http://") ? () : nil, backend.output.all)
                }
            }
            let block = try #require(blocks.last)
            _ = try await shell.run(block.lines.dropLast())
            let folder = shell.folder + "/\(name)-demo"
            let server = try shell.start(try #require(block.lines.last), in: folder)
            _ = try await shell.address("management", in: folder, server)
            let valid = try await shell.run(["gatewright validate"], in: folder)
            #expect(valid.out.contains("valid: environment"), "\(valid)")
            try await shell.stop(server)
            backend?.signal(SIGTERM)
            try await backend?.end(within: Limits.shutdownSecondsMax)
        }

        @Test("a backup is made while serve works, and is restored into an empty data directory")
        func backup() async throws {
            let shell = try Shell()
            let block = try #require(try ShellBlock.all(of: "docs/backup.md").first)
            let lines = block.lines.map { $0.replacing("/backup/", with: shell.folder + "/backup-") }
            _ = try await shell.run([
                "gatewright init shop && cd shop && git init -q -b main && git add . && git commit -qm Start",
                "gatewright apply --yes",
            ])
            let folder = shell.folder + "/shop"
            let server = try shell.start("gatewright serve", in: folder)
            _ = try await shell.address("management", in: folder, server)
            _ = try await shell.run(lines.prefix(1), in: folder)
            try await shell.stop(server)
            let restored = shell.folder + "/restored"
            _ = try await shell.run(lines.dropFirst(), in: folder, ["GATEWRIGHT_DATA_DIR": restored])
            let plan = try await shell.run(["gatewright plan"], in: folder, ["GATEWRIGHT_DATA_DIR": restored])
            #expect(plan.out.contains("dev: no changes"), "\(plan)")
        }

        @Test("the question of docs/policies.md is answered as it says")
        func why() async throws {
            let shell = try Shell()
            let block = try #require(try ShellBlock.all(of: "docs/policies.md").first)
            _ = try await shell.run([
                """
                mkdir manifests
                printf '%s' '{"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
                  {"Sid": "call", "Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}]}' >dev.json
                printf 'apiVersion: gatewright/v1\\nkind: Group\\nmetadata: { name: dev }\\nspec:\\n  inlinePolicies:\\n' \
                  >manifests/group.yaml
                printf '    a: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: sns:Publish, Resource: "*" }] }\\n' \
                  >>manifests/group.yaml
                printf 'Version: "2012-10-17"\\nStatement:\\n  - Effect: Deny\\n    Principal: "*"\\n' >api.yaml
                printf '    Action: execute-api:Invoke\\n    Resource: "*"\\n' >>api.yaml
                printf '    Condition: { NotIpAddress: { "aws:SourceIp": 203.0.113.0/24 } }\\n' >>api.yaml
                """
            ])
            let output = try await shell.run(block.lines)
            #expect(
                output.out.contains("allowed by statement 2 (call) of `dev.json`, an identity policy"), "\(output)")
            #expect(output.out.contains("dev.json:3:"), "\(output)")
        }

        @Test("the set-up of the service ends with a doctor that finds nothing")
        func setUp() async throws {
            let remote = try await Remote.hello()
            let (_, port) = try await remote.daemon()

            let shell = try Shell()
            let block = try #require(try ShellBlock.all(of: "docs/operations.md").first)
            let etc = try shell.workspace.folder("etc")
            let lines = block.lines.filter { line in !Self.leftCommands.keys.contains { line.hasPrefix($0 + " ") } }
            #expect(lines.count == 3)
            let url = "git://127.0.0.1:\(port)/team/api.git"
            let output = try await shell.run(
                lines.map {
                    $0.replacing("/etc/gatewright", with: etc).replacing("/var/lib", with: shell.folder + "/var")
                        .replacing("https://git.example.com/team/apis.git", with: url)
                        .replacing("runuser -u gatewright -- ", with: "")
                })
            #expect(output.out.contains("ok    configuration: environments dev"), "\(output)")
            let variables = try String(contentsOfFile: etc + "/environment", encoding: .utf8)
            #expect(variables == "GATEWRIGHT_REPOSITORY=\(url)\n")
        }
    }
}

/// Commands between three backticks on a page.
struct ShellBlock {
    /// The page, and the first two words.
    let name: String
    /// One command each, continued lines joined.
    let lines: [String]

    static func all(of page: String) throws -> [ShellBlock] {
        let text = try String(contentsOfFile: Repository.project + "/" + page, encoding: .utf8)
        var blocks: [ShellBlock] = []
        var open: (language: Substring, lines: [String])?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("```") else {
                open?.lines.append(String(line))
                continue
            }
            guard let block = open else {
                open = (line.dropFirst(3), [])
                continue
            }
            open = nil
            guard ["", "sh", "bash", "console"].contains(block.language) else { continue }
            let joined = block.lines.joined(separator: "\n").replacing("\\\n", with: " ")
            let words = joined.split(whereSeparator: \.isWhitespace).prefix(2).joined(separator: " ")
            blocks.append(
                ShellBlock(name: "\(page): \(words)", lines: joined.split(separator: "\n").map(String.init)))
        }
        return blocks
    }
}

/// A terminal of a user who has the built programs on the path, and the examples in the current folder.
private struct Shell {
    let workspace: Workspace
    let folder: String
    private var variables: [String: String]

    init() throws {
        workspace = try Workspace()
        folder = try workspace.folder("terminal")
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/examples", withDestinationPath: Repository.project + "/examples")
        let products = URL(filePath: Program.product("gatewright")).deletingLastPathComponent().path()
        variables = [
            "PATH": products + ":" + (workspace.environment["PATH"] ?? ""),
            // What commands leave to defaults, free ports here.
            "GATEWRIGHT_LISTENERS_MANAGEMENT": "127.0.0.1:0", "GATEWRIGHT_LISTENERS_DATA": "127.0.0.1:0",
            "GATEWRIGHT_LISTENERS_CONTROLLER": "127.0.0.1:0",
        ]
        for role in ["AUTHOR", "COMMITTER"] {
            variables["GIT_\(role)_NAME"] = "Ann"
            variables["GIT_\(role)_EMAIL"] = "ann@example.com"
        }
    }

    /// Runs commands one after the other, as one script that ends at the first that fails; it must not.
    func run(
        _ lines: some Sequence<String>, in folder: String? = nil, _ more: [String: String] = [:],
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> Output {
        let output = try await Program.run(
            "bash", ["-euo", "pipefail", "-c", lines.joined(separator: "\n")], in: folder ?? self.folder, workspace,
            environment: variables.merging(more) { $1 })
        try #require(output.status == 0, "\(output)", sourceLocation: location)
        return output
    }

    /// A command that goes on until it is ended.
    func start(_ line: String, in folder: String) throws -> Program {
        try Program("bash", ["-c", "exec " + line], in: folder, workspace, environment: variables)
    }

    func stop(_ program: Program) async throws {
        program.signal(SIGTERM)
        let end = try await program.end(within: Limits.shutdownSecondsMax)
        #expect(end.status == 0, "\(end)")
    }

    /// HOST:PORT of a listener, once all of them are there.
    func address(_ listener: String, in folder: String, _ program: Program) async throws -> String {
        try await until("the listeners") {
            try #require(program.isRunning, "\(program.output)")
            guard let bytes = FileManager.default.contents(atPath: folder + "/.gatewright/listeners.json") else {
                return (nil, program.output.all)
            }
            return (try JSONValue(parsing: Array(bytes))[listener]?.string, program.output.all)
        }
    }

    /// What the API `hello` says.
    func greeting(in folder: String) async throws -> String {
        let shown = try await run(["gatewright show RestApi/hello"], in: folder)
        let words = shown.out.split(whereSeparator: \.isWhitespace).map(String.init)
        let url = try #require(words.first { $0.hasPrefix("http://") && $0.hasSuffix("/test") }, "\(shown)")
        return try await Site(url: url, workspace: workspace).get("/hello").body
    }
}
