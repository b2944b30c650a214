import Applying
import Glibc
import Seeds
import Testing

@Suite("an apply of a random plan")
struct SeedTests {
    static func environment(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }

    /// From `GATEWRIGHT_SIM_SEED` on, `GATEWRIGHT_SIM_RUNS` of them; a seed alone is replayed.
    static let seeds: [Int] = {
        let first = environment("GATEWRIGHT_SIM_SEED")
        let count = environment("GATEWRIGHT_SIM_RUNS") ?? (first == nil ? 200 : 1)
        return (0..<max(1, count)).map { (first ?? 0) &+ $0 }
    }()

    @Test("many faults leave the target converged or restored", arguments: seeds)
    func manyFaults(_ seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let scenario = Scenario.random(seed: seed)
        for round in 0..<5 {
            var faults: [Int: Fault] = [:]
            let places = 3 * scenario.steps.count + 6
            for _ in 0..<generator.below(6) {
                faults[1 + generator.below(places)] = Fault.usual[generator.below(Fault.usual.count)]
            }
            let (violations, _) = FaultTests.violations(scenario, seed: seed &* 31 &+ round, faults)
            let placed = faults.sorted { $0.key < $1.key }.map { "\($0.value)@\($0.key)" }.joined(separator: " ")
            #expect(violations == [], "GATEWRIGHT_SIM_SEED=\(seed), round \(round): \(placed)")
        }
    }

    @Test("the seeds between them take every legal step of a step's states")
    func transitions() {
        let legal = Set(
            StepState.allCases.flatMap { state in
                StepEvent.allCases.filter { (try? state.after($0)) != nil }.map { "\(state.rawValue) \($0.rawValue)" }
            })
        var taken: Set<String> = []
        for seed in 0..<400 where taken != legal {
            var generator = SeededGenerator(seed: seed)
            let scenario = seed.isMultiple(of: 2) ? Scenario.fiveStepsTwoInFlight : .random(seed: seed)
            var faults = [3 + generator.below(scenario.steps.count + 4): Fault.refused]
            for _ in 0..<5 {
                faults[4 + generator.below(3 * scenario.steps.count)] = Fault.usual[generator.below(Fault.usual.count)]
            }
            taken.formUnion(FaultTests.violations(scenario, seed: seed, faults).run.journal.taken)
        }
        #expect(taken == legal)
    }

    @Test("the seeds between them come to every ending, and fly more than one step at a time")
    func variety() {
        var endings: Set<ApplyEnding> = []
        var widest = 0
        var crashes = 0
        for seed in 0..<120 {
            var generator = SeededGenerator(seed: seed)
            let scenario = Scenario.random(seed: seed)
            var faults: [Int: Fault] = [:]
            for _ in 0..<4 {
                let place = 2 + generator.below(2 * scenario.steps.count + 4)
                faults[place] = generator.chance(50) ? .refused : Fault.usual[generator.below(Fault.usual.count)]
            }
            let (_, run) = FaultTests.violations(scenario, seed: seed, faults)
            if let ending = run.ending { endings.insert(ending) }
            widest = max(widest, run.mostInFlight)
            crashes += run.crashes
        }
        #expect(endings == Set(ApplyEnding.allCases))
        #expect(widest >= 6)
        #expect(crashes > 20)
    }
}
