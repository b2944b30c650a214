import Logging
import NIOCore

/// Checks the targets of all private links over and over, each by itself; used on one event loop only.
final class TargetWatch {
    private let probe: TargetProbe
    private let groups: [TargetGroup]
    private let logger: Logger
    private var due: [ObjectIdentifier: Scheduled<Void>] = [:]
    /// What was last said of a target; all begin as healthy.
    private var unhealthy: Set<ObjectIdentifier> = []
    private var isStopped = false

    init(_ links: LinkRegistry, _ probe: TargetProbe, logger: Logger) {
        groups = links.groups.values.sorted { $0.targetARN < $1.targetARN }
        self.probe = probe
        self.logger = logger
    }

    func start() {
        for group in groups {
            group.startWatching()
            for target in group.targets { check(target, of: group) }
        }
    }

    func stop() {
        guard !isStopped else { return }
        isStopped = true
        for group in groups { group.stopWatching() }
        for task in due.values { task.cancel() }
        due = [:]
    }

    private func check(_ target: LinkTarget, of group: TargetGroup) {
        guard !isStopped else { return }
        probe.run(target, group.check).assumeIsolated().whenSuccess { passed in
            guard !self.isStopped else { return }
            _ = target.checked(passed: passed)
            self.tell(target, of: group)
            self.due[ObjectIdentifier(target)] = self.probe.eventLoop.assumeIsolated().scheduleTask(
                in: TimeAmount(group.check.interval)
            ) { self.check(target, of: group) }
        }
    }

    /// Requests change the state too; that is told here as well, with the next check.
    private func tell(_ target: LinkTarget, of group: TargetGroup) {
        let isHealthy = target.isHealthy
        let hasChanged =
            isHealthy
            ? unhealthy.remove(ObjectIdentifier(target)) != nil : unhealthy.insert(ObjectIdentifier(target)).inserted
        guard hasChanged else { return }
        logger.log(
            level: isHealthy ? .info : .warning, "the health of a private link's target changed",
            metadata: [
                "gw.target": "\(target.origin.authority)", "gw.resource": "\(group.targetARN)",
                "gw.state": isHealthy ? "healthy" : "unhealthy",
            ])
    }
}
