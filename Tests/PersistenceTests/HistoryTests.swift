import JSON
import Planning
import Reconciling
import Resources
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
            Hold(
                .pause, environment: "dev", since: Timestamp(milliseconds: 6), until: Timestamp(milliseconds: 7),
                by: "ann", reason: "ü'", revision: 3, consent: "sha256:x"),
        ]
        for hold in holds {
            try await store.setHold(hold, environment: "dev")
            #expect(try await store.hold(environment: "dev") == hold)
        }
        #expect(try await store.hold(environment: "prod") == nil)
        #expect(try await store.swapHold(holds[0], for: nil, environment: "dev") == false)
        #expect(try await store.swapHold(nil, for: holds[0], environment: "dev") == false)
        #expect(try await store.hold(environment: "dev") == holds[1])
        #expect(try await store.swapHold(holds[1], for: holds[0], environment: "dev"))
        #expect(try await store.hold(environment: "dev") == holds[0])
        try await store.setHold(nil, environment: "dev")
        #expect(try await store.hold(environment: "dev") == nil)
    }

    private func changes(_ addresses: [Address]) -> RevisionChanges {
        let lines = addresses.map { Change(.create, $0, before: nil, after: ["a": 1], visibility: .hidden) }
        return RevisionChanges(
            Plan(environment: "dev", target: [:], settings: ApplySettings(), changes: lines, digest: "sha256:x"))
    }

    @Test("knows what each revision did, and which revisions changed an object", arguments: Place.allCases)
    func changes(_ place: Place) async throws {
        let store = try await Fixture(place).state
        let (method, other) = (Address(.method, in: "petstore", "GET /pets"), Address(.restAPI, "petstore2"))
        _ = try await store.add(revision(.applied), changes: changes([api, method, other]))
        _ = try await store.add(revision(.refused), changes: changes([api]))
        _ = try await store.add(revision(.applied), changes: changes([method]))
        _ = try await store.add(revision(.invalid))
        _ = try await store.add(revision(.residue), changes: changes([stage]))
        #expect(try await store.changes(of: 2, environment: "dev") == changes([api]).document)
        #expect(try await store.changes(of: 4, environment: "dev") == nil)
        #expect(try await store.changes(of: 1, environment: "prod") == nil)
        func numbers(_ address: Address, before: Int? = nil, limit: Int = 9) async throws -> [Int] {
            try await store.revisions(environment: "dev", changing: address, before: before, limit: limit).map(\.number)
        }
        // The address of an API means all that is in it.
        #expect(try await numbers(api) == [5, 3, 1])
        #expect(try await numbers(api, before: 5, limit: 1) == [3])
        #expect(try await numbers(method) == [3, 1])
        #expect(try await numbers(other) == [1])
        #expect(try await numbers(Address(.stage, in: "petstore", "prod")) == [])
    }

    @Test("keeps the changes of the newest revisions only")
    func changesKept() async throws {
        let store = try await Fixture(.memory).state
        for _ in 0..<Limits.changesKept + 3 { _ = try await store.add(revision(.applied), changes: changes([api])) }
        #expect(try await store.changes(of: 3, environment: "dev") == nil)
        #expect(try await store.changes(of: 4, environment: "dev") != nil)
        let found = try await store.revisions(environment: "dev", changing: api, before: nil, limit: 1_000)
        #expect(found.count == Limits.changesKept + 3)
    }

    @Test("gives 10,000 revisions page by page")
    func pages() async throws {
        let store = try await Fixture(.memory).state
        try await withThrowingTaskGroup { group in
            for _ in 0..<10_000 { group.addTask { _ = try await store.add(revision(.applied)) } }
            try await group.waitForAll()
        }
        var before: Int?
        var seen: [Int] = []
        while true {
            let page = try await store.revisions(environment: "dev", before: before, limit: 500)
            guard let last = page.last else { break }
            seen += page.map(\.number)
            before = last.number
        }
        #expect(seen == Array((1...10_000).reversed()))
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

    @Test("of sweeps only the last is kept, with the correction before it", arguments: Place.allCases)
    func sweeps(_ place: Place) async throws {
        let fixture = try await Fixture(place)
        #expect(try await fixture.state.sweep(environment: "dev") == nil)
        var sweep = SweepRecord(
            environment: "dev", time: Timestamp(milliseconds: 5), fingerprint: "", report: ["drift": []])
        try await fixture.state.setSweep(sweep)
        #expect(try await fixture.state.sweep(environment: "dev") == sweep)
        sweep.fingerprint = "f"
        sweep.correction = SweepRecord.Correction(fingerprint: "g", count: 3, time: Timestamp(milliseconds: 4))
        try await fixture.state.setSweep(sweep)
        #expect(try await fixture.state.sweep(environment: "dev") == sweep)
        #expect(try await fixture.state.sweep(environment: "prod") == nil)
    }
}
