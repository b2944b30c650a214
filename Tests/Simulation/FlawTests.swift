import Applying
import Testing

@Suite("a mistake planted in the shell")
struct FlawTests {
    @Test("is noticed by the checks that the faults are run with", arguments: Flaw.allCases)
    func noticed(_ flaw: Flaw) {
        var noticed: [String] = []
        for scenario in [Scenario.fiveStepsTwoInFlight, .endsIrreversibly] {
            for m in 1..<FaultTests.placesMax where noticed.isEmpty {
                for n in m + 1...FaultTests.placesMax where noticed.isEmpty {
                    let faults: [Int: Fault] =
                        switch flaw {
                        case .forgetsRunningStep: [m: .refused]
                        case .leavesOutcomeUnjournaled: [:]
                        case .repeatsLostCall: [m: .lostTaken]
                        case .undoesForward, .ignoresUnknownOnRecovery: [m: .crashAfterAppend]
                        case .skipsComparison, .forgetsResidue: [m: .refused, n: .undoLies]
                        }
                    let sound = FaultTests.violations(scenario, seed: 100 * m + n, faults).violations
                    #expect(sound == [], "without the mistake")
                    noticed = FaultTests.violations(scenario, seed: 100 * m + n, faults, flaw: flaw).violations
                }
            }
        }
        #expect(noticed != [], "\(flaw) went unnoticed")
    }

    @Test("an undo that only seems to work is found by comparing, and named")
    func undoLies() {
        var found = 0
        for m in 4..<FaultTests.placesMax {
            for n in m + 1...FaultTests.placesMax {
                let (violations, run) = FaultTests.violations(
                    .fiveStepsTwoInFlight, seed: n, [m: .refused, n: .undoLies])
                #expect(violations == [], "refused@\(m) undoLies@\(n)")
                if run.ending == .residue {
                    found += 1
                    #expect(run.residue.contains { $0.reason == .differs && $0.step == nil && !$0.addresses.isEmpty })
                }
            }
        }
        #expect(found > 10)
    }
}
