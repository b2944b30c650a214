import Applying
package import Diagnostics
package import GitSource
import Manifests
package import Planning
import Resources

extension Pipeline {
    /// Reads the whole target of an environment and says where it is not as it was applied. Writes nothing, and needs no
    /// lease: what was read while somebody applied is read again.
    ///
    /// - Parameters:
    ///   - repository: Where the applied commit is.
    ///   - desired: The commit at which the environment is to be: the head of its ref, or where it is held; nil for the
    ///     applied one.
    ///   - today: In UTC, for the expiry of rules.
    /// - Throws: `reconciling.busy` while somebody applies, `reconciling.manifests-invalid` where neither commit can be
    ///   loaded, and what reading state, history and target throws.
    package func sweep(
        _ environment: String, in repository: GitRepository, desired: CommitID?, today: CivilDate
    ) async throws(ReconcilingFailure) -> DriftSweep {
        for _ in 0..<Limits.sweepTriesMax {
            let before = try await standing(environment)
            if let holder = before.holder { throw .busy(environment, holder) }
            let sweep = try await read(environment, repository, desired, today, epoch: before.epoch)
            let after = try await standing(environment)
            if after.holder == nil, after.epoch == before.epoch { return sweep }
        }
        throw .busy(environment, "somebody else, again and again")
    }

    /// The plan that puts drift back to what the applied commit wants: an ordinary plan, of what was read by the sweep.
    ///
    /// - Parameter isWanted: Whether the drift of an object is put back; the rest of it, and what is ignored, stays.
    /// - Returns: Nil where the applied commit is not known; the plan is empty where no plan can put the drift back.
    package func correction(of sweep: DriftSweep, where isWanted: (DriftLine) -> Bool) -> PreparedPlan? {
        guard let applied = sweep.graph else { return nil }
        let graph = guards.applied(
            to: DriftCorrection.graph(applied, correcting: sweep.report, observed: sweep.observed, where: isWanted),
            sweep.guards)
        let plan = Planner.plan(desired: graph, recorded: sweep.recorded, observed: sweep.observed)
        let refreshed = RecordedState.refreshed(sweep.recorded, desired: graph, observed: sweep.observed)
        let changes = Self.changes(
            from: sweep.recorded, to: refreshed.objects, settled: sweep.observed.addresses, sweep.doubts)
        return PreparedPlan(
            plan: plan, graph: graph, provider: sweep.provider,
            stateChanges: Self.only(Set(plan.changes.map(\.address)), of: changes, recorded: sweep.recorded),
            takeover: [], guards: AppliedGuards(applied), appliedGuards: sweep.guards, epoch: sweep.epoch)
    }

    /// What stays as it is on the target stays drift: only identities of it are recorded.
    private static func only(
        _ touched: Set<Address>, of changes: [StateChange], recorded: [RecordedObject]
    ) -> [StateChange] {
        let before = Dictionary(recorded.map { ($0.address, $0) }) { first, _ in first }
        return changes.compactMap { change in
            guard case .record(let object) = change else {
                if case .remove(let address) = change, !touched.contains(address) { return nil }
                return change
            }
            guard !touched.contains(object.address) else { return change }
            guard var known = before[object.address], known.identity != object.identity else { return nil }
            known.identity = object.identity
            return .record(known)
        }
    }
}

extension Pipeline {
    private func read(
        _ environment: String, _ repository: GitRepository, _ desired: CommitID?, _ today: CivilDate, epoch: Int
    ) async throws(ReconcilingFailure) -> DriftSweep {
        let history = try await lastApplied(environment)
        var notes: [Diagnostic] = []
        var applied: LoadedCommit?
        if let commit = history.revision?.commit {
            applied = try await loaded(commit, environment, repository)
            if applied == nil { notes.append(.commitUnknown(commit)) }
        }
        var next: LoadedCommit?
        if let desired, desired.hex != applied?.facts.id {
            next = try await loaded(desired.hex, environment, repository)
            if next == nil { notes.append(.desiredInvalid(desired.hex)) }
        }
        guard let base = applied ?? next else {
            throw ReconcilingFailure(
                .manifestsInvalid, "no commit of `\(environment)` can be loaded, so its target is not known",
                recovery: .awaitCommit)
        }
        let graph = Deployments.derived(in: base.graph)
        let (recorded, doubts) = try await state(of: graph)
        let provider = try await provider(for: graph.target, environment: environment)
        let observation =
            Self.observation(graph, recorded, Set(doubts.keys), .everything) ?? Observation(addresses: [])
        let survey: TargetSurvey
        do {
            survey = try await provider.survey(observation)
        } catch {
            throw ReconcilingFailure(
                .targetUnreadable, "the target of `\(environment)` could not be read", cause: error)
        }
        var input = DriftInput(
            environment: environment, recorded: recorded,
            observed: ObservedState(observation, objects: survey.objects, doubted: Set(doubts.keys)),
            today: today)
        // After an apply that left something behind, the recorded state knows better than the commit.
        if !history.isUnsettled { input.applied = applied?.graph }
        input.desired = applied == nil ? nil : next?.graph
        (input.strangers, input.served) = (survey.strangers, survey.served)
        let guards = try await appliedGuards(of: environment)
        let settings = Self.settings(applied, next, guards)
        input.ignore = settings.ignore
        var report = DriftReport(input)
        report.appliedCommit = history.revision?.commit
        report.desiredCommit = desired?.hex
        report.notes = notes + report.notes
        report.callsCount = survey.callsCount
        return DriftSweep(
            report: report, settings: settings, applied: applied?.facts, graph: applied?.graph, recorded: recorded,
            observed: input.observed, doubts: doubts, provider: provider,
            guards: guards, epoch: epoch)
    }

    /// A newer commit that wants nothing else than what is applied is where the environment is, whatever history says.
    ///
    /// A commit that watches less than before does so once somebody agreed.
    private static func settings(
        _ applied: LoadedCommit?, _ next: LoadedCommit?, _ guards: AppliedGuards?
    ) -> DriftSettings {
        let isAgreed = guards.map { guards in
            next.map { AppliedGuards($0.graph).looseningOfWatch(guards).isEmpty } ?? true
        }
        guard let applied else { return isAgreed == false ? DriftSettings() : next?.drift ?? DriftSettings() }
        guard let next, isAgreed != false, next.graph.wantsSame(as: applied.graph) else { return applied.drift }
        return next.drift
    }

    /// Nil for a commit that is not there, or whose manifests have errors.
    private func loaded(
        _ commit: String, _ environment: String, _ repository: GitRepository
    ) async throws(ReconcilingFailure) -> LoadedCommit? {
        guard let id = CommitID(hex: commit) else { return nil }
        let facts: CommitFacts
        do {
            facts = CommitFacts(try await repository.commit(id))
        } catch {
            return nil
        }
        let result = try await load(CommitTree(repository, at: id), environment: environment)
        return result.graph.map { LoadedCommit(facts: facts, graph: $0, drift: result.drift) }
    }

    private func lastApplied(
        _ environment: String
    ) async throws(ReconcilingFailure) -> (revision: Revision?, isUnsettled: Bool) {
        let newest = try await newestRevision(environment: environment)
        let applied: Revision?
        do {
            applied = try await revisions.lastApplied(environment: environment)
        } catch {
            throw ReconcilingFailure(
                .historyUnreadable, "the history of `\(environment)` could not be read", cause: error)
        }
        switch newest?.outcome {
        case .residue, .held, .interrupted: return (applied, true)
        case .applied, .invalid, .refused, .rolledBack, nil: return (applied, false)
        }
    }
}

extension DesiredGraph {
    /// True if both want the same objects, be the settings around them what they may.
    fileprivate func wantsSame(as other: DesiredGraph) -> Bool {
        let (mine, others) = (Deployments.derived(in: self).resources, Deployments.derived(in: other).resources)
        return mine.count == others.count && target == other.target
            && zip(mine, others).allSatisfy { $0.address == $1.address && $0.document == $1.document }
    }
}

extension Diagnostic {
    fileprivate static func commitUnknown(_ commit: String) -> Diagnostic {
        Diagnostic(
            .warning, DriftFinding.commitUnknown,
            "the applied commit \(commit.prefix(7)) cannot be read: the recorded state stands in for it", at: nil,
            remedy: "fetch the whole history, or apply a commit that is there")
    }

    fileprivate static func desiredInvalid(_ commit: String) -> Diagnostic {
        Diagnostic(
            .warning, DriftFinding.desiredInvalid,
            "the manifests of commit \(commit.prefix(7)) have errors: what it wants of the drift is not known", at: nil,
            remedy: "see `gatewright validate`")
    }
}

extension ReconcilingFailure {
    fileprivate static func busy(_ environment: String, _ holder: String) -> ReconcilingFailure {
        ReconcilingFailure(
            .busy, "`\(environment)` cannot be compared with its target yet",
            cause: LeaseFailure(.held, "`\(environment)` is being applied to by \(holder)", holder: holder))
    }
}
