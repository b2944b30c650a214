import Synchronization

/// The private links that integrations may name, and where they lead.
///
/// Which targets there are is fixed for the life of the engine; which links there are changes with every write, and
/// counts for the next request.
package final class LinkRegistry: Sendable {
    /// A link of the account.
    package struct Link: Sendable, Equatable {
        package var targetARN: String
        /// Milliseconds since 1970: usable from then on.
        package var readyAt: Int64

        package init(targetARN: String, readyAt: Int64) {
            self.targetARN = targetARN
            self.readyAt = readyAt
        }
    }

    /// By ARN of the load balancer.
    let groups: [String: TargetGroup]
    private let links = Mutex<[String: Link]>([:])

    /// - Parameter targets: By ARN of the load balancer.
    package init(_ targets: [String: LinkTargets] = [:]) {
        groups = Dictionary(uniqueKeysWithValues: targets.map { ($0.key, TargetGroup($0.key, $0.value)) })
    }

    /// False for a load balancer that nothing is known to stand behind.
    package func knows(_ targetARN: String) -> Bool { groups[targetARN] != nil }

    /// How many targets get requests now, and how many do not.
    var targetCounts: (healthy: Int, unhealthy: Int) {
        let targets = groups.values.flatMap(\.targets)
        let healthy = targets.count(where: \.isHealthy)
        return (healthy, targets.count - healthy)
    }

    /// From now on these are the links, by id.
    package func publish(_ links: [String: Link]) { self.links.withLock { $0 = links } }

    /// Where a request over the link goes.
    func group(of id: String, at milliseconds: Int64) throws(GatewayError) -> TargetGroup {
        guard let link = links.withLock({ $0[id] }) else {
            throw .configuration("there is no VPC link `\(id)`")
        }
        guard let group = groups[link.targetARN] else {
            throw .configuration("the VPC link `\(id)` has failed: nothing is known behind `\(link.targetARN)`")
        }
        guard milliseconds >= link.readyAt else { throw .configuration("the VPC link `\(id)` is still pending") }
        return group
    }
}
