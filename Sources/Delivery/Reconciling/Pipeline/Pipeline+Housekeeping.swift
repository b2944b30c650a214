import Applying
import Diagnostics
import Logging
import Planning
import Resources

extension Pipeline {
    /// Removes old deployments and versions of policies and functions, and writes the commit into the ownership markers. What fails here fails nothing, and is made
    /// good by the next apply.
    func tidy(after plan: Plan, of commit: String, through provider: any ResourceProvider) async {
        let addresses = plan.changes.map(\.address)
        func owner(_ address: Address) -> Address {
            address.kind.isObjectOfItsOwn ? address : Address(.restAPI, address.root)
        }
        let kinds: Set<ResourceKind> = [.deployment, .policy, .alias]
        let versioned = Set(addresses.filter { kinds.contains($0.kind) }.map(owner))
        // What the plan made has its marker from the call that made it.
        let made = Set(plan.changes.filter { $0.action == .create }.map(\.address))
        let touched = Set(addresses.map(owner)).subtracting(made)
        do {
            let objects = try await applier.states.objects(environment: plan.environment)
            func identities(_ addresses: Set<Address>) -> [Address: Identity] {
                Dictionary(objects.filter { addresses.contains($0.address) }.map { ($0.address, $0.identity) }) {
                    first, _ in first
                }
            }
            if !versioned.isEmpty {
                let removed = try await provider.tidy(identities(versioned))
                logger.debug("old deployments and versions removed", metadata: ["gw.count": "\(removed)"])
            }
            try await provider.mark(identities(touched), commit: commit)
        } catch let failure as any Failure {
            logger.warning("housekeeping is left for later", metadata: ["gw.code": "\(failure.code.rawValue)"])
        } catch {}
    }
}
