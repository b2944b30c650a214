import Applying
import JSON
import Reconciling
import Resources
import Storage
import Testing

@testable import Persistence

@Suite("the journal and the recorded state")
struct JournalTests {
    static let records: [JournalRecord] = [
        .step(StepRecord(0, .intended)),
        .step(
            StepRecord(
                0, .succeeded, identities: [api: Identity(physicalID: "a1", attributes: ["root": "r\n"]), stage: nil])),
        .step(StepRecord(1, .deferred, failure: RecordedFailure(code: "provider.throttled", message: "\"slow\" down"))),
        .step(StepRecord(1, .foundApplied, differs: true)),
        .turned(ApplyCause(.changed, step: 1, failure: RecordedFailure(code: "c", message: "m"))),
    ]

    func append(
        _ fixture: Fixture, _ lease: LeaseGrant, _ records: [JournalRecord], _ changes: [StateChange] = [], id: Int = 1
    ) async throws {
        try await fixture.state.append(
            JournalAppend(
                apply: header(id).id, environment: "dev", records: records, changes: changes, lease: lease))
    }

    @Test("gives back what was appended, in order, until it is ended", arguments: Place.allCases)
    func roundTrip(_ place: Place) async throws {
        let fixture = try await Fixture(place)
        let lease = try await fixture.lease()
        #expect(try await fixture.state.unfinished(environment: "dev") == [])
        try await append(fixture, lease, [.began(header())] + Self.records.prefix(2))
        try await append(fixture, lease, Array(Self.records.dropFirst(2)))
        #expect(
            try await fixture.state.unfinished(environment: "dev")
                == [UnfinishedApply(header: header(), records: Self.records)])
        #expect(try await fixture.state.unfinished(environment: "prod") == [])
        try await append(fixture, lease, [.ended(.rolledBack)])
        #expect(try await fixture.state.unfinished(environment: "dev") == [])
    }

    @Test("knows the target of the newest apply, ended or not", arguments: Place.allCases)
    func lastTarget(_ place: Place) async throws {
        let fixture = try await Fixture(place)
        let lease = try await fixture.lease()
        #expect(try await fixture.state.lastTarget(environment: "dev") == nil)
        try await append(fixture, lease, [.began(header()), .ended(.done)])
        #expect(try await fixture.state.lastTarget(environment: "dev") == header().target)
        #expect(try await fixture.state.lastTarget(environment: "prod") == nil)
    }

    @Test("refuses what follows the end, what was never begun, and a second beginning", arguments: Place.allCases)
    func closed(_ place: Place) async throws {
        let fixture = try await Fixture(place)
        let lease = try await fixture.lease()
        await #expect(throws: JournalFailure.self) { try await append(fixture, lease, [.ended(.done)]) }
        try await append(fixture, lease, [.began(header()), .ended(.done)])
        let change = StateChange.record(object(api, ["name": "late"]))
        await #expect(throws: JournalFailure.self) { try await append(fixture, lease, Self.records, [change]) }
        await #expect(throws: JournalFailure.self) { try await append(fixture, lease, [.began(header())]) }
        #expect(try await fixture.state.objects(environment: "dev") == [])
    }

    @Test("records and recorded objects become durable together, or not at all", arguments: Place.allCases)
    func together(_ place: Place) async throws {
        let fixture = try await Fixture(place)
        let lease = try await fixture.lease()
        let first = object(stage, ["a": 15, "b": ["x", nil, true]])
        try await append(fixture, lease, [.began(header())], [.record(object(api, ["name": "one"])), .record(first)])
        try await append(
            fixture, lease, Self.records, [.record(object(api, ["name": "two"])), .doubt(stage, reason: "stuck")])
        #expect(try await fixture.state.objects(environment: "dev") == [object(api, ["name": "two"]), first])
        #expect(try await fixture.state.doubts(environment: "dev") == [stage: "stuck"])
        try await append(fixture, lease, [.ended(.done)], [.remove(stage), .doubt(api, reason: "other")])
        #expect(try await fixture.state.objects(environment: "dev") == [object(api, ["name": "two"])])
        #expect(try await fixture.state.doubts(environment: "dev") == [api: "other"])
        try await fixture.state.write([.record(object(api, [:]))], environment: "dev", lease: lease)
        #expect(try await fixture.state.doubts(environment: "dev") == [:])
        #expect(try await fixture.state.objects(environment: "prod") == [])
    }

    @Test("refuses writes under a lease that another has had since, or that was given back", arguments: Place.allCases)
    func fenced(_ place: Place) async throws {
        let fixture = try await Fixture(place)
        let old = try await fixture.lease()
        try await append(fixture, old, [.began(header())])
        try await fixture.state.release(old)
        for _ in 0..<2 {
            let thrown = await failure { try await append(fixture, old, Self.records, [.remove(api)]) }
            #expect((thrown as? JournalFailure)?.code == .fenced)
            let written = await failure {
                try await fixture.state.write([.remove(api)], environment: "dev", lease: old)
            }
            #expect((written as? JournalFailure)?.code == .fenced)
            if try await fixture.state.unfinished(environment: "dev").first?.records.isEmpty == false { break }
            _ = await failure { try await fixture.lease() }
        }
        #expect(
            try await fixture.state.unfinished(environment: "dev") == [UnfinishedApply(header: header(), records: [])])
    }

    @Test("is there after the file was closed and opened again")
    func reopened() async throws {
        let fixture = try await Fixture(.disk)
        let lease = try await fixture.lease()
        try await append(fixture, lease, [.began(header())] + Self.records, [.record(object(api, ["name": "one"]))])
        await fixture.state.close()
        let again = try await StateDatabase.open(directory: fixture.folder.path, now: { .init(milliseconds: 0) })
        #expect(try await again.unfinished(environment: "dev").first?.records == Self.records)
        #expect(try await again.objects(environment: "dev") == [object(api, ["name": "one"])])
    }

    @Test("keeps the newest journals of ended applies, and every open one", arguments: Place.allCases)
    func pruned(_ place: Place) async throws {
        let fixture = try await Fixture(place)
        let lease = try await fixture.lease()
        try await append(fixture, lease, [.began(header(1))], id: 1)
        for id in 2..<Limits.journalsKept + 10 {
            try await append(fixture, lease, [.began(header(id)), .ended(.done)], id: id)
        }
        let counts = try await fixture.state.database.read { connection in
            try ["apply", "journal"].map { table in
                try connection.first("SELECT count(*) FROM \(table)") { (row) throws(StorageFailure) in try row.int(0) }
            }
        }
        #expect(counts == [Limits.journalsKept + 1, Limits.journalsKept + 1])
        #expect(try await fixture.state.unfinished(environment: "dev").map(\.header.id) == [header(1).id])
    }

    @Test(
        "a damaged record is named, not guessed",
        arguments: ["{", "{}", "{\"record\":\"tea\"}", "{\"record\":\"step\",\"step\":0}"])
    func corrupt(_ text: String) async throws {
        let fixture = try await Fixture(.memory)
        let lease = try await fixture.lease()
        try await append(fixture, lease, [.began(header())] + Self.records)
        try await fixture.state.database.transaction { connection in
            try connection.execute("INSERT INTO journal (apply, records) VALUES (1, ?)", [.text(text)])
        }
        let thrown = await failure { try await fixture.state.unfinished(environment: "dev") }
        #expect((thrown as? JournalFailure)?.code == .corrupt)
    }

    @Test("a journal of a newer form is refused with its name")
    func newerForm() async throws {
        let fixture = try await Fixture(.memory)
        let lease = try await fixture.lease()
        try await append(fixture, lease, [.began(header())])
        try await fixture.state.database.transaction { connection in
            try connection.execute("UPDATE journal SET records = replace(records, 'journal/v1', 'journal/v7')")
        }
        let thrown = await failure { try await fixture.state.unfinished(environment: "dev") }
        #expect((thrown as? JournalFailure)?.code == .newerFormat)
        #expect((thrown as? JournalFailure)?.message.contains("gatewright.journal/v7") == true)
    }
}
