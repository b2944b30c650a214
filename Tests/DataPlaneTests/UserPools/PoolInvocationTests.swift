import JSON
import Logging
import Testing

@testable import DataPlane

@Suite("Tests of authorizers of user pools")
struct PoolInvocationTests {
    /// What the test of the authorizer says to each value of the header.
    private func results(
        _ values: [String?], _ authorizer: String = "{}",
        keys respond: @escaping @Sendable (TestEndpoint.Request) -> TestEndpoint.Action
    ) async throws -> [AuthorizerInvocationResult] {
        try await TestEndpoint.with(respond) { endpoint in
            let entry = try #require(EndpointMap.Entry(url: endpoint.url))
            var configuration = DataPlaneConfiguration()
            configuration.millisecondsSince1970 = { Int64(TokenIssuer.now) * 1000 }
            let invoker = TestInvoker(
                configuration: configuration, services: ServiceBackends(EndpointMap(["cognito-idp": entry])),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            var results: [AuthorizerInvocationResult] = []
            for value in values {
                let invocation = AuthorizerInvocation(
                    definition: try PoolTrial.definition(authorizer), authorizerID: "a1",
                    headers: value.map { [("Authorization", $0)] } ?? [])
                results.append(try #require(await invoker.invoke(invocation)))
            }
            return results
        }
    }

    @Test("the claims of an ID token are shown")
    func claims() async throws {
        let issuer = try TokenIssuer.first.get()
        let set = try TokenIssuer.set(issuer)
        let token = try issuer.token()
        let document = try #require(try await results([token]) { _ in .json(set) }.first).document
        #expect(document["clientStatus"] == 200)
        #expect(document["claims"]?["sub"] == "5f1d")
        #expect(document["claims"]?["exp"] == "Fri Jul 14 03:40:00 UTC 2017")
        #expect(document["principalId"] == nil)
        #expect(document["log"]?.string?.contains("Successfully completed") == true)
    }

    @Test("a refused token is 401, and the log says why without showing it")
    func refused() async throws {
        let issuer = try TokenIssuer.first.get()
        let set = try TokenIssuer.set(issuer)
        let expired = try issuer.token(TokenIssuer.claims(["exp": 1]))
        let access = try issuer.token(TokenIssuer.accessClaims("pets/read"))
        let foreign = try TokenIssuer.second.get().token()
        let results = try await results([nil, expired, access, foreign]) { _ in .json(set) }
        #expect(results.map(\.clientStatus) == [401, 401, 401, 401])
        let reasons = [
            "the request has no token", "The incoming token has expired", "`token_use` is `access`, not `id`",
            "key is none of the user pool's",
        ]
        for (result, reason) in zip(results, reasons) {
            #expect(result.log.contains(reason), "\(result.log)")
            #expect(result.document["claims"] == nil)
            #expect(!result.log.contains(expired.suffix(40)) && !result.log.contains(access.suffix(40)))
        }
    }

    @Test("without keys it is 500, and the log has the address")
    func unavailable() async throws {
        let token = try TokenIssuer.first.get().token()
        let results = try await results([token]) { _ in .answer(503, "") }
        #expect(results.map(\.clientStatus) == [500])
        #expect(results[0].log.contains("\(PoolTrial.path)` cannot be had: the answer is 503, not 200"))
        let closed = try await self.results([token], #"{"providerARNs": ["x"]}"#) { _ in .close }
        #expect(closed.map(\.clientStatus) == [500])
        #expect(closed[0].log.contains("`x`, which is no ARN of a user pool"))
    }
}
