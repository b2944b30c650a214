import Diagnostics
import Resources
import Testing

@testable import Applying
@testable import Reconciling

@Suite("What follows from how an attempt ended")
struct VerdictTests {
    private func report(_ kind: ApplyCause.Kind?, _ code: String = "provider.refused") -> ApplyReport {
        ApplyReport(
            id: .random(), environment: "dev", commit: "c", planDigest: "d", stepsCount: 2, doneCount: 1,
            cause: kind.map { ApplyCause($0, failure: RecordedFailure(code: code, message: "m")) }, blamed: [],
            residue: [], proof: nil, runbook: nil, isRecovered: false)
    }

    @Test(
        "what the target refuses for good waits for a commit, what may pass is tried again",
        arguments: [
            ("provider.refused", true), ("provider.unsupported", true), ("provider.not-found", true),
            ("provider.throttled", false), ("provider.conflict", false), ("provider.unreachable", false),
            ("provider.reply-lost", false), ("applying.target-out-of-reach", false),
        ])
    func refusals(code: String, isFinal: Bool) {
        for outcome in [ApplyOutcome.rolledBack(report(.refused, code)), .residue(report(.refused, code))] {
            #expect(Reconciling.Verdict(outcome).isFinal == isFinal)
            #expect(outcome.problem?.code == code)
        }
        #expect(ApplyOutcome.rolledBack(report(.refused, code)).revisionOutcome == (isFinal ? .refused : .rolledBack))
    }

    @Test("every other ending has its own")
    func endings() {
        #expect(Reconciling.Verdict(.done(report(nil))) == .ready)
        #expect(Reconciling.Verdict(.stale([])) == .planAgain)
        #expect(Reconciling.Verdict(.rolledBack(report(.stopped))) == .stopped)
        #expect(
            Reconciling.Verdict(.rolledBack(report(.changed)))
                == .retry(Problem(code: "provider.refused", message: "m"), after: .zero))
        #expect(
            Reconciling.Verdict(.held(report(.refused)))
                == .askOperator(Problem(code: "provider.refused", message: "m")))
        #expect(Reconciling.Verdict(.interrupted(report(nil), because: ApplyFailure(.cancelled, "m"))) == .stopped)
        #expect(
            Reconciling.Verdict(.interrupted(report(nil), because: ApplyFailure(.targetOutOfReach, "m")))
                == .retry(Problem(code: "applying.target-out-of-reach", message: "m"), after: .zero))
        #expect(
            Reconciling.Verdict(.leaseHeld(LeaseFailure(.held, "m")))
                == .retry(Problem(code: "lease.held", message: "m"), after: .seconds(5)))
        #expect(
            Reconciling.Verdict(.notStarted(ApplyFailure(.badSteps, "m")))
                == .awaitCommit(Problem(code: "applying.bad-steps", message: "m")))
    }

    @Test("what stays behind is named")
    func residue() {
        var report = report(.refused)
        report.residue = [Residue(.undoRefused, addresses: [House.stage])]
        #expect(ApplyOutcome.residue(report).problem?.message == "m; not as before: `Stage/pets test`")
        #expect(ApplyOutcome.residue(report).revisionOutcome == .residue)
    }

    @Test("a message of any length is kept cut")
    func longMessage() {
        let text = String(repeating: "x", count: 10_000)
        #expect(Problem(ApplyFailure(.badSteps, text)).message.count == Limits.problemCharactersMax)
        var report = report(.refused)
        report.residue = [Residue(.refused, addresses: [Address(.restAPI, text)])]
        #expect(ApplyOutcome.residue(report).problem?.message.count == Limits.problemCharactersMax)
    }

    @Test("every code is explained and of this target")
    func codes() {
        for code in ReconcilingFailure.Code.allCases {
            #expect(code.rawValue.hasPrefix("reconciling."))
            #expect(!code.explanation.meaning.isEmpty && !code.explanation.remedy.hasSuffix("."))
        }
        for code in RevisionFailure.Code.allCases {
            #expect(code.rawValue.hasPrefix("revision."))
            #expect(!code.explanation.meaning.isEmpty && !code.explanation.remedy.hasSuffix("."))
        }
    }
}
