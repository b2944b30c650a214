import Diagnostics
import HTTPTypes
import JSON
import Testing

@testable import Forges

/// Webhooks as the forges' documentation shows them.
@Suite("Webhooks")
struct DeliveryTests {
    static let commit = "6113728f27ae82c7b1a177c8d03f9e96e0adf246"
    static let secret = Array("It's a Secret to Everybody".utf8)

    /// A webhook as a forge sends it.
    struct Sample {
        var forge: Forge
        var headers: HTTPFields
        var body: [UInt8]

        static func push(_ forge: Forge, ref: String = "refs/heads/main", id: String = "72d3162e", mark: String = "")
            -> Sample
        {
            let repository =
                forge == .gitlab
                ? #""project": {"path_with_namespace": "shop/gateway"}"#
                : #""repository": {"full_name": "shop/gateway"}"#
            let body = Array(
                """
                {"ref": "\(ref)", "before": "\(String(repeating: "a", count: 40))", "after": "\(commit)", \(repository),
                "mark": "\(mark)", "commits": [{"id": "\(commit)", "message": "ünï"}]}
                """.utf8)
            return Sample(forge, body, event: forge == .gitlab ? "Push Hook" : "push", id: id)
        }

        init(_ forge: Forge, _ body: [UInt8], event: String, id: String) {
            self.forge = forge
            self.body = body
            headers = [:]
            switch forge {
            case .github:
                set("X-Hub-Signature-256", "sha256=" + BodyCode.hex(body, secret: secret))
                set("X-GitHub-Event", event)
                set("X-GitHub-Delivery", id)
            case .gitlab:
                set("X-Gitlab-Token", String(decoding: secret, as: UTF8.self))
                set("X-Gitlab-Event", event)
                set("X-Gitlab-Event-UUID", id)
            case .gitea:
                set("X-Gitea-Signature", BodyCode.hex(body, secret: secret))
                set("X-Gitea-Event", event)
                set("X-Gitea-Delivery", id)
            }
        }

        mutating func set(_ name: String, _ value: String?) { headers[.known(name)] = value }

        func delivery() throws(WebhookFailure) -> Delivery {
            try Delivery(forge, headers: headers, body: body, secret: DeliveryTests.secret)
        }

        func taken(by desk: WebhookDesk, following ref: String = "main") -> WebhookDesk.Answer {
            desk.take(forge, headers: headers, body: body, secret: DeliveryTests.secret, following: ref)
        }
    }

    static let proofs: [Forge: String] = [
        .github: "X-Hub-Signature-256", .gitlab: "X-Gitlab-Token", .gitea: "X-Gitea-Signature",
    ]
    static let events: [Forge: String] = [
        .github: "X-GitHub-Event", .gitlab: "X-Gitlab-Event", .gitea: "X-Gitea-Event",
    ]

    @Test("the signature is the one that GitHub's documentation gives for its example")
    func published() {
        // SOURCE: GitHub, "Validating webhook deliveries": the values to test an implementation with.
        let code = BodyCode.hex(Array("Hello, World!".utf8), secret: Self.secret)
        #expect(code == "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
    }

    @Test("a push is read after its sender was proved", arguments: Forge.allCases)
    func push(forge: Forge) throws {
        let delivery = try Sample.push(forge).delivery()
        #expect(delivery.id == "72d3162e")
        #expect(delivery.bodyHash.count == 64)
        #expect(
            delivery.event
                == .push(Push(ref: "refs/heads/main", after: Self.commit, repository: "shop/gateway")))
    }

    @Test("a webhook without a proof, with a wrong one, or for another secret is refused", arguments: Forge.allCases)
    func unproved(forge: Forge) throws {
        var sample = Sample.push(forge)
        let name = try #require(Self.proofs[forge])
        sample.set(name, nil)
        #expect(throws: WebhookFailure.self) { try sample.delivery() }
        #expect(sample.taken(by: WebhookDesk()).status == .unauthorized)
        sample.set(name, "")
        #expect(sample.taken(by: WebhookDesk()).status == .unauthorized)
        for wrong in ["sha256=" + String(repeating: "0", count: 64), "0", String(repeating: "f", count: 64)] {
            sample.set(name, wrong)
            let answer = sample.taken(by: WebhookDesk())
            #expect(answer.status == .forbidden && answer.failure == .wrongSignature && answer.push == nil)
        }
        let right = Sample.push(forge)
        for secret in [[], Array("another".utf8)] {
            let answer = WebhookDesk().take(
                forge, headers: right.headers, body: right.body, secret: secret, following: "main")
            #expect(answer.status == .forbidden, "\(secret)")
        }
        let unreadable = WebhookDesk().take(
            forge, headers: right.headers, body: right.body, secret: nil, following: "main")
        #expect(unreadable.status == .serviceUnavailable && unreadable.failure == .secretMissing)
    }

    @Test("one changed byte of a signed body is noticed", arguments: [Forge.github, .gitea])
    func changedBody(forge: Forge) {
        var sample = Sample.push(forge)
        for position in [0, sample.body.count / 2, sample.body.count - 1] {
            sample.body[position] ^= 1
            #expect(sample.taken(by: WebhookDesk()).status == .forbidden)
            sample.body[position] ^= 1
        }
        #expect(sample.taken(by: WebhookDesk()).status == .accepted)
    }

    @Test("nothing of an unproved body is read")
    func order() {
        var sample = Sample(.github, Array("no JSON".utf8), event: "push", id: "1")
        #expect(sample.taken(by: WebhookDesk()).failure == .notJSON)
        sample.set("X-Hub-Signature-256", "sha256=0")
        #expect(sample.taken(by: WebhookDesk()).failure == .wrongSignature)
    }

    @Test("a body that is no push event is an error of the sender", arguments: Forge.allCases)
    func malformed(forge: Forge) throws {
        let event = forge == .gitlab ? "Push Hook" : "push"
        let bodies: [(String, WebhookFailure.Code)] = [
            ("", .notJSON), ("payload=%7B%7D", .notJSON), ("[]", .incomplete), ("{}", .incomplete),
            (#"{"ref": 7, "after": "x"}"#, .incomplete), (#"{"ref": "refs/heads/main"}"#, .incomplete),
            (#"{"ref": "refs/heads/main", "after": "HEAD"}"#, .incomplete),
            (#"{"ref": "", "after": "6113728f27ae82c7b1a177c8d03f9e96e0adf246"}"#, .incomplete),
        ]
        for (body, code) in bodies {
            let answer = Sample(forge, Array(body.utf8), event: event, id: "1").taken(by: WebhookDesk())
            #expect(answer.status == .badRequest && answer.failure == code, "\(body)")
            #expect(answer.document["problem"]?["code"]?.string == code.rawValue)
        }
        var sample = Sample.push(forge)
        sample.set(try #require(Self.events[forge]), nil)
        #expect(sample.taken(by: WebhookDesk()).failure == .noEvent)
    }

    @Test("a body of the limit's size is read, one byte more is not, whatever proves it")
    func size() {
        let base = Array(#"{"ref": "refs/heads/main", "after": "6113728f27ae82c7b1a177c8d03f9e96e0adf246"}"#.utf8)
        for excess in [0, 1] {
            let padding = [UInt8](repeating: 0x20, count: Limits.webhookBytesMax - base.count + excess)
            let answer = Sample(.github, base + padding, event: "push", id: "1").taken(by: WebhookDesk())
            #expect(answer.status == (excess == 0 ? .accepted : .contentTooLarge))
        }
    }

    @Test("a ping is answered, other events are taken and ignored")
    func otherEvents() {
        let ping = Sample(.github, Array(#"{"zen": "Keep it logically awesome."}"#.utf8), event: "ping", id: "1")
        #expect(ping.taken(by: WebhookDesk()).status == .ok)
        for (forge, event) in [(Forge.github, "issues"), (.gitlab, "Tag Push Hook"), (.gitea, "release")] {
            let answer = Sample(forge, Array("{}".utf8), event: event, id: "2").taken(by: WebhookDesk())
            #expect(answer.status == .accepted && answer.push == nil)
            #expect(answer.document["because"]?.string?.contains(event) == true)
        }
    }

    @Test("a deleted ref has no commit")
    func deleted() throws {
        let body = #"{"ref": "refs/heads/main", "after": "0000000000000000000000000000000000000000"}"#
        let delivery = try Sample(.gitea, Array(body.utf8), event: "push", id: "1").delivery()
        #expect(delivery.event == .push(Push(ref: "refs/heads/main", after: nil, repository: nil)))
    }

    @Test(
        "only a push of what is followed wakes",
        arguments: [
            ("main", "refs/heads/main", true), ("main", "refs/heads/main2", false), ("main", "refs/tags/main", true),
            ("refs/heads/main", "refs/heads/main", true), ("heads/main", "refs/heads/main", true),
            ("release/1", "refs/heads/release/1", true), ("1", "refs/heads/release/1", false),
            ("HEAD", "refs/heads/x", true),
            ("", "refs/heads/x", true), ("6113728f27ae82c7b1a177c8d03f9e96e0adf246", "refs/heads/x", true),
        ])
    func followed(ref: String, pushed: String, wakes: Bool) {
        let answer = Sample.push(.github, ref: pushed).taken(by: WebhookDesk(), following: ref)
        #expect(answer.status == .accepted)
        #expect((answer.push != nil) == wakes)
    }
}
