import Diagnostics
import JSON
import Manifests
import Resources
import Testing

@Suite("Documents")
struct DocumentTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let problems: [String]
        let remedy: String?

        init(_ text: String, _ problems: [String], _ remedy: String? = nil) {
            self.text = text
            self.problems = problems
            self.remedy = remedy
        }

        var testDescription: String { problems.joined(separator: ", ") + " " + (remedy ?? "") }
    }

    private static let head = "apiVersion: gatewright/v1\nkind: RestApi\nmetadata: { name: cats }\n"
    private static let spec = "spec: { definition: { file: pets.openapi.yaml } }\n"

    @Test(
        "what is nearly a manifest is an error at the place of the slip",
        arguments: [
            Case(
                "apiVersion: gatewright/v2\nkind: RestApi\nmetadata: { name: cats }\n" + spec,
                ["manifest.unknown-version x.yaml:1:13"], "did you mean `gatewright/v1`?"),
            Case(
                "apiVersion: gatewrigth/v1\nkind: RestApi\nmetadata: { name: cats }\n" + spec,
                ["manifest.unknown-version x.yaml:1:13"], "did you mean `gatewright/v1`?"),
            Case(
                "apiVersion: v1\nkind: RestApi\nmetadata: { name: cats }\n" + spec,
                ["manifest.unknown-version x.yaml:1:13"], "did you mean `gatewright/v1`?"),
            Case(
                "apiversion: gatewright/v1\nkind: RestApi\nmetadata: { name: cats }\n" + spec,
                ["manifest.unknown-field x.yaml:1:1"], "did you mean `apiVersion`?"),
            Case(
                "apiVersion: gatewright/v1\nkind: RestAPIs\nmetadata: { name: cats }\n" + spec,
                ["manifest.unknown-kind x.yaml:2:7"], "did you mean `RestApi`?"),
            Case(
                "apiVersion: gatewright/v1\nkind: Method\nmetadata: { name: cats }\n" + spec,
                ["manifest.unknown-kind x.yaml:2:7"]),
            Case(
                "apiVersion: gatewright/v1\nkind: Permission\nmetadata: { name: cats }\n" + spec,
                ["manifest.unknown-kind x.yaml:2:7"], "it is part of a `Function`: write it in `spec.permissions`"),
            Case("apiVersion: gatewright/v1\nmetadata: { name: cats }\n" + spec, ["manifest.missing-field x.yaml:1:1"]),
            Case("apiVersion: gatewright/v1\nkind: RestApi\n" + spec, ["manifest.missing-field x.yaml:1:1"]),
            Case(
                "apiVersion: gatewright/v1\nkind: 1\nmetadata: { name: cats }\n" + spec,
                ["manifest.wrong-type x.yaml:2:7"]),
            Case(
                "apiVersion: gatewright/v1\nkind: RestApi\nmetadata: { name: Cats }\n" + spec,
                ["manifest.bad-pattern x.yaml:3:19"]),
            Case(
                "apiVersion: gatewright/v1\nkind: RestApi\nmetadata: { name: cats, labels: {} }\n" + spec,
                ["manifest.unknown-field x.yaml:3:25"], "the fields are `name`, `previousName` and `adopt`"),
            Case(
                "apiVersion: gatewright/v1\nkind: RestApi\nmetadata: { name: cats, previousName: Dogs }\n" + spec,
                ["manifest.bad-pattern x.yaml:3:39"]),
            Case(
                "apiVersion: gatewright/v1\nkind: RestApi\nmetadata: { name: cats, adopt: [abc] }\n" + spec,
                ["manifest.wrong-type x.yaml:3:32"]),
            Case(head + "status: {}\n" + spec, ["manifest.unknown-field x.yaml:4:1"]),
            Case(head + "sepc: {}\n", ["manifest.missing-field x.yaml:1:1", "manifest.unknown-field x.yaml:4:1"]),
            Case(head + spec + "---\nkind: RestApi\n", ["manifest.missing-field x.yaml:6:1"]),
        ])
    func envelope(_ test: Case) async throws {
        let found = try await Repository().with("apis/x.yaml", test.text).load().diagnostics
        #expect(found.map { $0.place.replacing("apis/", with: "") } == test.problems)
        if let remedy = test.remedy { #expect(found.last?.remedy == remedy) }
    }

    @Test(
        "fields are held against the kind's table, all in one run",
        arguments: [
            Case("stage: {}", ["manifest.unknown-field 6:3"], "did you mean `stages`?"),
            Case("policy: {}", ["policy.missing-element 6:11"]),
            Case("description: [a]", ["manifest.wrong-type 6:16"]),
            Case("description: { valueFrom: { env: X } }", ["manifest.not-supported 6:16"]),
            Case("minimumCompressionSize: -1", ["manifest.out-of-range 6:27"]),
            Case("minimumCompressionSize: 10485761", ["manifest.out-of-range 6:27"]),
            Case("minimumCompressionSize: 1.5", ["manifest.wrong-type 6:27"]),
            Case("minimumCompressionSize: 1e400", ["manifest.out-of-range 6:27"]),
            Case("minimumCompressionSize: many", ["manifest.wrong-type 6:27"]),
            Case("apiKeySource: HEADR", ["manifest.unknown-value 6:17"], "did you mean `HEADER`?"),
            Case("endpointConfiguration: { types: [] }", ["manifest.out-of-range 6:35"]),
            Case("endpointConfiguration: { types: [EDGE, REGIONAL] }", ["manifest.out-of-range 6:35"]),
            Case("endpointConfiguration: { types: [edgy] }", ["manifest.unknown-value 6:36"]),
            Case("disableExecuteApiEndpoint: \"yes\"", ["manifest.wrong-type 6:30"]),
            Case("tags: { \"gatewright:owner\": me }", ["manifest.bad-pattern 6:11"]),
            Case("stages: { \"a b\": {} }", ["manifest.bad-pattern 6:13"]),
            Case("stages: { test: { variables: { a: \"b c\" } } }", ["manifest.bad-pattern 6:37"]),
            Case("stages: { test: { variables: { a-b: c } } }", ["manifest.bad-pattern 6:34"]),
            Case(
                "stages: { test: { methodSettings: { \"*/*\": { throttlingRateLimit: -1 } } } }",
                ["manifest.out-of-range 6:69"]),
            Case("stages: []", ["manifest.wrong-type 6:11"]),
            Case(
                "tags: 1\n  name: []\n  version: {}",
                ["manifest.wrong-type 6:9", "manifest.wrong-type 7:9", "manifest.wrong-type 8:12"]),
        ])
    func fields(_ test: Case) async throws {
        let found = try await Repository.api("  " + test.text).load().diagnostics
        #expect(found.map { $0.place.replacing("apis/pets.yaml:", with: "") } == test.problems)
        if let remedy = test.remedy { #expect(found.first?.remedy == remedy) }
    }

    @Test(
        "a definition is a file or stands inline, not both, not none",
        arguments: [
            ("{}", "manifest.choose-one"), ("{ file: a.yaml, inline: {} }", "manifest.choose-one"),
            ("{ fiel: a.yaml }", "manifest.unknown-field"), ("{ file: }", "manifest.choose-one"),
            ("{ inline: }", "openapi.invalid-document"), ("{ file: a.yaml, inline: }", "manifest.choose-one"),
            ("a.yaml", "manifest.wrong-type"),
            ("{ file: { a: 1 } }", "manifest.wrong-type"), ("", "manifest.missing-field"),
        ])
    func definition(_ text: String, _ code: String) async throws {
        let api = Repository.api.replacing("{ file: pets.openapi.yaml }", with: text)
        #expect(try await Repository().with("apis/pets.yaml", api).load().diagnostics.map(\.code) == [code])
    }

    @Test(
        "an environment is held against its table",
        arguments: [
            Case("patches: {}", ["manifest.wrong-type 6:12"]),
            Case("manifest: []", ["manifest.unknown-field 6:3"], "did you mean `manifests`?"),
            Case("target: { azure: {} }", ["manifest.unknown-field 6:13"]),
            Case(
                "target: { engine: {}, aws: { region: eu-west-1, accountId: 123456789012 } }",
                ["manifest.choose-one 6:13"]),
            Case("target: { aws: { region: eu-west-1 } }", ["manifest.missing-field 6:20"]),
            Case(
                "target: { aws: { region: Frankfurt, accountId: 12 } }",
                ["manifest.bad-pattern 6:28", "manifest.bad-pattern 6:50"]),
            Case("target: { engine: { endpoint: \"localhost:4600\" } }", ["manifest.bad-pattern 6:33"]),
            Case("apply: { parallelism: 65 }", ["manifest.out-of-range 6:25"]),
            Case("apply: { onFailure: rolback }", ["manifest.unknown-value 6:23"], "did you mean `rollback`?"),
            Case("drift: { schedule: \"61 * * * *\" }", ["manifest.bad-schedule 6:22"]),
            Case("drift: { schedule: every day at noon }", ["manifest.bad-schedule 6:22"]),
            Case("drift: { action: ignore }", ["manifest.unknown-value 6:20"]),
            Case("variables: { pet-store: x }", ["manifest.bad-pattern 6:16"]),
            Case("variables: { a: { valueFrom: { env: A } } }", ["manifest.not-supported 6:19"]),
            Case("variables: { a: \"${var.b}\", b: x }", ["manifest.nested-variable 6:19"]),
        ])
    func environment(_ test: Case) async throws {
        let found = try await Repository.environment("  " + test.text).load().diagnostics
            .filter { $0.severity == .error }
        #expect(found.map { $0.place.replacing("gatewright.yaml:", with: "") } == test.problems)
        if let remedy = test.remedy { #expect(found.first?.remedy == remedy) }
    }

    @Test("empty or mistyped manifests are an error", arguments: ["[]", "", "apis", "{}", "[[apis]]"])
    func manifests(_ text: String) async throws {
        let environment = Repository.environment.replacing("[apis]", with: text)
        let result = try await Repository().with("gatewright.yaml", environment).load()
        #expect(result.graph == nil)
        #expect(result.diagnostics.count == 1)
    }

    @Test("an environment's settings arrive")
    func settings() async throws {
        let result = try await Repository.environment(
            """
              target: { aws: { region: eu-west-1, accountId: 012345678901 } }
              apply: { parallelism: 4, onFailure: hold, maxDeletes: 0, protect: ["RestApi/b*", RestApi/a] }
              drift: { schedule: "0,30 */2 1-5 * 1", action: correct }
            """
        ).load()
        #expect(result.diagnostics.isEmpty)
        let graph = try #require(result.graph)
        #expect(graph.target == ["aws": ["region": "eu-west-1", "accountId": "012345678901"]])
        #expect(graph.apply.parallelism == 4)
        #expect(graph.apply.onFailure == .hold)
        #expect(graph.apply.maxDeletes == 0)
        #expect(graph.apply.protect == ["RestApi/a", "RestApi/b*"])
        #expect(result.drift.schedule.text == "0,30 */2 1-5 * 1")
        #expect(result.drift.action(for: .functional) == .correct)
    }
}
