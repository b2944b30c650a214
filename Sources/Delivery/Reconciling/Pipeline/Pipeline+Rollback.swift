import Diagnostics

/// What an operator calls the state that an environment is to go back to.
package enum RollbackGoal: Sendable, Hashable {
    /// The commit that was applied before the present one.
    case oneBack
    case revision(Int)
    /// At least 4 hex digits of a commit that was applied.
    case commit(String)

    /// Numbers are revisions; a commit of digits alone is named by 7 of them at least.
    package init?(_ text: String?) {
        guard let text else {
            self = .oneBack
            return
        }
        let isHex = text.utf8.count >= 4 && text.utf8.count <= 64 && text.allSatisfy { $0.isHexDigit && $0.isASCII }
        if let number = Int(text), text.utf8.allSatisfy({ (48...57).contains($0) }), text.utf8.count < 7 {
            self = .revision(number)
        } else if isHex {
            self = .commit(text.lowercased())
        } else {
            return nil
        }
    }
}

extension Pipeline {
    /// The revision that a rollback goes back to.
    ///
    /// - Throws: `reconciling.no-such-revision`, `reconciling.not-applied`, `reconciling.history-unreadable`.
    package func revision(for goal: RollbackGoal, environment: String) async throws(ReconcilingFailure) -> Revision {
        switch goal {
        case .revision(let number):
            let found = number == .max ? nil : try await page(environment, before: number + 1, limit: 1).first
            guard let found, found.number == number else {
                throw ReconcilingFailure(
                    .noSuchRevision, "`\(environment)` has no revision \(number)", recovery: .awaitCommit)
            }
            guard found.outcome == .applied else {
                throw ReconcilingFailure(
                    .notApplied,
                    "revision \(number) of `\(environment)` was not applied: it is "
                        + "`\(found.outcome.words)`" + (found.problem.map { " (\($0.message))" } ?? ""),
                    recovery: .awaitCommit)
            }
            return found
        case .commit(let prefix):
            let found = try await newest(environment) { $0.commit.hasPrefix(prefix) }
            guard let found else {
                throw ReconcilingFailure(
                    .noSuchRevision, "no commit `\(prefix)` was applied to `\(environment)`", recovery: .awaitCommit)
            }
            return found
        case .oneBack: return try await oneBack(environment)
        }
    }

    private func oneBack(_ environment: String) async throws(ReconcilingFailure) -> Revision {
        guard let present = try await newest(environment, where: { _ in true }) else {
            throw ReconcilingFailure(
                .noSuchRevision, "nothing was applied to `\(environment)` yet", recovery: .awaitCommit)
        }
        // Going back twice goes on from where the first rollback went, not to and fro.
        let hold = try await hold(of: environment)
        let from = hold.flatMap { $0.wants(present.commit) ? $0.revision : nil } ?? present.number
        guard let found = try await newest(environment, before: from, where: { $0.commit != present.commit }) else {
            throw ReconcilingFailure(
                .noSuchRevision, "`\(environment)` was at no other commit before \(present.commit.prefix(7))",
                recovery: .awaitCommit)
        }
        return found
    }

    /// The newest applied revision of which `condition` is true.
    private func newest(
        _ environment: String, before: Int? = nil, where condition: (Revision) -> Bool
    ) async throws(ReconcilingFailure) -> Revision? {
        var before = before
        while true {
            let page = try await page(environment, before: before, limit: Limits.historyPage)
            if let found = page.first(where: { $0.outcome == .applied && condition($0) }) { return found }
            guard let last = page.last, page.count == Limits.historyPage else { return nil }
            before = last.number
        }
    }

    private func page(
        _ environment: String, before: Int?, limit: Int
    ) async throws(ReconcilingFailure) -> [Revision] {
        do {
            return try await revisions.revisions(environment: environment, before: before, limit: limit)
        } catch {
            throw ReconcilingFailure(
                .historyUnreadable, "the history of `\(environment)` could not be read", cause: error)
        }
    }
}
