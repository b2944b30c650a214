import Testing

@testable import Forges

@Suite("The outbox")
struct OutboxTests {
    private func status(_ commit: Int, _ state: CommitStatus.State = .pending) -> CommitStatus {
        CommitStatus(commit: "c\(commit)", environment: "dev", state: state, description: "")
    }

    @Test("letters leave in their order, and the newest of a key stands for all before it")
    func order() throws {
        var box = Outbox<CommitStatus>()
        #expect(box.due(at: 0) == nil)
        for letter in [status(1), status(2), status(1, .success)] { #expect(box.put(letter) == nil) }
        #expect(box.entries.map(\.item) == [status(2), status(1, .success)])
        let first = try #require(box.due(at: 0))
        #expect(first.item == status(2))
        let isFirst = box.settled(first)
        #expect(isFirst)
        #expect(box.due(at: 0)?.item == status(1, .success))
    }

    @Test("a letter that came while an older one of its key was on its way stays, and what is kept is its own")
    func overtaken() throws {
        var box = Outbox<CommitStatus>()
        _ = box.put(status(1))
        let sent = try #require(box.due(at: 0))
        _ = box.put(status(1, .success))
        let isOwn = box.settled(sent)
        #expect(!isOwn)
        #expect(box.due(at: 0)?.item == status(1, .success))
    }

    @Test("pauses double for all letters, end with the first success, and ask no less than the receiver")
    func pauses() throws {
        var box = Outbox<CommitStatus>()
        _ = box.put(status(1))
        _ = box.put(status(2))
        var now: Int64 = 1_000
        for seconds in [2, 4, 8] {
            let entry = try #require(box.due(at: now))
            let isGivenUp = box.failed(entry, at: now, least: nil, random: 1)
            #expect(!isGivenUp)
            #expect(box.due(at: now + Int64(seconds) * 1000 - 1) == nil)
            now += Int64(seconds) * 1000
        }
        let entry = try #require(box.due(at: now))
        let isGivenUp = box.failed(entry, at: now, least: .seconds(100), random: 0)
        #expect(!isGivenUp)
        #expect(box.due(at: now + 99_999) == nil)
        now += 100_000
        let last = try #require(box.due(at: now))
        let isLast = box.settled(last)
        #expect(isLast)
        #expect(box.due(at: 0)?.item == status(2))
    }

    @Test("a letter that nobody takes is given up in the end, and pauses never overflow")
    func givenUp() throws {
        var box = Outbox<CommitStatus>()
        _ = box.put(status(1))
        var now: Int64 = 0
        for attempt in 1...Limits.attemptsMax {
            let entry = try #require(box.due(at: now))
            let isGivenUp = box.failed(entry, at: now, least: nil, random: 1)
            #expect(isGivenUp == (attempt == Limits.attemptsMax))
            now = box.pausedUntil
        }
        #expect(box.isEmpty)
        for number in 0..<100 {
            _ = box.put(status(number))
            let entry = try #require(box.due(at: now))
            _ = box.failed(entry, at: now, least: nil, random: 1)
            #expect(box.pausedUntil - now <= 600_000)
            now = box.pausedUntil
        }
    }

    @Test("there is room for a number of letters; the oldest gives way")
    func bounded() {
        var box = Outbox<CommitStatus>()
        for number in 0..<Limits.messagesMax { #expect(box.put(status(number)) == nil) }
        #expect(box.put(status(-1)) == status(0))
        #expect(box.put(status(5, .success)) == nil)
        #expect(box.entries.count == Limits.messagesMax)
    }
}
