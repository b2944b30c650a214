import HTTPTypes

/// Finds the operation of a request.
struct OperationTable: Sendable {
    private struct Key: Hashable {
        var method: String
        var first: String
    }

    private let byStart: [Key: [Operation]]

    static let all: [Operation] =
        [
            RestAPIs.operations, Resources.operations, Methods.operations, Integrations.operations, Models.operations,
            RequestValidators.operations, Authorizers.operations, GatewayResponses.operations,
            Documentation.operations, DocumentationVersions.operations, Deployments.operations, Stages.operations,
            Tags.operations, Account.operations, APIKeys.operations, UsagePlans.operations, UsagePlanKeys.operations,
            Usage.operations, ClientCertificates.operations, ModelTemplates.operations, StageCaches.operations,
            AuthorizerTrials.operations, VPCLinks.operations, DomainNames.operations, BasePathMappings.operations,
            DefinitionExports.operations, NotOffered.operations,
        ].flatMap(\.self)

    static let shared = Self(all)

    init(_ operations: [Operation]) {
        byStart = Dictionary(grouping: operations) { operation in
            guard case .literal(let first) = operation.parts.first else {
                return Key(method: operation.method, first: "")
            }
            return Key(method: operation.method, first: first)
        }
    }

    func find(_ exchange: Exchange) -> (operation: Operation, path: [String: String])? {
        guard let first = exchange.segments.first else { return nil }
        let isImport = exchange.query["mode"]?.first == "import"
        for operation in byStart[Key(method: exchange.request.method.rawValue, first: first)] ?? []
        where !operation.isImport || isImport {
            if let path = operation.match(exchange.segments) { return (operation, path) }
        }
        return nil
    }
}
