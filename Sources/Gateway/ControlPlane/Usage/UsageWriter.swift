import DataPlane
import Logging
import Synchronization

/// Writes what API keys have spent, and when access keys and roles were last used, a little after it happened: a request
/// never waits for the disk, and a crash forgets a few seconds, in the callers' favour.
final class UsageWriter: Sendable {
    private let registry: EngineRegistry
    private let keys: APIKeyRegistry
    private let lastUses: LastUses
    private let logger: Logger
    private let waiting = Mutex<Task<Void, Never>?>(nil)

    init(registry: EngineRegistry, keys: APIKeyRegistry, lastUses: LastUses, logger: Logger) {
        self.registry = registry
        self.keys = keys
        self.lastUses = lastUses
        self.logger = logger
    }

    func start() {
        keys.onUse { [weak self] in self?.schedule() }
        lastUses.onUse { [weak self] in self?.schedule() }
    }

    /// Nothing is counted into the database any more once this returns.
    func stop() async {
        keys.onUse(nil)
        lastUses.onUse(nil)
        let task = waiting.withLock { task in
            defer { task = nil }
            return task
        }
        task?.cancel()
        await task?.value
        await write()
    }

    private func schedule() {
        waiting.withLock { task in
            guard task == nil else { return }
            // UNSTRUCTURED: awaited by ``stop()``; it ends when there is nothing left to write.
            task = Task { [weak self] in
                repeat {
                    do { try await Task.sleep(for: Limits.usageWriteDelay) } catch { return }
                    await self?.write()
                } while self?.goesOn() ?? false
            }
        }
    }

    /// Under the lock, so that a use that comes now either is seen here or finds no task.
    private func goesOn() -> Bool {
        waiting.withLock { task in
            if keys.hasChanges || lastUses.hasChanges { return true }
            task = nil
            return false
        }
    }

    /// - Returns: False if it could not be written; it will be tried again.
    @discardableResult
    func write() async -> Bool {
        let changes = keys.takeChanges()
        let uses = lastUses.takeChanges()
        guard !changes.isEmpty || !uses.isEmpty else { return true }
        do {
            try await registry.write { (workspace) throws(ServiceError) in
                for change in changes {
                    UsagePlanKeys.keep(Usage.document(change), of: change.keyID, in: change.planID, &workspace)
                }
                LastUses.keep(uses, &workspace)
            }
            return true
        } catch {
            logger.error(
                "what keys have spent is not written", metadata: ["gw.count": "\(changes.count + uses.count)"])
            keys.returnChanges(changes)
            lastUses.returnChanges(uses)
            return false
        }
    }
}
