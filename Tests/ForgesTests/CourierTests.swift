import HTTPTypes
import JSON
import Logging
import Synchronization
import Testing

@testable import Forges

@Suite("The courier")
struct CourierTests {
    @Test("what was handed over is sent, forgotten, and then the courier ends")
    func sends() async throws {
        let post = Post(answers: [201, 201])
        let courier = post.courier()
        courier.put(status(1))
        courier.put(status(2))
        courier.stop()
        await courier.run()
        #expect(post.sent == ["c1 pending", "c2 pending"])
        #expect(post.kept == [])
    }

    @Test("only the newest of a commit and an environment is sent")
    func newest() async throws {
        let post = Post(answers: [201])
        let courier = post.courier()
        courier.put(status(1))
        courier.put(status(1, .success))
        courier.stop()
        await courier.run()
        #expect(post.sent == ["c1 success"])
    }

    @Test("what could not be sent is kept, and the next process sends it first")
    func restart() async throws {
        let post = Post(answers: [503])
        let first = post.courier()
        first.put(status(1))
        first.put(status(2))
        first.stop()
        await first.run()
        #expect(post.sent == ["c1 pending"])
        #expect(post.kept == ["c1 dev", "c2 dev"])

        post.answers = [200, 200, 200]
        let second = post.courier()
        second.put(status(3))
        second.stop()
        await second.run()
        #expect(post.sent.dropFirst() == ["c1 pending", "c2 pending", "c3 pending"])
        #expect(post.kept == [])
    }

    @Test("a message that was not taken is sent again after its pause, without being asked")
    func again() async throws {
        let post = Post(answers: [500, nil, 201])
        let courier = post.courier(clock: InstantClock(post))
        courier.put(status(1))
        await withTaskGroup { group in
            group.addTask { await courier.run() }
            await post.waitForSent(3)
            courier.stop()
        }
        #expect(post.sent == ["c1 pending", "c1 pending", "c1 pending"])
        #expect(post.kept == [])
        #expect(post.warnings == ["forge.not-taken", "forge.not-taken"])
    }

    @Test("a refused message is not sent again, and the same refusal is named once")
    func refused() async throws {
        let post = Post(answers: [404, 404, 201, 404])
        let courier = post.courier()
        for number in 1...4 { courier.put(status(number)) }
        courier.stop()
        await courier.run()
        #expect(post.sent.count == 4 && post.kept == [])
        // Once, and again after a message was taken.
        #expect(post.warnings == ["forge.refused", "forge.refused"])
    }

    @Test("a store that fails stops nothing")
    func brokenStore() async throws {
        let post = Post(answers: [201], storeFails: true)
        let courier = post.courier()
        courier.put(status(1))
        courier.stop()
        await courier.run()
        #expect(post.sent == ["c1 pending"])
        #expect(Set(post.warnings) == ["forge.outbox-unusable"])
    }

    @Test("a secret that is missing keeps the message waiting")
    func secret() async throws {
        let post = Post(answers: [])
        post.secretIsMissing = true
        let courier = post.courier()
        courier.put(status(1))
        courier.stop()
        await courier.run()
        #expect(post.sent == [] && post.kept == ["c1 dev"])
    }

    private func status(_ commit: Int, _ state: CommitStatus.State = .pending) -> CommitStatus {
        CommitStatus(commit: "c\(commit)", environment: "dev", state: state, description: "")
    }
}

/// A receiver, a store, a clock and a log, all in memory.
private final class Post: MessageTransport, OutboxStore {
    private struct State {
        var answers: [Int?]
        var sent: [String] = []
        var kept: [(key: String, document: JSONValue)] = []
        var warnings: [String] = []
        var secretIsMissing = false
        var now: Int64 = 1_000_000
        var waiter: (count: Int, continuation: CheckedContinuation<Void, Never>)?
    }

    private let state: Mutex<State>
    private let storeFails: Bool

    init(answers: [Int?], storeFails: Bool = false) {
        state = Mutex(State(answers: answers))
        self.storeFails = storeFails
    }

    var sent: [String] { state.withLock { $0.sent } }
    var kept: [String] { state.withLock { $0.kept.map(\.key) } }
    var warnings: [String] { state.withLock { $0.warnings } }
    var answers: [Int?] {
        get { state.withLock { $0.answers } }
        set { state.withLock { $0.answers = newValue } }
    }
    var secretIsMissing: Bool {
        get { state.withLock { $0.secretIsMissing } }
        set { state.withLock { $0.secretIsMissing = newValue } }
    }

    func pass(_ duration: Duration) { state.withLock { $0.now += duration.milliseconds } }

    func courier(clock: any Clock<Duration> = ContinuousClock()) -> Courier<CommitStatus> {
        Courier(
            channel: "test", store: self, transport: self, now: { self.state.withLock { $0.now } }, random: { 1 },
            clock: clock, logger: Logger(label: "test") { _ in Log(self) }
        ) { (status) throws(ForgeFailure) in
            if self.secretIsMissing { throw ForgeFailure(.secretMissing, "no token") }
            return Message(
                request: HTTPRequest(method: .post, scheme: "https", authority: "x", path: "/"),
                body: Array("\(status.commit) \(status.state.rawValue)".utf8))
        }
    }

    func send(_ message: Message) async throws(ForgeFailure) -> Message.Reply {
        let (answer, waiter) = state.withLock { state in
            state.sent.append(String(decoding: message.body, as: UTF8.self))
            let waiter = state.waiter.flatMap { state.sent.count >= $0.count ? $0.continuation : nil }
            if waiter != nil { state.waiter = nil }
            return (state.answers.isEmpty ? 503 : state.answers.removeFirst(), waiter)
        }
        waiter?.resume()
        guard let answer else { throw ForgeFailure(.notTaken, "nobody answers") }
        return Message.Reply(response: HTTPResponse(status: .init(code: answer)), body: [])
    }

    func waitForSent(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.sent.count >= count { return true }
                state.waiter = (count, continuation)
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    func keep(_ document: JSONValue, key: String, channel: String) async throws(ForgeFailure) {
        if storeFails { throw ForgeFailure(.outboxUnusable, "the disk is full") }
        state.withLock { state in
            state.kept.removeAll { $0.key == key }
            state.kept.append((key, document))
        }
    }

    func forget(key: String, channel: String) async throws(ForgeFailure) {
        if storeFails { throw ForgeFailure(.outboxUnusable, "the disk is full") }
        state.withLock { state in state.kept.removeAll { $0.key == key } }
    }

    func kept(channel: String) async throws(ForgeFailure) -> [JSONValue] {
        if storeFails { throw ForgeFailure(.outboxUnusable, "the disk is full") }
        return state.withLock { $0.kept.map(\.document) }
    }

    fileprivate func warn(_ code: String) { state.withLock { $0.warnings.append(code) } }
}

/// Time passes as soon as somebody waits for it.
private struct InstantClock: Clock {
    typealias Instant = ContinuousClock.Instant
    private let post: Post
    init(_ post: Post) { self.post = post }
    var now: Instant { ContinuousClock.now }
    var minimumResolution: Duration { .milliseconds(1) }
    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        post.pass(.seconds(600))
    }
}

private struct Log: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning
    private let post: Post
    init(_ post: Post) { self.post = post }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {
        post.warn("\(event.metadata?["gw.code"] ?? "")")
    }
}
