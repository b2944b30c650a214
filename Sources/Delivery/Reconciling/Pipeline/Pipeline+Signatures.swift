package import GitSource

extension Pipeline {
    /// Checks, where signatures are asked for, that a commit is signed by someone who may make all changes since the
    /// commit that the environment was last brought to.
    ///
    /// - Throws: `reconciling.signature-refused`, `reconciling.history-unreadable`.
    package func verify(
        _ commit: CommitID, in repository: GitRepository, environment: String
    ) async throws(ReconcilingFailure) {
        guard let signatures else { return }
        let applied: Revision?
        do {
            applied = try await revisions.lastApplied(environment: environment)
        } catch {
            throw ReconcilingFailure(
                .historyUnreadable, "the history of `\(environment)` could not be read", cause: error)
        }
        do {
            try await repository.verify(commit, since: applied.flatMap { CommitID(hex: $0.commit) }, signatures)
        } catch {
            throw ReconcilingFailure(
                .signatureRefused, "commit \(commit.short) is not taken up", cause: error)
        }
    }
}
