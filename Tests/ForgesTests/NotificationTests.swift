import Bytes
import Crypto
import HTTPTypes
import JSON
import Testing

@testable import Forges

@Suite("Notifications")
struct NotificationTests {
    private func notice(_ kind: Notice.Kind = .refused, _ environment: String = "prod", at time: Int64 = 1_000_000)
        -> Notice
    {
        var notice = Notice(
            kind, environment: environment, time: time, timeText: "2026-11-22T15:09:38.120Z",
            message: "the target refuses the commit", commit: "6113728f27ae82c7b1a177c8d03f9e96e0adf246")
        notice.subject = "Sell <b> & more"
        notice.author = "Ann <ann@example.com>"
        notice.revision = 7
        notice.problemCode = "provider.refused"
        notice.problemMessage = "no `such` *thing* <!channel>"
        notice.link = "https://gw.example.com/status"
        return notice
    }

    @Test("a CloudEvent has all that version 1.0 asks for, and the notice as its data")
    func cloudEvent() throws {
        let events = try CloudEvents(url: "https://hooks.example.com/a/b?c=d")
        let message = events.message(notice(), secret: nil, now: 1_700_000_000_123)
        #expect(message.request.path == "/a/b?c=d" && message.request.method == .post)
        #expect(message.request.headerFields[.contentType] == "application/cloudevents+json; charset=utf-8")
        let event = try JSONValue(parsing: message.body)
        #expect(event["specversion"] == "1.0" && event["type"] == "gatewright.environment.refused")
        #expect(event["source"] == "/gatewright" && event["subject"] == "prod")
        #expect(event["time"] == "2026-11-22T15:09:38.120Z" && event["datacontenttype"] == "application/json")
        #expect(event["id"]?.string == notice().key)
        #expect(event["data"]?["problem"]?["code"] == "provider.refused" && event["data"]?["revision"] == 7)
        #expect(message.request.headerFields[HTTPField.Name("webhook-signature")!] == nil)
    }

    @Test("the signature is the one that Standard Webhooks gives for its example")
    func published() {
        // SOURCE: Standard Webhooks, libraries' tests: secret, id, time and body with their signature.
        let signature = CloudEvents.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", time: "1614265330", body: Array(#"{"test": 2432232314}"#.utf8),
            secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        #expect(signature == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("a signed event can be checked by who has the secret, and carries when it was sent")
    func signed() throws {
        let message = try CloudEvents(url: "https://x").message(notice(), secret: "a secret", now: 1_700_000_000_123)
        func field(_ name: String) -> String { message.request.headerFields[HTTPField.Name(name)!] ?? "" }
        #expect(field("webhook-timestamp") == "1700000000")
        #expect(field("webhook-id") == notice().key)
        let text = Array("\(field("webhook-id")).\(field("webhook-timestamp")).".utf8) + message.body
        let given = try #require(Base64.decoded(field("webhook-signature").dropFirst(3)))
        #expect(field("webhook-signature").hasPrefix("v1,"))
        #expect(
            HMAC<SHA256>.isValidAuthenticationCode(
                given, authenticating: text, using: SymmetricKey(data: Array("a secret".utf8))))
    }

    @Test("a Slack message shows what happened, and nothing in it mentions anybody")
    func slack() throws {
        let message = try SlackMessages(url: "https://hooks.slack.com/services/T/B/secret").message(notice())
        let body = try JSONValue(parsing: message.body)
        let text = try #require(body["blocks"]?[0]?["text"]?["text"]?.string)
        #expect(text.hasPrefix(":no_entry: *prod: refused*\nthe target refuses the commit\n`provider.refused` "))
        #expect(text.contains("no 'such' 'thing' &lt;!channel&gt;"))
        let context = try #require(body["blocks"]?[1]?["elements"]?[0]?["text"]?.string)
        #expect(context.contains("commit 6113728: Sell &lt;b&gt; &amp; more") && context.contains("Ann &lt;ann@"))
        #expect(context.contains("<https://gw.example.com/status|status>") && context.contains("revision 7"))
        #expect(body["text"]?.string == "prod: refused: the target refuses the commit")
        #expect(
            try SlackMessages(url: "https://hooks.slack.com/services/T/B/secret").place == "https://hooks.slack.com")
    }

    @Test("a long text is cut to what Slack takes, and never inside of an escape")
    func long() throws {
        for length in Limits.slackCharactersMax - 30...Limits.slackCharactersMax + 5 {
            var long = notice()
            long.problemMessage = String(repeating: "x", count: length) + "<<<<<<"
            let body = try JSONValue(parsing: SlackMessages(url: "https://x").message(long).body)
            let text = try #require(body["blocks"]?[0]?["text"]?["text"]?.string)
            #expect(text.count <= 3_000)
            #expect(text.wholeMatch(of: #/(?s)[^&]*(?:&(?:lt|gt|amp);[^&]*)*/#) != nil)
        }
    }

    @Test("a notice that was kept is the same when it is read again", arguments: Notice.Kind.allCases)
    func kept(kind: Notice.Kind) throws {
        #expect(Notice(try JSONValue(parsing: notice(kind).document.text(.compact))) == notice(kind))
        let bare = Notice(kind, environment: "e", time: 1, timeText: "t", message: "m")
        #expect(Notice(bare.document) == bare)
        #expect(Notice(["kind": "unheard"]) == nil)
    }

    @Test("a trouble that lasts is told once, again when it changes, and as a reminder")
    func told() {
        var memory = ToldMemory(reminder: .seconds(100))
        func isNews(_ notice: Notice) -> Bool { memory.isNews(notice) }
        #expect(isNews(notice(at: 0)))
        #expect(!isNews(notice(at: 1_000)))
        var worded = notice(at: 2_000)
        worded.problemMessage = "no such thing (request 4711)"
        #expect(!isNews(worded))
        var other = notice(at: 3_000)
        other.problemCode = "provider.conflict"
        #expect(isNews(other))
        #expect(!isNews(other))
        other.time += 99_999
        #expect(!isNews(other))
        other.time += 1
        #expect(isNews(other))
        // Another environment and another kind have troubles of their own.
        #expect(isNews(notice(.refused, "dev")) && isNews(notice(.held)))
    }

    @Test("after a success the same trouble is news again, in that environment only")
    func ended() {
        var memory = ToldMemory()
        func isNews(_ notice: Notice) -> Bool { memory.isNews(notice) }
        #expect(isNews(notice(.driftFound)) && isNews(notice(.driftFound, "dev")))
        #expect(isNews(notice(.driftCorrected)))
        #expect(isNews(notice(.driftFound)))
        #expect(!isNews(notice(.driftFound, "dev")))
    }

    @Test("what was told is remembered within a limit")
    func bounded() {
        var memory = ToldMemory()
        func isNews(_ notice: Notice) -> Bool { memory.isNews(notice) }
        for number in 0...Limits.problemsKept {
            #expect(isNews(notice(.refused, "e\(number)", at: Int64(number))))
        }
        #expect(!isNews(notice(.refused, "e\(Limits.problemsKept)", at: 9_999)))
        #expect(isNews(notice(.refused, "e0", at: 9_999)))
    }
}
