import Planning
import Resources
import Seeds
import Testing

@testable import Applying

@Suite("an apply that waits between its stages")
struct GateTests {
    /// A gate after every stage that can be undone: propagation, and one probe.
    static func gated(_ scenario: Scenario, seed: Int) -> Scenario {
        var generator = SeededGenerator(seed: seed)
        var scenario = scenario
        let header = scenario.header
        let ends = header.steps.indices.filter { step in
            let isLast = step + 1 == header.steps.count || header.stages[step + 1] != header.stages[step]
            return isLast && header.steps[step].isReversible
        }
        guard !ends.isEmpty else { return scenario }
        let probed = ends[generator.below(ends.count)]
        scenario.header.gates = ends.map { end in
            ApplyGate(after: end, end == probed ? .probe : .propagation(.milliseconds(1 + generator.below(9_000))))
        }
        scenario.probes = (0...generator.below(3)).map { number in
            var rule = ProbeRule(attempts: 1 + generator.below(3))
            rule.bake = .seconds(generator.below(2) * 9)
            return Probe(Address(.stage, in: "api\(number)", "test"), rule)
        }
        return scenario
    }

    @Test("many faults leave the target converged or restored", arguments: SeedTests.seeds)
    func manyFaults(_ seed: Int) {
        var generator = SeededGenerator(seed: seed &+ 7)
        let scenario = Self.gated(.random(seed: seed), seed: seed)
        for round in 0..<5 {
            var faults: [Int: Fault] = [:]
            let places = 3 * scenario.steps.count + 12
            for _ in 0..<generator.below(6) {
                faults[1 + generator.below(places)] = Fault.usual[generator.below(Fault.usual.count)]
            }
            let (violations, _) = FaultTests.violations(scenario, seed: seed &* 31 &+ round, faults)
            let placed = faults.sorted { $0.key < $1.key }.map { "\($0.value)@\($0.key)" }.joined(separator: " ")
            #expect(violations == [], "GATEWRIGHT_SIM_SEED=\(seed), round \(round): \(placed)")
        }
    }

    @Test("a process that ends while a stage is asked leaves what the next start takes back")
    func crashWhileAsked() throws {
        var scenario = Scenario.fiveStepsTwoInFlight
        scenario.header.gates = [ApplyGate(after: scenario.header.steps.count - 1, .probe)]
        scenario.probes = [Probe(Address(.stage, in: "a", "test"))]
        var records: [JournalRecord] = []
        var machine = try ApplyMachine(scenario.header, budget: SimulatedApply.budget, probes: scenario.probes)
        var isAsked = false
        while !isAsked {
            let turn = try machine.next(at: .zero)
            records += turn.records
            isAsked = turn.actions.contains(.probe(0))
            for case .perform(let step) in turn.actions {
                try machine.handle(.performed(step, .succeeded([:])), at: .zero)
            }
        }
        #expect(machine.states.allSatisfy { $0 == .done })
        var recovered = try ApplyMachine(
            recovering: UnfinishedApply(header: scenario.header, records: records), budget: SimulatedApply.budget)
        let turn = try recovered.next(at: .zero)
        #expect(turn.verdict == nil)
        #expect(turn.actions.allSatisfy { if case .undo = $0 { true } else { false } } && !turn.actions.isEmpty)

        // With the answer there, the same journal is finished.
        try machine.handle(.probed(0, .serves("it serves")), at: .seconds(1))
        #expect(try machine.next(at: .seconds(1)).verdict == .ended(.done))
    }

    @Test("what was begun behind a gate is not waited for again, also by the next process")
    func passed() throws {
        var scenario = Scenario.endsIrreversibly
        let found = scenario.header.steps.lastIndex { $0.isReversible }
        let last = try #require(found)
        scenario.header.gates = [ApplyGate(after: last, .probe)]
        scenario.probes = [Probe(Address(.stage, in: "a", "test"))]
        let (violations, run) = FaultTests.violations(scenario, seed: 1, [:])
        #expect(violations == [] && run.ending == .done)
        // Cut off right before the end: everything was done, and the gate is far behind.
        let records = run.journal.records.dropFirst().filter { if case .ended = $0 { false } else { true } }
        var recovered = try ApplyMachine(
            recovering: UnfinishedApply(header: scenario.header, records: Array(records)), budget: SimulatedApply.budget
        )
        #expect(try recovered.next(at: .zero).verdict == .ended(.done))
    }

    @Test("a gate for propagation opens when its time has passed, and not before")
    func propagation() throws {
        var scenario = Scenario.fiveStepsTwoInFlight
        let end = try #require(scenario.header.stages.lastIndex(of: scenario.header.stages[0]))
        try #require(end + 1 == scenario.header.steps.count, "one stage")
        scenario.header.gates = [ApplyGate(after: end, .propagation(.seconds(10)))]
        var machine = try ApplyMachine(scenario.header, budget: SimulatedApply.budget)
        while machine.nextWake == nil {
            for case .perform(let step) in try machine.next(at: .seconds(3)).actions {
                try machine.handle(.performed(step, .succeeded([:])), at: .seconds(3))
            }
        }
        #expect(machine.nextWake == .seconds(13))
        #expect(try machine.next(at: .seconds(12)).verdict == nil)
        var stopped = machine
        try stopped.handle(.stop, at: .seconds(12))
        #expect(try stopped.next(at: .seconds(12)).actions.contains { if case .undo = $0 { true } else { false } })
        #expect(try machine.next(at: .seconds(13)).verdict == .ended(.done))
    }
}
