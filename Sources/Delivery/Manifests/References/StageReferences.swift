import Diagnostics
import JSON
import Resources

/// Stages that usage plans and host names name beside the API that they are of: they come first, and go last.
enum StageReferences {
    /// - Returns: What names a stage that the API does not have.
    static func add(to resources: inout [DesiredResource]) -> [Diagnostic] {
        guard resources.contains(where: { $0.address.kind == .usagePlan || $0.address.kind == .domainName }) else {
            return []
        }
        let known = Set(resources.map(\.address))
        var found: [Diagnostic] = []
        for position in resources.indices {
            let resource = resources[position]
            for (api, stage) in named(in: resource) where known.contains(api) {
                let address = Address(.stage, in: api.root, stage)
                guard known.contains(address) else {
                    found.append(
                        Diagnostic(
                            .error, ManifestCode.unknownObject,
                            "`\(resource.address)` names the stage `\(stage.shortened)`, which `\(api)` does not have",
                            at: resource.span, remedy: "correct the name, or add the stage to `\(api)`"))
                    continue
                }
                if !resource.dependencies.contains(address) { resources[position].dependencies.append(address) }
            }
        }
        return found
    }

    private static func named(in resource: DesiredResource) -> [(api: Address, stage: String)] {
        let entries: [(api: JSONValue?, stage: JSONValue?)] =
            switch resource.address.kind {
            case .usagePlan: (resource.document["apiStages"]?.array ?? []).map { ($0["apiId"], $0["stage"]) }
            case .domainName:
                (resource.document["basePathMappings"]?.object ?? [:]).map {
                    ($0.value["restApiId"], $0.value["stage"])
                }
            default: []
            }
        return entries.compactMap { entry in
            guard let api = entry.api?.references.first?.address, api.kind == .restAPI, let stage = entry.stage?.string
            else { return nil }
            return (api, stage)
        }
    }
}
