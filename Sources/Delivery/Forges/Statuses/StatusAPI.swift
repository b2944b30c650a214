import HTTPTypes
import JSON

/// A repository's commit statuses at a forge.
///
/// SOURCE: GitHub REST API 2022-11-28, "Create a commit status"; GitLab API v4, "Set the pipeline status of a commit";
/// Gitea API v1, `repoCreateStatus`: read 2026-11.
package struct StatusAPI: Sendable {
    private let forge: Forge
    private let address: WebAddress
    private let project: String

    /// - Parameters:
    ///   - url: The forge's API. Of a URL without a path, the path is the forge's usual one; nil is the forge's public
    ///     address, which Gitea does not have.
    ///   - project: `owner/name`; of GitLab also `group/subgroup/name` or a number.
    /// - Throws: `forge.bad-url`, `forge.bad-project`.
    package init(_ forge: Forge, url: String?, project: String) throws(ForgeFailure) {
        self.forge = forge
        guard let url = url ?? forge.publicAPI else {
            throw ForgeFailure(.badURL, "\(forge.name) has no public address: `statuses.url` is needed")
        }
        var address = try WebAddress(url)
        if address.path.isEmpty, address.authority != "api.github.com" { address.path = forge.apiPath }
        self.address = address
        let parts = project.split(separator: "/", omittingEmptySubsequences: false)
        let isNumber = forge == .gitlab && parts.count == 1 && parts[0].utf8.allSatisfy { (48...57).contains($0) }
        let isPath = forge == .gitlab ? parts.count >= 2 : parts.count == 2
        guard isPath || isNumber, parts.allSatisfy({ Self.isName($0) }) else {
            throw ForgeFailure(.badProject, "`\(project)` is not `OWNER/NAME`")
        }
        self.project = forge == .gitlab ? parts.joined(separator: "%2F") : project
    }

    /// The request that sets a status.
    package func message(_ status: CommitStatus, token: String) -> Message {
        var fields = HTTPFields()
        fields[.contentType] = "application/json"
        var body: JSONObject = ["state": .string(word(status.state)), "description": .string(status.description)]
        body["target_url"] = status.targetURL.map { .string($0) }
        let path: String
        switch forge {
        case .github:
            path = "/repos/\(project)/statuses/\(status.commit)"
            fields[.authorization] = "Bearer \(token)"
            fields[.accept] = "application/vnd.github+json"
            fields[.githubAPIVersion] = "2022-11-28"
            body["context"] = .string(status.context)
        case .gitlab:
            path = "/projects/\(project)/statuses/\(status.commit)"
            fields[.gitlabPrivateToken] = token
            body["name"] = .string(status.context)
        case .gitea:
            path = "/repos/\(project)/statuses/\(status.commit)"
            fields[.authorization] = "token \(token)"
            body["context"] = .string(status.context)
        }
        return Message(
            request: address.request(.post, below: path, fields: fields), body: JSONValue.object(body).bytes(.compact))
    }

    private func word(_ state: CommitStatus.State) -> String {
        guard forge == .gitlab else { return state.rawValue }
        return switch state {
        case .pending: "pending"
        case .success: "success"
        case .failure, .error: "failed"
        }
    }

    private static func isName(_ text: Substring) -> Bool {
        guard !text.isEmpty, text != ".", text != ".." else { return false }
        return text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45
                || byte == 46
                || byte == 95
        }
    }
}

extension StatusAPI {
    /// What an answer of the forge means.
    package func outcome(of reply: Message.Reply) -> SendOutcome {
        // GitLab refuses to set the state that a status has already.
        let text = String(decoding: reply.body.prefix(2_000), as: UTF8.self)
        if forge == .gitlab, reply.response.status.code == 400, text.contains("Cannot transition status") {
            return .taken
        }
        return reply.outcome
    }
}

extension Forge {
    fileprivate var publicAPI: String? {
        switch self {
        case .github: "https://api.github.com"
        case .gitlab: "https://gitlab.com"
        case .gitea: nil
        }
    }

    fileprivate var apiPath: String {
        switch self {
        case .github: "/api/v3"
        case .gitlab: "/api/v4"
        case .gitea: "/api/v1"
        }
    }
}

extension HTTPField.Name {
    fileprivate static let githubAPIVersion = known("X-GitHub-Api-Version")
    fileprivate static let gitlabPrivateToken = known("PRIVATE-TOKEN")
}
