import Applying
import Diagnostics
import JSON
import Logging
import Planning
import Resources

extension PreparedPlan {
    /// Puts the code that the plan sends to where its steps, and what takes them back, find it.
    ///
    /// - Returns: What keeps it there until the apply has ended; nil where the plan is about no function.
    /// - Throws: `provider.code-missing`
    func keepCode() async throws(ProviderFailure) -> CodeLease? {
        let functions = plan.changes.filter { $0.address.kind == .function }
        guard !functions.isEmpty, let shelf = provider.code else {
            for change in functions { try Self.needsNone(change) }
            return nil
        }
        let lease = try await Self.lease(shelf)
        let archives = Dictionary(graph.code.map { ($0.hash, $0) }) { first, _ in first }
        do throws(ProviderFailure) {
            for change in functions {
                guard let hash = change.sentCode else { continue }
                if let archive = archives[hash] { try shelf.keep(archive) } else { _ = try shelf.code(hash) }
            }
        } catch {
            lease.release()
            throw error
        }
        return lease
    }

    private static func needsNone(_ change: Change) throws(ProviderFailure) {
        guard let hash = change.sentCode else { return }
        throw ProviderFailure(
            .codeMissing, "`\(change.address)` needs the code `\(hash)`, and nothing here keeps code", effect: .none)
    }

    /// Waits for whoever prunes.
    static func lease(_ shelf: any CodeShelf) async throws(ProviderFailure) -> CodeLease {
        for _ in 0..<Limits.codeLeaseTriesMax {
            if let lease = try shelf.lease() { return lease }
            do {
                try await Task.sleep(for: Limits.codeLeasePause)
            } catch {
                break
            }
        }
        throw ProviderFailure(.codeMissing, "old code of functions is being removed just now", effect: .none)
    }
}

extension Change {
    /// The hash of the code that the change sends.
    fileprivate var sentCode: String? {
        guard let hash = after?["code"]?.string, before?["code"]?.string != hash else { return nil }
        return hash
    }
}

extension Pipeline {
    /// Removes the code that no recorded function has and no apply that has not ended may need. A rollback packs the folder
    /// of its commit again. While somebody else applies here nothing goes: the next apply will do.
    ///
    /// An environment of which nothing is recorded has creates alone, whose way back needs no code. The lease comes before the look at what is needed, so that nothing is recorded between the two.
    func pruneCode(_ shelf: (any CodeShelf)?) async {
        guard let shelf else { return }
        do {
            guard let lease = try shelf.pruningLease() else { return }
            defer { lease.release() }
            let removed = try shelf.removeAll(but: try await neededCode())
            if removed > 0 { logger.debug("old code removed", metadata: ["gw.count": "\(removed)"]) }
        } catch let failure as any Failure {
            logger.warning("old code is left for later", metadata: ["gw.code": "\(failure.code.rawValue)"])
        } catch {}
    }

    private func neededCode() async throws -> Set<String> {
        var needed: Set<String> = []
        func add(_ kind: ResourceKind, _ document: JSONValue?) {
            if kind == .function, let hash = document?["code"]?.string { needed.insert(hash) }
        }
        for environment in try await revisions.environments() {
            for object in try await applier.states.objects(environment: environment) {
                add(object.address.kind, object.document)
            }
            for apply in try await applier.journal.unfinished(environment: environment) {
                for effect in apply.header.steps.flatMap(\.effects) {
                    add(effect.address.kind, effect.before)
                    add(effect.address.kind, effect.after)
                }
            }
        }
        return needed
    }
}
