import Diagnostics
import Glibc
import JSON
import Resources
import Testing

@testable import Applying

/// A journal as each release wrote it: it must be read for ever.
@Suite("a journal of an earlier release")
struct JournalFixtureTests {
    static let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")

    func lines(_ name: String) throws -> [JSONValue] {
        let file = try #require(fopen("/\(Self.folder)/Fixtures/journal/\(name)", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return try bytes.prefix(count).split(separator: 0x0A).map { try JSONValue(parsing: Array($0)) }
    }

    @Test("is read, written again as it was, and recovered", arguments: ["v1.jsonl"])
    func replays(_ name: String) throws {
        let lines = try lines(name)
        let records = try lines.map { try JournalRecord(json: $0) }
        #expect(records.map(\.json) == lines)
        guard case .began(let header) = records[0] else { return #expect(Bool(false), "a header comes first") }
        #expect(header.steps.count == 3 && header.roots == ["petstore"])
        var machine = try ApplyMachine(
            recovering: UnfinishedApply(header: header, records: Array(records.dropFirst())),
            budget: RetryBudget(ApplierSettings()))
        let turn = try machine.next(at: .zero)
        #expect(machine.states == [.done, .unknown, .pending])
        #expect(turn.actions == [.observe(1)])
        #expect(machine.identities[Address(.restAPI, "petstore")]?.physicalID == "a1b2c3")
        #expect(machine.identities[Address(.restAPI, "petstore")]?.attribute("rootResourceId") == "r00t")
    }

    @Test("that contradicts itself is refused, not guessed")
    func contradictions() throws {
        let records = try lines("v1.jsonl").map { try JournalRecord(json: $0) }
        guard case .began(let header) = records[0] else { return #expect(Bool(false)) }
        let wrong: [[JournalRecord]] = [
            [.step(StepRecord(0, .succeeded))], [.step(StepRecord(9, .intended))], [.step(StepRecord(-1, .intended))],
            [.began(header)], [.ended(.done)],
        ]
        for records in wrong {
            #expect(throws: JournalFailure.self) {
                try ApplyMachine(
                    recovering: UnfinishedApply(header: header, records: records),
                    budget: RetryBudget(ApplierSettings()))
            }
        }
    }
}
