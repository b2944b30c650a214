import Diagnostics
import Manifests
import Resources

/// A configuration repository in memory: one environment, one API, and whatever a test changes of it.
struct Repository {
    var files: [String: String]

    static let environment = """
        apiVersion: gatewright/v1
        kind: Environment
        metadata: { name: dev }
        spec:
          manifests: [apis]
        """

    static let api = """
        apiVersion: gatewright/v1
        kind: RestApi
        metadata: { name: pets }
        spec:
          definition: { file: pets.openapi.yaml }
        """

    static let definition = """
        openapi: 3.0.1
        info: { title: Pets, version: "1" }
        paths:
          /pets/{petId}:
            get:
              parameters: [{ name: petId, in: path, required: true, schema: { type: string } }]
              responses: { "200": { description: a pet } }
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: { application/json: '{"statusCode": 200}' }
                responses: { default: { statusCode: "200" } }
        """

    init() {
        files = [
            "gatewright.yaml": Self.environment, "apis/pets.yaml": Self.api,
            "apis/pets.openapi.yaml": Self.definition,
        ]
    }

    init(_ files: [String: String]) { self.files = files }

    func with(_ path: String, _ text: String?) -> Self {
        var copy = self
        copy.files[path] = text
        return copy
    }

    /// The standard repository with another `spec` of the API, indented by two.
    static func api(_ spec: String) -> Self { Self().with("apis/pets.yaml", api + "\n" + spec) }

    /// The standard repository with another environment's `spec`, indented by two.
    static func environment(_ spec: String) -> Self { Self().with("gatewright.yaml", environment + "\n" + spec) }

    var tree: DictionaryTree { DictionaryTree(texts: files) }

    func load(_ environment: String? = nil, repoPath: String = "", checks: [ManifestLoader.Check] = [])
        async throws -> LoadResult
    {
        try await ManifestLoader(repoPath: repoPath, checks: checks).load(environment: environment, from: tree)
    }

    /// `code file:line:column` of each diagnostic.
    func problems(_ environment: String? = nil) async throws -> [String] {
        try await load(environment).diagnostics.map(\.place)
    }
}

extension Diagnostic {
    var place: String { code + (spans.first.map { " \($0)" } ?? "") }
}
