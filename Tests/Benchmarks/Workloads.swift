import JSON
import Planning
import Resources

/// Inputs of the size that the budgets name.
enum Workloads {
    /// About a kilobyte each, like a manifest with a few methods.
    static func yamlManifest(_ number: Int) -> String {
        var text = """
            apiVersion: gatewright/v1
            kind: RestApi
            metadata: { name: api-\(number), labels: { team: payments, tier: gold } }
            spec:
              description: "Number \(number) of many"
              definition:
                inline:
                  openapi: 3.0.1
                  info: { title: Api \(number), version: "1.\(number)" }
                  paths:

            """
        for path in ["things", "orders", "people"] {
            text += """
                      /\(path):
                        get:
                          operationId: Get\(path)
                          parameters: [{ name: page, in: query, schema: { type: integer } }]
                          x-amazon-apigateway-integration: { type: http_proxy, httpMethod: GET, uri: "http://10.0.0.1/\(path)" }

                """
        }
        return text
    }

    /// `count` objects over APIs of 100 methods each.
    static func graph(_ count: Int) -> DesiredGraph {
        var resources: [DesiredResource] = []
        var root = 0
        while resources.count < count {
            let name = "api\(root)"
            let api = Address(.restAPI, name)
            resources.append(
                DesiredResource(
                    address: api,
                    document: ["name": .string(name), "endpointConfiguration": ["types": ["REGIONAL"]]]))
            resources.append(
                DesiredResource(address: Address(.resource, in: name, "/"), document: [:], dependencies: [api]))
            for path in 0..<48 where resources.count < count - 1 {
                let resource = Address(.resource, in: name, "/p\(path)")
                resources.append(DesiredResource(address: resource, document: [:], dependencies: [api]))
                resources.append(
                    DesiredResource(
                        address: Address(.method, in: name, "GET /p\(path)"),
                        document: [
                            "authorizationType": "NONE",
                            "requestParameters": ["method.request.querystring.type": false],
                            "methodResponses": ["200": ["responseModels": ["application/json": "Empty"]]],
                            "integration": [
                                "type": "HTTP", "httpMethod": "GET", "uri": .string("http://10.0.0.1/things/\(path)"),
                                "integrationResponses": ["200": [:]],
                            ],
                        ], dependencies: [api, resource]))
            }
            resources.append(
                DesiredResource(address: Address(.stage, in: name, "test"), document: [:], dependencies: [api]))
            root += 1
        }
        return DesiredGraph(
            environment: "dev", target: ["engine": [:]], apply: ApplySettings(),
            resources: Array(resources.prefix(count)))
    }

    static func recorded(_ graph: DesiredGraph) -> [RecordedObject] {
        Deployments.derived(in: graph).resources.map {
            RecordedObject(
                address: $0.address, identity: Identity(physicalID: "id"), document: $0.document,
                dependencies: $0.dependencies)
        }
    }
}
