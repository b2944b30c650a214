import Diagnostics
import Foundation
import HTTPTypes
import JSON
import OpenAPI
import Planning
import Resources
import Testing
import YAML

@testable import AWSProvider

/// What is applied is what is observed: the ground that plans without phantom differences stand on.
@Suite struct EngineRoundTripTests {
    static let corpora = ProcessInfo.processInfo.environment["GATEWRIGHT_CORPORA"]

    static var documents: [String] {
        guard let corpora else { return [] }
        let names = try? FileManager.default.contentsOfDirectory(atPath: corpora + "/openapi/files")
        return (names ?? []).sorted()
    }

    /// The desired graph of an API that `definition` describes, with one stage; nil when it is refused.
    static func graph(_ text: [UInt8], name: String) -> DesiredGraph? {
        let document: Node?
        if name.hasSuffix(".json") {
            document = Node.parse(json: text, file: name).node
        } else {
            let parsed = Node.parse(yaml: text, file: name)
            document = parsed.diagnostics.hasErrors ? nil : parsed.documents.first
        }
        guard let document else { return nil }
        let read = OpenAPIReader(.manifest()).read(document)
        guard let definition = read.definition, !read.diagnostics.hasErrors else { return nil }
        let api = Address(.restAPI, "shop")
        var attributes = definition.attributes
        attributes["name"] = "shop"
        attributes["endpointConfiguration"] = ["types": ["REGIONAL"]]
        var resources = [DesiredResource(address: api, document: .object(attributes))]
        for object in definition.objects {
            resources.append(
                DesiredResource(
                    address: Address(object.kind, in: "shop", object.key), document: object.document,
                    dependencies: [api]))
        }
        if definition.objects.contains(where: { $0.kind == .method }) {
            resources.append(
                DesiredResource(
                    address: Address(.stage, in: "shop", "test"),
                    document: [
                        "variables": ["tier": "gold"],
                        "methodSettings": ["*/*": ["throttlingRateLimit": 100]],
                    ], dependencies: [api]))
        }
        return Deployments.derived(
            in: DesiredGraph(
                environment: "dev", target: ["engine": [:]], apply: ApplySettings(), resources: resources))
    }

    static func difference(_ desired: DesiredGraph, _ observed: [Address: JSONValue]) -> [String] {
        var lines: [String] = []
        var rest = observed
        for resource in desired.resources {
            let found = rest.removeValue(forKey: resource.address)
            if found != resource.document {
                lines.append(
                    "\(resource.address)\n  wanted \(resource.document.text(.canonical))\n"
                        + "  found  \(found?.text(.canonical) ?? "nothing")")
            }
        }
        return lines + rest.keys.sorted().map { "\($0) is there and nobody wants it" }
    }

    @Test(
        "every document that is accepted is observed as it was applied",
        .enabled(if: corpora != nil, "GATEWRIGHT_CORPORA is not set"), arguments: documents)
    func corpus(_ name: String) async throws {
        let path = try #require(Self.corpora) + "/openapi/files/" + name
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        guard let graph = Self.graph(bytes, name: name) else { return }
        var world = try await EngineWorld.make()
        let plan = Planner.plan(desired: graph, recorded: [])
        try await world.perform(plan.changes)
        let difference = Self.difference(graph, try await world.observed("shop"))
        #expect(difference.isEmpty, "\(difference.joined(separator: "\n"))")
    }

    @Test(
        "what is exported of the target is imported as the same graph",
        .enabled(if: corpora != nil, "GATEWRIGHT_CORPORA is not set"), arguments: documents)
    func exported(_ name: String) async throws {
        let path = try #require(Self.corpora) + "/openapi/files/" + name
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        guard let graph = Self.graph(bytes, name: name) else { return }
        try await expectRoundTrip(graph)
    }

    @Test("a whole document is exported as it was imported")
    func exportedWhole() async throws {
        try await expectRoundTrip(try #require(Self.graph(Array(Self.everything.utf8), name: "everything.yaml")))
    }

    private func expectRoundTrip(_ graph: DesiredGraph) async throws {
        var world = try await EngineWorld.make()
        try await world.perform(Planner.plan(desired: graph, recorded: []).changes)
        let observed = try await world.observed("shop")
        let definition = APIDefinition(
            attributes: observed[Address(.restAPI, "shop")]?.object ?? [:],
            objects: observed.filter { $0.key.kind.isPartOfDefinition }.map {
                DefinitionObject(kind: $0.key.kind, key: $0.key.key, document: $0.value)
            })
        for format in ExportOptions.Format.allCases {
            guard OpenAPIWriter.losses(of: definition, in: format) == ["the type of the endpoint"] else { continue }
            let document = OpenAPIWriter.export(definition, ExportOptions(format: format))
            for (file, text) in [("a.json", document.text(.pretty)), ("a.yaml", YAMLWriter.text(document))] {
                let again = try #require(Self.graph(Array(text.utf8), name: file), "\(format) \(file)")
                let documents = Dictionary(uniqueKeysWithValues: again.resources.map { ($0.address, $0.document) })
                #expect(Self.difference(graph, documents) == [], "\(format) \(file)")
            }
        }
    }

    @Test("what a document says beside its routes is observed as it was applied")
    func everything() async throws {
        let graph = try #require(Self.graph(Array(Self.everything.utf8), name: "everything.yaml"))
        var world = try await EngineWorld.make()
        try await world.perform(Planner.plan(desired: graph, recorded: []).changes)
        let difference = Self.difference(graph, try await world.observed("shop"))
        #expect(difference.isEmpty, "\(difference.joined(separator: "\n"))")
        let authorizer = graph.resources.first { $0.address == Address(.authorizer, in: "shop", "who") }
        #expect(authorizer?.document["authorizerResultTtlInSeconds"] == 60)
        let attributes = graph.resources.first { $0.address.kind == .restAPI }?.document
        #expect(attributes?["policy"]?["Statement"]?[0]?["Resource"] == ["execute-api:/*/GET/*"])
        #expect(attributes?["minimumCompressionSize"] == 1024)
    }

    /// Every extension of documents.
    private static let everything = """
        openapi: 3.0.1
        info: { title: Shop, version: "1", description: A shop }
        security: [{ key: [] }]
        paths:
          /pets/{id}:
            get:
              security: [{ pool: [read, write] }, { key: [] }]
              parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
              x-amazon-apigateway-request-validator: params
              responses: { "200": { description: ok }, "502": { description: 502 response } }
              x-amazon-apigateway-integration:
                type: aws
                httpMethod: POST
                uri: arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders
                credentials: arn:aws:iam::123456789012:role/a
                cacheNamespace: pets
                cacheKeyParameters: [method.request.path.id]
                contentHandling: CONVERT_TO_TEXT
                passthroughBehavior: never
                timeoutInMillis: 1000
                requestTemplates: { application/json: 'Action=SendMessage' }
                responses: { default: { statusCode: "200" }, "5..": { statusCode: "502" } }
            put:
              security: [{ who: [] }]
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: PUT
                uri: https://pets.example/{id}
                connectionType: VPC_LINK
                connectionId: ${stageVariables.link}
                tlsConfig: { insecureSkipVerification: true }
            x-amazon-apigateway-any-method:
              x-amazon-apigateway-auth: { type: aws_iam }
              x-amazon-apigateway-integration: { type: mock }
        components:
          securitySchemes:
            key: { type: apiKey, name: x-api-key, in: header }
            pool:
              type: apiKey
              name: Authorization
              in: header
              x-amazon-apigateway-authtype: cognito_user_pools
              x-amazon-apigateway-authorizer:
                type: cognito_user_pools
                providerARNs: [arn:aws:cognito-idp:us-east-1:123456789012:userpool/a]
            who:
              type: apiKey
              name: Token
              in: header
              x-amazon-apigateway-authtype: custom
              x-amazon-apigateway-authorizer:
                type: token
                authorizerUri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations
                authorizerCredentials: arn:aws:iam::123456789012:role/a
                identityValidationExpression: ^x-[a-z]+
                authorizerResultTtlInSeconds: 60
        x-amazon-apigateway-api-key-source: AUTHORIZER
        x-amazon-apigateway-minimum-compression-size: 1024
        x-amazon-apigateway-binary-media-types: [image/png]
        x-amazon-apigateway-endpoint-configuration: { disableExecuteApiEndpoint: true }
        x-amazon-apigateway-request-validators: { params: { validateRequestParameters: true } }
        x-amazon-apigateway-gateway-responses:
          DEFAULT_4XX: { responseParameters: { gatewayresponse.header.A: "'a'" } }
        x-amazon-apigateway-documentation:
          documentationParts:
            - { location: { type: API }, properties: { info: { description: A shop } } }
        x-amazon-apigateway-policy:
          Version: "2012-10-17"
          Statement:
            - { Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: "execute-api:/*/GET/*" }
        """

    @Test("every step is taken back to exactly what was there")
    func undo() async throws {
        var world = try await EngineWorld.make()
        let first = try #require(Self.graph(Array(Self.petstore("gold", "dog").utf8), name: "a.yaml"))
        try await world.perform(Planner.plan(desired: first, recorded: []).changes)
        let before = try await world.observed("shop")
        let recorded = first.resources.map {
            RecordedObject(
                address: $0.address, identity: world.identities[$0.address] ?? Identity(physicalID: "x"),
                document: $0.document, dependencies: $0.dependencies)
        }
        let second = try #require(Self.graph(Array(Self.petstore("silver", "cat").utf8), name: "a.yaml"))
        let kept = world.identities
        let steps = try await world.perform(Planner.plan(desired: second, recorded: recorded).changes)
        #expect(steps.count >= 3)
        #expect(try await world.observed("shop") != before)
        for step in steps.reversed() {
            try await world.undo(step)
            try await world.undo(step)
        }
        #expect(kept[Address(.restAPI, "shop")] == world.identities[Address(.restAPI, "shop")])
        #expect(kept[Address(.deployment, "shop")] == world.identities[Address(.deployment, "shop")])
        let after = try await EngineRoundTripTests.observed(world, kept)
        #expect(after == before)
    }

    @Test("only the newest deployments stay, and those that a stage serves")
    func tidy() async throws {
        var world = try await EngineWorld.make()
        let first = try #require(Self.graph(Array(Self.petstore("0", "dog").utf8), name: "a.yaml"))
        try await world.perform(Planner.plan(desired: first, recorded: []).changes)
        let api = Address(.restAPI, "shop")
        let identity = try #require(world.identities[api])
        for number in 0..<15 {
            _ = try await world.client.call(
                .post, APIPath("restapis", identity.physicalID, "deployments"),
                body: ["description": .string("[gatewright fingerprint=f\(number) commit=c token=t]")])
        }
        #expect(try await world.provider.tidy([api: identity]) >= 5)
        #expect(try await world.provider.tidy([api: identity]) == 0)
        let left = try await world.client.list(APIPath("restapis", identity.physicalID, "deployments"))
        #expect(left.count <= 11)
        #expect(try await world.observed("shop")[Address(.stage, in: "shop", "test")] != nil)
    }

    private static func observed(
        _ world: EngineWorld, _ identities: [Address: Identity]
    ) async throws -> [Address: JSONValue] {
        try await world.provider.observe(
            Observation(addresses: [Address(.restAPI, "shop")], identities: identities, roots: ["shop"])
        ).mapValues(\.document)
    }

    static func petstore(_ tier: String, _ animal: String) -> String {
        """
        openapi: 3.0.1
        info: { title: Shop, version: "\(tier)" }
        paths:
          /pets:
            get:
              operationId: Get\(animal)
              responses: { "200": { description: ok } }
              x-amazon-apigateway-integration:
                type: http
                httpMethod: GET
                uri: http://127.0.0.1:1/\(animal)
                responses: { default: { statusCode: "200" } }
          /\(animal):
            get:
              responses: { "200": { description: ok } }
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: { application/json: '{"statusCode": 200}' }
                responses: { default: { statusCode: "200" } }
        components:
          schemas:
            Pet: { type: object, properties: { \(animal): { type: string } } }
        """
    }
}
