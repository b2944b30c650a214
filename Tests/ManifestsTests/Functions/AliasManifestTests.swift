import Diagnostics
import JSON
import Manifests
import Resources
import Testing

/// Aliases of functions, and references to them.
@Suite("Aliases in manifests")
struct AliasManifestTests {
    private func load(_ spec: String, uri: String? = nil) async throws -> LoadResult {
        try await Repository.function("  code: hello\n" + spec, calledAs: uri).load()
    }

    @Test("an alias holds all that its version is to hold, and comes after the function")
    func content() async throws {
        let result = try await load("  timeout: 9\n  description: words\n  aliases: { live: { description: calls } }")
        let graph = try #require(result.graph, "\(result.diagnostics)")
        let function = try #require(graph.resources.first { $0.address.kind == .function }).document
        let alias = try #require(graph.resources.first { $0.address == Address(.alias, in: "hello", "live") })
        #expect(function["aliases"] == nil)
        #expect(alias.dependencies == [Address(.function, "hello")])
        #expect(alias.document["content"]?["code"] == function["code"])
        #expect(alias.document["content"]?["timeout"] == 9)
        #expect(alias.document["content"]?["description"] == nil)
        #expect(alias.document["description"] == "calls")
        #expect(alias.document["version"] == nil)
    }

    @Test("an alias that names a version says nothing of code")
    func pinned() async throws {
        let result = try await load("  aliases: { live: { version: 7, additionalVersionWeights: { \"8\": 0.1 } } }")
        let graph = try #require(result.graph, "\(result.diagnostics)")
        let alias = try #require(graph.resources.first { $0.address.kind == .alias })
        #expect(
            alias.document == [
                "function": "${Function/hello.name}", "version": "7",
                "additionalVersionWeights": ["8": .number(JSONNumber(0.1))],
            ])
    }

    @Test(
        "what no alias can be is refused",
        arguments: [
            ("{ \"7\": {} }", "manifest.bad-pattern"), ("{ live: { version: \"07\" } }", "manifest.bad-pattern"),
            ("{ live: { version: last } }", "manifest.bad-pattern"),
            ("{ live: { version: $LATEST, additionalVersionWeights: { \"8\": 0.1 } } }", "manifest.bad-pattern"),
            ("{ live: { additionalVersionWeights: { \"8\": 1.5 } } }", "manifest.out-of-range"),
            ("{ live: { additionalVersionWeights: { next: 0.5 } } }", "manifest.bad-pattern"),
            ("{ live: { additionalVersionWeights: { \"8\": 0.1, \"9\": 0.1 } } }", "manifest.out-of-range"),
            ("{ \"a b\": {} }", "manifest.bad-pattern"), ("{ live: { code: other } }", "manifest.unknown-field"),
        ])
    func refused(_ aliases: String, _ code: String) async throws {
        let result = try await load("  aliases: \(aliases)")
        #expect(result.diagnostics.map(\.code) == [code], "\(result.diagnostics)")
        #expect(result.graph == nil)
    }

    @Test("a document of the kind Alias is told where it belongs")
    func document() async throws {
        let result = try await Repository([
            "gatewright.yaml": Repository.environment,
            "apis/a.yaml": "apiVersion: gatewright/v1\nkind: Alias\nmetadata: { name: a }\nspec: {}\n",
        ]).load()
        #expect(result.diagnostics.first?.remedy?.contains("`spec.aliases`") == true, "\(result.diagnostics)")
    }

    @Test("a reference to an alias makes it come first, and needs a permission of that alias")
    func references() async throws {
        let uri = "${Function/hello.aliases.live.invokeArn}"
        let gateway = "permissions: { gateway: { principal: apigateway.amazonaws.com } }"
        let elsewhere = try await load("  aliases: { live: {} }\n  \(gateway)", uri: uri)
        #expect(elsewhere.graph?.findings.map(\.code) == ["manifest.missing-permission"])
        #expect(elsewhere.graph?.findings.first?.message.contains("`Function/hello.aliases.live`") == true)
        let result = try await load("  aliases: { live: { \(gateway) } }", uri: uri)
        let graph = try #require(result.graph, "\(result.diagnostics)")
        #expect(graph.findings.isEmpty, "\(graph.findings)")
        let method = try #require(graph.resources.first { $0.address.kind == .method })
        #expect(method.dependencies.contains(Address(.alias, in: "hello", "live")))
        #expect(method.document["integration"]?["uri"]?.string == uri)
        let permission = try #require(graph.resources.first { $0.address.kind == .permission })
        #expect(permission.address == Address(.permission, in: "hello", "live gateway"))
        #expect(permission.document["qualifier"] == "${Function/hello.aliases.live.name}")
        #expect(permission.dependencies.contains(Address(.alias, in: "hello", "live")))
    }

    @Test(
        "a reference to what no alias has is refused with a near name",
        arguments: [
            ("${Function/hello.aliases.life.invokeArn}", "did you mean `Function/hello.aliases.live`?"),
            ("${Function/hello.aliases.live.invokeArm}", "did you mean `invokeArn`?"),
        ])
    func unknown(_ uri: String, _ remedy: String) async throws {
        let result = try await load("  aliases: { live: {} }", uri: uri)
        #expect(result.diagnostics.filter { $0.severity == .error }.map(\.remedy) == [remedy], "\(result.diagnostics)")
    }
}
