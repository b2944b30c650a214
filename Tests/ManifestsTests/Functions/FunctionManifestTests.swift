import Diagnostics
import JSON
import Manifests
import Resources
import Testing

/// Functions, their code, and who may call them.
@Suite("Functions in manifests")
struct FunctionManifestTests {
    private func load(_ spec: String, _ files: [String: String] = ["apis/hello/app.py": "1"]) async throws -> LoadResult
    {
        try await Repository.function(spec, files: files).load()
    }

    private func hash(_ result: LoadResult) throws -> String {
        let graph = try #require(result.graph, "\(result.diagnostics)")
        let function = try #require(graph.resources.first { $0.address == Address(.function, "hello") })
        return try #require(function.document["code"]?.string)
    }

    @Test("a function has its code by hash, and the archive goes with the graph")
    func code() async throws {
        let result = try await load("  code: hello")
        let hash = try hash(result)
        let archive = try #require(result.graph?.code.first)
        #expect(archive.hash == hash && hash.utf8.count == 44)
        #expect(archive.bytes.starts(with: [0x50, 0x4B, 3, 4]))
        #expect(result.filesRead.contains("apis/hello"))
        #expect(result.graph?.resources.count == 1)
    }

    @Test("equal folders have equal hashes wherever they are, and every byte and name counts")
    func hashes() async throws {
        let first = try hash(try await load("  code: hello"))
        let moved = try await load("  code: ../elsewhere/x", ["elsewhere/x/app.py": "1"])
        #expect(try hash(moved) == first)
        #expect(try hash(try await load("  code: hello", ["apis/hello/app.py": "2"])) != first)
        #expect(try hash(try await load("  code: hello", ["apis/hello/App.py": "1"])) != first)
        let more = try await load("  code: hello", ["apis/hello/app.py": "1", "apis/hello/b/c.txt": ""])
        #expect(try hash(more) != first)
    }

    @Test("a file that may be run has another hash than one that may not")
    func executable() async throws {
        struct Tree: FileTree {
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
        let base = DictionaryTree(texts: [
            "gatewright.yaml": Repository.environment, "apis/hello.yaml": Repository.functionManifest("  code: hello"),
            "apis/hello/bootstrap": "#!/bin/sh",
        ])
        var hashes: Set<String> = []
        for isExecutable in [false, true] {
            let tree = Tree(base: base, isExecutable: isExecutable)
            hashes.insert(try hash(try await ManifestLoader().load(environment: nil, from: tree)))
        }
        #expect(hashes.count == 2)
    }

    @Test(
        "code that cannot be taken is refused where it is written",
        arguments: ["nowhere", "/etc", "../../out", "hello/app.py"])
    func badCode(_ path: String) async throws {
        let result = try await load("  code: \(path)")
        let codes = result.diagnostics.map(\.code)
        #expect(codes.contains("manifest.bad-code"), "\(result.diagnostics)")
        #expect(result.graph == nil)
        #expect(result.diagnostics.first?.spans.first?.line == 8)
    }

    @Test("too much code is refused before it is read")
    func tooLarge() async throws {
        struct Tree: FileTree {
            let base: DictionaryTree

            func list(under path: String) async throws(TreeFailure) -> [TreeEntry] {
                let entries = try await base.list(under: path)
                guard path == "apis/hello" else { return entries.filter { !$0.path.hasPrefix("apis/hello/") } }
                return entries.map { TreeEntry(path: $0.path, byteCount: 51 << 20) }
            }

            func read(_ path: String, byteLimit: Int) async throws(TreeFailure) -> [UInt8]? {
                if path.hasPrefix("apis/hello/") { throw TreeFailure(.unreadable, "was read") }
                return try await base.read(path, byteLimit: byteLimit)
            }
        }
        let base = DictionaryTree(texts: [
            "gatewright.yaml": Repository.environment, "apis/hello.yaml": Repository.functionManifest("  code: hello"),
            "apis/hello/app.py": "1",
        ])
        let result = try await ManifestLoader().load(environment: nil, from: Tree(base: base))
        #expect(result.diagnostics.map(\.code) == ["manifest.bad-code"])
        #expect(result.diagnostics.first?.message.contains("50 MiB") == true)
    }

    @Test("a permission is an object of its own, behind the function")
    func permissions() async throws {
        let result = try await load(
            "  code: hello\n  permissions: { gateway: { principal: apigateway.amazonaws.com, action: lambda:InvokeFunction } }"
        )
        let graph = try #require(result.graph, "\(result.diagnostics)")
        let permission = try #require(graph.resources.first { $0.address.kind == .permission })
        #expect(permission.address == Address(.permission, in: "hello", "gateway"))
        #expect(permission.dependencies == [Address(.function, "hello")])
        #expect(
            permission.document == ["function": "${Function/hello.name}", "principal": "apigateway.amazonaws.com"])
        let function = try #require(graph.resources.first { $0.address.kind == .function })
        #expect(function.document["permissions"] == nil)
    }

    @Test("an API that calls a function which lets that API call it is no circle")
    func circle() async throws {
        let result = try await Repository.function(
            "  code: hello\n  permissions: { gateway: { principal: apigateway.amazonaws.com, sourceArn: "
                + "\"arn:aws:execute-api:us-east-1:123456789012:${RestApi/front.id}/*\" } }",
            calledAs: "${Function/hello.invokeArn}"
        ).load()
        let graph = try #require(result.graph, "\(result.diagnostics)")
        let method = try #require(graph.resources.first { $0.address.kind == .method })
        #expect(method.dependencies.contains(Address(.function, "hello")))
        let permission = try #require(graph.resources.first { $0.address.kind == .permission })
        #expect(permission.dependencies.contains(Address(.restAPI, "front")))
    }

    @Test(
        "a source that is no ARN and an account that is none are refused at their place, also for an alias",
        arguments: [
            ("sourceArn: hello", "sourceArn"), ("sourceArn: \"*\"", "sourceArn"),
            ("sourceArn: \"arn:aws:execute-api:us-east-1\"", "sourceArn"),
            ("sourceArn: \"${Function/hello.name}\"", "sourceArn"), ("sourceAccount: me", "sourceAccount"),
            ("sourceAccount: 1234567890123", "sourceAccount"),
        ])
    func badSource(_ field: String, _ name: String) async throws {
        for prefix in ["  permissions:", "  aliases:\n    live:\n      permissions:"] {
            let result = try await Repository.function(
                "  code: hello\n\(prefix) { gateway: { principal: apigateway.amazonaws.com, \(field) } }"
            ).load()
            let problem = try #require(result.diagnostics.first { $0.severity == .error }, "\(field)")
            #expect(problem.code == "manifest.bad-pattern")
            #expect(problem.message.contains("`\(name)` of the permission `gateway`"))
            #expect(problem.remedy?.isEmpty == false)
            #expect(problem.spans.first?.line == 8 + prefix.split(separator: "\n").count)
        }
    }

    @Test("sources that are ARNs, also by reference or with parts left open, are taken")
    func goodSource() async throws {
        for field in [
            "sourceArn: \"arn:aws:execute-api:us-east-1:123456789012:abc/*/GET/a:b\"",
            "sourceArn: \"arn:aws:s3:::bucket\"",
            "sourceArn: \"${Function/hello.arn}\"", "sourceAccount: 012345678901",
        ] {
            let result = try await Repository.function(
                "  code: hello\n  permissions: { gateway: { principal: apigateway.amazonaws.com, \(field) } }"
            ).load()
            #expect(!result.diagnostics.contains { $0.severity == .error && $0.message.contains("source") }, "\(field)")
        }
    }

    @Test("an unknown runtime is a warning that knows a near one; a missing handler is an error")
    func runtime() async throws {
        let files = [
            "gatewright.yaml": Repository.environment, "apis/hello/app.py": "1",
            "apis/hello.yaml": Repository.functionManifest("  code: hello").replacing("python3.13", with: "pyton3.13"),
        ]
        let result = try await Repository(files).load()
        #expect(result.graph?.findings.map(\.code) == ["manifest.unknown-runtime"])
        #expect(result.graph?.findings.first?.remedy == "did you mean `python3.13`?")
        var without = files
        without["apis/hello.yaml"] = Repository.functionManifest("  code: hello").replacing(
            "  handler: app.handler\n", with: "")
        #expect(try await Repository(without).load().diagnostics.map(\.code) == ["manifest.missing-field"])
    }

    @Test("a runtime that the engine cannot run is a warning, and none where the target is AWS")
    func runtimeNotRun() async throws {
        var files = [
            "gatewright.yaml": Repository.environment, "apis/hello/app.py": "1", "apis/hello/app.js": "1",
            "apis/hello.yaml": Repository.functionManifest("  code: hello").replacing("python3.13", with: "nodejs22.x"),
        ]
        let findings = try #require(try await Repository(files).load().graph?.findings)
        #expect(findings.map(\.code) == ["manifest.runtime-not-run"])
        #expect(findings.first?.message == "the engine runs no `nodejs22.x`: every call of `Function/hello` will fail")
        let target = "\n  target: { aws: { region: us-east-1, accountId: \"123456789012\" } }\n"
        files["gatewright.yaml"] = Repository.environment + target
        let other = try await Repository(files).load()
        #expect(other.graph?.findings.map(\.code) == [], "\(other.diagnostics)")
    }

    @Test(
        "an API that calls a function which does not let it is warned of, unless a role calls it",
        arguments: [
            ("", "", ["manifest.missing-permission"]),
            ("  permissions: { other: { principal: sns.amazonaws.com } }\n", "", ["manifest.missing-permission"]),
            ("  permissions: { gateway: { principal: apigateway.amazonaws.com } }\n", "", []),
            ("", ", credentials: \"arn:aws:iam::123456789012:role/caller\"", []),
        ])
    func missingPermission(_ permissions: String, _ credentials: String, _ codes: [String]) async throws {
        let result = try await Repository.function(
            "  code: hello\n\(permissions)", calledAs: "${Function/hello.invokeArn}", credentials
        ).load()
        #expect(result.graph?.findings.map(\.code) == codes, "\(result.diagnostics)")
    }
}
