import Diagnostics
import JSON
import Resources
import Seeds

@testable import Planning

extension DesiredGraph {
    static func of(_ resources: [DesiredResource], apply: ApplySettings = ApplySettings()) -> DesiredGraph {
        DesiredGraph(environment: "dev", target: ["engine": [:]], apply: apply, resources: resources)
    }

    /// The graph with other objects.
    func with(_ change: (inout [DesiredResource]) -> Void) -> DesiredGraph {
        var resources = resources
        change(&resources)
        return with(resources)
    }

    func with(_ apply: ApplySettings) -> DesiredGraph {
        var graph = self
        graph.apply = apply
        return graph
    }

    /// What is recorded once this is applied.
    var recorded: [RecordedObject] {
        Deployments.derived(in: self).resources.enumerated().map { number, resource in
            RecordedObject(
                address: resource.address,
                identity: Identity(
                    physicalID: "id\(number)", attributes: ["arn": "arn:aws:x:::\(resource.address.name)"]),
                document: resource.document, dependencies: resource.dependencies)
        }
    }

    /// What a target has once this is applied.
    var observed: [Address: ObservedObject] {
        let identities = Dictionary(uniqueKeysWithValues: recorded.map { ($0.address, $0.identity) })
        return Dictionary(
            uniqueKeysWithValues: recorded.map {
                ($0.address, ObservedObject(identity: $0.identity, document: $0.document.resolved(with: identities)))
            })
    }
}

extension ObservedState {
    /// Everything that `graph` or `recorded` know was asked for.
    init(all objects: [Address: ObservedObject], _ graph: DesiredGraph, _ recorded: [RecordedObject]) {
        let desired = Deployments.derived(in: graph).resources.map(\.address)
        self.init(
            addresses: Set(desired + recorded.map(\.address)), roots: Set(desired.map(\.root)), objects: objects)
    }
}

extension [DesiredResource] {
    subscript(address: String) -> JSONValue? {
        get { first { $0.address.description == address }?.document }
        set {
            guard let position = firstIndex(where: { $0.address.description == address }) else { return }
            if let newValue { self[position].document = newValue } else { remove(at: position) }
        }
    }
}

/// A document with one member changed.
func changed(_ document: JSONValue?, _ name: String, to value: JSONValue?) -> JSONValue {
    guard case .object(var object)? = document else { return .object([:]) }
    object[name] = value
    return .object(object)
}

/// The pet store of the walkthroughs, in small.
enum PetStore {
    static let graph: DesiredGraph = {
        let file = "apis/petstore.yaml"
        func span(_ line: Int) -> SourceSpan { SourceSpan(file: file, line: line, column: 3) }
        let api = Address(.restAPI, "petstore")
        func resource(_ path: String, under parent: String?) -> DesiredResource {
            DesiredResource(
                address: Address(.resource, in: "petstore", path), document: [:],
                dependencies: parent.map { [Address(.resource, in: "petstore", $0)] } ?? [api])
        }
        func method(_ key: String, _ path: String, _ line: Int, _ integration: JSONValue) -> DesiredResource {
            DesiredResource(
                address: Address(.method, in: "petstore", "\(key) \(path)"),
                document: ["authorizationType": "NONE", "integration": integration],
                dependencies: [
                    Address(.resource, in: "petstore", path), Address(.model, in: "petstore", "Pet"),
                ], span: span(line))
        }
        let template = "{\n  \"id\": 1,\n  \"name\": \"$input.path('$.name')\",\n  \"kind\": \"dog\"\n}\n"
        return DesiredGraph.of([
            DesiredResource(
                address: api, document: ["name": "petstore", "endpointConfiguration": ["types": ["REGIONAL"]]],
                span: span(1)),
            resource("/", under: nil), resource("/pets", under: "/"), resource("/pets/{petId}", under: "/pets"),
            method("GET", "/", 10, ["type": "MOCK", "requestTemplates": ["application/json": .string(template)]]),
            method("GET", "/pets", 20, ["type": "HTTP_PROXY", "httpMethod": "GET", "uri": "http://pets.test/pets"]),
            method("POST", "/pets", 30, ["type": "HTTP_PROXY", "httpMethod": "POST", "uri": "http://pets.test/pets"]),
            method(
                "GET", "/pets/{petId}", 40,
                ["type": "HTTP_PROXY", "httpMethod": "GET", "uri": "http://pets.test/pets/{petId}"]),
            DesiredResource(
                address: Address(.model, in: "petstore", "Pet"),
                document: ["schema": ["type": "object", "properties": ["name": ["type": "string"]]]],
                dependencies: [api], span: span(50)),
            DesiredResource(
                address: Address(.documentationPart, in: "petstore", "API - - - -"),
                document: ["properties": ["info": ["title": "Pets"]]], dependencies: [api]),
            DesiredResource(
                address: Address(.stage, in: "petstore", "test"), document: ["variables": ["tier": "gold"]],
                dependencies: [api], span: span(5)),
        ])
    }()

    /// Two routes changed, one gone, one new; two stages.
    static let next: DesiredGraph = graph.with { resources in
        resources["Method/petstore GET /pets/{petId}"] = nil
        resources["Resource/petstore /pets/{petId}"] = nil
        let template = "{\n  \"id\": 2,\n  \"name\": \"$input.path('$.name')\",\n  \"kind\": \"dog\"\n}\n"
        resources["Method/petstore GET /"] = [
            "authorizationType": "NONE",
            "integration": ["type": "MOCK", "requestTemplates": ["application/json": .string(template)]],
        ]
        resources["Method/petstore POST /pets"] = [
            "authorizationType": "AWS_IAM",
            "integration": [
                "type": "HTTP_PROXY", "httpMethod": "POST", "uri": "http://pets.test/pets", "timeoutInMillis": 5000,
            ],
        ]
        resources.append(
            DesiredResource(
                address: Address(.method, in: "petstore", "DELETE /pets"),
                document: ["authorizationType": "AWS_IAM", "integration": ["type": "MOCK"]],
                dependencies: [Address(.resource, in: "petstore", "/pets")],
                span: SourceSpan(file: "apis/petstore.yaml", line: 60, column: 3)))
        resources.append(
            DesiredResource(
                address: Address(.stage, in: "petstore", "prod"), document: ["description": "For everybody"],
                dependencies: [Address(.restAPI, "petstore")]))
    }
}

/// Graphs by seed: several APIs with all kinds of parts, references and shared dependencies.
enum RandomGraph {
    static func make(_ generator: inout SeededGenerator) -> DesiredGraph {
        var resources: [DesiredResource] = []
        for root in ["a", "b", "c"] where generator.chance(75) {
            resources += api(root, &generator)
        }
        return DesiredGraph.of(resources)
    }

    private static func api(_ root: String, _ generator: inout SeededGenerator) -> [DesiredResource] {
        let api = Address(.restAPI, root)
        let description = generator.chance(50) ? value(&generator) : nil
        var made = [
            DesiredResource(address: api, document: changed(["name": .string(root)], "description", to: description))
        ]
        var models: [Address] = []
        for name in ["M1", "M2", "M3"] where generator.chance(60) {
            let address = Address(.model, in: root, name)
            made.append(
                DesiredResource(
                    address: address, document: ["schema": ["v": value(&generator)]],
                    dependencies: [api] + models.filter { _ in generator.chance(50) }))
            models.append(address)
        }
        let top = Address(.resource, in: root, "/")
        made.append(DesiredResource(address: top, document: [:], dependencies: [api]))
        for path in ["/x", "/y", "/y/z"] where generator.chance(60) {
            let resource = Address(.resource, in: root, path)
            made.append(DesiredResource(address: resource, document: [:], dependencies: [top]))
            for method in ["GET", "POST"] where generator.chance(60) {
                made.append(
                    DesiredResource(
                        address: Address(.method, in: root, "\(method) \(path)"),
                        document: [
                            "authorizationType": "NONE", "uri": .string("https://${RestApi/\(root).id}/\(path)"),
                            "v": value(&generator),
                        ], dependencies: [resource] + models.filter { _ in generator.chance(50) },
                        span: SourceSpan(file: "f", line: Int.random(in: 1...9, using: &generator), column: 1)))
            }
        }
        for name in ["s1", "s2"] where generator.chance(60) {
            made.append(
                DesiredResource(
                    address: Address(.stage, in: root, name), document: ["variables": ["v": value(&generator)]],
                    dependencies: [api]))
        }
        return made
    }

    private static func value(_ generator: inout SeededGenerator) -> JSONValue {
        .string("v\(Int.random(in: 0..<3, using: &generator))")
    }
}
