import HTTPTypes
import JSON
import Resources
import SigV4
import Synchronization
import Testing

@testable import AWSProvider

/// A target that answers what it is told, one answer after the other, the last one for ever.
final class Script: Sendable {
    struct Answer: Sendable {
        var status: Int
        var contentType = "text/xml"
        var body = ""
        var headers: [String: String] = [:]
    }

    let answers: [Answer]
    private let sent = Mutex<[(request: HTTPRequest, body: String)]>([])

    init(_ answers: Answer...) { self.answers = answers }
    init(list: [Answer]) { answers = list }

    var requests: [(request: HTTPRequest, body: String)] { sent.withLock(\.self) }

    var transport: any Transport {
        InProcessTransport { request, body in
            let number = self.sent.withLock { sent in
                sent.append((request, String(decoding: body, as: UTF8.self)))
                return sent.count - 1
            }
            let answer = self.answers[min(number, self.answers.count - 1)]
            var response = HTTPResponse(status: .init(code: answer.status))
            response.headerFields[.contentType] = answer.contentType
            for (name, value) in answer.headers {
                if let name = HTTPField.Name(name) { response.headerFields[name] = value }
            }
            return (response, Array(answer.body.utf8))
        }
    }

    /// - Parameter pauses: Told how long each pause between two tries is; nobody waits.
    func clients(pauses: Pauses = Pauses()) -> ServiceClients {
        ServiceClients(
            transport: transport,
            credentials: FixedCredentials(SigningCredentials(accessKeyID: "AKIATEST", secretAccessKey: "secret")),
            region: "eu-west-1", hosts: .init(aws: "eu-west-1"),
            pacer: RetryPacer(jitter: { 1 }, sleep: { pauses.add($0) }), now: { 1_700_000_000 })
    }
}

final class Pauses: Sendable {
    private let made = Mutex<[Duration]>([])
    var all: [Duration] { made.withLock(\.self) }
    func add(_ pause: Duration) { made.withLock { $0.append(pause) } }
}

@Suite("Calls of IAM and STS")
struct QueryClientTests {
    private static let page = "<!DOCTYPE html><html><title>404 Not Found</title></html>"

    private static func error(_ code: String, _ message: String = "no") -> String {
        "<ErrorResponse xmlns='urn:x'><Error><Type>Sender</Type><Code>\(code)</Code><Message>\(message)</Message></Error>"
            + "<RequestId>1</RequestId></ErrorResponse>"
    }

    @Test("a call is a signed form at the service's own host, and its result is read")
    func call() async throws {
        let script = Script(
            .init(status: 200, body: "<R><GetRoleResult><Role><RoleName>a</RoleName></Role></GetRoleResult></R>"))
        let clients = script.clients()
        let result = try await clients.iam.call("GetRole", ["RoleName": "a b&c"])
        #expect(result["Role"]?.text("RoleName") == "a")
        _ = try await clients.sts.call("GetCallerIdentity")
        let first = script.requests[0]
        #expect(
            first.request.authority == "iam.amazonaws.com" && first.request.method == .post && first.request.path == "/"
        )
        #expect(first.body == "Action=GetRole&Version=2010-05-08&RoleName=a%20b%26c")
        #expect(first.request.headerFields[.authorization]?.contains("/us-east-1/iam/aws4_request") == true)
        let second = script.requests[1]
        #expect(second.request.authority == "sts.eu-west-1.amazonaws.com")
        #expect(second.body == "Action=GetCallerIdentity&Version=2011-06-15")
        #expect(second.request.headerFields[.authorization]?.contains("/eu-west-1/sts/aws4_request") == true)
    }

    @Test("the services' hosts and signing regions are those of the partition")
    func partitions() {
        let china = ServiceClients.Hosts(aws: "cn-northwest-1")
        #expect(china.apiGateway == "apigateway.cn-northwest-1.amazonaws.com.cn")
        #expect(china.iam == "iam.cn-north-1.amazonaws.com.cn" && china.iamRegion == "cn-north-1")
        let government = ServiceClients.Hosts(aws: "us-gov-east-1")
        #expect(government.iam == "iam.us-gov.amazonaws.com" && government.iamRegion == "us-gov-west-1")
        for (region, partition) in [
            ("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"),
        ] {
            let arn = AWSPartition.gatewayARN("restapis/a", in: region)
            #expect(arn == "arn:\(partition):apigateway:\(region)::/restapis/a")
        }
    }

    @Test("lists and tags are numbered members, and an empty list is an empty member")
    func parameters() {
        var parameters: QueryParameters = ["A": "1"]
        parameters.add("B", list: ["x", "y"])
        parameters.add("C", list: [])
        parameters.add("D", nil)
        parameters.add("T", tags: [(key: "k", value: "v w")])
        #expect(
            String(decoding: parameters.body, as: UTF8.self)
                == "A=1&B.member.1=x&B.member.2=y&C=&T.member.1.Key=k&T.member.1.Value=v%20w")
    }

    @Test("a list is read page after page, and one that repeats its marker is refused")
    func pages() async throws {
        func page(_ name: String, _ marker: String?) -> Script.Answer {
            let next = marker.map { "<IsTruncated>true</IsTruncated><Marker>\($0)</Marker>" } ?? ""
            return .init(
                status: 200,
                body: "<R><ListRolesResult><Roles><member><RoleName>\(name)</RoleName></member></Roles>\(next)"
                    + "</ListRolesResult></R>")
        }
        let script = Script(page("a", "m 1"), page("b", "m2"), page("c", nil))
        let roles = try await script.clients().iam.list("ListRoles", "Roles", ["PathPrefix": "/"])
        #expect(roles.map { $0.text("RoleName") } == ["a", "b", "c"])
        #expect(script.requests.map(\.body).map { $0.contains("PathPrefix=%2F") } == [true, true, true])
        #expect(script.requests[1].body.hasSuffix("&Marker=m%201"))
        let endless = Script(page("a", "m"))
        let failure = await #expect(throws: ProviderFailure.self) {
            try await endless.clients().iam.list("ListRoles", "Roles")
        }
        #expect(failure?.code == .badReply && endless.requests.count == 2)
    }

    @Test(
        "each class of refusal is what the reconciler can act on",
        arguments: [
            (404, "NoSuchEntity", ProviderFailure.Code.notFound, ProviderFailure.Effect.none),
            (409, "EntityAlreadyExists", .refused, .none), (409, "DeleteConflict", .refused, .none),
            (409, "LimitExceeded", .refused, .none), (400, "MalformedPolicyDocument", .refused, .none),
            (409, "ConcurrentModification", .conflict, .deferred(retryAfter: .milliseconds(200))),
            (409, "EntityTemporarilyUnmodifiable", .conflict, .deferred(retryAfter: .milliseconds(200))),
            (400, "Throttling", .throttled, .deferred(retryAfter: .milliseconds(200))),
            (503, "Throttling", .throttled, .deferred(retryAfter: .milliseconds(200))),
            (403, "AccessDenied", .unauthorized, .none), (403, "InvalidClientTokenId", .unauthorized, .none),
            (400, "ExpiredToken", .unauthorized, .none), (500, "ServiceFailure", .replyLost, .unknown),
            (503, "ServiceUnavailable", .replyLost, .unknown),
        ])
    func refusals(
        _ status: Int, _ code: String, _ meant: ProviderFailure.Code, _ effect: ProviderFailure.Effect
    ) async {
        let script = Script(.init(status: status, body: Self.error(code, "said")))
        let failure = await #expect(throws: ProviderFailure.self) {
            try await script.clients().iam.call("CreateRole", ["RoleName": "a"])
        }
        #expect(failure?.code == meant && failure?.effect == effect && failure?.targetCode == code)
        #expect(failure?.message.contains("said") == true)
    }

    @Test("a web page is no answer of the service", arguments: [200, 404, 405, 501])
    func webPage(_ status: Int) async {
        let script = Script(.init(status: status, contentType: "text/html; charset=utf-8", body: Self.page))
        let failure = await #expect(throws: ProviderFailure.self) { try await script.clients().iam.call("CreateRole") }
        #expect(failure?.code == .missingOperation && failure?.effect == ProviderFailure.Effect.none)
        #expect(failure?.message.contains("iam:CreateRole") == true)
        let other = await #expect(throws: ProviderFailure.self) {
            try await script.clients().apiGateway.list(APIPath("restapis"))
        }
        #expect(other?.code == .missingOperation)
    }

    @Test("a proxy's page about a broken target leaves the effect unknown", arguments: [500, 502, 504])
    func brokenProxy(_ status: Int) async {
        let script = Script(.init(status: status, contentType: "text/html", body: Self.page))
        let failure = await #expect(throws: ProviderFailure.self) { try await script.clients().iam.call("CreateRole") }
        #expect(failure?.code == .replyLost && failure?.effect == .unknown)
    }

    @Test("what is no XML is a bad reply: harmless of a read, of unknown effect of a write")
    func nonsense() async {
        for (action, effect) in [("GetRole", ProviderFailure.Effect.none), ("CreateRole", .unknown)] {
            let script = Script(.init(status: 200, contentType: "text/plain", body: "hello"))
            let failure = await #expect(throws: ProviderFailure.self) { try await script.clients().iam.call(action) }
            #expect(failure?.code == .badReply && failure?.effect == effect)
        }
    }
}

@Suite("Tries again")
struct RetryTests {
    private static let throttled = Script.Answer(
        status: 400, body: "<E><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></E>")
    private static let fine = Script.Answer(status: 200, body: "<R><GetRoleResult><Role/></GetRoleResult></R>")

    @Test("a read waits longer each time, on top of what the target asks for, and gives up after five tries")
    func backOff() async throws {
        let pauses = Pauses()
        var asking = Self.throttled
        asking.headers = ["Retry-After": "2"]
        let script = Script(Self.throttled, asking, Self.throttled, Self.fine)
        _ = try await script.clients(pauses: pauses).iam.read("GetRole")
        #expect(pauses.all == [.milliseconds(700), .milliseconds(3000), .milliseconds(2200)])
        let never = Script(Self.throttled)
        let failure = await #expect(throws: ProviderFailure.self) { try await never.clients().iam.read("GetRole") }
        #expect(failure?.code == .throttled && never.requests.count == Limits.triesMax)
    }

    @Test("a write is sent once, whatever comes back", arguments: [400, 500, 503])
    func writes(_ status: Int) async {
        let script = Script(.init(status: status, body: Self.throttled.body))
        _ = await #expect(throws: ProviderFailure.self) { try await script.clients().iam.call("CreateRole") }
        #expect(script.requests.count == 1)
    }

    @Test("what is refused is not asked again", arguments: ["AccessDenied", "ValidationError", "NoSuchEntity"])
    func refused(_ code: String) async {
        let script = Script(.init(status: 400, body: "<E><Error><Code>\(code)</Code></Error></E>"))
        _ = await #expect(throws: ProviderFailure.self) { try await script.clients().iam.callRepeatedly("GetRole") }
        #expect(script.requests.count == 1)
    }

    @Test("a target that always fails is asked less and less often: all its clients share one budget")
    func budget() async {
        let script = Script(.init(status: 500))
        let clients = script.clients()
        for _ in 0..<100 {
            _ = await #expect(throws: ProviderFailure.self) { try await clients.iam.read("GetRole") }
        }
        // 500 tokens at 10 a try again: 50 tries beside the hundred first ones.
        #expect(script.requests.count == 150)
    }

    @Test("successes earn tries again")
    func earned() async throws {
        var answers = [Script.Answer](repeating: .init(status: 500), count: 150)
        answers += [Script.Answer](repeating: Self.fine, count: 10)
        let script = Script(list: answers + [.init(status: 500)])
        let clients = script.clients()
        for _ in 0..<100 { _ = await #expect(throws: ProviderFailure.self) { try await clients.iam.read("GetRole") } }
        for _ in 0..<10 { _ = try await clients.iam.read("GetRole") }
        let before = script.requests.count
        _ = await #expect(throws: ProviderFailure.self) { try await clients.iam.read("GetRole") }
        #expect(script.requests.count == before + 2)
    }
}
