package import Applying
import Diagnostics
import Logging
import Planning
import Resources

extension Pipeline {
    /// Applies a plan and records the revision.
    ///
    /// What was read of the target is recorded first, under the environment's lease.
    ///
    /// - Parameters:
    ///   - consent: The digest that a person agreed to; needed if the plan says so.
    ///   - stop: Asks for a graceful end.
    /// - Returns: ``AttemptResult/nothing`` for an empty plan. A stale plan, a held lease and an apply that could not start
    ///   wrote nothing and are no revision of the history: ``AttemptResult/ended(_:_:)`` carries one with the number 0.
    /// - Throws: `reconciling.consent-needed`, `reconciling.stale`, `reconciling.state-unwritable`,
    ///   `reconciling.history-unwritable`.
    package func apply(
        _ prepared: PreparedPlan, commit: CommitFacts, consent: String? = nil, stop: StopSignal = StopSignal(),
        progress: @escaping @Sendable (ApplyProgress) -> Void = { _ in }
    ) async throws(ReconcilingFailure) -> AttemptResult {
        let plan = prepared.plan
        guard plan.needsConsent.isEmpty || consent == plan.digest else {
            throw ReconcilingFailure(
                .consentNeeded, "the plan `\(plan.digest)` needs a consent: \(plan.needsConsent[0].finding.message)",
                recovery: .awaitCommit)
        }
        let started = now()
        try await record(prepared.stateChanges, readAt: prepared.epoch, environment: plan.environment)
        guard !plan.isEmpty else {
            try await keep(prepared)
            return .nothing
        }
        do {
            try plan.checkSecrets(prepared.provider.secrets)
        } catch {
            throw ReconcilingFailure(.secretMissing, "the plan needs a secret that cannot be read", cause: error)
        }
        let lease: CodeLease?
        do {
            lease = try await prepared.keepCode()
        } catch {
            throw ReconcilingFailure(.stateUnwritable, "the code of a function could not be kept", cause: error)
        }
        let request = ApplyRequest(
            plan: plan, commit: commit.id, dependencies: prepared.dependencies, probes: prepared.probes,
            takeover: prepared.takeover)
        let outcome = await applier.apply(request, with: prepared.provider, stop: stop, progress: progress)
        lease?.release()
        var revision = Revision(
            number: 0, environment: plan.environment, commit: commit.id, author: commit.author,
            subject: commit.subject, planDigest: plan.digest, outcome: outcome.revisionOutcome ?? .interrupted,
            started: started, duration: now().since(started), stepsCount: outcome.report?.stepsCount ?? 0,
            problem: outcome.problem)
        if outcome.revisionOutcome != nil { revision = try await add(revision, RevisionChanges(plan)) }
        log(outcome, revision)
        if case .done = outcome {
            try await keep(prepared)
            await tidy(after: plan, of: commit.id, through: prepared.provider)
            if lease != nil { await pruneCode(prepared.provider.code) }
        }
        return .ended(outcome, revision)
    }

    /// Finishes or takes back what an apply left unfinished, and records what became of it.
    ///
    /// - Parameter facts: What is known of a commit, for history.
    /// - Returns: One outcome for each apply that had not ended; empty when there was none.
    package func recover(
        environment: String, stop: StopSignal = StopSignal(),
        facts: (_ commit: String) async -> CommitFacts = { CommitFacts(id: $0) },
        progress: @escaping @Sendable (ApplyProgress) -> Void = { _ in }
    ) async throws(ReconcilingFailure) -> [ApplyOutcome] {
        let unfinished: [UnfinishedApply]
        do {
            unfinished = try await applier.journal.unfinished(environment: environment)
        } catch {
            throw ReconcilingFailure(
                .stateUnreadable, "the journal of `\(environment)` could not be read", cause: error)
        }
        // All of them went to one target: the next apply starts only when the one before has ended.
        guard let target = unfinished.first?.header.target else { return [] }
        let provider = try await provider(for: target, environment: environment)
        let started = now()
        let outcomes = await applier.recover(environment: environment, with: provider, stop: stop, progress: progress)
        for outcome in outcomes {
            guard let report = outcome.report, let ending = outcome.revisionOutcome, ending != .interrupted else {
                continue
            }
            let commit = await facts(report.commit)
            let revision = try await add(
                Revision(
                    number: 0, environment: environment, commit: commit.id, author: commit.author,
                    subject: commit.subject, planDigest: report.planDigest, outcome: ending, started: started,
                    duration: now().since(started), stepsCount: report.stepsCount, problem: outcome.problem),
                unfinished.first { $0.header.id == report.id }.map { RevisionChanges($0.header) })
            try await tell(
                .recovered, revision,
                "an apply that had not ended was \(ending == .applied ? "finished" : "taken back")")
        }
        return outcomes
    }

    /// Records a commit whose manifests have errors, unless the newest revision says so already.
    func recordInvalid(
        _ commit: CommitFacts, environment: String, problem: Problem
    ) async throws(ReconcilingFailure) {
        if let last = try await newestRevision(environment: environment), last.commit == commit.id,
            last.outcome == .invalid
        {
            return
        }
        let revision = try await add(
            Revision(
                number: 0, environment: environment, commit: commit.id, author: commit.author,
                subject: commit.subject, planDigest: nil, outcome: .invalid, started: now(), duration: .zero,
                stepsCount: 0, problem: problem))
        try await tell(.quarantined, revision, "the manifests of the commit have errors")
    }

    package func newestRevision(environment: String) async throws(ReconcilingFailure) -> Revision? {
        do {
            return try await revisions.revisions(environment: environment, before: nil, limit: 1).first
        } catch {
            throw ReconcilingFailure(
                .historyUnreadable, "the history of `\(environment)` could not be read", cause: error)
        }
    }

    func tell(
        _ kind: Event.Kind, _ revision: Revision, _ message: String
    ) async throws(ReconcilingFailure) {
        try await tell(
            Event(
                kind, environment: revision.environment, time: now(), commit: revision.commit, message: message,
                problem: revision.problem), revision)
    }

    package func tell(_ event: Event, _ revision: Revision? = nil) async throws(ReconcilingFailure) {
        // Also where the history cannot be written: what happened has happened.
        announce(.event(event, revision))
        do {
            try await revisions.add(event)
        } catch {
            throw ReconcilingFailure(
                .historyUnwritable, "an event of `\(event.environment)` could not be written", cause: error)
        }
    }

    private func add(
        _ revision: Revision, _ changes: RevisionChanges? = nil
    ) async throws(ReconcilingFailure) -> Revision {
        do {
            return try await revisions.add(revision, changes: changes)
        } catch {
            throw ReconcilingFailure(
                .historyUnwritable, "the revision of `\(revision.environment)` could not be written", cause: error)
        }
    }

    /// - Parameter epoch: Of the lease before the target was read; nil where somebody had it.
    /// - Throws: `reconciling.stale` where somebody else had the lease since: what they recorded is newer.
    private func record(
        _ changes: [StateChange], readAt epoch: Int?, environment: String
    ) async throws(ReconcilingFailure) {
        guard !changes.isEmpty else { return }
        let what = "what was read of the target of `\(environment)` could not be recorded"
        let lease: LeaseGrant
        do {
            lease = try await applier.leases.acquire(
                environment: environment, holder: applier.holder, ttl: applier.settings.leaseTTL)
        } catch {
            throw ReconcilingFailure(.stateUnwritable, what, cause: error)
        }
        let written: ReconcilingFailure?
        do {
            guard let epoch, lease.epoch == epoch + 1 else {
                throw ReconcilingFailure(
                    .stale, "somebody else applied to `\(environment)` since its target was read",
                    recovery: .observeFirst)
            }
            try await applier.states.write(changes, environment: environment, lease: lease)
            written = nil
        } catch let failure as ReconcilingFailure {
            written = failure
        } catch let failure as JournalFailure {
            written = ReconcilingFailure(.stateUnwritable, what, cause: failure)
        } catch {
            written = ReconcilingFailure(.stateUnwritable, what, recovery: .retry(after: .seconds(5)))
        }
        do {
            try await applier.leases.release(lease)
        } catch {
            throw written ?? ReconcilingFailure(.stateUnwritable, what, cause: error)
        }
        if let written { throw written }
    }

    private func log(_ outcome: ApplyOutcome, _ revision: Revision) {
        var metadata: Logger.Metadata = [
            "gw.environment": "\(revision.environment)", "gw.commit": "\(revision.commit)",
            "gw.plan": "\(revision.planDigest ?? "")", "gw.outcome": "\(outcome.name)",
            "gw.steps": "\(revision.stepsCount)",
        ]
        if let problem = revision.problem {
            metadata["gw.code"] = "\(problem.code)"
            metadata["gw.message"] = "\(problem.message)"
        }
        if let probes = outcome.report?.probes, !probes.isEmpty {
            metadata["gw.probes"] = "\(probes.count { $0.isPassed }) of \(probes.count) passed"
        }
        if let proof = outcome.report?.proof {
            metadata["gw.hash.before"] = "\(proof.before)"
            metadata["gw.hash.after"] = "\(proof.after)"
        }
        logger.log(
            level: outcome.revisionOutcome == .applied ? .info : .warning, "apply ended", metadata: metadata)
    }
}

extension Timestamp {
    /// Never negative, also when the wall clock was set back.
    func since(_ earlier: Timestamp) -> Duration { .milliseconds(max(0, milliseconds - earlier.milliseconds)) }

    package func adding(_ duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(milliseconds: milliseconds + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }
}
