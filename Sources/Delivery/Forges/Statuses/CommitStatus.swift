package import JSON

/// What a forge shows beside a commit about one environment.
package struct CommitStatus: Sendable, Equatable {
    /// The words of GitHub; others have other words for the same.
    package enum State: String, Sendable, CaseIterable {
        case pending
        case success
        /// The commit is to blame: it was refused.
        case failure
        /// Something else is to blame; it is tried again, or a person is needed.
        case error
    }

    /// 40 or 64 hex digits.
    package var commit: String
    package var environment: String
    package var state: State
    /// One line; shortened to what a forge takes.
    package var description: String
    /// Where to read on; nil where the controller has no address that others reach.
    package var targetURL: String?

    package init(
        commit: String, environment: String, state: State, description: String, targetURL: String? = nil
    ) {
        self.commit = commit
        self.environment = environment
        self.state = state
        let line = description.split(whereSeparator: \.isNewline).joined(separator: " ")
        let isLong = line.count > Limits.descriptionCharactersMax
        self.description = isLong ? line.prefix(Limits.descriptionCharactersMax - 1) + "…" : line
        self.targetURL = targetURL
    }

    /// What a forge tells statuses of one commit apart by.
    package var context: String { "gatewright/\(environment)" }
}

extension CommitStatus: Letter {
    /// The newest status of a commit and an environment stands for all before it.
    package var key: String { "\(commit) \(environment)" }

    package var document: JSONValue {
        var document: JSONObject = [
            "commit": .string(commit), "environment": .string(environment), "state": .string(state.rawValue),
            "description": .string(description),
        ]
        document["targetURL"] = targetURL.map { .string($0) }
        return .object(document)
    }

    package init?(_ document: JSONValue) {
        guard let commit = document["commit"]?.string, let environment = document["environment"]?.string,
            let state = document["state"]?.string.flatMap(State.init(rawValue:)),
            let description = document["description"]?.string
        else { return nil }
        self.init(
            commit: commit, environment: environment, state: state, description: description,
            targetURL: document["targetURL"]?.string)
    }
}
