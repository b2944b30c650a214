import HTTPTypes
import Resources
import SigV4
import Synchronization
import Testing

@testable import AWSProvider

typealias ProviderFailureEffect = ProviderFailure.Effect

@Suite("Keys that are asked for anew")
struct RefreshTests {
    /// Gives keys that are good for an hour, or fails, and counts.
    private final class Source: Sendable {
        let time = Mutex(0)
        let count = Mutex(0)
        let isBroken = Mutex(false)
        let gate: Gate?

        init(gate: Gate? = nil) { self.gate = gate }

        var refreshing: RefreshingCredentials {
            RefreshingCredentials(now: { self.time.withLock(\.self) }) { () async throws(CredentialsFailure) in
                await self.gate?.pass()
                let number = self.count.withLock { count in
                    count += 1
                    return count
                }
                guard !self.isBroken.withLock(\.self) else { throw CredentialsFailure(.unreachable, "away") }
                return ObtainedCredentials(
                    SigningCredentials(accessKeyID: "K\(number)", secretAccessKey: "s"),
                    expires: self.time.withLock(\.self) + 3_600, source: "test")
            }
        }
    }

    /// Lets nobody pass until it is opened.
    private actor Gate {
        private var isOpen = false
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func pass() async {
            guard !isOpen else { return }
            await withCheckedContinuation { waiting.append($0) }
        }

        func open() {
            isOpen = true
            for one in waiting { one.resume() }
            waiting = []
        }
    }

    @Test("they are kept while they are good, and replaced before they expire")
    func expiry() async throws {
        let source = Source()
        let credentials = source.refreshing
        #expect(try await credentials.credentials().accessKeyID == "K1")
        source.time.withLock { $0 = 3_299 }
        #expect(try await credentials.credentials().accessKeyID == "K1")
        source.time.withLock { $0 = 3_300 }
        #expect(try await credentials.credentials().accessKeyID == "K2")
    }

    @Test("a refresh that fails leaves those at hand in use until they expire")
    func brokenRefresh() async throws {
        let source = Source()
        let credentials = source.refreshing
        _ = try await credentials.credentials()
        source.isBroken.withLock { $0 = true }
        source.time.withLock { $0 = 3_400 }
        for _ in 0..<5 { #expect(try await credentials.credentials().accessKeyID == "K1") }
        #expect(source.count.withLock(\.self) == 2, "not asked again at once")
        source.time.withLock { $0 = 3_430 }
        _ = try await credentials.credentials()
        #expect(source.count.withLock(\.self) == 3)
        source.time.withLock { $0 = 3_600 }
        let failure = await #expect(throws: ProviderFailure.self) { try await credentials.credentials() }
        #expect(failure?.code == .unreachable && failure?.effect == ProviderFailureEffect.none)
        #expect((failure?.cause as? CredentialsFailure)?.message == "away")
    }

    @Test("those that the target calls expired are not used again")
    func discarded() async throws {
        let credentials = Source().refreshing
        let first = try await credentials.credentials()
        await credentials.discard(first)
        let second = try await credentials.credentials()
        #expect(second.accessKeyID == "K2")
        await credentials.discard(first)
        #expect(try await credentials.credentials() == second)
    }

    @Test("many calls at once ask once", arguments: [false, true])
    func singleFlight(_ isBroken: Bool) async throws {
        let gate = Gate()
        let source = Source(gate: gate)
        source.isBroken.withLock { $0 = isBroken }
        let credentials = source.refreshing
        let answers = await withTaskGroup(of: String.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    do throws(ProviderFailure) {
                        return try await credentials.credentials().accessKeyID
                    } catch {
                        return "\(error.code)"
                    }
                }
            }
            while await credentials.waitingCount < 49 { await Task.yield() }
            await gate.open()
            var answers: [String] = []
            for await answer in group { answers.append(answer) }
            return answers
        }
        #expect(Set(answers).count == 1 && answers.count == 50)
        #expect(source.count.withLock(\.self) == 1)
    }

    @Test("a call whose keys the target calls expired makes the next one ask anew")
    func expiredReply() async throws {
        let source = Source()
        let script = Script(
            .init(status: 403, body: "<E><Error><Code>ExpiredToken</Code></Error></E>"),
            .init(status: 200, body: "<R><GetRoleResult/></R>"))
        let clients = ServiceClients(
            transport: script.transport, credentials: source.refreshing, region: "eu-west-1",
            hosts: .init(aws: "eu-west-1"), now: { 0 })
        _ = await #expect(throws: ProviderFailure.self) { try await clients.iam.call("GetRole") }
        _ = try await clients.iam.call("GetRole")
        let keys = script.requests.map { $0.request.headerFields[.authorization]?.contains("K2/") }
        #expect(keys == [false, true])
    }
}
