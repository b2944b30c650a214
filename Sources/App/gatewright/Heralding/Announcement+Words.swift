import Forges
import Reconciling

extension CommitStatus {
    /// What a forge shows after an attempt; nil where there is nothing to show about the commit.
    init?(_ status: EnvironmentStatus, commit: String, link: String?) {
        let state: State
        let description: String
        let problem = status.problem.map { "\($0.code): \($0.message)" }
        switch status.state {
        case .ready:
            state = .success
            description =
                "live" + (status.appliedRevision.map { ", revision \($0)" } ?? "") + Self.digest(status.appliedDigest)
        case .refused: (state, description) = (.failure, problem ?? "refused")
        case .failed: (state, description) = (.error, "tried again: " + (problem ?? "the attempt failed"))
        case .held:
            if status.pendingDigest != nil {
                (state, description) = (.pending, "waits for a consent" + Self.digest(status.pendingDigest))
            } else if let problem {
                (state, description) = (.error, problem)
            } else if status.appliedCommit == commit {
                (state, description) = (.success, "live, and held here")
            } else {
                return nil
            }
        default: return nil
        }
        self.init(
            commit: commit, environment: status.environment, state: state, description: description, targetURL: link)
    }

    private static func digest(_ digest: String?) -> String { digest.map { ", plan \($0.prefix(19))" } ?? "" }
}

extension Notice {
    /// What people are told of an event; nil for what only the history needs.
    init?(_ event: Event, _ revision: Revision?, link: String?) {
        guard let kind = Kind(event, revision) else { return nil }
        self.init(
            kind, environment: event.environment, time: event.time.milliseconds, timeText: event.time.description,
            message: event.message, commit: event.commit)
        subject = revision?.subject
        author = revision?.author
        self.revision = revision.flatMap { $0.number > 0 ? $0.number : nil }
        planDigest = revision?.planDigest
        problemCode = event.problem?.code
        problemMessage = event.problem?.message
        self.link = link
    }

    /// What people are told of an attempt that failed before anything was written; nil for one that did not.
    init?(_ status: EnvironmentStatus, commit: String, link: String?) {
        guard let problem = status.problem, let time = status.lastReconciled else { return nil }
        let kind: Kind
        switch status.state {
        case .failed: kind = .failed
        case .held: kind = .held
        // Mistakes in manifests are an event of the history, once; a restart finds them again.
        case .refused where problem.code != ReconcilingFailure.Code.manifestsInvalid.rawValue: kind = .refused
        default: return nil
        }
        self.init(
            kind, environment: status.environment, time: time.milliseconds, timeText: time.description,
            message: "the attempt could not be made", commit: commit)
        problemCode = problem.code
        problemMessage = problem.message
        self.link = link
    }
}

extension Notice.Kind {
    fileprivate init?(_ event: Event, _ revision: Revision?) {
        switch event.kind {
        case .applied: self = .applied
        case .recovered: self = .recovered
        case .held: self = .held
        case .resumed: self = .resumed
        case .quarantined: self = revision?.outcome == .residue ? .residue : .refused
        case .failed:
            switch revision?.outcome {
            case .residue: self = .residue
            case .rolledBack: self = .rolledBack
            default: self = .failed
            }
        default:
            guard let kind = Self.ofDrift[event.kind.rawValue] else { return nil }
            self = kind
        }
    }

    /// Events of drift by their stored words.
    private static let ofDrift: [String: Notice.Kind] = [
        "driftFound": .driftFound, "driftNotCorrected": .driftFound, "driftCorrected": .driftCorrected,
        "driftGone": .driftCorrected,
    ]
}
