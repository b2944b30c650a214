import Seeds

@testable import Reconciling

/// Configuration repositories by seed: a few APIs, each with routes, a model, stages and settings of their own.
struct RandomManifests {
    private var generator: SeededGenerator
    private var present: Set<String> = []

    init(seed: Int) {
        generator = SeededGenerator(seed: seed)
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
    private mutating func one<Value>(of values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &generator)]
    }

    /// All files of one commit; nil for one that is not there.
    mutating func files() -> [String: String?] {
        var files: [String: String?] = [:]
        var manifests: [String] = []
        for name in ["pets", "shop", "docs"] {
            let path = "apis/\(name).yaml"
            if chance(75) || (name == "docs" && manifests.isEmpty) {
                files[path] = .some(api(name))
                manifests.append(name)
                present.insert(path)
            } else if present.remove(path) != nil {
                files[path] = .some(nil)
            }
        }
        files["gatewright.yaml"] = """
            apiVersion: gatewright/v1
            kind: Environment
            metadata: { name: dev }
            spec:
              manifests: [apis]
              variables: { backend: "http://\(one(of: ["a", "b"])).test", tier: \(one(of: ["gold", "tin"])) }
              target: { engine: {} }
              apply: { maxDeletes: 1000 }
            \(patches(of: manifests, &files))
            """
        return files
    }

    /// RFC 6902 patches of the environment in all their forms: for a kind, a name, a file; in place and in a file.
    private mutating func patches(of manifests: [String], _ files: inout [String: String?]) -> String {
        var entries: [String] = []
        for _ in 0..<3 where chance(30) {
            let name = one(of: manifests)
            let target = one(of: [
                "{ kind: RestApi }", "{ kind: RestApi, name: \(name) }",
                "{ kind: RestApi, name: \"\(name.prefix(1))*\" }", "{ file: apis/\(name).yaml }",
            ])
            entries.append("    - target: \(target)\n      patch: [\(operation())]")
        }
        let path = "patches/all.yaml"
        if chance(25) {
            entries.append("    - target: { kind: RestApi }\n      file: \(path)")
            files[path] = .some("- \(operation())\n")
            present.insert(path)
        } else if present.remove(path) != nil {
            files[path] = .some(nil)
        }
        return entries.isEmpty ? "" : "  patches:\n" + entries.joined(separator: "\n") + "\n"
    }

    /// Each can be carried out on every manifest, after any of the others.
    private mutating func operation() -> String {
        let definition = "/spec/definition/inline"
        let route =
            "get: { responses: { \"200\": { description: ok } }, x-amazon-apigateway-integration: "
            + "{ type: http_proxy, httpMethod: GET, uri: \"${var.backend}/\(one(of: ["x", "y"]))\" } }"
        return one(of: [
            "{ op: replace, path: /spec/description, value: \(one(of: ["third", "\"${var.tier}\""])) }",
            "{ op: test, path: \(definition)/info/version, value: \"1\" }",
            "{ op: add, path: /spec/stages, value: { live: { variables: { tier: \"${var.tier}\" } } } }",
            "{ op: add, path: \(definition)/paths/~1patched, value: { \(route) } }",
            "{ op: copy, from: \(definition)/paths/~1, path: \(definition)/paths/~1copied }",
            "{ op: add, path: \(definition)/components/schemas/\(one(of: ["Owner", "Pet"])), value: { type: string } }",
            "{ op: replace, path: /spec/endpointConfiguration/types/0, value: \(one(of: ["REGIONAL", "EDGE"])) }",
        ])
    }

    private mutating func api(_ name: String) -> String {
        let stages = ["test", "prod"].filter { _ in chance(60) }.map { stage in
            "    \(stage): { variables: { tier: \"${var.tier}\" }, "
                + "methodSettings: { \"*/*\": { throttlingRateLimit: \(one(of: [10, 20])) } } }"
        }
        return """
            apiVersion: gatewright/v1
            kind: RestApi
            metadata: { name: \(name) }
            spec:
              description: \(one(of: ["first", "second"]))
              endpointConfiguration: { types: [\(one(of: ["REGIONAL", "EDGE"]))] }
              disableExecuteApiEndpoint: \(chance(20))
              definition:
                inline:
                  openapi: 3.0.1
                  info: { title: \(name), version: "1" }
                  components:
                    securitySchemes: { key: { type: apiKey, name: x-api-key, in: header } }
                    schemas:
                      Pet: { type: \(one(of: ["object", "array"])) }
                  paths:
            \(routes().joined(separator: "\n"))
            \(stages.isEmpty ? "" : "  stages:\n" + stages.joined(separator: "\n"))
            """
    }

    private mutating func routes() -> [String] {
        var paths: [String] = []
        for path in ["/", "/pets", "/pets/{id}", "/orders"] {
            var methods: [String] = []
            for method in ["get", "post"] where chance(60) {
                let needsKey = chance(40)
                methods.append(
                    """
                                \(method):
                                  responses: { "200": { description: ok } }
                    \(needsKey ? "              security: [{ key: [] }]" : "")
                                  x-amazon-apigateway-integration:
                                    { type: http_proxy, httpMethod: GET, uri: "${var.backend}\(one(of: ["/x", "/y"]))" }
                    """)
            }
            if methods.isEmpty {
                methods = [
                    "            get: { responses: { \"200\": { description: ok } }, "
                        + "x-amazon-apigateway-integration: { type: mock } }"
                ]
            }
            if chance(70) || path == "/" { paths.append("          \(path):\n" + methods.joined(separator: "\n")) }
        }
        return paths
    }
}
