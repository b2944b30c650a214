import JSON
package import Resources

/// Deployments are derived, never written by users, but for their description: one for each definition that stages serve.
///
/// What a deployment freezes is what the kinds' tables mark as requiring a redeploy: all that decides how a request is
/// routed, checked, integrated and answered, and the members of the API that are compiled in with it. Documentation is
/// published by versions of its own; names, descriptions, tags and endpoints take effect at once; a path without a method
/// serves nothing. None of these is in the fingerprint.
package enum Deployments {
    /// The graph with a `Deployment` for each RestApi that has a stage, and with each stage bound to it; versions of the
    /// documentation get the fingerprint of their parts.
    ///
    /// A RestApi whose deployment is in the graph already is left alone: applying this twice changes nothing.
    /// The fingerprint is made of documents with symbolic references and of keys without the manifest's name, so that
    /// neither another target nor another name cuts a deployment. What would replace an object that they name is in it
    /// too: see ``GivenIdentities``.
    package static func derived(in graph: DesiredGraph) -> DesiredGraph {
        let graph = DocumentationVersions.derived(in: graph)
        var open: [String: Parts] = [:]
        let resources = graph.resources
        // By position: copying ten thousand resources takes longer than looking at them.
        for position in resources.indices where resources[position].address.kind == .stage {
            open[resources[position].address.root] = Parts()
        }
        for position in resources.indices where resources[position].address.kind == .deployment {
            // One with a description alone is a manifest's: what it is of is not known yet.
            guard resources[position].document["fingerprint"] != nil else { continue }
            open[resources[position].address.root] = nil
        }
        guard !open.isEmpty else { return graph }
        let frozenKinds = Set(KindTable.objects.map(\.kind).filter(\.needsRedeploy))
        for position in resources.indices {
            let address = resources[position].address
            guard address.kind == .restAPI || address.kind.isPartOfDefinition else { continue }
            let root = address.root
            open[root]?.members.append(address)
            if frozenKinds.contains(address.kind) { open[root]?.frozen.append(position) }
        }
        let named = GivenIdentities(graph, GivenIdentities.positions(in: graph))
        for (root, parts) in open { open[root]?.fingerprint = fingerprint(of: parts.frozen, in: graph, named) }
        return bound(graph, to: open)
    }

    private struct Parts {
        /// The API and its whole definition.
        var members: [Address] = []
        /// Positions of the objects of which a deployment freezes something.
        var frozen: [Int] = []
        var fingerprint = ""
    }

    private static func fingerprint(
        of positions: [Int], in graph: DesiredGraph, _ named: GivenIdentities
    ) -> String {
        var bytes = CanonicalHash()
        var named = named
        for position in positions {
            let address = graph.resources[position].address
            let frozen = address.kind.frozenPart(of: graph.resources[position].document)
            bytes.add(.string("\(address.kind) \(address.key)"))
            bytes.add(frozen)
            named.add(frozen, of: graph.resources[position])
        }
        for part in named.parts {
            bytes.add(.string(part.reference))
            bytes.add(.object(part.fields))
        }
        return bytes.finalized
    }

    private static func bound(_ graph: DesiredGraph, to open: [String: Parts]) -> DesiredGraph {
        var resources = graph.resources
        for position in resources.indices where resources[position].address.kind == .stage {
            let root = resources[position].address.root
            guard let parts = open[root], case .object(var document) = resources[position].document else { continue }
            document["deployment"] = .string(parts.fingerprint)
            resources[position].document = .object(document)
            let deployment = Address(.deployment, root)
            if !resources[position].dependencies.contains(deployment) {
                resources[position].dependencies.append(deployment)
            }
        }
        var open = open
        for position in resources.indices where resources[position].address.kind == .deployment {
            guard let parts = open.removeValue(forKey: resources[position].address.root),
                case .object(var document) = resources[position].document
            else { continue }
            document["fingerprint"] = .string(parts.fingerprint)
            resources[position].document = .object(document)
            resources[position].dependencies = parts.members
        }
        for (root, parts) in open {
            resources.append(
                DesiredResource(
                    address: Address(.deployment, root), document: ["fingerprint": .string(parts.fingerprint)],
                    dependencies: parts.members))
        }
        return graph.with(resources)
    }
}
