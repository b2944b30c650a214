import Diagnostics
import JSON

/// Compiles the methods of one stage. What cannot be compiled makes its method fail closed.
struct MethodCompiler {
    let definition: StageDefinition
    let facts: StageFacts
    let keys: APIKeyRegistry
    let authorizations: AuthorizationCompiler
    private(set) var problems: [Diagnostic] = []

    init(_ definition: StageDefinition, _ facts: StageFacts, keys: APIKeyRegistry, callers: CallerRegistry) {
        self.definition = definition
        self.facts = facts
        self.keys = keys
        authorizations = AuthorizationCompiler(definition, callers, facts.services)
    }

    mutating func compile(
        _ document: JSONValue, of resource: StageDefinition.Resource, httpMethod: String
    ) -> CompiledMethod {
        let authorization = authorizations.compile(document, requiresKey: Self.requiresKey(document))
        if case .denied(let stop) = authorization { note(stop, resource, httpMethod) }
        let route = APIKeyTable.route(path: resource.path, httpMethod: httpMethod)
        let apiKey =
            Self.requiresKey(document)
            ? APIKeyCheck(
                registry: keys, route: route, isFromAuthorizer: definition.apiKeySource == "AUTHORIZER")
            : nil
        let throttle = throttle(resource, httpMethod)
        var required: [RequiredParameter] = []
        var bodyCheck: BodyCheck?
        var isValidated = false
        var plan: CompiledMethod.Plan
        do {
            if let validator = try validator(document) {
                required = try requiredParameters(document, validator)
                if validator["validateRequestBody"]?.bool == true {
                    bodyCheck = try BodyCheck(document["requestModels"], models: definition.models)
                }
                let members = ["validateRequestBody", "validateRequestParameters"]
                isValidated = members.contains { validator[$0]?.bool == true }
            }
            plan = .integration(try IntegrationCompiler(facts: facts).compile(document["methodIntegration"]))
        } catch {
            note(error, resource, httpMethod)
            plan = .failing(reason: error.reason)
        }
        let method = CompiledMethod(
            resourceID: resource.id, resourcePath: resource.path, authorization: authorization,
            apiKey: apiKey, requiredParameters: required, bodyCheck: bodyCheck, isValidated: isValidated,
            throttle: throttle, plan: plan)
        guard case .integration(var integration) = plan, let fixed = fixedResponse(method, integration) else {
            return method
        }
        integration.fixed = fixed
        plan = .integration(integration)
        return CompiledMethod(
            resourceID: resource.id, resourcePath: resource.path, authorization: authorization,
            apiKey: apiKey, requiredParameters: required, bodyCheck: bodyCheck, isValidated: isValidated,
            throttle: throttle, plan: plan)
    }

    private mutating func note(_ stop: CompileStop, _ resource: StageDefinition.Resource, _ httpMethod: String) {
        problems.append(
            Diagnostic(
                .error, stop.problem, "`\(httpMethod) \(resource.path)` is not served: \(stop.reason)", at: nil,
                remedy: stop.problem.explanation.remedy))
    }

    /// What is neither absent nor false asks for a key.
    private static func requiresKey(_ document: JSONValue) -> Bool {
        switch document["apiKeyRequired"] {
        case nil, .null, .bool(false): false
        default: true
        }
    }

    /// The entry of the method itself, else that of all: `pets~1{petId}/GET` or `*/*`.
    private func throttle(_ resource: StageDefinition.Resource, _ httpMethod: String) -> TokenBucket? {
        let path = resource.path.dropFirst().replacing("/", with: "~1")
        let own = "\(path.isEmpty ? "~1" : path)/\(httpMethod)"
        return TokenBucket(definition.methodSettings[own] ?? definition.methodSettings["*/*"])
    }

    /// Nil: the method has none.
    private func validator(_ document: JSONValue) throws(CompileStop) -> JSONValue? {
        guard let id = document["requestValidatorId"]?.string, !id.isEmpty else { return nil }
        guard let validator = definition.requestValidators[id] else {
            throw CompileStop(.requestBody, "the request validator `\(id)` does not exist")
        }
        return validator
    }

    private func requiredParameters(
        _ document: JSONValue, _ validator: JSONValue
    ) throws(CompileStop) -> [RequiredParameter] {
        guard validator["validateRequestParameters"]?.bool == true else { return [] }
        var required: [RequiredParameter] = []
        for member in document["requestParameters"]?.object?.members ?? [] where member.value.bool == true {
            let forms: [(String, RequiredParameter.Place)] = [
                ("method.request.header.", .header), ("method.request.path.", .path),
                ("method.request.querystring.", .query), ("method.request.multivalueheader.", .header),
                ("method.request.multivaluequerystring.", .query),
            ]
            guard let (prefix, place) = forms.first(where: { member.name.hasPrefix($0.0) }) else {
                throw CompileStop(.mapping, "the request parameter `\(member.name)` has no known form")
            }
            required.append(RequiredParameter(place: place, name: String(member.name.dropFirst(prefix.count))))
        }
        // Missing ones are named in this order; the sort is stable, so each group stays as written.
        return required.enumerated()
            .sorted { ($0.element.place.rawValue, $0.offset) < ($1.element.place.rawValue, $1.offset) }
            .map(\.element)
    }

    /// The answer of a MOCK method where nothing of a request can change it, made by running it once.
    private func fixedResponse(_ method: CompiledMethod, _ integration: CompiledIntegration) -> FixedResponse? {
        guard case .mock = integration.kind, case .constant? = integration.templates["application/json"],
            integration.contentHandling == nil, !facts.mediaTypes.isBinary(nil)
        else { return nil }
        let isVaried = integration.responses.contains { response in
            response.templates.entries.count > 1 || response.templates.entries.contains { $0.template.isRendered }
                || response.mappings.contains { mapping in
                    switch mapping.source {
                    case .literal, .stageVariable: false
                    default: true
                    }
                }
        }
        guard !isVaried else { return nil }
        let request = ExchangeRequest(
            method: "GET", rest: [], identity: ExchangeIdentity(high: 0, low: 0, extended: 0, milliseconds: 0),
            sourceIP: "")
        var exchange = Exchange(facts: facts, method: method, pathParameters: [], request: request)
        guard case .respond(let response) = exchange.proceed(body: []), response.error == nil else { return nil }
        return FixedResponse(response)
    }
}
