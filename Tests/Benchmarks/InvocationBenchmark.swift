import DataPlane
import HTTPTypes
import IAMPolicy
import JSON
import SigV4

/// The check of a signature: budget 12 µs with a cached key. And what a route under IAM control costs beside an open one,
/// in the exchange alone: no socket.
enum InvocationBenchmark {
    private static let credentials = SigningCredentials(
        accessKeyID: "AKIABENCHBENCHBENCH", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    private static let scope = SigningScope(service: "execute-api", region: "us-east-1")
    private static let now = 1_700_000_000
    private static let path = "/test/pets?type=dog&page=2"

    static func run() async {
        let request = signed()
        let cached = Verifier()
        check(request, cached)
        let one = await microseconds(50_000) { check(request, cached) }
        Bench.report("signature check, key in the cache", one, "µs", budget: "12 µs", isMet: one <= 12)
        let derived = await microseconds(20_000) { check(request, Verifier()) }
        Bench.report("  key not in the cache", derived, "µs")

        let callers = CallerRegistry()
        callers.publish(Directory())
        let stage = stage(callers)
        guard let bytes = received(request) else { preconditionFailure("the workload is a request") }
        let open = await microseconds(100_000) { serve(stage, bytes.open) }
        let iam = await microseconds(50_000) { serve(stage, bytes.signed) }
        Bench.report("exchange of a route without authorization", open, "µs")
        Bench.report("exchange of a route under IAM control, 10 statements", iam, "µs")
    }

    private static func signed() -> HTTPRequest {
        var request = HTTPRequest(
            method: .get, scheme: nil, authority: "abc123.execute-api.us-east-1.amazonaws.com", path: path)
        request.headerFields[.accept] = "*/*"
        request.headerFields[.userAgent] = "bench"
        Signer.sign(
            &request, body: [], credentials: credentials, scope: scope, at: SigningDate(secondsSince1970: now))
        return request
    }

    private static func check(_ request: HTTPRequest, _ verifier: Verifier) {
        do {
            try verifier.verify(
                SignedRequest.parse(request), of: request, secret: credentials.secretAccessKey,
                bodyHash: PayloadHash(of: []),
                expecting: Verifier.Expectation(service: scope.service, region: scope.region),
                now: SigningDate(secondsSince1970: now))
        } catch {
            preconditionFailure("the workload is signed: \(error)")
        }
    }

    private static func serve(_ stage: StageSnapshot, _ request: ExchangeRequest) {
        guard var exchange = stage.exchange(for: request) else { preconditionFailure("the workload has a route") }
        guard case .fixed = exchange.open() else { preconditionFailure("the workload is allowed") }
    }

    private static func stage(_ callers: CallerRegistry) -> StageSnapshot {
        func method(_ authorization: String) -> JSONValue {
            [
                "httpMethod": "GET", "authorizationType": .string(authorization),
                "methodIntegration": [
                    "type": "MOCK", "requestTemplates": ["application/json": #"{"statusCode": 200}"#],
                    "integrationResponses": ["200": ["statusCode": "200"]],
                ],
            ]
        }
        let definition = StageDefinition(
            accountID: "123456789012", region: "us-east-1", apiID: "abc123", apiName: "bench", stageName: "test",
            deploymentID: "d",
            resources: [
                StageDefinition.Resource(id: "p", path: "/pets", methods: ["GET": method("AWS_IAM")]),
                StageDefinition.Resource(id: "o", path: "/open", methods: ["GET": method("NONE")]),
            ])
        return StageSnapshot(compiling: definition, callers: callers)
    }

    private static func received(_ request: HTTPRequest) -> (signed: ExchangeRequest, open: ExchangeRequest)? {
        let target = Array(path.utf8)
        guard let mark = target.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        func made(_ rest: ArraySlice<UInt8>) -> ExchangeRequest {
            var result = ExchangeRequest(
                method: "GET", rest: rest, query: target[(mark + 1)...],
                authority: Array((request.authority ?? "").utf8)[...],
                headers: HeaderFields(request.headerFields.map { (name: $0.name.rawName, value: $0.value) }),
                identity: ExchangeIdentity(high: 1, low: 2, extended: 3, milliseconds: Int64(now) * 1000),
                sourceIP: "203.0.113.7")
            result.path = target[..<mark]
            return result
        }
        return (made(target[5..<mark]), made(Array("/open".utf8)[...]))
    }

    private static func microseconds(_ count: Int, _ work: () -> Void) async -> Double {
        await Bench.best(of: 5) { for _ in 0..<count { work() } }.seconds * 1_000_000 / Double(count)
    }

    /// One user with the ten statements of ``PolicyBenchmark``.
    private struct Directory: CallerDirectory {
        let known = KnownCaller(
            accessKeyID: credentials.accessKeyID, secret: credentials.secretAccessKey,
            caller: .user(arn: "arn:aws:iam::123456789012:user/dev", id: "AIDADEVDEVDEVDEV"),
            layers: PolicyLayers(identity: [PolicyBenchmark.tenStatements]))

        func caller(accessKeyID: String, sessionToken: String?) -> KnownCaller? { known }
    }
}
