import Resources
import Testing

@testable import gatewright

/// Questions to stages over HTTP, against servers that answer, lie and hang up.
@Suite struct StageProberTests {
    private func question(
        _ path: String? = "/pets", api: String = "abc123", stage: String = "test", timeout: Duration = .seconds(30)
    ) -> ProbeQuestion {
        ProbeQuestion(
            stage: Address(.stage, in: "a", stage), apiID: api,
            request: path.map { ProbeRule.Request(path: $0, headers: [ProbeRule.Header("X-Probe", "yes")]) },
            timeout: timeout)
    }

    private func ask(_ url: String, _ question: ProbeQuestion) async -> ProbeAnswer {
        let http = OutgoingHTTP()
        let answer = await HTTPStageProber(http: http) { .endpoint(url) }.ask(question)
        await http.shutdown()
        return answer
    }

    @Test("a question goes below the stage, and its status and the beginning of the body come back")
    func asked() async throws {
        let server = try await FakeServer { _ in
            .status(502, body: "bad\n" + String(repeating: "x", count: 500))
        }
        guard case .answered(502, let excerpt) = await ask(server.url, question("/pets?limit=1")) else {
            Issue.record("not answered")
            return
        }
        #expect(excerpt == "bad " + String(repeating: "x", count: 196) + "…")
        let request = try #require(server.requests.first)
        #expect(request.method == "GET" && request.target == "/_aws/execute-api/abc123/test/pets?limit=1")
        #expect(request.header("X-Probe") == "yes")
    }

    @Test("no redirect is followed")
    func redirect() async throws {
        let other = try await FakeServer { _ in .status(200) }
        let server = try await FakeServer { _ in .status(302, headers: ["Location": other.url + "/x"]) }
        #expect(await ask(server.url, question()) == .answered(status: 302, excerpt: ""))
        #expect(other.requests.isEmpty)
    }

    @Test("no connection, no such host, no answer, too long an answer and a broken one are failures with words")
    func failures() async throws {
        func words(_ answer: ProbeAnswer) -> String { if case .failed(let text) = answer { text } else { "\(answer)" } }
        let closed = try await FakeServer { _ in .hangUp }
        let long = try await FakeServer { _ in .status(200, body: String(repeating: "x", count: (1 << 20) + 1)) }
        let silent = try await FakeServer { _ in .silence }
        #expect(words(await ask("http://127.0.0.1:1", question())).contains("no connection to `http://127.0.0.1:1`"))
        #expect(
            words(await ask("http://stage.invalid", question())).contains("no connection to `http://stage.invalid`"))
        #expect(words(await ask(closed.url, question())).contains("was lost"))
        #expect(words(await ask(long.url, question())).contains("more than 1048576 bytes"))
        #expect(words(await ask(silent.url, question(timeout: .milliseconds(50)))).contains("did not answer within"))
    }

    @Test(
        "without a path, any answer of a known stage that is not its own failure shows that it serves",
        arguments: [
            (403, "MissingAuthenticationTokenException", true), (200, "", true), (404, "", true), (401, "", true),
            (403, "ForbiddenException", false), (500, "InternalServerErrorException", false), (502, "", true),
            (504, "", true),
        ])
    func byDefault(_ status: Int, _ type: String, _ serves: Bool) async throws {
        let server = try await FakeServer { _ in
            .status(status, headers: type.isEmpty ? [:] : ["x-amzn-ErrorType": type])
        }
        let answer = await ask(server.url, question(nil))
        switch answer {
        case .serves(let text): #expect(serves && text.contains("\(status)"), "\(text)")
        case .failed(let text): #expect(!serves && text.contains("\(status)"), "\(text)")
        case .answered: Issue.record("\(answer)")
        }
        #expect(server.requests.map(\.target) == ["/_aws/execute-api/abc123/test/gatewright-probe"])
    }

    @Test("the URL is that of the stage, whatever the target calls its API")
    func urls() throws {
        let parts = try #require(StageURL.aws(region: "eu-west-1").parts(of: question()))
        #expect(parts.scheme == "https" && parts.prefix == "/test")
        #expect(parts.authority == "abc123.execute-api.eu-west-1.amazonaws.com")
        let china = try #require(StageURL.aws(region: "cn-north-1").parts(of: question()))
        #expect(china.authority == "abc123.execute-api.cn-north-1.amazonaws.com.cn")
        let own = try #require(StageURL.endpoint("https://gw.test:8443/").parts(of: question()))
        #expect(own.scheme == "https" && own.authority == "gw.test:8443")
        #expect(own.prefix == "/_aws/execute-api/abc123/test")
        for api in ["", "a.b", "evil.test/", "a@b", "a#", "a%2f"] {
            #expect(StageURL.aws(region: "eu-west-1").parts(of: question(api: api)) == nil, "\(api)")
        }
        for url in ["ftp://a", "http://", "http://a/b", "http://u@a", "a:80"] {
            #expect(StageURL.endpoint(url).parts(of: question()) == nil, "\(url)")
        }
    }

    @Test("a target that does not say where it serves: the default question is not asked, a path cannot be")
    func nowhere() async throws {
        let prober = HTTPStageProber(http: OutgoingHTTP()) { nil }
        guard case .serves(let words) = await prober.ask(question(nil)) else { throw Missing() }
        #expect(words.contains("`dataEndpoint`"))
        guard case .failed(let failure) = await prober.ask(question()) else { throw Missing() }
        #expect(failure.contains("`dataEndpoint`"))
    }

    private struct Missing: Error {}
}
