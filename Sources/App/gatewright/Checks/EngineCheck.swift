import DataPlane
import Diagnostics
import JSON
import Resources

/// Compiles every method of a graph as the engine will, so that a route which it would answer with 500 is named before
/// anything is applied: it fails closed, and nobody should learn that from a caller.
enum EngineCheck {
    static func check(_ graph: DesiredGraph) -> [Diagnostic] {
        guard graph.target["engine"] != nil else { return [] }
        var apis: [String: [DesiredResource]] = [:]
        for resource in graph.resources where !resource.address.kind.isObjectOfItsOwn {
            apis[resource.address.root, default: []].append(resource)
        }
        return apis.keys.sorted().flatMap { check(apis[$0] ?? []) }
    }

    private static func check(_ resources: [DesiredResource]) -> [Diagnostic] {
        let frame = definition(resources)
        let methods = resources.filter { $0.address.kind == .method }
        return poolWarnings(resources, methods) + check(methods, frame)
    }

    private static func check(_ methods: [DesiredResource], _ frame: StageDefinition) -> [Diagnostic] {
        var whole = frame
        whole.resources = methods.compactMap(compiled)
        // Nearly always nothing is wrong, and one compilation says so; else each method says for itself what is.
        guard !problems(whole).isEmpty else { return [] }
        return methods.flatMap { method in
            var alone = frame
            alone.resources = compiled(method).map { [$0] } ?? []
            return problems(alone).map { problem in
                var problem = problem
                problem.spans = method.span.map { [$0] } ?? []
                return problem
            }
        }
    }

    /// With user pools as if their keys were found: where they are is a matter of the engine's configuration.
    private static func problems(_ definition: StageDefinition) -> [Diagnostic] {
        let pools = EndpointMap.Entry(url: nil).map { ["cognito-idp": $0] } ?? [:]
        return StageSnapshot(compiling: definition, services: ServiceBackends(EndpointMap(pools))).problems
    }

    /// Says of each authorizer that routes have what the engine's configuration must say for it.
    private static func poolWarnings(
        _ resources: [DesiredResource], _ methods: [DesiredResource]
    ) -> [Diagnostic] {
        let used = Set(methods.compactMap { $0.document["authorizer"]?.string })
        return resources.compactMap { resource in
            guard resource.address.kind == .authorizer, used.contains(resource.address.key),
                resource.document["type"]?.string == "COGNITO_USER_POOLS"
            else { return nil }
            let problem = ConfigurationProblem.userPool
            return Diagnostic(
                .warning, problem,
                "the routes of the authorizer `\(resource.address.key)` are closed on an engine whose configuration does "
                    + "not say where the keys of user pools are",
                at: resource.span, remedy: problem.explanation.remedy)
        }
    }

    private static func compiled(_ method: DesiredResource) -> StageDefinition.Resource? {
        let words = method.address.key.split(separator: " ", maxSplits: 1).map(String.init)
        guard words.count == 2 else { return nil }
        return StageDefinition.Resource(id: words[1], path: words[1], methods: [words[0]: service(method.document)])
    }

    /// What all methods of the API share. Stage variables count as set if any stage sets them.
    private static func definition(_ resources: [DesiredResource]) -> StageDefinition {
        var definition = StageDefinition(
            accountID: "", region: "us-east-1", apiID: "check", apiName: "check", stageName: "check",
            deploymentID: "check")
        for resource in resources {
            let document = resource.document
            switch resource.address.kind {
            case .model: definition.models[resource.address.key] = document["schema"]?.text(.compact) ?? "{}"
            case .requestValidator: definition.requestValidators[resource.address.key] = document
            case .authorizer: definition.authorizers[resource.address.key] = authorizer(document)
            case .restAPI:
                definition.binaryMediaTypes = document["binaryMediaTypes"]?.array?.compactMap(\.string) ?? []
                definition.policy = document["policy"]?.withStandIns
                definition.isPrivate =
                    document["endpointConfiguration"]?["types"]?.array?.contains("PRIVATE") ?? false
                definition.apiKeySource = document["apiKeySource"]?.string ?? definition.apiKeySource
            case .stage:
                for (name, value) in document["variables"]?.object ?? [:] {
                    definition.variables[name] = value.string ?? ""
                }
            default: continue
            }
        }
        return definition
    }

    /// The normal form in the form of `GetMethod`: its defaults written out, names in place of ids.
    private static func service(_ form: JSONValue) -> JSONValue {
        guard var method = form.object else { return form }
        method["requestValidatorId"] = method["requestValidator"]
        method["requestValidator"] = JSONValue?.none
        method["authorizerId"] = method["authorizer"]
        method["authorizer"] = JSONValue?.none
        if var integration = method["integration"]?.object {
            for (name, value) in defaults where integration[name] == nil { integration[name] = value }
            integration["uri"] = integration["uri"]?.withStandIns
            if !(integration["credentials"]?.references.isEmpty ?? true) {
                integration["credentials"] = "arn:aws:iam::123456789012:role/of-the-manifests"
            }
            method["methodIntegration"] = .object(integration)
        }
        method["integration"] = JSONValue?.none
        return .object(method)
    }

    private static func authorizer(_ form: JSONValue) -> JSONValue {
        guard var authorizer = form.object else { return form }
        authorizer["authorizerUri"] = authorizer["authorizerUri"]?.withStandIns
        if !(authorizer["authorizerCredentials"]?.references.isEmpty ?? true) {
            authorizer["authorizerCredentials"] = JSONValue?.none
        }
        return .object(authorizer)
    }

    private static let defaults: [(String, JSONValue)] = [
        ("passthroughBehavior", "WHEN_NO_MATCH"), ("timeoutInMillis", 29000), ("connectionType", "INTERNET"),
    ]
}
