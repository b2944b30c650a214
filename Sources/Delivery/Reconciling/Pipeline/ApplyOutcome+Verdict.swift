package import Applying
package import Diagnostics

/// What follows from how an attempt ended; pure, so that every case is listed once.
package enum Verdict: Sendable, Equatable {
    /// The target is at the commit.
    case ready
    /// The target was not what the plan was made from: it is read, and planned again.
    case planAgain
    /// The commit is not tried again; a newer one is.
    case awaitCommit(Problem)
    /// The commit is tried again once a person agreed to the plan of this digest.
    case awaitConsent(digest: String)
    /// The same commit is tried again, after this at least.
    case retry(Problem, after: Duration)
    /// A person is needed; tried again now and then, in case that the person did it.
    case askOperator(Problem)
    /// Asked to stop.
    case stopped
}

extension Verdict {
    /// What follows from a failure, as where it was understood decided.
    package init(_ failure: any Failure) {
        let problem = Problem(failure)
        switch failure.recovery {
        case .retry(let pause): self = .retry(problem, after: pause)
        case .observeFirst: self = .retry(problem, after: .zero)
        case .awaitCommit: self = .awaitCommit(problem)
        case .askOperator: self = .askOperator(problem)
        }
    }

    package init(_ outcome: ApplyOutcome) {
        switch outcome {
        case .done: self = .ready
        case .stale: self = .planAgain
        case .rolledBack(let report), .residue(let report): self = Self.after(report)
        case .held(let report): self = .askOperator(Problem(report))
        case .interrupted(_, let failure):
            let isStop = (failure as? ApplyFailure)?.code == .stopped || (failure as? ApplyFailure)?.code == .cancelled
            self = isStop ? .stopped : .retry(Problem(failure), after: .zero)
        case .leaseHeld(let failure): self = Verdict(failure)
        case .notStarted(let failure): self = Verdict(failure)
        }
    }

    private static func after(_ report: ApplyReport) -> Verdict {
        let problem = Problem(report)
        switch report.cause?.kind {
        case .refused: return mayPass.contains(problem.code) ? .retry(problem, after: .zero) : .awaitCommit(problem)
        // The same commit would only be flipped to and back again.
        case .probed: return .awaitCommit(problem)
        case .changed, .restarted, nil: return .retry(problem, after: .zero)
        case .stopped: return .stopped
        }
    }

    /// Codes of refusals that come of the target's condition rather than of the commit.
    private static let mayPass: Set<String> = [
        "provider.throttled", "provider.conflict", "provider.unreachable", "provider.reply-lost",
        "applying.target-out-of-reach", "applying.changed-meanwhile",
    ]
}

extension Problem {
    init(_ report: ApplyReport) {
        let failure = report.cause?.failure
        var message = failure?.message ?? "the apply did not end well"
        if !report.residue.isEmpty {
            let addresses = report.residue.flatMap(\.addresses).prefix(10).map { "`\($0)`" }
            message += "; not as before: \(addresses.joined(separator: ", "))"
        }
        self.init(
            code: failure?.code ?? "applying.restarted", message: String(message.prefix(Limits.problemCharactersMax)))
    }
}

extension ApplyOutcome {
    package var report: ApplyReport? {
        switch self {
        case .done(let report), .rolledBack(let report), .residue(let report), .held(let report): report
        case .interrupted(let report, because: _): report
        case .stale, .leaseHeld, .notStarted: nil
        }
    }

    /// For history; nil for what wrote nothing and is no event of it.
    package var revisionOutcome: Revision.Outcome? {
        switch self {
        case .done: .applied
        case .rolledBack: Verdict(self).isFinal ? .refused : .rolledBack
        case .residue: .residue
        case .held: .held
        case .interrupted: .interrupted
        case .stale, .leaseHeld, .notStarted: nil
        }
    }

    package var problem: Problem? {
        switch self {
        case .done: nil
        case .rolledBack(let report), .residue(let report), .held(let report): Problem(report)
        case .interrupted(_, let failure): Problem(failure)
        case .leaseHeld(let failure): Problem(failure)
        case .notStarted(let failure): Problem(failure)
        case .stale(let objects):
            Problem(
                code: ReconcilingFailure.Code.stale.rawValue,
                message: "the target changed after the plan was made: "
                    + objects.prefix(10).map { "`\($0.address)`" }.joined(separator: ", "))
        }
    }

    /// Why the journal is still open, or may be; nil if the apply has ended.
    package var openEnding: (any Failure)? {
        switch self {
        case .interrupted(_, let failure): failure
        case .leaseHeld(let failure): failure
        case .notStarted(let failure): failure
        case .done, .stale, .rolledBack, .residue, .held: nil
        }
    }

    /// For logs.
    var name: String {
        switch self {
        case .done: "done"
        case .stale: "stale"
        case .rolledBack: "rolled back"
        case .residue: "residue"
        case .held: "held"
        case .interrupted: "interrupted"
        case .leaseHeld: "lease held"
        case .notStarted: "not started"
        }
    }
}

extension Verdict {
    var isFinal: Bool { if case .awaitCommit = self { true } else { false } }
}
