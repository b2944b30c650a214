import Resources

extension ApplyMachine {
    /// True where a stage is settled and what comes after it waits.
    var isAtGate: Bool {
        guard phase == .forward || phase == .carrying, graph.stages.indices.contains(stage) else { return false }
        return leftInStage[stage] == 0 && graph.gates[stage] != nil && !passedGates.contains(stage)
    }

    var isProbing: Bool { isAtGate && graph.gates[stage] == .probe }

    /// True if all steps may be done and the apply is not: what the last of them showed callers was not looked at.
    var isLastGateClosed: Bool {
        let last = graph.stages.count - 1
        return graph.gates[last] != nil && !passedGates.contains(last)
    }

    /// What was waited for before a step that was begun is not waited for again.
    mutating func passGatesBehind() {
        guard let last = states.lastIndex(where: { $0 != .pending }) else { return }
        for stage in graph.gates.keys where stage < stageOf[last] { passedGates.insert(stage) }
    }

    /// Waits at the gate, or opens it, or turns back.
    ///
    /// - Returns: True while there is only waiting to do.
    mutating func hold(at now: Duration) -> Bool {
        switch graph.gates[stage] {
        case .propagation(let time):
            let due = gateDue ?? now + time
            if gateDue == nil { turn.progress.append(.propagating(time)) }
            gateDue = due
            guard due <= now else { return true }
            gateDue = nil
        case .probe where !probes.isEmpty:
            var watch = watch ?? startWatch(at: now)
            defer { self.watch = watch }
            if let (probe, text) = watch.failure {
                turnBack(ApplyCause(.probed, failure: .probeFailed(probe, text)))
                return false
            }
            let limit = max(1, min(header.parallelism, Limits.parallelismMax))
            turn.actions += watch.begin(at: now, limit: limit).map { .probe($0) }
            guard watch.isPassed else { return true }
        case .probe, nil: break
        }
        passedGates.insert(stage)
        advanceStage()
        return false
    }

    private mutating func startWatch(at now: Duration) -> ProbeWatch {
        let watch = ProbeWatch(probes, at: now)
        turn.progress.append(.probing(watch.reports))
        return watch
    }

    /// An answer that comes after the apply turned back is nobody's any more.
    mutating func probed(_ number: Int, _ answer: ProbeAnswer, at now: Duration) {
        guard isProbing, probes.indices.contains(number) else { return }
        watch?.take(number, answer, at: now)
        if let report = watch?.reports[number] { turn.progress.append(.probed(report)) }
    }

    /// What a probe asks; nil for a stage whose API the apply does not know.
    func question(_ number: Int) -> ProbeQuestion? {
        let probe = probes[number]
        guard let api = ledger[Address(.restAPI, probe.stage.root)] else { return nil }
        return ProbeQuestion(
            stage: probe.stage, apiID: api.physicalID,
            deploymentID: ledger[Address(.deployment, probe.stage.root)]?.physicalID, request: probe.rule.request,
            timeout: probe.rule.timeout)
    }

    /// What the stages answered.
    package var probeReports: [ProbeReport] { watch?.reports ?? [] }
}

extension RecordedFailure {
    static func probeFailed(_ probe: Probe, _ text: String) -> RecordedFailure {
        let times = probe.rule.attempts == 1 ? "" : ", \(probe.rule.attempts) times in a row"
        return RecordedFailure(
            code: ApplyFailure.Code.probeFailed.rawValue,
            message: "the stage `\(probe.stage.name)` was asked \(probe.questionInWords)\(times): \(text)")
    }
}

extension Probe {
    fileprivate var questionInWords: String { rule.request == nil ? question : "`\(question)`" }
}
