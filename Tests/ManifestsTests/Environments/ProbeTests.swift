import Diagnostics
import Manifests
import Resources
import Testing

@Suite("spec.apply.probes")
struct ProbeTests {
    private func load(_ probes: String) async throws -> LoadResult {
        try await ManifestLoader().load(
            environment: nil, from: Repository.environment("  apply: { probes: \(probes) }").tree)
    }

    @Test("a rule arrives as it is written, and without a path it asks no request")
    func rules() async throws {
        let result = try await load(
            """
            [{ stage: "pets *", path: "/pets/1?limit=1%202", method: HEAD, headers: { X-Probe: yes please }, \
            expect: [404, 2xx], timeoutSeconds: 3, attempts: 4, intervalSeconds: 1, bakeSeconds: 30 }, { bakeSeconds: 9 }]
            """)
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
        let rules = try #require(result.graph?.apply.probes)
        #expect(
            rules == [
                ProbeRule(
                    stage: "pets *",
                    request: ProbeRule.Request(
                        method: "HEAD", path: "/pets/1?limit=1%202",
                        headers: [ProbeRule.Header("X-Probe", "yes please")],
                        expect: [200...299, 404...404]),
                    timeout: .seconds(3), attempts: 4, interval: .seconds(1), bake: .seconds(30)),
                ProbeRule(bake: .seconds(9)),
            ])
    }

    @Test(
        "a path that leads out of the stage, and what cannot be sent, is refused where it stands",
        arguments: [
            "path: pets", "path: //evil.test/", "path: /a//b", "path: /../admin", "path: /a/./b", "path: /%2e%2e/b",
            "path: /a%2Fb", "path: '/a\\b'", "path: '/a b'", "path: '/a#b'", "path: /a%2", "path: /ü",
            "path: 'http://evil.test/'", "path: '@evil.test/'", #"path: "/a\r\nHost: evil.test""#,
            "path: /, headers: { Host: evil.test }", "path: /, headers: { Content-Length: 1 }",
            #"path: /, headers: { X: "a\r\nb" }"#, "path: /, headers: { 'a b': c }", "path: /, expect: [20x]",
            "method: GET", "expect: [200]", "headers: { X: y }",
        ])
    func refused(_ rule: String) async throws {
        let result = try await load("[{ \(rule) }]")
        #expect(result.graph == nil)
        #expect(
            result.diagnostics.contains { $0.code == "manifest.bad-pattern" && $0.spans.first?.line == 6 }, "\(rule)")
    }

    @Test("numbers out of range and unknown words are refused", arguments: ["attempts: 0", "method: POST", "pth: /"])
    func outOfRange(_ rule: String) async throws {
        #expect(try await load("[{ path: /, \(rule) }]").graph == nil)
    }
}
