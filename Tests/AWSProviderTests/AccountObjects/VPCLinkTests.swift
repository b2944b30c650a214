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

    /// An API whose route names the link by its id, and whose stage does so too.
    private static func api() -> [DesiredResource] {
        let root = Address(.restAPI, "p")
        let resource = Address(.resource, in: "p", "/")
        let method = Address(.method, in: "p", "GET /")
        let link = Address(.vpcLink, "my-link")
        func made(_ address: Address, _ document: JSONValue, _ dependencies: [Address]) -> DesiredResource {
            let form = KindTable.object(address.kind)?.normalForm(of: document) ?? document
            return DesiredResource(address: address, document: form, dependencies: dependencies)
        }
        return [
            made(root, ["name": "p", "endpointConfiguration": ["types": ["REGIONAL"]]], []),
            made(resource, [:], [root]),
            made(
                method,
                [
                    "authorizationType": "NONE",
                    "integration": [
                        "type": "HTTP_PROXY", "httpMethod": "GET", "uri": "http://myApi.example.com",
                        "connectionType": "VPC_LINK", "connectionId": "${VpcLink/my-link.id}",
                    ],
                ], [resource, link]),
            made(Address(.stage, in: "p", "test"), ["variables": ["id": "${VpcLink/my-link.id}"]], [root, link]),
        ]
    }

    /// The API with the link, and with the deployment of both.
    private static func all(_ target: String) -> [DesiredResource] {
        Deployments.derived(in: IdentityWorld.graph([link(target)] + api())).resources
    }

    /// What the target says of where requests go: the integration, the stage's variable, the served deployment, links.
    private static func seen(_ world: IdentityWorld) async throws -> [String] {
        let client = world.engine.client
        let api = try #require(world.identities[Address(.restAPI, "p")]?.physicalID)
        let resources = try await client.list(APIPath("restapis", api, "resources"))
        let root = try #require(resources.first?["id"]?.string)
        let integration = try await client.read(
            APIPath("restapis", api, "resources", root, "methods", "GET", "integration"))
        let stage = try await client.read(APIPath("restapis", api, "stages", "test"))
        let links = try await client.list(APIPath("vpclinks")).compactMap { $0["id"]?.string }.sorted()
        return [
            integration?["connectionId"]?.string, stage?["variables"]?["id"]?.string, stage?["deploymentId"]?.string,
        ].map { $0 ?? "none" } + links
    }

    @Test("a replaced link is taken back from an API that names it, from its stage and from its deployment")
    func undone() async throws {
        var world = try await Self.world()
        let first = Self.all(Self.balancer)
        try await world.apply(first)
        let before = try await Self.seen(world)
        let id = try #require(world.identities[Address(.vpcLink, "my-link")]?.physicalID)
        #expect(before[0] == id && before[1] == id && before.count == 4)
        let plan = try await world.plan(Self.all(Self.other))
        let steps = try world.engine.provider.steps(for: plan.changes)
        #expect(
            steps.map(\.operation) == [
                "CreateVpcLink", "AwaitVpcLink", "PutRestApi", "CreateDeployment", "UpdateStage", "DeleteVpcLink",
            ])
        for step in steps.dropLast() { try await world.engine.perform(step) }
        let between = try await Self.seen(world)
        #expect(between[0] != id && between[1] == between[0] && between[2] != before[2] && between.count == 5)
        for step in steps.dropLast().reversed() {
            try await world.engine.undo(step)
            if step.operation != "CreateVpcLink" { try await world.engine.undo(step) }
        }
        #expect(try await Self.seen(world) == before)
        #expect(world.identities[Address(.vpcLink, "my-link")]?.physicalID == id)
    }

    @Test("a replaced link leaves nothing behind: what named it names the new one, and the next plan is empty")
    func followed() async throws {
        var world = try await Self.world()
        try await world.apply(Self.all(Self.balancer))
        let next = Self.all(Self.other)
        try await world.apply(next)
        let seen = try await Self.seen(world)
        let id = try #require(world.identities[Address(.vpcLink, "my-link")]?.physicalID)
        #expect(seen[0] == id && seen[1] == id && Array(seen[3...]) == [id])
        #expect(try await world.plan(next).isEmpty)
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
