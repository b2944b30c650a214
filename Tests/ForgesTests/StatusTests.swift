import Diagnostics
import HTTPTypes
import JSON
import Testing

@testable import Forges

/// The requests that set commit statuses, against what the forges' documentation asks for.
@Suite("Commit statuses")
struct StatusTests {
    static let commit = "6113728f27ae82c7b1a177c8d03f9e96e0adf246"

    private func status(_ state: CommitStatus.State, description: String = "fine", url: String? = nil) -> CommitStatus {
        CommitStatus(
            commit: Self.commit, environment: "prod", state: state, description: description, targetURL: url)
    }

    private func field(_ message: Message, _ name: String) -> String? {
        message.request.headerFields[.known(name)]
    }

    @Test("GitHub's status has its path, its headers and its words")
    func github() throws {
        let api = try StatusAPI(.github, url: nil, project: "shop/gate.way")
        let message = api.message(status(.error, url: "https://gw.example.com/status"), token: "t0ken")
        #expect(message.request.method == .post && message.request.scheme == "https")
        #expect(message.request.authority == "api.github.com")
        #expect(message.request.path == "/repos/shop/gate.way/statuses/\(Self.commit)")
        #expect(field(message, "Authorization") == "Bearer t0ken")
        #expect(field(message, "Accept") == "application/vnd.github+json")
        #expect(field(message, "X-GitHub-Api-Version") == "2022-11-28")
        let expected: JSONValue = [
            "state": "error", "description": "fine", "context": "gatewright/prod",
            "target_url": "https://gw.example.com/status",
        ]
        #expect(try JSONValue(parsing: message.body) == expected)
    }

    @Test("GitLab's status has its words, and the project's path as one segment")
    func gitlab() throws {
        let api = try StatusAPI(.gitlab, url: "https://git.example.com", project: "shop/team/gateway")
        let message = api.message(status(.error), token: "t0ken")
        #expect(message.request.authority == "git.example.com")
        #expect(message.request.path == "/api/v4/projects/shop%2Fteam%2Fgateway/statuses/\(Self.commit)")
        #expect(field(message, "PRIVATE-TOKEN") == "t0ken" && field(message, "Authorization") == nil)
        let expected: JSONValue = ["state": "failed", "description": "fine", "name": "gatewright/prod"]
        #expect(try JSONValue(parsing: message.body) == expected)
        let words = try CommitStatus.State.allCases.map {
            try JSONValue(parsing: api.message(status($0), token: "").body)["state"]?.string
        }
        #expect(words == ["pending", "success", "failed", "failed"])
        let numbered = try StatusAPI(.gitlab, url: nil, project: "4711").message(status(.pending), token: "")
        #expect(numbered.request.path == "/api/v4/projects/4711/statuses/\(Self.commit)")
    }

    @Test("Gitea's status is below its API, wherever that is")
    func gitea() throws {
        for (url, path) in [
            ("https://git.example.com", "/api/v1"), ("http://git.example.com:3000/", "/api/v1"),
            ("https://example.com/git/api/v1/", "/git/api/v1"),
        ] {
            let message = try StatusAPI(.gitea, url: url, project: "shop/gateway").message(status(.failure), token: "t")
            #expect(message.request.path == "\(path)/repos/shop/gateway/statuses/\(Self.commit)")
            #expect(field(message, "Authorization") == "token t")
            #expect(try JSONValue(parsing: message.body)["state"] == "failure")
        }
    }

    @Test("a URL or a project that is none is refused, without what may be secret in it")
    func refusals() throws {
        func code(_ forge: Forge, _ url: String?, _ project: String) -> ForgeFailure? {
            do throws(ForgeFailure) {
                _ = try StatusAPI(forge, url: url, project: project)
                return nil
            } catch {
                return error
            }
        }
        for url in [
            "", "git.example.com", "ftp://x", "https://", "https://a b", "https://user:pass@x/", "https://x/#y",
        ] {
            let failure = code(.github, url, "a/b")
            #expect(failure?.code == .badURL, "\(url)")
        }
        #expect(code(.github, "nonsense/secret-path/x/y", "a/b")?.message.contains("x/y") == false)
        #expect(code(.gitea, nil, "a/b")?.code == .badURL)
        for project in ["", "gateway", "/gateway", "shop/", "shop/../x", "a/b/c", "shop/gate way", "shop/a?b"] {
            #expect(code(.github, nil, project)?.code == .badProject, "\(project)")
        }
        #expect(code(.gitlab, nil, "gateway")?.code == .badProject)
        #expect(code(.gitlab, nil, "a/b/c") == nil)
    }

    @Test("a description is one line, as long as GitHub takes")
    func description() {
        #expect(status(.failure, description: "one\ntwo\r\nthree").description == "one two three")
        let exact = String(repeating: "ü", count: Limits.descriptionCharactersMax)
        #expect(status(.failure, description: exact).description == exact)
        let long = status(.failure, description: exact + "x").description
        #expect(long.count == Limits.descriptionCharactersMax && long.hasSuffix("…"))
    }

    @Test("a status that was kept is the same when it is read again")
    func kept() throws {
        for state in CommitStatus.State.allCases {
            let before = status(state, url: state == .success ? "https://x/" : nil)
            #expect(CommitStatus(try JSONValue(parsing: before.document.text(.compact))) == before)
        }
        #expect(CommitStatus(["commit": "x"]) == nil)
        #expect(CommitStatus(["commit": "x", "environment": "e", "state": "great", "description": ""]) == nil)
    }

    @Test(
        "an answer is taken, tried again or final, by HTTP's rules",
        arguments: [
            (200, "taken"), (201, "taken"), (204, "taken"), (301, "refused"), (302, "refused"), (400, "refused"),
            (401, "refused"), (403, "refused"), (404, "refused"), (408, "later"), (422, "refused"), (425, "later"),
            (429, "later"), (500, "later"), (502, "later"), (503, "later"),
        ])
    func answers(code: Int, what: String) {
        let outcome = SendOutcome(HTTPResponse(status: .init(code: code)), Array("because\nof this".utf8))
        switch outcome {
        case .taken: #expect(what == "taken")
        case .later(let pause, let why): #expect(what == "later" && pause == nil && why.hasSuffix("\(code): because"))
        case .refused(let why): #expect(what == "refused" && why.contains("\(code)"))
        }
    }

    @Test("a receiver that says when to come again is heard, within reason")
    func retryAfter() {
        func pause(_ code: Int, _ fields: HTTPFields) -> Duration? {
            guard
                case .later(let pause, _) = SendOutcome(
                    HTTPResponse(status: .init(code: code), headerFields: fields), [])
            else { return nil }
            return pause
        }
        #expect(pause(429, [.retryAfter: "30"]) == .seconds(30))
        #expect(pause(503, [.retryAfter: "999999999999"]) == .seconds(3600))
        #expect(pause(503, [.retryAfter: "-1"]) == .zero)
        #expect(pause(503, [.retryAfter: "Fri, 31 Dec 1999 23:59:59 GMT"]) == nil)
        #expect(pause(403, [HTTPField.Name("X-RateLimit-Remaining")!: "0"]) == .seconds(60))
        #expect(pause(403, [.retryAfter: "60"]) == .seconds(60))
    }

    @Test("GitLab's refusal of a state that is set already is no refusal")
    func sameState() throws {
        let body = Array(#"{"message":"Cannot transition status via :enqueue from :pending"}"#.utf8)
        let reply = Message.Reply(response: HTTPResponse(status: .badRequest), body: body)
        #expect(try StatusAPI(.gitlab, url: nil, project: "a/b").outcome(of: reply) == .taken)
        #expect(try StatusAPI(.github, url: nil, project: "a/b").outcome(of: reply) != .taken)
    }

    @Test("a status that says nothing new is not sent again, however often an attempt is made")
    func memory() {
        var memory = StatusMemory()
        func sends(_ status: CommitStatus, beginning: Bool = false) -> Bool {
            memory.isNews(status, isBeginning: beginning)
        }
        #expect(sends(status(.pending), beginning: true))
        #expect(sends(status(.error)))
        #expect(!sends(status(.pending), beginning: true) && !sends(status(.error)))
        #expect(sends(status(.error, description: "worse")))
        #expect(sends(status(.success)) && !sends(status(.success)))
        // Another commit, then this one again.
        var other = status(.pending)
        other.commit = String(repeating: "b", count: 40)
        #expect(sends(other, beginning: true))
        #expect(sends(status(.pending), beginning: true))
        // Another environment has statuses of its own.
        other.environment = "dev"
        #expect(sends(other, beginning: true))
    }
}
