import Diagnostics
import IAMPolicy
import JSON

/// Says what stands before each method of one stage. What cannot be enforced closes the method.
struct AuthorizationCompiler {
    private let definition: StageDefinition
    /// Before methods without an authorization of their own, and before those under IAM control.
    private let open: CompiledAuthorization
    private let iam: CompiledAuthorization
    /// Before methods with a Lambda authorizer, and before those with user pools; nil if the resource policy cannot be
    /// read.
    private let custom: RouteGuard?
    private let cognito: RouteGuard?
    private let functions: [String: Result<LambdaAuthorizer, CompileStop>]
    private let pools: [String: Result<UserPoolAuthorizer, CompileStop>]

    init(_ definition: StageDefinition, _ callers: CallerRegistry, _ services: ServiceBackends) {
        self.definition = definition
        do {
            let policy = try Self.policy(of: definition)
            let isOpen = policy == nil && !definition.isPrivate
            open = isOpen ? .open : .guarded(RouteGuard(.none, policy: policy, of: definition, callers: callers))
            iam = .guarded(RouteGuard(.iam, policy: policy, of: definition, callers: callers))
            custom = RouteGuard(.custom, policy: policy, of: definition, callers: callers)
            cognito = RouteGuard(.cognito, policy: policy, of: definition, callers: callers)
        } catch {
            (open, iam) = (.denied(error), .denied(error))
            (custom, cognito) = (nil, nil)
        }
        var functions: [String: Result<LambdaAuthorizer, CompileStop>] = [:]
        var pools: [String: Result<UserPoolAuthorizer, CompileStop>] = [:]
        for (id, document) in definition.authorizers {
            if document["type"]?.string == RouteAuthorization.cognito.rawValue {
                pools[id] = Result { () throws(CompileStop) in try UserPoolAuthorizer(document, id: id, services) }
            } else {
                functions[id] = Result { () throws(CompileStop) in
                    try LambdaAuthorizer(document, id: id, definition, services.endpoints)
                }
            }
        }
        (self.functions, self.pools) = (functions, pools)
    }

    /// Of all authorizers that can be asked.
    var grants: [any ForgetfulCache] {
        functions.values.compactMap { if case .success(let authorizer) = $0 { authorizer.grants } else { nil } }
            + pools.values.compactMap { if case .success(let authorizer) = $0 { authorizer.grants } else { nil } }
    }

    func compile(_ document: JSONValue, requiresKey: Bool) -> CompiledAuthorization {
        let type = document["authorizationType"]?.string ?? "none at all"
        let authorization = RouteAuthorization(rawValue: type)
        let hasKeySource =
            definition.apiKeySource == "HEADER"
            || definition.apiKeySource == "AUTHORIZER" && authorization == .custom
        guard !requiresKey || hasKeySource else {
            return denied(
                "an API key is required from an authorizer (`apiKeySource` is "
                    + "`\(definition.apiKeySource)`), and the method has none that could give it")
        }
        let authorizer = document["authorizerId"]?.string ?? ""
        return switch authorization {
        case .none?: open
        case .iam?: iam
        case .custom?: authorized(authorizer)
        case .cognito?: identified(authorizer, document["authorizationScopes"])
        case nil: denied("the authorization type `\(type)` cannot be enforced")
        }
    }

    private func denied(_ reason: String) -> CompiledAuthorization { .denied(CompileStop(.authorization, reason)) }

    private func authorized(_ id: String) -> CompiledAuthorization {
        // Where the policy cannot be read, nothing is open.
        guard let custom else { return open }
        switch functions[id] {
        case .success(let authorizer)?: return .authorized(authorizer, custom)
        case .failure(let stop)?: return denied(stop.reason)
        case nil: return denied("its authorizer `\(id)` does not exist or is of another type")
        }
    }

    /// - Parameter scopes: Of the method: texts, or nothing.
    private func identified(_ id: String, _ scopes: JSONValue?) -> CompiledAuthorization {
        guard let cognito else { return open }
        let listed = scopes?.array ?? []
        let texts = listed.compactMap(\.string)
        // A scope that is none must not turn into "no scopes".
        guard texts.count == listed.count, scopes?.array != nil || scopes?.isNull ?? true else {
            return denied("its `authorizationScopes` are no list of texts")
        }
        switch pools[id] {
        case .success(let authorizer)?: return .identified(authorizer, scopes: texts, cognito)
        case .failure(let stop)? where stop.problem == .userPool: return .denied(stop)
        case .failure(let stop)?: return denied(stop.reason)
        case nil: return denied("its authorizer `\(id)` does not exist or is of another type")
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
