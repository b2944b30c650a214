import Applying
import Diagnostics
import GitSource
import JSON
import Logging
import Manifests
import Planning
import Resources

extension Reconciler {
    /// Brings the environment to the head, or to where it is held.
    func reconcile(_ head: CommitID) async throws(ReconcilingFailure) {
        let hold = try await hold(at: head)
        // Somebody else may have worked on it meanwhile.
        if hold == nil, status.hold != nil, memory.settled?.kind == .ready {
            memory.settled = nil
            memory.inputs = nil
        }
        show { status in
            // Where it stands is about the hold before: commands wait for what becomes of theirs.
            if hold != status.hold { (status.state, status.problem) = (.reconciling, nil) }
            status.hold = hold
        }
        guard hold?.kind != .pause else { return show { $0.state = .held } }
        // What was agreed to when a rollback was asked for.
        if let consent = hold?.consent { memory.consent = consent }
        guard let commit = hold?.commit.flatMap({ CommitID(hex: $0) }) ?? (hold == nil ? head : nil) else {
            throw ReconcilingFailure(
                .sourceUnreadable, "the commit at which `\(environment)` is held is no commit id",
                recovery: .askOperator(runbook: "journal.md"))
        }
        if case .consent(let digest)? = memory.settled?.kind, memory.consent != digest,
            let approval = try await pipeline.approval(of: environment), approval.digest == digest
        {
            memory.consent = digest
        }
        let outage = memory.outage
        memory.outage = nil
        guard !memory.isSettled(commit.hex, at: pipeline.now(), settings) else {
            return showAgain(outage, isHeld: hold != nil)
        }
        let tree = CommitTree(repository, at: commit)
        if memory.settled?.commit != commit.hex {
            memory.backOff = BackOff()
            if try await skipped(commit, tree, isHeld: hold != nil) { return }
        }
        await attempt(commit, tree, isHeld: hold != nil)
    }

    /// Nothing is to be done: what was shown before an outage, or a start, is so again.
    private func showAgain(_ outage: Memory.Outage?, isHeld: Bool) {
        show { status in
            if let outage, status.state == .failed {
                status.state = outage.state
                status.problem = outage.problem
            }
            guard status.state == .reconciling, memory.settled?.kind == .ready else { return }
            status.state = isHeld ? .held : .ready
            status.problem = nil
            status.appliedCommit = memory.settled?.commit
        }
    }

    /// The hold of the environment; a newer commit ends that of a rollback, and its time ends a pause.
    private func hold(at head: CommitID) async throws(ReconcilingFailure) -> Hold? {
        let hold = try await pipeline.hold(of: environment)
        guard let hold, hold.isOver(whenHeadIs: head.hex, at: pipeline.now()) else { return hold }
        try await pipeline.end(hold, because: hold.kind == .pause ? "its time has come" : "a newer commit arrived")
        return try await self.hold(at: head)
    }

    /// True if the commit has the same as the one before in all that was read of it.
    private func skipped(
        _ commit: CommitID, _ tree: CommitTree, isHeld: Bool
    ) async throws(ReconcilingFailure) -> Bool {
        guard let inputs = memory.inputs, let kind = memory.settled?.kind, kind == .ready || kind == .refused else {
            return false
        }
        do {
            guard try await inputs.areSame(in: tree, for: environment, pipeline.loader) else { return false }
        } catch {
            // Loading says what is wrong, with its place.
            return false
        }
        memory.settled = Memory.Settled(commit: commit.hex, kind: kind)
        count { $0.commitsSkipped += 1 }
        show { status in
            if kind == .ready { status.appliedCommit = commit.hex }
            status.state = isHeld ? .held : kind == .ready ? .ready : .refused
        }
        logger.debug(
            "nothing that the environment reads has changed",
            metadata: ["gw.environment": "\(environment)", "gw.commit": "\(commit.hex)"])
        return true
    }

    private func attempt(_ commit: CommitID, _ tree: CommitTree, isHeld: Bool) async {
        show { status in
            status.state = .reconciling
            status.nextAttempt = nil
        }
        pipeline.announce(.began(environment: environment, commit: commit.hex))
        let began = ContinuousClock.now
        let verdict = await Phase.attempt(environment: environment, commit: commit.hex) { () -> Verdict in
            let facts = await facts(commit.hex)
            do throws(ReconcilingFailure) {
                // A rollback is an operator's act; any other commit has to be somebody's who may make it.
                if !isHeld { try await pipeline.verify(commit, in: repository, environment: environment) }
                return try await reach(facts, tree)
            } catch {
                if error.code == .signatureRefused { await recordRefused(facts, error) }
                return Verdict(error)
            }
        }
        await settle(commit.hex, verdict, isHeld: isHeld)
        Phase.ended(status.state, after: ContinuousClock.now - began, isLive: verdict == .ready)
    }

    /// Watches as the commit says, unless that is less than before and nobody agreed yet.
    private func watch(_ graph: DesiredGraph, _ settings: DriftSettings) async throws(ReconcilingFailure) {
        guard try await !pipeline.loosensWatch(graph) else { return }
        memory.drift.settings = settings
    }

    /// As for manifests with errors: looked at again at the next start, when other signers may be allowed.
    private func recordRefused(_ commit: CommitFacts, _ failure: ReconcilingFailure) async {
        memory.inputs = nil
        do {
            try await pipeline.recordInvalid(commit, environment: environment, problem: Problem(failure))
        } catch {
            logger.warning("a refused commit could not be recorded", metadata: ["gw.error": "\(error)"])
        }
    }

    /// Loads, plans and applies one commit.
    private func reach(_ commit: CommitFacts, _ tree: CommitTree) async throws(ReconcilingFailure) -> Verdict {
        memory.inputs = nil
        let result = try await Phase.run("load") { () async throws(ReconcilingFailure) in
            try await pipeline.load(tree, environment: environment)
        }
        do {
            memory.inputs = try await TreeInputs(of: result, in: tree)
        } catch {
            // Only the next unrelated commit costs more then.
            logger.debug("the files of a commit could not be compared", metadata: ["gw.error": "\(error)"])
        }
        show { $0.diagnostics = result.diagnostics }
        guard let graph = result.graph else {
            let errors = result.diagnostics.filter { $0.severity == .error }
            let first = errors.first.map { error in
                ": " + (error.spans.first.map { "\($0): " } ?? "") + error.message
            }
            let problem = Problem(
                code: ReconcilingFailure.Code.manifestsInvalid.rawValue,
                message: "the manifests have \(errors.count) error\(errors.count == 1 ? "" : "s")\(first ?? "")")
            try await pipeline.recordInvalid(commit, environment: environment, problem: problem)
            count { $0.outcomes[.invalid, default: 0] += 1 }
            return .awaitCommit(problem)
        }
        try await watch(graph, result.drift)
        for _ in 0..<Limits.plansPerAttempt {
            let verdict = try await planAndApply(commit, graph)
            // What was agreed to counts from here on.
            if verdict == .ready { memory.drift.settings = result.drift }
            guard verdict == .planAgain else { return verdict }
            count { $0.stalePlans += 1 }
        }
        return Verdict(
            ReconcilingFailure(
                .stale, "the target of `\(environment)` changed between plan and apply, twice in a row",
                recovery: .observeFirst))
    }

    private func planAndApply(_ commit: CommitFacts, _ graph: DesiredGraph) async throws(ReconcilingFailure) -> Verdict
    {
        let (scope, began) = (memory.scope, ContinuousClock.now)
        let prepared = try await Phase.run("plan") { () async throws(ReconcilingFailure) in
            try await pipeline.plan(graph, observing: scope)
        }
        Phase.planned(after: ContinuousClock.now - began)
        let plan = prepared.plan
        count { $0.plans += 1 }
        show { $0.diagnostics = plan.findings }
        if !plan.needsConsent.isEmpty, memory.consent != plan.digest,
            let approval = try await pipeline.approval(of: environment), approval.digest == plan.digest
        {
            memory.consent = plan.digest
        }
        guard plan.needsConsent.isEmpty || memory.consent == plan.digest else {
            try await askConsent(commit, plan)
            return .awaitConsent(digest: plan.digest)
        }
        let result = try await Phase.run("apply") { () async throws(ReconcilingFailure) in
            try await pipeline.apply(
                prepared, commit: commit, consent: plan.digest, stop: stopSignal, progress: progress)
        }
        memory.scope = .whenNeeded
        guard case .ended(let outcome, let revision) = result else {
            memory.consent = nil
            show { $0.appliedCommit = commit.id }
            return .ready
        }
        memory.consent = nil
        count { counters in
            counters.steps += revision.stepsCount
            if outcome.revisionOutcome != nil { counters.outcomes[revision.outcome, default: 0] += 1 }
        }
        let verdict = Verdict(outcome)
        switch verdict {
        case .ready:
            show { status in
                status.appliedCommit = commit.id
                status.appliedDigest = plan.digest
                status.appliedRevision = revision.number
                status.lastApplied = pipeline.now()
            }
            try await pipeline.tell(.applied, revision, "revision \(revision.number) is applied")
        case .planAgain, .retry:
            memory.scope = .touching(Set(plan.changes.map(\.address)))
            if case .interrupted = outcome { memory.isRecovered = false }
            if outcome.revisionOutcome != nil, case .retry = verdict {
                try await pipeline.tell(.failed, revision, "the attempt failed and is made again")
            }
        case .awaitCommit:
            try await pipeline.tell(.quarantined, revision, "the target refuses the commit")
        case .askOperator: try await pipeline.tell(.held, revision, "a person is needed")
        case .awaitConsent, .stopped: break
        }
        return verdict
    }

    private func askConsent(_ commit: CommitFacts, _ plan: Plan) async throws(ReconcilingFailure) {
        show { status in
            status.pendingDigest = plan.digest
            status.needsConsent = plan.needsConsent
        }
        try await pipeline.tell(
            Event(
                .held, environment: environment, time: pipeline.now(), commit: commit.id,
                message: "the plan \(plan.digest) needs a consent"))
    }

    /// Keeps and shows what became of a commit.
    private func settle(_ commit: String, _ verdict: Verdict, isHeld: Bool) async {
        let now = pipeline.now()
        var state = EnvironmentStatus.State.ready
        var problem: Problem?
        var nextAttempt: Timestamp?
        var kind = Memory.Settled.Kind.ready
        switch verdict {
        case .ready:
            memory.backOff = BackOff()
            state = isHeld ? .held : .ready
        case .awaitCommit(let cause):
            (state, problem, kind) = (.refused, cause, .refused)
        case .awaitConsent(let digest):
            (state, kind) = (.held, .consent(digest: digest))
        case .retry(let cause, let pause):
            let time = now.adding(memory.backOff.next(settings, atLeast: pause, random: random()))
            (state, problem, nextAttempt, kind) = (.failed, cause, time, .retry(at: time))
        case .askOperator(let cause):
            // Credentials may be mended without a commit: tried again now and then.
            let time = now.adding(settings.pauseMax)
            (state, problem, nextAttempt, kind) = (.held, cause, time, .retry(at: time))
        case .planAgain, .stopped:
            return show { $0.lastReconciled = now }
        }
        memory.settled = Memory.Settled(commit: commit, kind: kind)
        if kind == .ready { await recordInputs(commit) }
        if nextAttempt != nil { count { $0.retries += 1 } }
        show { status in
            status.state = state
            status.problem = problem
            status.nextAttempt = nextAttempt
            status.lastReconciled = now
            if case .consent = kind { return }
            status.pendingDigest = nil
            status.needsConsent = []
        }
        pipeline.announce(.ended(status, commit: commit))
        log(commit, state, problem)
    }

    /// What fails here costs a plan at the next start, and nothing else.
    private func recordInputs(_ commit: String) async {
        guard let inputs = memory.inputs else { return }
        do {
            try await pipeline.revisions.setInputs(
                RecordedInputs(commit: commit, version: settings.version, document: inputs.json.text(.compact)),
                environment: environment)
        } catch {
            logger.warning("the inputs of a commit were not recorded", metadata: ["gw.code": "\(error.code.rawValue)"])
        }
    }

    private func log(_ commit: String, _ state: EnvironmentStatus.State, _ problem: Problem?) {
        var metadata: Logger.Metadata = [
            "gw.environment": "\(environment)", "gw.commit": "\(commit)", "gw.state": "\(state.rawValue)",
        ]
        if let problem {
            metadata["gw.code"] = "\(problem.code)"
            metadata["gw.problem"] = "\(problem.message)"
        }
        logger.log(level: problem == nil ? .info : .warning, "attempt ended", metadata: metadata)
    }
}
