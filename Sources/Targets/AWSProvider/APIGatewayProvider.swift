package import JSON
package import Resources

/// Carries plans to an API Gateway management API: our own engine's, AWS's, or one that speaks the same.
///
/// One provider serves one environment: its name goes into the ownership markers, and only marked objects are found
/// without a known id.
package struct APIGatewayProvider: ResourceProvider {
    let clients: ServiceClients
    let environment: String
    /// Who asks the stages of the target; nil where nobody can.
    package let prober: (any StageProber)?
    /// AWS itself: what is granted holds some seconds later.
    private let isEventual: Bool

    /// - Parameter isEventual: True for AWS, whose grants take time until they hold everywhere.
    package init(
        clients: ServiceClients, environment: String, prober: (any StageProber)? = nil,
        secrets: (any SecretSource)? = nil, code: (any CodeShelf)? = nil, isEventual: Bool = false
    ) {
        var clients = clients
        clients.code = code
        clients.secrets = secrets
        self.clients = clients
        self.environment = environment
        self.prober = prober
        self.isEventual = isEventual
    }

    /// API Gateway's own changes hold with the deployment that a stage is flipped to; those of IAM hold later.
    package func propagationTime(of step: Step) -> Duration {
        guard isEventual, step.effects.contains(where: { ResourceKind.iam.contains($0.address.kind) }) else {
            return .zero
        }
        return Limits.propagationTime
    }

    var client: APIGatewayClient { clients.apiGateway }

    package var secrets: (any SecretSource)? { clients.secrets }

    package var code: (any CodeShelf)? { clients.code }

    package var settleTime: Duration { client.transport.settleTime }

    package func steps(for changes: [Change]) throws(ProviderFailure) -> [Step] {
        var derivation = StepDerivation(changes)
        return try derivation.derive()
    }

    package func estimate(for changes: [Change], target: JSONValue) throws(ProviderFailure) -> Estimate? {
        StepCost.estimate(try steps(for: changes), target: target)
    }

    package func observe(_ observation: Observation) async throws(ProviderFailure) -> [Address: ObservedObject] {
        var found = try await ObjectObservation(clients: clients, environment: environment, observation: observation)
            .read()
        let byRoot = Dictionary(
            grouping: observation.addresses.filter { !$0.kind.isObjectOfItsOwn }, by: \.root)
        for root in observation.roots.union(byRoot.keys).sorted() {
            var own = observation
            own.addresses = byRoot[root] ?? []
            let objects = try await APIObservation(
                client: client, environment: environment, root: root, observation: own
            ).read()
            let wantsAll = observation.roots.contains(root)
            let asked = Set(own.addresses)
            for (address, object) in objects where wantsAll || asked.contains(address) { found[address] = object }
        }
        return found
    }

    package func survey(_ observation: Observation) async throws(ProviderFailure) -> TargetSurvey {
        let counter = CallCounter()
        let counted = clients.counting(with: counter)
        var found = try await EnvironmentSurvey(
            client: counted.apiGateway, environment: environment, observation: observation
        ).read()
        let own = try await ObjectObservation(clients: counted, environment: environment, observation: observation)
            .survey()
        found.objects.merge(own) { _, new in new }
        found.callsCount = counter.count
        return found
    }

    package func perform(_ step: Step, _ context: StepContext) async throws(ProviderFailure) -> StepResult {
        if let own = objectStep(step, context) { return try await own.perform() }
        let call = StepCall(client: client, step: step, context: context)
        return switch try operation(step) {
        case .createRestAPI: try await call.createRestAPI()
        case .updateRestAPI: try await call.updateRestAPI()
        case .tagRestAPI: try await call.tagRestAPI()
        case .fillRestAPI: try await call.putDefinition(keepingOthers: false)
        case .putRestAPI: try await call.putDefinition(keepingOthers: true)
        case .createDeployment: try await call.createDeployment()
        case .updateDeployment: try await call.updateDeployment()
        case .createDocumentationVersion: try await call.createDocumentationVersion()
        case .createStage: try await call.createStage()
        case .updateStage: try await call.updateStage()
        case .tagStage: try await call.tagStage()
        case .deleteStage: try await call.deleteStage()
        case .deleteRestAPI: try await call.deleteRestAPI()
        }
    }

    package func undo(_ step: Step, _ context: StepContext) async throws(ProviderFailure) -> StepResult {
        if let own = objectStep(step, context) { return try await own.undo() }
        let call = StepUndo(client: client, step: step, context: context)
        return switch try operation(step) {
        case .createRestAPI: try await call.createRestAPI()
        case .updateRestAPI: try await call.updateRestAPI()
        case .tagRestAPI: try await call.tagRestAPI()
        case .fillRestAPI: try await call.putDefinition(keepingOthers: false)
        case .putRestAPI: try await call.putDefinition(keepingOthers: true)
        case .createDeployment: try await call.createDeployment()
        case .updateDeployment: try await call.updateDeployment()
        case .createDocumentationVersion: try await call.createDocumentationVersion()
        case .createStage: try await call.createStage()
        case .updateStage: try await call.updateStage()
        case .tagStage: try await call.tagStage()
        case .deleteStage: try await call.deleteStage()
        case .deleteRestAPI:
            throw ProviderFailure(.unsupported, "a deleted RestApi cannot be brought back", effect: .none)
        }
    }

    private func objectStep(_ step: Step, _ context: StepContext) -> ObjectStep? {
        guard step.effects[0].address.kind.isObjectOfItsOwn else { return nil }
        return ObjectStep(clients: clients, step: step, context: context, isEventual: isEventual)
    }

    /// Keeps the newest deployments of ours and those that a stage serves, and the newest versions of policies.
    package func tidy(_ identities: [Address: Identity]) async throws(ProviderFailure) -> Int {
        var removed = 0
        for (address, identity) in identities.sorted(by: { $0.key < $1.key }) {
            if address.kind == .restAPI {
                removed += try await DeploymentPruning(client: client, apiID: identity.physicalID).run()
            } else if let handler = clients.handler(of: address.kind) {
                removed += try await handler.tidy(identity)
            }
        }
        return removed
    }

    package func owned() async throws(ProviderFailure) -> [OwnedObject] {
        try await OwnershipSurvey(client: client).read()
    }

    package func owned(of kinds: Set<ResourceKind>) async throws(ProviderFailure) -> [OwnedObject] {
        var found: [OwnedObject] = []
        if kinds.contains(where: { !$0.isObjectOfItsOwn }) { found = try await owned() }
        let own = kinds.filter(\.isObjectOfItsOwn)
        guard !own.isEmpty else { return found }
        let details = try await AccountDetails.read(clients.iam, own)
        for kind in own.sorted() { found += try await clients.handler(of: kind, details)?.owned() ?? [] }
        return found
    }

    package func inventory(of kinds: Set<ResourceKind>) async throws(ProviderFailure) -> TargetInventory {
        try await InventoryReader(clients: clients, environment: environment).read(kinds)
    }

    package func accountPolicies() async throws(ProviderFailure) -> AccountPolicies {
        try await InventoryReader(clients: clients, environment: environment).policies()
    }

    package func mark(_ identities: [Address: Identity], commit: String) async throws(ProviderFailure) {
        for (address, identity) in identities.sorted(by: { $0.key < $1.key }) {
            if address.kind == .restAPI {
                try await OwnershipSurvey(client: client).write(
                    address, identity, environment: environment, commit: commit)
            } else if let handler = clients.handler(of: address.kind) {
                try await handler.mark(
                    identity,
                    [
                        ("gatewright:address", address.description), ("gatewright:commit", commit),
                        ("gatewright:environment", environment),
                    ])
            }
        }
    }

    /// A journal names operations in text: one that this version does not know is refused, never guessed.
    private func operation(_ step: Step) throws(ProviderFailure) -> Operation {
        guard let operation = Operation(rawValue: step.operation) else {
            throw ProviderFailure(
                .unsupported, "the journal names the call `\(step.operation)`, which this version does not know",
                effect: .none)
        }
        return operation
    }
}
