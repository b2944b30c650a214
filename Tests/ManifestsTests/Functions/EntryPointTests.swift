import Diagnostics
import Manifests
import Resources
import Testing

/// Mistakes that deploy, and then fail every call.
@Suite("What a function starts, and how it is called")
struct EntryPointTests {
    private struct Tree: FileTree {
        let base: DictionaryTree
        let isExecutable: Bool

        func list(under path: String) async throws(TreeFailure) -> [TreeEntry] {
            var entries = try await base.list(under: path)
            for index in entries.indices { entries[index].isExecutable = isExecutable }
            return entries
        }

        func read(_ path: String, byteLimit: Int) async throws(TreeFailure) -> [UInt8]? {
            try await base.read(path, byteLimit: byteLimit)
        }
    }

    private func findings(
        _ runtime: String, _ handler: String, _ file: String, isExecutable: Bool = true
    ) async throws -> [Diagnostic] {
        let texts = [
            "gatewright.yaml": Repository.environment, file: "1",
            "apis/hello.yaml": """
            apiVersion: gatewright/v1
            kind: Function
            metadata: { name: hello }
            spec:
              runtime: \(runtime)
              handler: \(handler)
              code: hello
              role: arn:aws:iam::123456789012:role/hello
            """,
        ]
        let tree = Tree(base: DictionaryTree(texts: texts), isExecutable: isExecutable)
        let result = try await ManifestLoader().load(environment: nil, from: tree)
        return try #require(result.graph, "\(result.diagnostics)").findings
    }

    @Test("a bootstrap that is missing, elsewhere or not executable is named with its line")
    func bootstrap() async throws {
        #expect(try await findings("provided.al2023", "none", "apis/hello/bootstrap").isEmpty)
        let missing = try #require(try await findings("provided.al2023", "none", "apis/hello/src/bootstrap").first)
        #expect(missing.code == "manifest.missing-entry-point" && missing.severity == .warning)
        #expect(missing.message == "the runtime `provided.al2023` starts `apis/hello/bootstrap`, which is not there")
        #expect(missing.spans.first?.line == 7)
        let plain = try #require(
            try await findings("provided.al2", "none", "apis/hello/bootstrap", isExecutable: false).first)
        #expect(plain.message == "`apis/hello/bootstrap` may not be executed, so the function cannot start")
        #expect(plain.remedy == "commit it as executable: `git update-index --chmod=+x apis/hello/bootstrap`")
    }

    @Test(
        "the handler of Python names a file of the folder",
        arguments: [
            ("app.handler", "app.py", true), ("src/app.handler", "src/app.py", true),
            ("src.app.handler", "src/app.py", true), ("app.handler", "app/__init__.py", true),
            ("app.handler", "app.cpython-313-x86_64-linux-gnu.so", true), ("app.handler", "main.py", false),
            ("ap.handler", "app.py", false), ("handler", "app.py", false), (".handler", "app.py", false),
        ])
    func python(_ handler: String, _ file: String, _ isGood: Bool) async throws {
        let findings = try await findings("python3.13", "\"\(handler)\"", "apis/hello/\(file)", isExecutable: false)
        #expect(findings.map(\.code) == (isGood ? [] : ["manifest.missing-entry-point"]))
    }

    @Test("other runtimes begin where they like")
    func others() async throws {
        let findings = try await findings("nodejs22.x", "index.handler", "apis/hello/main.mjs")
        #expect(findings.map(\.code) == ["manifest.runtime-not-run"])
    }

    private func load(_ integration: String) async throws -> LoadResult {
        try await Repository([
            "gatewright.yaml": Repository.environment, "apis/hello/app.py": "1",
            "apis/hello.yaml": """
            apiVersion: gatewright/v1
            kind: Function
            metadata: { name: hello }
            spec:
              runtime: python3.13
              handler: app.handler
              code: hello
              role: arn:aws:iam::123456789012:role/hello
              permissions: { gateway: { principal: apigateway.amazonaws.com } }
            """,
            "apis/front.yaml": """
            apiVersion: gatewright/v1
            kind: RestApi
            metadata: { name: front }
            spec:
              definition:
                inline:
                  openapi: 3.0.1
                  info: { title: front, version: "1" }
                  paths:
                    /:
                      get:
                        responses: { "200": { description: ok } }
                        x-amazon-apigateway-integration: { type: aws_proxy, \(integration) }
            """,
        ]).load()
    }

    @Test("a function is called at its invokeArn: its ARN is refused before the target does it")
    func uri() async throws {
        let wrong = try await load(#"httpMethod: POST, uri: "${Function/hello.arn}""#)
        #expect(wrong.graph == nil)
        let error = try #require(wrong.diagnostics.first)
        #expect(error.code == "manifest.bad-function-call")
        #expect(
            error.message
                == "`Method/front GET /` calls `Function/hello` at its `arn`, where it cannot be called")
        #expect(error.remedy == "write `uri: ${Function/hello.invokeArn}`")
        let right = try await load(
            #"httpMethod: POST, uri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"#
                + #"${Function/hello.arn}/invocations""#)
        #expect(right.graph?.findings.isEmpty == true, "\(right.diagnostics)")
    }

    @Test("a function is called by POST: any other method is warned of")
    func httpMethod() async throws {
        let result = try await load(#"httpMethod: GET, uri: "${Function/hello.invokeArn}""#)
        let warning = try #require(result.graph?.findings.first)
        #expect(warning.code == "manifest.bad-function-call" && warning.severity == .warning)
        #expect(warning.remedy == "write `httpMethod: POST`: functions are called by POST alone")
    }

    @Test("a role stands by its ARN, wherever one does")
    func role() async throws {
        let credentials = #", credentials: "${Role/caller.name}""#
        let result = try await Repository([
            "gatewright.yaml": Repository.environment,
            "apis/all.yaml": """
            apiVersion: gatewright/v1
            kind: Role
            metadata: { name: caller }
            spec:
              assumeRolePolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: apigateway.amazonaws.com }, Action: sts:AssumeRole }] }
            ---
            apiVersion: gatewright/v1
            kind: RestApi
            metadata: { name: front }
            spec:
              definition:
                inline:
                  openapi: 3.0.1
                  info: { title: front, version: "1" }
                  paths:
                    /:
                      get:
                        responses: { "200": { description: ok } }
                        x-amazon-apigateway-integration:
                          { type: aws, httpMethod: POST, uri: "arn:aws:apigateway:us-east-1:sns:action/ListTopics"\(credentials) }
            """,
        ]).load()
        let error = try #require(result.diagnostics.first { $0.severity == .error })
        #expect(error.code == "manifest.bad-role-reference")
        #expect(error.remedy == "write `credentials: ${Role/caller.arn}`")
    }
}
