import Diagnostics
import IAMPolicy
import JSON

/// Says what stands before each method of one stage. What cannot be enforced closes the method.
struct AuthorizationCompiler {
    private let definition: StageDefinition
    /// Before methods without an authorization of their own, and before those under IAM control.
    private let open: CompiledAuthorization
    private let iam: CompiledAuthorization

    init(_ definition: StageDefinition, _ callers: CallerRegistry) {
        self.definition = definition
        do {
            let policy = try Self.policy(of: definition)
            let isOpen = policy == nil && !definition.isPrivate
            open = isOpen ? .open : .guarded(RouteGuard(.none, policy: policy, of: definition, callers: callers))
            iam = .guarded(RouteGuard(.iam, policy: policy, of: definition, callers: callers))
        } catch {
            (open, iam) = (.denied(configuration: error.reason), .denied(configuration: error.reason))
        }
    }

    func compile(_ document: JSONValue, requiresKey: Bool) -> CompiledAuthorization {
        guard !requiresKey || definition.apiKeySource == "HEADER" else {
            return .denied(
                configuration: "an API key is required from an authorizer (`apiKeySource` is "
                    + "`\(definition.apiKeySource)`), which cannot be enforced")
        }
        let type = document["authorizationType"]?.string ?? "none at all"
        return switch RouteAuthorization(rawValue: type) {
        case .none?: open
        case .iam?: iam
        case .custom?, .cognito?, nil:
            .denied(configuration: "the authorization type `\(type)` cannot be enforced")
        }
    }

    /// Nil if the API has none.
    private static func policy(of definition: StageDefinition) throws(CompileStop) -> PolicySet? {
        guard let value = definition.policy, !value.isNull else { return nil }
        let reading = PolicyDocument.read(value, as: .resource, sizeMax: .max)
        let errors = reading.diagnostics.filter { $0.severity == .error }
        guard let document = reading.document, errors.isEmpty else {
            let reason = errors.first?.message ?? "it is no policy document"
            throw CompileStop(.authorization, "the resource policy of the API cannot be enforced: \(reason)")
        }
        let whole = document.expandingRoutes(
            region: definition.region, account: definition.accountID, api: definition.apiID)
        return PolicySet(whole, name: "resource policy")
    }
}
