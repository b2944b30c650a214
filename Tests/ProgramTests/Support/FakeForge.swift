import Foundation
import JSON
import Synchronization

/// A forge of these tests: comments of pull requests and commit statuses, as the three forges document them.
///
/// What does not fit the documentation is answered as the forge would, so that a wrong request fails the test.
final class FakeForge: Sendable {
    enum Kind: String, CaseIterable, Sendable { case github, gitlab, gitea }

    struct Comment: Sendable {
        var id: Int
        var body: String
        var author: String
        var isBot = false
        /// GitLab's notes about what somebody did.
        var isSystem = false
    }

    struct Status: Sendable, Equatable {
        var commit: String
        var context: String
        var state: String
        var description: String
        var url: String?
    }

    private struct State {
        var comments: [Comment] = []
        var statuses: [Status] = []
        var nextID = 1000
        /// Answered instead of anything else, first one first.
        var troubles: [FakeServer.Reply] = []
        var writesAreForbidden = false
        var tellsLogin = true
    }

    static let token = "s3cret-token"
    static let login = "gatewright-bot"

    let kind: Kind
    let server: FakeServer
    private let state: Mutex<State>

    init(_ kind: Kind, comments: [Comment] = []) async throws {
        self.kind = kind
        state = Mutex(State(comments: comments))
        let box = ForgeBox()
        server = try await FakeServer { request in box.forge.withLock { $0.value }?.answer(request) ?? .status(500) }
        box.forge.withLock { $0.value = self }
    }

    private final class ForgeBox: Sendable {
        struct Weak { weak var value: FakeForge? }
        let forge = Mutex(Weak())
    }

    // MARK: What a test sees and sets

    var comments: [Comment] { state.withLock { $0.comments } }
    var statuses: [Status] { state.withLock { $0.statuses } }

    /// The next answers, whatever is asked.
    func trouble(_ replies: FakeServer.Reply...) { state.withLock { $0.troubles += replies } }
    func forbidWrites() { state.withLock { $0.writesAreForbidden = true } }
    /// As for the token of a GitHub Action.
    func hideLogin() { state.withLock { $0.tellsLogin = false } }

    /// Requests that change something: `METHOD PATH`.
    var writes: [String] {
        server.requests.filter { $0.method != "GET" }.map { "\($0.method) \($0.path)" }
    }

    /// The API's address, as the forge's CI gives it.
    var api: String { server.url + (kind == .gitlab ? "/api/v4" : kind == .gitea ? "/api/v1" : "") }

    /// The variables of the forge's CI for pull request 7 of `shop/gateway`.
    var variables: [String: String] {
        switch kind {
        case .github:
            [
                "GITHUB_ACTIONS": "true", "GITHUB_API_URL": api, "GITHUB_REPOSITORY": "shop/gateway",
                "GITHUB_REF": "refs/pull/7/merge", "GITHUB_TOKEN": Self.token,
            ]
        case .gitea:
            [
                "GITHUB_ACTIONS": "true", "GITEA_ACTIONS": "true", "GITHUB_API_URL": api,
                "GITHUB_REPOSITORY": "shop/gateway", "GITHUB_REF": "refs/pull/7/head", "GITEA_TOKEN": Self.token,
            ]
        case .gitlab:
            [
                "GITLAB_CI": "true", "CI_API_V4_URL": api, "CI_PROJECT_ID": "42", "CI_MERGE_REQUEST_IID": "7",
                "GITLAB_TOKEN": Self.token,
            ]
        }
    }

    // MARK: The contract

    private func answer(_ request: FakeServer.Request) -> FakeServer.Reply {
        state.withLock { state in
            if !state.troubles.isEmpty { return state.troubles.removeFirst() }
            guard request.header("User-Agent") != nil else { return Self.refusal(403, "a User-Agent is needed") }
            guard isAuthorized(request) else { return Self.refusal(401, "Bad credentials") }
            if request.method != "GET" {
                guard !state.writesAreForbidden else {
                    return Self.refusal(403, "Resource not accessible by integration")
                }
                guard request.header("Content-Type")?.hasPrefix("application/json") == true else {
                    return Self.refusal(415, "not JSON")
                }
            }
            return route(request, &state)
        }
    }

    private func isAuthorized(_ request: FakeServer.Request) -> Bool {
        switch kind {
        case .github: request.header("Authorization") == "Bearer \(Self.token)"
        case .gitlab: request.header("PRIVATE-TOKEN") == Self.token
        case .gitea: request.header("Authorization") == "token \(Self.token)"
        }
    }

    private func route(_ request: FakeServer.Request, _ state: inout State) -> FakeServer.Reply {
        let base = kind == .gitlab ? "/api/v4" : kind == .gitea ? "/api/v1" : ""
        // GitHub's own address has its API at the root, one of a company below /api/v3.
        let path = request.path.replacing(#/^\/api\/v3/#, with: "")
        let list = kind == .gitlab ? "/projects/42/merge_requests/7/notes" : "/repos/shop/gateway/issues/7/comments"
        let one = kind == .gitlab ? list : "/repos/shop/gateway/issues/comments"
        let status = kind == .gitlab ? "/projects/shop%2Fgateway/statuses/" : "/repos/shop/gateway/statuses/"
        switch (request.method, path) {
        case ("GET", base + "/user"):
            guard state.tellsLogin else { return Self.refusal(403, "Resource not accessible by integration") }
            return .status(200, body: #"{"\#(kind == .gitlab ? "username" : "login")": "\#(Self.login)"}"#)
        case ("GET", base + list): return page(request, state)
        case ("POST", base + list):
            guard let body = Self.body(request) else { return Self.refusal(422, "body is missing") }
            state.nextID += 1
            let comment = Comment(id: state.nextID, body: body, author: Self.login, isBot: true)
            state.comments.append(comment)
            return .status(201, body: document(comment).text(.compact))
        case (kind == .gitlab ? "PUT" : "PATCH", _) where path.hasPrefix(base + one + "/"):
            guard let id = Int(path.dropFirst((base + one + "/").count)),
                let position = state.comments.firstIndex(where: { $0.id == id })
            else { return Self.refusal(404, "Not Found") }
            guard let body = Self.body(request) else { return Self.refusal(422, "body is missing") }
            state.comments[position].body = body
            return .status(200, body: document(state.comments[position]).text(.compact))
        case ("POST", _) where path.hasPrefix(base + status):
            return setStatus(request, commit: String(path.dropFirst((base + status).count)), &state)
        default: return Self.refusal(404, "Not Found")
        }
    }

    private func page(_ request: FakeServer.Request, _ state: State) -> FakeServer.Reply {
        let size = Int(request.query(kind == .gitea ? "limit" : "per_page") ?? "") ?? 30
        let page = Int(request.query("page") ?? "") ?? 1
        let part = state.comments.dropFirst((page - 1) * size).prefix(size)
        return .status(200, body: JSONValue.array(part.map(document)).text(.compact))
    }

    private func document(_ comment: Comment) -> JSONValue {
        let writer: JSONValue = [
            kind == .gitlab ? "username" : "login": .string(comment.author),
            "type": comment.isBot ? "Bot" : "User",
        ]
        return [
            "id": .number(JSONNumber(comment.id)), "body": .string(comment.body),
            kind == .gitlab ? "author" : "user": writer, "system": .bool(comment.isSystem),
        ]
    }

    private func setStatus(
        _ request: FakeServer.Request, commit: String, _ state: inout State
    ) -> FakeServer.Reply {
        let words: Set<String> =
            kind == .gitlab
            ? ["pending", "running", "success", "failed", "canceled"] : ["pending", "success", "failure", "error"]
        guard let document = try? JSONValue(parsing: request.body), let word = document["state"]?.string,
            words.contains(word), let context = document[kind == .gitlab ? "name" : "context"]?.string,
            let description = document["description"]?.string, description.count <= 140,
            commit.wholeMatch(of: #/[0-9a-f]{40}/#) != nil
        else { return Self.refusal(422, "Validation Failed") }
        let before = state.statuses.last { $0.commit == commit && $0.context == context }
        if kind == .gitlab, before?.state == word {
            return Self.refusal(400, "Cannot transition status via :enqueue from :\(word)")
        }
        state.statuses.append(
            Status(
                commit: commit, context: context, state: word, description: description,
                url: document["target_url"]?.string))
        return .status(201, body: "{}")
    }

    private static func body(_ request: FakeServer.Request) -> String? {
        guard let document = try? JSONValue(parsing: request.body), let body = document["body"]?.string, !body.isEmpty
        else { return nil }
        return body
    }

    private static func refusal(_ status: Int, _ message: String) -> FakeServer.Reply {
        .status(status, body: JSONValue.object(["message": .string(message)]).text(.compact))
    }
}
