import Diagnostics
import IAMPolicy
import JSON

/// Says what stands before each method of one stage. What cannot be enforced closes the method.
struct AuthorizationCompiler {
    private let definition: StageDefinition
    /// Before methods without an authorization of their own, and before those under IAM control.
    private let open: CompiledAuthorization
    private let iam: CompiledAuthorization
    /// Before methods with a Lambda authorizer; nil if the resource policy cannot be read.
    private let custom: RouteGuard?
    private let authorizers: [String: Result<LambdaAuthorizer, CompileStop>]

    init(_ definition: StageDefinition, _ callers: CallerRegistry) {
        self.definition = definition
        do {
            let policy = try Self.policy(of: definition)
            let isOpen = policy == nil && !definition.isPrivate
            open = isOpen ? .open : .guarded(RouteGuard(.none, policy: policy, of: definition, callers: callers))
            iam = .guarded(RouteGuard(.iam, policy: policy, of: definition, callers: callers))
            custom = RouteGuard(.custom, policy: policy, of: definition, callers: callers)
        } catch {
            (open, iam) = (.denied(configuration: error.reason), .denied(configuration: error.reason))
            custom = nil
        }
        var authorizers: [String: Result<LambdaAuthorizer, CompileStop>] = [:]
        for (id, document) in definition.authorizers where document["type"]?.string != "COGNITO_USER_POOLS" {
            do throws(CompileStop) {
                authorizers[id] = .success(try LambdaAuthorizer(document, id: id, definition))
            } catch {
                authorizers[id] = .failure(error)
            }
        }
        self.authorizers = authorizers
    }

    /// Of all authorizers that can be asked.
    var grants: [GrantCache] {
        authorizers.values.compactMap { if case .success(let authorizer) = $0 { authorizer.grants } else { nil } }
    }

    func compile(_ document: JSONValue, requiresKey: Bool) -> CompiledAuthorization {
        let type = document["authorizationType"]?.string ?? "none at all"
        let authorization = RouteAuthorization(rawValue: type)
        let hasKeySource =
            definition.apiKeySource == "HEADER"
            || definition.apiKeySource == "AUTHORIZER" && authorization == .custom
        guard !requiresKey || hasKeySource else {
            return .denied(
                configuration: "an API key is required from an authorizer (`apiKeySource` is "
                    + "`\(definition.apiKeySource)`), and the method has none that could give it")
        }
        return switch authorization {
        case .none?: open
        case .iam?: iam
        case .custom?: authorized(document["authorizerId"]?.string ?? "")
        case .cognito?, nil: .denied(configuration: "the authorization type `\(type)` cannot be enforced")
        }
    }

    private func authorized(_ id: String) -> CompiledAuthorization {
        // Where the policy cannot be read, nothing is open.
        guard let custom else { return open }
        switch authorizers[id] {
        case .success(let authorizer)?: return .authorized(authorizer, custom)
        case .failure(let stop)?: return .denied(configuration: stop.reason)
        case nil: return .denied(configuration: "its authorizer `\(id)` does not exist or is of another type")
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
