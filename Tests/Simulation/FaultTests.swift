import Applying
import Testing

@Suite("an apply among faults")
struct FaultTests {
    /// Runs a scenario; what must not have happened, with what it takes to see it again.
    static func violations(
        _ scenario: Scenario, seed: Int, _ faults: [Int: Fault], flaw: Flaw? = nil
    ) -> (violations: [String], run: SimulatedApply) {
        var run = SimulatedApply(scenario, seed: seed, faults: faults, flaw: flaw)
        do {
            try run.runToRest()
            return (run.violations, run)
        } catch {
            return (run.violations + ["\(error)"], run)
        }
    }

    /// Places that faults are put at: more than a run without faults has.
    static let placesMax = 24
    static let pairs = Fault.usual.flatMap { first in Fault.usual.map { (first, $0) } }

    @Test("any two faults leave the target converged or restored", arguments: pairs)
    func anyTwoFaults(_ first: Fault, _ second: Fault) {
        for scenario in [Scenario.fiveStepsTwoInFlight, .endsIrreversibly] {
            for m in 1..<Self.placesMax {
                for n in m + 1...Self.placesMax {
                    let (violations, _) = Self.violations(scenario, seed: 100 * m + n, [m: first, n: second])
                    #expect(violations == [], "\(first)@\(m) \(second)@\(n)")
                    if !violations.isEmpty { return }
                }
            }
        }
    }

    @Test("without faults, everything is done, with two steps in flight")
    func noFaults() {
        for scenario in [Scenario.fiveStepsTwoInFlight, .endsIrreversibly] {
            let (violations, run) = Self.violations(scenario, seed: 1, [:])
            #expect(violations == [])
            #expect(run.ending == .done)
            #expect(run.mostInFlight >= 2)
            #expect(run.placesCount < Self.placesMax, "\(run.placesCount) places: faults must reach beyond the last")
        }
    }
}
