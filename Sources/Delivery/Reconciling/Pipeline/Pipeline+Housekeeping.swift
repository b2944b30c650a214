import Applying
import Diagnostics
import Logging
import Planning
import Resources

extension Pipeline {
    /// Removes old deployments and writes the commit into the ownership markers. What fails here fails nothing, and is made
    /// good by the next apply.
    func tidy(after plan: Plan, of commit: String, through provider: any ResourceProvider) async {
        let addresses = plan.changes.map(\.address)
        let deployed = Set(addresses.filter { $0.kind == .deployment }.map(\.root))
        // What the plan made has its marker from the call that made it.
        let made = Set(plan.changes.filter { $0.action == .create && $0.address.kind == .restAPI }.map(\.address.root))
        let touched = Set(addresses.map(\.root)).subtracting(made)
        do {
            let apis = try await applier.states.objects(environment: plan.environment)
                .filter { $0.address.kind == .restAPI }
            func identities(_ roots: Set<String>) -> [Address: Identity] {
                Dictionary(apis.filter { roots.contains($0.address.root) }.map { ($0.address, $0.identity) }) {
                    first, _ in first
                }
            }
            if !deployed.isEmpty {
                let removed = try await provider.tidy(identities(deployed))
                logger.debug("old deployments removed", metadata: ["gw.count": "\(removed)"])
            }
            try await provider.mark(identities(touched), commit: commit)
        } catch let failure as any Failure {
            logger.warning("housekeeping is left for later", metadata: ["gw.code": "\(failure.code.rawValue)"])
        } catch {}
    }
}
