import HTTPTypes
import JSON
import Resources
import SigV4
import Testing

@testable import AWSProvider

@Suite("how long a grant takes")
struct PropagationTests {
    private func provider(isEventual: Bool) -> APIGatewayProvider {
        let clients = ServiceClients(
            transport: InProcessTransport { _, body in (.init(status: .ok), body) },
            credentials: FixedCredentials(SigningCredentials(accessKeyID: "a", secretAccessKey: "s")),
            region: "us-east-1",
            hosts: .init(aws: "us-east-1"), now: { 0 })
        return APIGatewayProvider(clients: clients, environment: "dev", isEventual: isEventual)
    }

    private func step(_ kind: String) -> Step {
        Step(
            number: 0, operation: "x",
            effects: [Step.Effect(Address(ResourceKind(rawValue: kind), "a"), before: nil, after: [:])],
            dependencies: [],
            isReversible: true)
    }

    @Test("IAM on AWS takes seconds; API Gateway's own changes hold with the flip; our engine's hold at once")
    func times() {
        #expect(provider(isEventual: true).propagationTime(of: step("Role")) == .seconds(10))
        #expect(provider(isEventual: true).propagationTime(of: step("RestApi")) == .zero)
        #expect(provider(isEventual: false).propagationTime(of: step("Role")) == .zero)
    }
}
