import Diagnostics

extension Pipeline {
    /// - Throws: `reconciling.history-unreadable`.
    package func hold(of environment: String) async throws(ReconcilingFailure) -> Hold? {
        do {
            return try await revisions.hold(environment: environment)
        } catch {
            throw ReconcilingFailure(
                .historyUnreadable, "the hold of `\(environment)` could not be read", cause: error)
        }
    }

    /// Puts an environment under a hold, and tells it.
    ///
    /// - Parameter before: The hold as the caller knows it; nil if there was none.
    /// - Throws: `reconciling.hold-changed` when it is another one by now, `reconciling.history-unwritable`.
    package func begin(_ hold: Hold, inPlaceOf before: Hold?) async throws(ReconcilingFailure) {
        guard try await swap(before, for: hold, hold.environment) else {
            throw ReconcilingFailure(
                .holdChanged, "somebody else held or resumed `\(hold.environment)` at the same time",
                recovery: .retry(after: .seconds(1)))
        }
        try await tell(
            Event(
                .held, environment: hold.environment, time: now(), commit: hold.commit, message: hold.sentence))
    }

    /// Lets an environment follow its ref again, and tells it; nothing if it is under another hold by now.
    package func end(_ hold: Hold, because reason: String) async throws(ReconcilingFailure) {
        guard try await swap(hold, for: nil, hold.environment) else { return }
        try await tell(
            Event(
                .resumed, environment: hold.environment, time: now(), commit: hold.commit,
                message: "follows its ref again: \(reason)"))
    }

    /// Takes back a hold whose rollback came to nothing; the one before counts again.
    package func takeBack(_ hold: Hold, to before: Hold?) async throws(ReconcilingFailure) {
        guard try await swap(hold, for: before, hold.environment) else { return }
        try await tell(
            Event(
                .resumed, environment: hold.environment, time: now(), commit: hold.commit,
                message: before.map { "the rollback came to nothing: \($0.sentence)" }
                    ?? "the rollback came to nothing: follows its ref again"))
    }

    /// Asks whether a command may bring an environment to a commit.
    ///
    /// - Returns: A hold that the commit ends: the caller ends it once it is sure to apply.
    /// - Throws: `reconciling.held` with who, when and why.
    package func admit(_ commit: String, environment: String) async throws(ReconcilingFailure) -> Hold? {
        guard let hold = try await hold(of: environment), !hold.wants(commit) else { return nil }
        guard hold.isOver(whenHeadIs: commit, at: now()) else {
            throw ReconcilingFailure(
                .held, "`\(environment)` is \(hold.sentence)", recovery: .askOperator(runbook: "holds.md"))
        }
        return hold
    }

    private func swap(
        _ before: Hold?, for hold: Hold?, _ environment: String
    ) async throws(ReconcilingFailure) -> Bool {
        do {
            return try await revisions.swapHold(before, for: hold, environment: environment)
        } catch {
            throw ReconcilingFailure(
                .historyUnwritable, "the hold of `\(environment)` could not be written", cause: error)
        }
    }
}
