import ControlPlane
import DataPlane
import HTTPTypes
import JSON
import Logging
import Planning
import Resources
import SigV4

@testable import AWSProvider

/// The real engine in memory, reached through the in-process transport with signed requests.
struct EngineWorld {
    let provider: APIGatewayProvider
    let clients: ServiceClients
    private let transport: any Transport
    var client: APIGatewayClient { clients.apiGateway }
    private(set) var identities: [Address: Identity] = [:]
    private var number = 0

    /// The load balancers that the engine knows.
    private static let linkTargets = Dictionary(
        uniqueKeysWithValues: ["a/1", "b/2"].map { name in
            let arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/"
            return (arn + name, LinkTargets(["127.0.0.1:9"]))
        })

    /// - Parameter fault: Answers a call in place of the engine, which then never sees it; nil lets it through.
    static func make(
        quotas: Quotas = Quotas(), isPartial: Bool = false, secrets: (any SecretSource)? = nil,
        functions: FunctionService? = nil, code: (any CodeShelf)? = nil,
        clock: @escaping @Sendable () -> Int = { 1_700_000_000 },
        fault: @escaping @Sendable (HTTPRequest) -> HTTPResponse.Status? = { _ in nil }
    ) async throws -> EngineWorld {
        var configuration = EngineConfiguration(
            rootCredentials: RootCredentials(accessKeyID: "AKIATEST", secretAccessKey: "secret"))
        configuration.quotas = quotas
        configuration.functions = functions
        let plane = try await ControlPlane(
            configuration: configuration, snapshots: SnapshotRegistry(linkTargets: linkTargets),
            testInvoker: TestInvoker(logger: Logger(label: "test")), clock: clock)
        let transport = InProcessTransport { request, body in
            if let status = fault(request) { return (HTTPResponse(status: status), []) }
            let answer = await plane.respond(to: request, body: body)
            return (answer.response, answer.body)
        }
        let clients = clients(
            transport, signing: SigningCredentials(accessKeyID: "AKIATEST", secretAccessKey: "secret"),
            isPartial: isPartial)
        return EngineWorld(
            provider: APIGatewayProvider(clients: clients, environment: "dev", secrets: secrets, code: code),
            clients: clients,
            transport: transport)
    }

    private static func clients(
        _ transport: any Transport, signing: SigningCredentials, isPartial: Bool = false
    ) -> ServiceClients {
        ServiceClients(
            transport: transport, credentials: FixedCredentials(signing), region: "us-east-1",
            hosts: .init(aws: "us-east-1"), isPartial: isPartial, now: { 1_700_000_000 })
    }

    /// The same engine, its calls signed by somebody else.
    func clients(signing: SigningCredentials) -> ServiceClients { Self.clients(transport, signing: signing) }

    func context(_ step: Step) -> StepContext {
        StepContext(
            environment: "dev", token: "t\(step.number)", identities: identities,
            commit: String(repeating: "a", count: 40))
    }

    /// Performs the steps of `changes` one after the other.
    ///
    /// - Returns: The steps, in order.
    @discardableResult
    mutating func perform(_ changes: [Change]) async throws -> [Step] {
        let steps = try provider.steps(for: changes)
        for step in steps { try await perform(step) }
        return steps
    }

    mutating func perform(_ step: Step) async throws {
        merge(try await provider.perform(step, context(step)))
    }

    mutating func undo(_ step: Step) async throws {
        merge(try await provider.undo(step, context(step)))
    }

    private mutating func merge(_ result: StepResult) {
        for (address, identity) in result.identities { identities[address] = identity }
    }

    /// As after a rebuild of the state: nothing is known of any secret.
    mutating func forgetFingerprints() {
        for (address, identity) in identities {
            identities[address]?.attributes = identity.attributes.filter { !$0.key.hasPrefix("fingerprint") }
        }
    }

    /// What an object is called stays as it is.
    mutating func rename(_ old: Address, _ new: Address) {
        identities[new] = identities.removeValue(forKey: old)
    }

    /// Everything that the target has of an API, by its normal forms.
    func observed(_ root: String) async throws -> [Address: JSONValue] {
        try await provider.observe(
            Observation(addresses: [Address(.restAPI, root)], identities: identities, roots: [root])
        ).mapValues(\.document)
    }
}
