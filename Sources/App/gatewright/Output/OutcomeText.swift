import Applying
import Reconciling
import Resources

/// How an apply ended, in one or a few lines, with the exit code that says the same.
struct OutcomeText {
    let text: String
    let status: ExitStatus

    init(_ outcome: ApplyOutcome) {
        switch outcome {
        case .done(let report):
            self.init("applied \(report.doneCount) of \(report.stepsCount) steps", .done)
        case .stale(let objects):
            let names = objects.prefix(10).map { "`\($0.address)`" }.joined(separator: ", ")
            self.init(
                "error[reconciling.stale]: the target changed after the plan was made: \(names); nothing was written\n"
                    + "  help: gatewright apply --refresh", .notApproved)
        case .rolledBack(let report):
            // Asked to stop is no failure: scripts tell it by its own exit code.
            self.init(Self.rolledBack(report), report.cause?.kind == .stopped ? .interrupted : .rolledBack)
        case .residue(let report):
            self.init(Self.residue(report), .residue)
        case .held(let report):
            self.init(Self.cause(report) + "\nheld: what had been applied stays, as asked", .error)
        case .leaseHeld(let failure):
            self.init(Reporter.text(of: failure), .someoneElse)
        case .interrupted(_, let failure), .notStarted(let failure):
            self.init(Reporter.text(of: failure), Reporter.exitStatus(of: failure))
        }
    }

    private init(_ text: String, _ status: ExitStatus) {
        self.text = text
        self.status = status
    }

    private static func cause(_ report: ApplyReport) -> String {
        guard let failure = report.cause?.failure else { return "error: the apply did not end well" }
        let blamed = report.blamed.prefix(5).map { "`\($0)`" }.joined(separator: ", ")
        let place = blamed.isEmpty ? "" : "\n  at \(blamed)"
        return "error[\(failure.code)]: \(failure.message)\(place)"
    }

    private static func rolledBack(_ report: ApplyReport) -> String {
        var lines = [cause(report)]
        if let proof = report.proof {
            lines += [
                "rolled back", "  hash before  \(proof.before)", "  hash after   \(proof.after)",
                proof.isEqual ? "  equal: the target is as it was" : "  the target is not as it was",
            ]
        } else {
            lines.append("rolled back: nothing had been written")
        }
        return lines.joined(separator: "\n")
    }

    private static func residue(_ report: ApplyReport) -> String {
        var lines = [cause(report), "not everything is as it was:"]
        for residue in report.residue {
            let why = residue.failure.map { ": \($0.message)" } ?? ""
            for address in residue.addresses { lines.append("  `\(address)` (\(residue.reason.rawValue))\(why)") }
        }
        if let runbook = report.runbook { lines.append("  help: docs/runbooks/\(runbook)") }
        return lines.joined(separator: "\n")
    }
}
