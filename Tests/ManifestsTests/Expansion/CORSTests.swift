import Diagnostics
import JSON
import Manifests
import Resources
import Testing

/// `spec.cors` of a `RestApi`.
@Suite("CORS rules")
struct CORSTests {
    private func document(_ result: LoadResult, _ kind: ResourceKind, _ key: String) -> JSONValue? {
        result.graph?.resources.first { $0.address == Address(kind, in: "pets", key) }?.document
    }

    private func origin(_ document: JSONValue?, _ status: String = "200") -> JSONValue? {
        document?["integration"]?["integrationResponses"]?[status]?["responseParameters"]?[
            "method.response.header.Access-Control-Allow-Origin"]
    }

    @Test("the rule becomes objects of the API, with the place of the rule; the API itself has no member of it")
    func expanded() async throws {
        let result = try await Repository.api(
            "  cors: { allowOrigins: [https://a.b], allowMethods: [get] }\n  stages: { test: { methodSettings: { "
                + "'pets/{petId}/OPTIONS': { metricsEnabled: true } } } }"
        ).load()
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
        let options = try #require(
            result.graph?.resources.first { $0.address == Address(.method, in: "pets", "OPTIONS /pets/{petId}") })
        #expect(origin(options.document, "204") == "'https://a.b'")
        #expect(options.span == SourceSpan(file: "apis/pets.yaml", line: 6, column: 3, length: 4))
        #expect(
            Set(options.dependencies) == [Address(.restAPI, "pets"), Address(.resource, in: "pets", "/pets/{petId}")])
        #expect(origin(document(result, .method, "GET /pets/{petId}")) == "'https://a.b'")
        #expect(document(result, .gatewayResponse, "DEFAULT_4XX") != nil)
        #expect(result.graph?.resources.first { $0.address == Address(.restAPI, "pets") }?.document["cors"] == nil)
    }

    @Test("the manifest's rule takes the place of the definition's, with a note; `{}` is no CORS at all")
    func overriding() async throws {
        let definition =
            Repository.definition + "\nx-amazon-apigateway-cors: { allowOrigins: [https://theirs.example] }"
        let own = try await Repository().with("apis/pets.openapi.yaml", definition).load()
        #expect(origin(document(own, .method, "GET /pets/{petId}")) == "'https://theirs.example'")
        #expect(own.diagnostics.isEmpty)
        let other = try await Repository.api("  cors: { allowOrigins: ['*'] }").with(
            "apis/pets.openapi.yaml", definition
        )
        .load()
        #expect(origin(document(other, .method, "GET /pets/{petId}")) == "'*'")
        #expect(other.diagnostics.map(\.place) == ["manifest.definition-overridden apis/pets.yaml:6:3"])
        let none = try await Repository.api("  cors: {}").with("apis/pets.openapi.yaml", definition).load()
        #expect(document(none, .method, "OPTIONS /pets/{petId}") == nil)
        #expect(none.diagnostics.map(\.severity) == [.note])
        let absent = try await Repository.api("  cors:").with("apis/pets.openapi.yaml", definition).load()
        #expect(document(absent, .method, "OPTIONS /pets/{petId}") != nil)
    }

    private static let twoPaths =
        Repository.definition + "\n  /shops:\n    get: { x-amazon-apigateway-integration: { type: mock } }"

    @Test("a path has its own rule in place of the API's, or none")
    func paths() async throws {
        let repository = Repository.api(
            """
              cors:
                allowOrigins: ["*"]
                maxAge: 60
                paths:
                  /shops: { allowOrigins: [https://a.b] }
                  /pets/{petId}: {}
            """
        ).with("apis/pets.openapi.yaml", Self.twoPaths)
        let result = try await repository.load()
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
        #expect(document(result, .method, "OPTIONS /pets/{petId}") == nil)
        #expect(origin(document(result, .method, "GET /pets/{petId}")) == nil)
        let shops = document(result, .method, "OPTIONS /shops")
        #expect(origin(shops, "204") == "'https://a.b'")
        #expect(shops?.text(.compact).contains("Max-Age") == false)
        let only = try await Repository.api("  cors: { paths: { /shops: { allowOrigins: ['*'] } } }").with(
            "apis/pets.openapi.yaml", Self.twoPaths
        ).load()
        #expect(document(only, .method, "OPTIONS /shops") != nil)
        #expect(document(only, .method, "OPTIONS /pets/{petId}") == nil)
    }

    @Test("variables are put in before the rule is read, and differ by environment")
    func variables() async throws {
        let repository = Repository.environment("  variables: { site: https://dev.example }").with(
            "apis/pets.yaml", Repository.api + "\n  cors: { allowOrigins: ['${var.site}'] }")
        #expect(origin(document(try await repository.load(), .method, "GET /pets/{petId}")) == "'https://dev.example'")
        let bad = repository.with(
            "gatewright.yaml", Repository.environment + "\n  variables: { site: 'https://dev.example/' }")
        #expect(try await bad.problems() == ["openapi.invalid-cors apis/pets.yaml:6:26"])
        let unset = repository.with("gatewright.yaml", Repository.environment)
        #expect(try await unset.problems() == ["manifest.unset-variable apis/pets.yaml:6:26"])
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let spec: String
        let problems: [String]
        var testDescription: String { spec }

        init(_ spec: String, _ problems: String...) {
            self.spec = spec
            self.problems = problems.map { $0.replacing(" ", with: " apis/pets.yaml:") }
        }
    }

    @Test(
        "what is wrong is said with its place",
        arguments: [
            Bad("{ allowOrigin: ['*'] }", "manifest.unknown-field 6:11"),
            Bad("{ allowOrigins: '*' }", "manifest.wrong-type 6:25"),
            Bad("{ allowOrigins: ['*'], maxAge: -1 }", "manifest.out-of-range 6:40"),
            Bad("{ allowOrigins: ['*'], maxAge: 1.5 }", "manifest.wrong-type 6:40"),
            Bad("{ allowOrigins: ['*'], allowMethods: [FETCH] }", "manifest.unknown-value 6:47"),
            Bad("{ allowOrigins: ['*'], allowCredentials: maybe }", "manifest.wrong-type 6:50"),
            Bad("{ allowOrigins: ['*'], allowCredentials: true }", "openapi.invalid-cors 6:26"),
            Bad("{ maxAge: 5 }", "openapi.missing-member 6:3"),
            Bad("{ allowOrigins: [] }", "openapi.missing-member 6:11"),
            Bad("{ allowOrigins: ['*'], allowHeaders: ['A: b'] }", "openapi.invalid-cors 6:47"),
            Bad(
                "{ allowOrigins: [a.b, https://c.d/, 'null'] }", "openapi.invalid-cors 6:26",
                "openapi.invalid-cors 6:31", "openapi.invalid-cors 6:45"),
            Bad("{ paths: { /pet: { allowOrigins: ['*'] } } }", "openapi.unknown-name 6:20"),
            Bad("{ paths: { '/pets/{petId}': { maxAge: 1 } } }", "openapi.missing-member 6:20"),
            Bad("{ paths: { '/pets/{petId}': { paths: {} } } }", "manifest.unknown-field 6:39"),
            Bad("[]", "manifest.wrong-type 6:9"),
        ])
    func refused(_ bad: Bad) async throws {
        #expect(try await Repository.api("  cors: \(bad.spec)").problems() == bad.problems)
    }
}
