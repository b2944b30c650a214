import HTTPTypes
import JSON
import Planning
import Resources
import SigV4
import Synchronization
import Testing

@testable import AWSProvider

@Suite("Links to private networks")
struct VPCLinkTests {
    private static let balancer = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/a/1"
    private static let other = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/b/2"

    private static func link(_ target: String, _ spec: JSONObject = [:]) -> DesiredResource {
        var document = spec
        document["targetArns"] = [.string(target)]
        return IdentityWorld.object(.vpcLink, "my-link", document)
    }

    /// A second a call.
    private static func world() async throws -> IdentityWorld {
        let time = Mutex(1_700_000_000)
        return IdentityWorld(
            engine: try await EngineWorld.make(clock: {
                time.withLock { now in
                    now += 1
                    return now
                }
            }))
    }

    @Test("a link is waited for, changes its words in place, and is another one with another target")
    func replaced() async throws {
        var world = try await Self.world()
        #expect(try await world.apply([Self.link(Self.balancer)]) == ["CreateVpcLink", "AwaitVpcLink"])
        let first = try #require(world.identities[Address(.vpcLink, "my-link")]?.physicalID)
        #expect(try await world.plan([Self.link(Self.balancer)], refresh: true).isEmpty)
        #expect(try await world.apply([Self.link(Self.balancer, ["description": "d"])]) == ["UpdateVpcLink"])
        let plan = try await world.plan([Self.link(Self.other, ["description": "d"])])
        #expect(plan.changes.map(\.action) == [.replace, .delete])
        #expect(plan.changes[0].reason == "`targetArns` cannot change in place: a new one is made beside it")
        #expect(
            try await world.apply([Self.link(Self.other, ["description": "d"])]) == [
                "CreateVpcLink", "AwaitVpcLink", "DeleteVpcLink",
            ])
        #expect(world.identities[Address(.vpcLink, "my-link")]?.physicalID != first)
        #expect(try await world.has([Self.link(Self.other, ["description": "d"])]))
    }

    @Test("a link that an integration names by its id is not deleted")
    func referenced() async throws {
        var world = try await Self.world()
        try await world.apply([Self.link(Self.balancer)])
        let id = try #require(world.identities[Address(.vpcLink, "my-link")]?.physicalID)
        let client = world.engine.client
        let api = try await client.call(.post, APIPath("restapis"), body: ["name": "private"])
        let path = APIPath(
            "restapis", try #require(api["id"]?.string), "resources", try #require(api["rootResourceId"]?.string),
            "methods", "GET")
        _ = try await client.call(.put, path, body: ["authorizationType": "NONE"])
        let integration = APIPath(
            "restapis", try #require(api["id"]?.string), "resources", try #require(api["rootResourceId"]?.string),
            "methods", "GET", "integration")
        _ = try await client.call(
            .put, integration,
            body: [
                "type": "HTTP_PROXY", "httpMethod": "GET", "uri": "http://myApi.example.com",
                "connectionType": "VPC_LINK", "connectionId": .string(id),
            ])
        let refused = await #expect(throws: ProviderFailure.self) { try await world.apply([]) }
        #expect(refused?.message.contains("is referenced in") == true)
        _ = try await client.call(
            .patch, integration,
            body: [
                "patchOperations": [
                    ["op": "replace", "path": "/connectionId", "value": "${stageVariables.vpcLinkId}"]
                ]
            ])
        #expect(try await world.apply([]) == ["DeleteVpcLink"])
    }

    @Test("a link that the service gives up on is refused with the service's words")
    func failed() async throws {
        let message = "NLB is already associated with another VPC Endpoint Service"
        let clients = ServiceClients(
            transport: InProcessTransport { _, _ in
                let reply: JSONValue = ["id": "abc", "status": "FAILED", "statusMessage": .string(message)]
                return (HTTPResponse(status: .ok), reply.bytes(.compact))
            }, credentials: FixedCredentials(SigningCredentials(accessKeyID: "A", secretAccessKey: "s")),
            region: "us-east-1", hosts: .init(aws: "us-east-1"), now: { 1_700_000_000 })
        let address = Address(.vpcLink, "my-link")
        let document = Self.link(Self.balancer).document
        let step = Step(
            number: 1, operation: "AwaitVpcLink", effects: [Step.Effect(address, before: document, after: document)],
            dependencies: [], isReversible: true)
        let context = StepContext(
            environment: "dev", token: "t", identities: [address: Identity(physicalID: "abc")], commit: "c")
        let failure = await #expect(throws: ProviderFailure.self) {
            try await APIGatewayProvider(clients: clients, environment: "dev").perform(step, context)
        }
        #expect(failure?.code == .refused && failure?.effect == ProviderFailure.Effect.none)
        #expect(failure?.message == "`VpcLink/my-link` cannot be used: \(message)")
    }
}
