import Resources

/// Which step waits for which: the provider's dependencies, and the order of steps on one object.
struct StepGraph: Sendable {
    /// By step number; each smaller than the step, each once.
    let dependencies: [[Int]]
    /// By step number; each larger than the step, each once.
    let dependents: [[Int]]
    /// By stage: its steps in order.
    let stages: [[Int]]
    /// By stage: what is waited for after it.
    let gates: [Int: ApplyGate.Wait]

    /// - Throws: `applying.bad-steps`, `applying.too-many-steps`.
    init(_ header: ApplyHeader) throws(ApplyFailure) {
        let steps = header.steps
        guard steps.count <= Limits.stepsMax else {
            throw ApplyFailure(.tooManySteps, "the plan needs \(steps.count) calls, \(Limits.stepsMax) are allowed")
        }
        guard header.stages.count == steps.count else {
            throw ApplyFailure(.badSteps, "the plan has \(steps.count) calls in \(header.stages.count) stages")
        }
        var dependencies: [[Int]] = []
        var dependents = [[Int]](repeating: [], count: steps.count)
        var stages: [[Int]] = []
        var lastOfAddress: [Address: Int] = [:]
        var stage = -1
        for (number, step) in steps.enumerated() {
            if let flaw = Self.flaw(step, number, steps) { throw ApplyFailure(.badSteps, flaw) }
            guard header.stages[number] >= stage else {
                throw ApplyFailure(.badSteps, "the call \(number) goes back to an earlier stage")
            }
            if header.stages[number] > stage { stages.append([]) }
            stage = header.stages[number]
            stages[stages.count - 1].append(number)
            var first = Set(step.dependencies)
            for effect in step.effects {
                if let last = lastOfAddress.updateValue(number, forKey: effect.address) { first.insert(last) }
            }
            guard !first.contains(number) else {
                throw ApplyFailure(.badSteps, "the call \(number) has two effects on one object")
            }
            dependencies.append(first.sorted())
            for before in first { dependents[before].append(number) }
        }
        self.dependencies = dependencies
        self.dependents = dependents
        self.stages = stages
        gates = try Self.gates(header, stages)
    }

    private static func gates(
        _ header: ApplyHeader, _ stages: [[Int]]
    ) throws(ApplyFailure) -> [Int: ApplyGate.Wait] {
        var stageOf: [Int: Int] = [:]
        for (stage, steps) in stages.enumerated() { stageOf[steps[steps.count - 1]] = stage }
        var gates: [Int: ApplyGate.Wait] = [:]
        for gate in header.gates {
            guard let stage = stageOf[gate.after], gates.updateValue(gate.wait, forKey: stage) == nil else {
                throw ApplyFailure(.badSteps, "the apply waits after the call \(gate.after), where no stage ends")
            }
        }
        return gates
    }

    private static func flaw(_ step: Step, _ number: Int, _ steps: [Step]) -> String? {
        if step.number != number { return "the call \(number) is numbered \(step.number)" }
        if step.effects.isEmpty { return "the call \(number), `\(step.operation)`, has no effect" }
        if step.dependencies.contains(where: { $0 < 0 || $0 >= number }) {
            return "the call \(number), `\(step.operation)`, depends on one that comes later"
        }
        if number > 0, step.isReversible, !steps[number - 1].isReversible {
            return "the call \(number), `\(step.operation)`, can be undone and comes after one that cannot"
        }
        return nil
    }
}

/// The stages of steps and what is waited for between them.
struct StageLayout: Sendable {
    /// For each step: never falling, a new one where the class of visibility rises, where something is waited for, and
    /// where steps that cannot be undone begin. Classes are those of the changes that a step carries out.
    private(set) var stages: [Int] = []
    /// In order; a probe comes after the last flip that can be undone.
    private(set) var gates: [ApplyGate] = []

    /// - Parameter propagation: How long what a step granted may still be refused.
    init(
        _ steps: [Step], changes: [Change], propagation: (Step) -> Duration = { _ in .zero }, isProbed: Bool = false
    ) {
        var classes = ChangeCursor(changes)
        var stage = 0
        var reached = Change.Visibility.hidden
        var wasReversible = true
        var granted = Duration.zero
        var lastFlip: Int?
        for step in steps {
            let visibility = step.effects.compactMap { classes.next($0) }.max() ?? reached
            let waits = visibility == .flip && granted > .zero
            if !stages.isEmpty, waits || visibility > reached || step.isReversible != wasReversible { stage += 1 }
            if waits {
                gates.append(ApplyGate(after: stages.count - 1, .propagation(granted)))
                granted = .zero
            }
            if visibility == .grant { granted = max(granted, propagation(step)) }
            if visibility == .flip, step.isReversible { lastFlip = stages.count }
            reached = max(reached, visibility)
            wasReversible = step.isReversible
            stages.append(stage)
        }
        if isProbed, let lastFlip, let last = stages.lastIndex(of: stages[lastFlip]) {
            gates.append(ApplyGate(after: last, .probe))
            // In the segment that cannot be undone, more may be waited for.
            gates.sort { $0.after < $1.after }
        }
    }
}

/// Which of the changes of an object a step carries out: an edit that widens and narrows is two of them.
private struct ChangeCursor {
    private var rest: [Address: ArraySlice<Change>]

    init(_ changes: [Change]) {
        let changes = changes.filter { $0.action != .adopt && $0.action != .forget }
        rest = Dictionary(grouping: changes, by: \.address).mapValues { $0[...] }
    }

    /// A change may take several calls; the one that reaches its document is the last of them.
    mutating func next(_ effect: Step.Effect) -> Change.Visibility? {
        guard let changes = rest[effect.address], let change = changes.first else { return nil }
        if changes.count > 1, effect.after == change.after { rest[effect.address] = changes.dropFirst() }
        return change.visibility
    }
}
