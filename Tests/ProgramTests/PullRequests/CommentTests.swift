import Foundation
import Testing

/// `scripts/pr-comment` against forges that keep to what they document.
@Suite(
    .enabled(
        if: Program.isInstalled("curl") && Program.isInstalled("python3"), "curl or python3 is not installed"))
struct CommentTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    /// Runs the script with a text as its input.
    private func comment(
        _ text: String, on forge: FakeForge, _ arguments: [String] = [], changing changes: [String: String] = [:]
    ) async throws -> Output {
        let file = workspace.path + "/text.md"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        var environment = forge.variables.merging(changes) { $1 }
        environment["PR_COMMENT_RETRY_SECONDS"] = "0.01"
        return try await Program.run(
            Repository.project + "/scripts/pr-comment", arguments + [file], workspace, environment: environment)
    }

    private static let text = "<!-- gatewright:dev -->\n**1 to create** \"ü\" \\n $HOME `x`\n\n<details>\n"

    @Test(
        "the first time a comment is posted, then it is updated, and not touched when nothing changed",
        arguments: FakeForge.Kind.allCases)
    func sticky(kind: FakeForge.Kind) async throws {
        let forge = try await FakeForge(kind)
        let first = try await comment(Self.text, on: forge)
        #expect(first.status == 0, "\(first)")
        #expect(forge.comments.map(\.body) == [Self.text])

        let changed = Self.text.replacing("1 to create", with: "2 to create")
        let second = try await comment(changed, on: forge)
        #expect(second.status == 0 && second.err.contains("updated"), "\(second)")
        #expect(forge.comments.map(\.body) == [changed])

        let third = try await comment(changed, on: forge)
        #expect(third.status == 0 && third.err.contains("already"), "\(third)")
        #expect(forge.writes.count == 2, "\(forge.writes)")
    }

    @Test("our comment is found on the third page", arguments: FakeForge.Kind.allCases)
    func pages(kind: FakeForge.Kind) async throws {
        let size = kind == .gitea ? 50 : 100
        var comments = (1...2 * size + 5).map { FakeForge.Comment(id: $0, body: "talk \($0)", author: "ann") }
        comments.append(FakeForge.Comment(id: 900, body: Self.text + "old", author: FakeForge.login, isBot: true))
        comments.append(FakeForge.Comment(id: 901, body: "more talk", author: "ann"))
        let forge = try await FakeForge(kind, comments: comments)
        let output = try await comment(Self.text, on: forge)
        #expect(output.status == 0, "\(output)")
        #expect(forge.comments.count == comments.count)
        #expect(forge.comments.first { $0.id == 900 }?.body == Self.text)
    }

    @Test(
        "other people's comments are left alone, also those that carry or quote our marker",
        arguments: FakeForge.Kind.allCases, [true, false])
    func others(kind: FakeForge.Kind, tellsLogin: Bool) async throws {
        // Without a login only GitHub tells whose comment it is.
        guard tellsLogin || kind == .github else { return }
        let comments = [
            FakeForge.Comment(id: 1, body: Self.text + "mine now", author: "mallory"),
            FakeForge.Comment(id: 2, body: "> " + Self.text, author: FakeForge.login, isBot: true),
            FakeForge.Comment(id: 3, body: "see\n" + Self.text, author: "ann"),
            FakeForge.Comment(id: 4, body: "<!-- gatewright:prod -->\nother", author: FakeForge.login, isBot: true),
            FakeForge.Comment(id: 5, body: Self.text, author: FakeForge.login, isBot: true, isSystem: true),
        ]
        let forge = try await FakeForge(kind, comments: comments)
        if !tellsLogin { forge.hideLogin() }
        for body in [Self.text, Self.text + "again"] {
            let output = try await comment(body, on: forge)
            #expect(output.status == 0, "\(output)")
        }
        #expect(forge.comments.prefix(5).map(\.body) == comments.map(\.body))
        #expect(forge.comments.dropFirst(5).map(\.body) == [Self.text + "again"])
    }

    @Test("a text without a marker is given one, and --marker names another comment")
    func markers() async throws {
        let forge = try await FakeForge(.github)
        for (text, arguments) in [("one", []), ("two", []), (Self.text, ["--marker", "b"]), ("c", ["--marker", "b"])] {
            let output = try await comment(text, on: forge, arguments)
            #expect(output.status == 0, "\(output)")
        }
        #expect(forge.comments.map(\.body) == ["<!-- gatewright:comment -->\ntwo", "<!-- gatewright:b -->\nc"])
    }

    @Test("a dry run writes nothing and prints what would be posted")
    func dryRun() async throws {
        let forge = try await FakeForge(.gitlab)
        let output = try await comment(Self.text, on: forge, ["--dry-run"])
        #expect(output.status == 0 && output.out == Self.text && output.err.contains("would post"), "\(output)")
        #expect(forge.writes.isEmpty && forge.comments.isEmpty)
    }

    @Test("a forge that is down for a moment is asked again, and a comment whose answer was lost is not posted twice")
    func retries() async throws {
        let forge = try await FakeForge(.github)
        forge.trouble(.status(502), .status(503, body: "<html>"), .hangUp)
        let output = try await comment(Self.text, on: forge)
        #expect(output.status == 0, "\(output)")
        #expect(forge.comments.map(\.body) == [Self.text])

        let down = try await FakeForge(.github)
        down.trouble(.status(429), .status(429), .status(429), .status(429), .status(429), .status(429), .status(429))
        down.trouble(.status(429), .status(429), .status(429))
        let given = try await comment(Self.text, on: down)
        #expect(given.status == 1 && given.err.contains("429") && given.err.contains("given up"), "\(given)")
    }

    @Test(
        "a token that is not valid, or may not write, is told apart and explained", arguments: FakeForge.Kind.allCases)
    func refusals(kind: FakeForge.Kind) async throws {
        let forge = try await FakeForge(kind)
        let wrong = try await comment(Self.text, on: forge, changing: ["PR_COMMENT_TOKEN": "other"])
        #expect(wrong.status == 1 && wrong.err.contains("401") && wrong.err.contains("not valid"), "\(wrong)")
        #expect(!wrong.all.contains("other\n") && !wrong.all.contains(FakeForge.token))

        forge.forbidWrites()
        let forbidden = try await comment(Self.text, on: forge)
        #expect(forbidden.status == 1 && forbidden.err.contains("pull-requests: write"), "\(forbidden)")

        let unknown = try await comment(Self.text, on: forge, ["--number", "8"])
        #expect(unknown.status == 1 && unknown.err.contains("no pull request 8"), "\(unknown)")
        #expect(forge.comments.isEmpty)
        // A refusal is not tried again.
        #expect(forge.writes.count == 1)
    }

    @Test("the pull request's number is also read from the event")
    func event() async throws {
        let forge = try await FakeForge(.github)
        let file = workspace.path + "/event.json"
        try #"{"pull_request": {"number": 7}}"#.write(toFile: file, atomically: true, encoding: .utf8)
        let output = try await comment(
            Self.text, on: forge, changing: ["GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_PATH": file])
        #expect(output.status == 0 && forge.comments.count == 1, "\(output)")
    }

    @Test("a call that cannot work is refused before anything is sent")
    func usage() async throws {
        let forge = try await FakeForge(.github)
        let cases: [([String], [String: String], String)] = [
            (["--token", "x"], [:], "can be read by everybody"), (["--frobnicate"], [:], "no option"),
            (["--number"], [:], "is no number"), (["--number", "seven"], [:], "no number"),
            ([], ["GITHUB_TOKEN": ""], "no token"), ([], ["GITHUB_ACTIONS": ""], "no CI was recognised"),
            (["--forge", "bitbucket"], [:], "not known"), (["--repo", "shop"], [:], "not OWNER/NAME"),
            (["--repo", "shop/../x"], [:], "not OWNER/NAME"), (["--api", "nowhere"], [:], "no URL"),
            (["--marker", "-->"], [:], "no name of a marker"), ([], ["GITHUB_TOKEN": "a\nb"], "line break"),
        ]
        for (arguments, changes, message) in cases {
            let output = try await comment(Self.text, on: forge, arguments, changing: changes)
            #expect(output.status == 64 && output.err.contains(message), "\(arguments) \(changes): \(output)")
        }
        for (text, message) in [("", "empty"), (" \n", "empty"), (String(repeating: "x", count: 65_600), "65,536")] {
            let output = try await comment(text, on: forge)
            #expect(output.status == 1 && output.err.contains(message), "\(output)")
        }
        #expect(forge.server.requests.isEmpty)
    }

    @Test("the token is on no command line and in no file")
    func secrecy() async throws {
        let script = try String(contentsOfFile: Repository.project + "/scripts/pr-comment", encoding: .utf8)
        for line in script.split(separator: "\n") where line.contains("$header") {
            #expect(line.contains("printf") && line.contains("| curl --config -"), "\(line)")
        }
        let forge = try await FakeForge(.github)
        // A trace of all commands that are not part of the shell.
        let output = try await comment(Self.text, on: forge, changing: ["PATH": try await spies()])
        #expect(output.status == 0, "\(output)")
        let calls = try String(contentsOfFile: workspace.path + "/calls", encoding: .utf8)
        #expect(calls.contains("curl") && calls.contains("python3") && !calls.contains(FakeForge.token), "\(calls)")
    }

    /// A PATH whose curl and python3 write down how they were called.
    ///
    /// Another process makes them: what this one has open for writing, a child of another test may still have, and then
    /// nobody can run it.
    private func spies() async throws -> String {
        let path = workspace.environment["PATH"] ?? ""
        let folder = try workspace.folder("spies")
        for name in ["curl", "python3"] {
            let script = """
                #!/bin/sh
                printf '%s\\n' "\(name) $*" >>'\(workspace.path)/calls'
                PATH='\(path)' exec \(name) "$@"
                """
            try script.write(toFile: folder + "/text", atomically: true, encoding: .utf8)
            let made = try await Program.run(
                "/usr/bin/install", ["-m", "755", folder + "/text", folder + "/" + name], workspace)
            #expect(made.status == 0, "\(made)")
        }
        return folder + ":" + path
    }
}
