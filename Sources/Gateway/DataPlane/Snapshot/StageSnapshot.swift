package import Diagnostics

/// One stage, compiled: immutable, shared by all event loops, replaced whole.
package final class StageSnapshot: Sendable {
    let facts: StageFacts
    let routes: RouteTable
    private let grants: [any ForgetfulCache]
    /// Why routes of this stage answer 500, for logs and status; empty when everything is served.
    package let problems: [Diagnostic]

    package var apiID: String { facts.apiID }
    package var stageName: String { facts.stageName }
    package var deploymentID: String { facts.deploymentID }

    /// Compiles a stage. It never fails: what cannot be compiled makes its route fail closed and is listed in
    /// ``problems``.
    ///
    /// - Parameters:
    ///   - keys: Asked about requests to routes that need a key; an empty one refuses them all.
    ///   - callers: Asked about who signed requests to routes under IAM control; an empty one knows nobody.
    ///   - links: Asked about the private links of integrations; an empty one knows none.
    ///   - services: Where services are, and the roles that integrations call them as; an empty one has no roles.
    package init(
        compiling definition: StageDefinition, keys: APIKeyRegistry = APIKeyRegistry(),
        callers: CallerRegistry = CallerRegistry(), links: LinkRegistry = LinkRegistry(),
        services: ServiceBackends = ServiceBackends()
    ) {
        var stops: [CompileStop] = []
        facts = StageFacts(
            definition, gatewayResponses: GatewayResponses(definition.gatewayResponses, problems: &stops),
            links: links, services: services)
        var compiler = MethodCompiler(definition, facts, keys: keys, callers: callers)
        var routes = RouteTable()
        for resource in definition.resources {
            for (httpMethod, document) in resource.methods.sorted(by: { $0.key < $1.key }) {
                let method = compiler.compile(document, of: resource, httpMethod: httpMethod)
                routes.add(method, path: resource.path, httpMethod: httpMethod)
            }
        }
        self.routes = routes
        grants = compiler.authorizations.grants
        problems =
            stops.map { Diagnostic(.warning, $0.problem, $0.reason, at: nil, remedy: $0.problem.explanation.remedy) }
            + compiler.problems
    }

    /// Authorizers are asked anew about everybody.
    package func forgetGrants() {
        for cache in grants { cache.forget() }
    }

    /// The exchange that serves a request; nil when no route fits.
    package func exchange(for request: ExchangeRequest) -> Exchange? {
        routes.match(request.rest, httpMethod: request.method).map {
            Exchange(facts: facts, method: $0.method, pathParameters: $0.pathParameters, request: request)
        }
    }

    /// How responses to a client are packed; nil: they are not.
    func packing(for headers: HeaderFields) -> ResponsePacking? {
        guard let size = facts.minimumCompressionSize, let coding = ContentCoding.accepted(by: headers) else {
            return nil
        }
        return ResponsePacking(coding: coding, bytesMin: size)
    }

    /// What a request gets that no route fits.
    package func answer(to error: GatewayError, for request: ExchangeRequest) -> ExchangeResponse {
        ExchangeScope(facts: facts, method: nil, pathParameters: [], request: request).response(to: error)
    }
}
