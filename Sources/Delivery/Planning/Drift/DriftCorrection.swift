import JSON
package import Resources

/// What is wanted when some of the drift is put back and the rest stays as it is.
package enum DriftCorrection {
    /// The graph of the applied commit, with everything that is left alone as the target has it: planned against the
    /// target it gives the steps of the correction and no others.
    ///
    /// - Parameters:
    ///   - applied: What the last applied commit wants.
    ///   - isWanted: Whether the drift of an object is put back; what rules ignore never is.
    package static func graph(
        _ applied: DesiredGraph, correcting report: DriftReport, observed: ObservedState,
        where isWanted: (DriftLine) -> Bool
    ) -> DesiredGraph {
        let applied = Deployments.derived(in: applied)
        var resources = Dictionary(applied.resources.map { ($0.address, $0) }) { first, _ in first }
        let left = report.lines.filter { !isWanted($0) } + report.ignored.map(\.line)
        for line in left {
            switch line.sort {
            case .changed, .servesSomethingElse:
                for property in line.properties {
                    guard let document = resources[line.address]?.document else { continue }
                    resources[line.address]?.document = document.replacing(at: property.path, with: property.observed)
                }
            case .missing:
                for address in resources.keys where address == line.address || isInside(address, line.address) {
                    resources[address] = nil
                }
            case .undeclared:
                guard line.address.kind.isPartOfDefinition, let object = observed.objects[line.address] else {
                    continue
                }
                resources[line.address] = DesiredResource(
                    address: line.address, document: object.document,
                    dependencies: [Address(.restAPI, line.address.root)])
            }
        }
        let known = Set(resources.keys)
        for address in known { resources[address]?.dependencies.removeAll { !known.contains($0) } }
        return DesiredGraph(
            environment: applied.environment, target: applied.target, apply: applied.apply,
            resources: Array(resources.values), findings: [])
    }

    /// A missing API took everything along.
    private static func isInside(_ address: Address, _ api: Address) -> Bool {
        api.kind == .restAPI && address.kind.belongsToAPI && address.root == api.root
    }
}
