import Diagnostics
package import JSON
package import Resources

/// Versions of an API's documentation: like deployments, snapshots that never change and are known by what they hold.
package enum DocumentationVersions {
    /// The graph with the fingerprint of its parts in each version that has none.
    static func derived(in graph: DesiredGraph) -> DesiredGraph {
        let open = graph.resources.indices.filter {
            graph.resources[$0].address.kind == .documentationVersion
                && graph.resources[$0].document["fingerprint"] == nil
        }
        guard !open.isEmpty else { return graph }
        var resources = graph.resources
        for position in open {
            let root = resources[position].address.root
            let parts = graph.resources.lazy.filter {
                $0.address.kind == .documentationPart && $0.address.root == root
            }
            resources[position].document = ["fingerprint": .string(fingerprint(of: parts.map(Part.init)))]
        }
        return graph.with(resources)
    }

    private struct Part {
        let key: String
        let document: JSONValue

        init(_ resource: DesiredResource) { self.init(resource.address, resource.document) }

        init(_ address: Address, _ document: JSONValue) {
            key = address.key
            self.document = document
        }
    }

    /// The manifest's name is no part of it: neither another name nor another target makes another version.
    private static func fingerprint(of parts: some Sequence<Part>) -> String {
        var bytes = CanonicalHash()
        for part in parts.sorted(by: { $0.key < $1.key }) {
            bytes.add(.string(part.key))
            bytes.add(part.document)
        }
        return bytes.finalized
    }

    /// The version that holds the parts of an API as they are; of several one that a stage publishes, else the last.
    ///
    /// - Parameter documents: What is wanted or what was observed; a version without a fingerprint is of these parts.
    package static func current(of root: String, in documents: [Address: JSONValue]) -> String? {
        let own = documents.filter { $0.key.root == root }
        let parts = own.filter { $0.key.kind == .documentationPart }
        let wanted = fingerprint(of: parts.map { Part($0.key, $0.value) })
        let versions = own.filter {
            $0.key.kind == .documentationVersion && ($0.value["fingerprint"]?.string ?? wanted) == wanted
        }.keys.map(\.key).sorted()
        let published = Set(
            own.filter { $0.key.kind == .stage }.compactMap { $0.value["documentationVersion"]?.string })
        return versions.last { published.contains($0) } ?? versions.last
    }

    /// An error for each version that is there with other parts.
    static func findings(_ changes: [Change]) -> [Diagnostic] {
        changes.filter { $0.address.kind == .documentationVersion && $0.action == .update }.map { change in
            let reason =
                change.before?["fingerprint"] == nil
                ? "was not made from here, so that nobody knows what it holds"
                : "holds other documentation parts than the definition, and can never change"
            return Diagnostic(
                .error, PlanFinding.documentationTaken, "`\(change.address)` \(reason)", at: change.span,
                remedy: "give `x-amazon-apigateway-documentation` another `version`")
        }
    }
}
