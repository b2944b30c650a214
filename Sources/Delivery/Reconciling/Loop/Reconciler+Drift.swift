import Applying
import Diagnostics
import GitSource
import Logging
import Manifests
import Planning
import Resources

/// What the loop knows of drift.
struct DriftMemory {
    var settings = DriftSettings() {
        didSet { if settings.schedule != oldValue.schedule { next = nil } }
    }
    /// When to look next; nil until it is worked out.
    var next: Timestamp?
    /// The last look, as the store has it.
    var record: SweepRecord?
    var isRestored = false
    /// What was last said about a correction that is not made, so that it is said once.
    var refusal: String?
}

extension Reconciler {
    /// Looks at the target where the schedule says so. It comes after whatever else a tick does, so never during an apply
    /// of this loop; during one of another process it is put off.
    func sweepIfDue() async {
        guard !stopSignal.isStopped, memory.isRecovered, status.appliedCommit != nil, status.state != .vanished else {
            return
        }
        guard !memory.drift.settings.isOff else { return show { $0.drift = nil } }
        let now = pipeline.now()
        do throws(ReconcilingFailure) {
            try await restoreSweep()
            memory.drift.next = memory.drift.next ?? firstSweep(at: now)
            if let due = memory.drift.next, due <= now {
                try await sweep()
                memory.drift.next = tick(after: pipeline.now())
            }
        } catch {
            failSweep(error, at: now)
        }
        let next = memory.drift.settings.isOff ? nil : memory.drift.next
        show { status in
            var drift = status.drift ?? DriftStatus()
            drift.nextSweep = next
            status.drift = next == nil ? nil : drift
        }
    }

    /// `pause`, or less where the target is looked at before.
    func untilSweep(_ pause: Duration) -> Duration {
        guard let next = memory.drift.next, !memory.drift.settings.isOff, status.appliedCommit != nil else {
            return pause
        }
        return max(.milliseconds(1), min(pause, next.since(pipeline.now())))
    }

    private func failSweep(_ failure: ReconcilingFailure, at now: Timestamp) {
        guard failure.code != .busy else {
            memory.drift.next = now.adding(min(settings.interval, Limits.interval))
            return
        }
        count { $0.sweepFailures += 1 }
        memory.drift.next = tick(after: now)
        show { status in
            var drift = status.drift ?? DriftStatus()
            drift.problem = Problem(failure)
            status.drift = drift
        }
        logger.warning(
            "could not look for drift",
            metadata: [
                "gw.environment": "\(environment)", "gw.code": "\(failure.code.rawValue)", "gw.error": "\(failure)",
            ])
    }

    // MARK: When

    private func restoreSweep() async throws(ReconcilingFailure) {
        guard !memory.drift.isRestored else { return }
        do {
            memory.drift.record = try await pipeline.revisions.sweep(environment: environment)
        } catch {
            throw ReconcilingFailure(
                .historyUnreadable, "the last sweep of `\(environment)` could not be read", cause: error)
        }
        memory.drift.isRestored = true
    }

    /// Ticks that nobody saw are made good by one look.
    private func firstSweep(at now: Timestamp) -> Timestamp? {
        guard let last = memory.drift.record?.time, last <= now else { return tick(after: now) }
        let missed = memory.drift.settings.schedule.next(after: last.milliseconds)
        return missed.map { $0 <= now.milliseconds } == true ? jittered(now.milliseconds) : tick(after: now)
    }

    private func tick(after now: Timestamp) -> Timestamp? {
        memory.drift.settings.schedule.next(after: now.milliseconds).map(jittered)
    }

    /// Later by up to a minute, and never by more than a quarter of the schedule's period: many environments have the same
    /// schedule.
    private func jittered(_ tick: Int64) -> Timestamp {
        let period = (memory.drift.settings.schedule.next(after: tick) ?? tick) - tick
        let window = min(Limits.sweepJitterMilliseconds, period / 4)
        return Timestamp(milliseconds: tick + Int64(Double(window) * random()))
    }

    // MARK: What

    private func sweep() async throws(ReconcilingFailure) {
        let found = try await look()
        guard !memory.drift.settings.isOff else { return }
        try await take(found)
        guard try await correct(found) else { return }
        // What is left is what the next look is compared with: nobody is told that corrected drift is gone.
        try await keep(try await look())
    }

    private func look() async throws(ReconcilingFailure) -> DriftSweep {
        count { $0.sweeps += 1 }
        let hold = status.hold
        let desired = hold == nil ? status.headCommit : hold?.commit
        let day = CivilDate(daysSince1970: Int((pipeline.now().milliseconds / 86_400_000)))
        let found = try await pipeline.sweep(
            environment, in: repository, desired: desired.flatMap { CommitID(hex: $0) }, today: day)
        count { $0.sweepCalls += found.report.callsCount }
        memory.drift.settings = found.settings
        return found
    }

    /// Says once what is new about the drift.
    private func take(_ found: DriftSweep) async throws(ReconcilingFailure) {
        let before = memory.drift.record?.fingerprint ?? ""
        let report = found.report
        try await keep(found)
        guard report.fingerprint != before else { return }
        memory.drift.refusal = nil
        count { $0.driftsFound += report.isEmpty ? 0 : 1 }
        logger.info(
            report.isEmpty ? "drift gone" : "drift found",
            metadata: ["gw.environment": "\(environment)", "gw.drift": "\(report.summary)"])
        try await pipeline.tell(
            Event(
                report.isEmpty ? .driftGone : .driftFound, environment: environment, time: pipeline.now(),
                commit: report.appliedCommit,
                message: report.isEmpty ? "the target is as it was applied again" : report.summary))
    }

    private func keep(_ found: DriftSweep) async throws(ReconcilingFailure) {
        let now = pipeline.now()
        let record = SweepRecord(
            environment: environment, time: now, fingerprint: found.report.fingerprint,
            report: found.report.json(showsIgnored: true), correction: memory.drift.record?.correction)
        try await store(record)
        show { status in
            var drift = status.drift ?? DriftStatus()
            drift.take(found.report, at: now)
            status.drift = drift
        }
    }

    private func store(_ record: SweepRecord) async throws(ReconcilingFailure) {
        do {
            try await pipeline.revisions.setSweep(record)
        } catch {
            throw ReconcilingFailure(
                .historyUnwritable, "the sweep of `\(environment)` could not be written", cause: error)
        }
        memory.drift.record = record
    }
}

// MARK: Correcting

extension Reconciler {
    /// Puts back what the environment wants to have put back.
    ///
    /// - Returns: True if something was.
    private func correct(_ found: DriftSweep) async throws(ReconcilingFailure) -> Bool {
        func isWanted(_ line: DriftLine) -> Bool {
            line.isCorrectable && found.settings.action(for: line.driftClass) == .correct
        }
        guard status.hold?.kind != .pause, let commit = found.applied, found.report.lines.contains(where: isWanted),
            let prepared = pipeline.correction(of: found, where: isWanted), !prepared.plan.isEmpty
        else { return false }
        let fingerprint = found.report.only(isWanted).fingerprint
        let last = memory.drift.record?.correction
        let next =
            last?.next(fingerprint, at: pipeline.now())
            ?? SweepRecord.Correction(fingerprint: fingerprint, count: 1, time: pipeline.now())
        if let last, last.fingerprint == fingerprint, pipeline.now() < last.again {
            let failure = ReconcilingFailure(
                .driftReturns,
                "the same drift came back after \(last.count) corrections; it is corrected again at \(last.again)",
                recovery: .askOperator(runbook: "drift-keeps-coming-back.md"))
            try await refuse(Problem(failure), commit.id)
            return false
        }
        let plan = prepared.plan
        guard plan.needsConsent.isEmpty || memory.consent == plan.digest else {
            try await refuse(
                Problem(
                    code: ReconcilingFailure.Code.consentNeeded.rawValue,
                    message: "the correction \(plan.digest) needs a consent: \(plan.needsConsent[0].finding.message)"),
                commit.id)
            show { $0.drift?.pendingDigest = plan.digest }
            return false
        }
        return try await apply(prepared, commit, next)
    }

    private func apply(
        _ prepared: PreparedPlan, _ commit: CommitFacts, _ correction: SweepRecord.Correction
    ) async throws(ReconcilingFailure) -> Bool {
        let result = try await pipeline.apply(
            prepared, commit: commit, consent: prepared.plan.digest, stop: stopSignal, progress: progress)
        guard case .ended(let outcome, let revision) = result else { return false }
        memory.consent = nil
        count { counters in
            counters.steps += revision.stepsCount
            if outcome.revisionOutcome != nil { counters.outcomes[revision.outcome, default: 0] += 1 }
        }
        if case .interrupted = outcome { memory.isRecovered = false }
        // A refused correction counts as well: it is not tried at each tick.
        if var record = memory.drift.record {
            record.correction = correction
            try await store(record)
        }
        guard case .done = outcome else {
            // A stale plan and a busy environment are looked at again at the next tick.
            if let problem = outcome.problem { try await refuse(problem, commit.id) }
            return false
        }
        count { $0.driftsCorrected += 1 }
        memory.drift.refusal = nil
        show { status in
            status.appliedRevision = revision.number
            status.appliedDigest = revision.planDigest
            status.lastApplied = pipeline.now()
        }
        let count = prepared.plan.changes.count
        try await pipeline.tell(
            .driftCorrected, revision,
            "\(count) object\(count == 1 ? " is" : "s are") as applied again, with revision \(revision.number)")
        return true
    }

    /// Says once why drift stays that should be corrected.
    private func refuse(_ problem: Problem, _ commit: String) async throws(ReconcilingFailure) {
        show { $0.drift?.problem = problem }
        guard memory.drift.refusal != problem.message else { return }
        memory.drift.refusal = problem.message
        logger.warning(
            "drift is not corrected",
            metadata: [
                "gw.environment": "\(environment)", "gw.code": "\(problem.code)", "gw.problem": "\(problem.message)",
            ])
        try await pipeline.tell(
            Event(
                .driftNotCorrected, environment: environment, time: pipeline.now(), commit: commit,
                message: "drift stays that should be corrected", problem: problem))
    }
}
