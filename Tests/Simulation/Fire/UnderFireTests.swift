import Applying
import Testing

@Suite("an environment under fire")
struct UnderFireTests {
    @Test("comes to what its last commit wants once the fire is out", arguments: SeedTests.seeds)
    func comesToRest(_ seed: Int) {
        let universe = Universe(seed: seed)
        #expect(universe.run() == [], "GATEWRIGHT_SIM_SEED=\(seed)")
    }

    @Test(
        "comes to rest where it once did not",
        arguments: [
            // An undo that did nothing, and a delete whose object somebody changed: both were forgotten, with what
            // they build on, and what they use could not be deleted before them.
            203_885, 6_637,
        ])
    func cameToNoRest(_ seed: Int) {
        #expect(Universe(seed: seed).run() == [])
    }

    @Test("the same seed gives the same run")
    func isReproducible() {
        for seed in 0..<5 {
            let (first, second) = (Universe(seed: seed), Universe(seed: seed))
            #expect(first.run() == second.run())
            #expect(first.scheduler.now == second.scheduler.now)
            #expect(first.outcomes == second.outcomes)
        }
    }

    @Test("a lease that is given away too early is noticed by these checks")
    func lyingLeases() {
        #expect((0..<100).contains { !Universe(seed: $0, leasesLie: true).run().isEmpty })
    }

    @Test("the seeds between them crash, suspend, fence and come to every ending")
    func variety() {
        var outcomes: [String: Int] = [:]
        var (crashes, suspensions, fenced) = (0, 0, 0)
        var taken: Set<String> = []
        for seed in 0..<60 {
            let universe = Universe(seed: seed)
            _ = universe.run()
            outcomes.merge(universe.outcomes) { $0 + $1 }
            crashes += universe.crashes
            suspensions += universe.suspensions
            fenced += universe.stores.fenced
            taken.formUnion(universe.stores.taken)
        }
        for outcome in ["done", "stale", "rolledBack", "residue", "held", "interrupted", "leaseHeld", "notStarted"] {
            #expect(outcomes[outcome, default: 0] > 0, "no run was \(outcome): \(outcomes)")
        }
        #expect(crashes > 20 && suspensions > 20 && fenced > 0, "\(crashes) \(suspensions) \(fenced)")
        let legal = StepState.allCases.flatMap { state in
            StepEvent.allCases.filter { (try? state.after($0)) != nil }.map { "\(state.rawValue) \($0.rawValue)" }
        }
        #expect(taken == Set(legal))
    }
}
