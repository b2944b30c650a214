import Reconciling
import Storage
import Testing

@testable import Persistence

@Suite("the history of an environment")
struct HistoryTests {
    func revision(_ outcome: Revision.Outcome, _ environment: String = "dev", problem: Problem? = nil) -> Revision {
        Revision(
            number: 99, environment: environment, commit: String(repeating: "c", count: 40),
            author: "A <a@example.com>",
            subject: "Add a pet", planDigest: problem == nil ? "sha256:x" : nil, outcome: outcome,
            started: Timestamp(milliseconds: 1_234), duration: .microseconds(56_789), stepsCount: 7, problem: problem)
    }

    @Test("numbers revisions from 1 in each environment, the newest first", arguments: Place.allCases)
    func numbers(_ place: Place) async throws {
        let store = try await Fixture(place).state
        for outcome in Revision.Outcome.allCases {
            _ = try await store.add(revision(outcome, problem: Problem(code: "x.y", message: "no")))
        }
        let other = try await store.add(revision(.applied, "prod"))
        #expect(other.number == 1)
        let all = try await store.revisions(environment: "dev", before: nil, limit: 100)
        #expect(all.map(\.number) == Array((1...Revision.Outcome.allCases.count).reversed()))
        #expect(all.map(\.outcome) == Revision.Outcome.allCases.reversed())
        #expect(try await store.revisions(environment: "dev", before: 3, limit: 1).map(\.number) == [2])
        #expect(try await store.revisions(environment: "dev", before: 1, limit: 5) == [])
        #expect(try await store.revisions(environment: "dev", before: nil, limit: -1) == [])
        var expected = revision(.invalid, problem: Problem(code: "x.y", message: "no"))
        expected.number = 2
        #expect(all[all.count - 2] == expected)
    }

    @Test("knows the last applied one", arguments: Place.allCases)
    func lastApplied(_ place: Place) async throws {
        let store = try await Fixture(place).state
        #expect(try await store.lastApplied(environment: "dev") == nil)
        _ = try await store.add(revision(.applied))
        let second = try await store.add(revision(.applied))
        _ = try await store.add(revision(.refused))
        #expect(try await store.lastApplied(environment: "dev") == second)
    }

    @Test("gives every reader the numbers of one sequence, also when many add at once", arguments: Place.allCases)
    func concurrent(_ place: Place) async throws {
        let store = try await Fixture(place).state
        let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { try await store.add(revision(.applied)).number } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(numbers.sorted() == Array(1...50))
    }

    @Test("keeps events, the newest first, and drops the oldest", arguments: Place.allCases)
    func events(_ place: Place) async throws {
        let store = try await Fixture(place).state
        let count = place == .memory ? Limits.eventsKept + 5 : 40
        for number in 0..<count {
            let kind = Event.Kind.allCases[number % Event.Kind.allCases.count]
            try await store.add(
                Event(
                    kind, environment: "dev", time: Timestamp(milliseconds: Int64(number)),
                    commit: number.isMultiple(of: 2) ? nil : "c", message: "event \(number)",
                    problem: number.isMultiple(of: 3) ? Problem(code: "x.y", message: "no") : nil))
        }
        let events = try await store.events(environment: "dev", limit: count)
        #expect(events.count == min(count, Limits.eventsKept))
        #expect(events.first?.message == "event \(count - 1)")
        #expect(events.last?.message == (place == .memory ? "event 5" : "event 0"))
        #expect(Set(events.map(\.kind)) == Set(Event.Kind.allCases))
        #expect(try await store.events(environment: "prod", limit: 5) == [])
    }

    @Test("holds an environment until it is let go", arguments: Place.allCases)
    func hold(_ place: Place) async throws {
        let store = try await Fixture(place).state
        #expect(try await store.hold(environment: "dev") == nil)
        let holds = [
            Hold(
                .rollback, environment: "dev", commit: "c", head: "h", since: Timestamp(milliseconds: 5), reason: "why"),
            Hold(.pause, environment: "dev", since: Timestamp(milliseconds: 6)),
        ]
        for hold in holds {
            try await store.setHold(hold, environment: "dev")
            #expect(try await store.hold(environment: "dev") == hold)
        }
        #expect(try await store.hold(environment: "prod") == nil)
        try await store.setHold(nil, environment: "dev")
        #expect(try await store.hold(environment: "dev") == nil)
    }

    @Test("says that an unknown word is damage")
    func corrupt() async throws {
        let store = try await Fixture(.memory).state
        _ = try await store.add(revision(.applied))
        try await store.database.transaction { try $0.execute("UPDATE revision SET outcome = 'tea'") }
        let thrown = await failure { try await store.revisions(environment: "dev", before: nil, limit: 1) }
        #expect((thrown as? RevisionFailure)?.code == .corrupt)
    }

    @Test("says that a closed database cannot be read or written")
    func closed() async throws {
        let store = try await Fixture(.disk).state
        await store.close()
        let reading = await failure { try await store.lastApplied(environment: "dev") }
        #expect((reading as? RevisionFailure)?.code == .unreadable)
        let writing = await failure { try await store.setHold(nil, environment: "dev") }
        #expect((writing as? RevisionFailure)?.code == .unwritable)
    }
}
