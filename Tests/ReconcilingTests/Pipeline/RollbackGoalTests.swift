import Testing

@testable import Reconciling

@Suite("The revision that a rollback goes back to")
struct RollbackGoalTests {
    private func house(_ outcomes: [(String, Revision.Outcome)]) async throws -> House {
        let house = try House([:])
        for (commit, outcome) in outcomes {
            _ = try await house.stores.add(
                Revision(
                    number: 0, environment: "dev", commit: String(repeating: commit, count: 40), author: "",
                    subject: "",
                    planDigest: nil, outcome: outcome, started: house.now, duration: .zero, stepsCount: 0,
                    problem: outcome == .applied ? nil : Problem(code: "x.y", message: "no")))
        }
        return house
    }

    private func code(_ house: House, _ text: String?) async throws -> ReconcilingFailure.Code? {
        let goal = try #require(RollbackGoal(text))
        do {
            _ = try await house.pipeline().revision(for: goal, environment: "dev")
            return nil
        } catch {
            return error.code
        }
    }

    private func number(_ house: House, _ text: String?) async throws -> Int {
        let goal = try #require(RollbackGoal(text))
        return try await house.pipeline().revision(for: goal, environment: "dev").number
    }

    @Test("is named by number, by commit, or by nothing")
    func naming() {
        #expect(RollbackGoal(nil) == .oneBack)
        #expect(RollbackGoal("12") == .revision(12))
        #expect(RollbackGoal("1234567") == .commit("1234567"))
        #expect(RollbackGoal("ABCD") == .commit("abcd"))
        for text in [
            "", "abc", "main", "-1", "HEAD~1", "99999999999999999999999999999999999999999999999999999999999999999",
        ] {
            #expect(RollbackGoal(text) == nil)
        }
    }

    @Test("that is not there, or never was live, is refused")
    func refusals() async throws {
        let house = try await house([("a", .applied), ("b", .refused), ("c", .invalid), ("d", .rolledBack)])
        #expect(try await code(house, "9") == .noSuchRevision)
        #expect(try await code(house, "0") == .noSuchRevision)
        for number in ["2", "3", "4"] { #expect(try await code(house, number) == .notApplied) }
        #expect(try await code(house, "bbbb") == .noSuchRevision)
        #expect(try await code(house, nil) == .noSuchRevision)
        #expect(try await number(house, "aaaa") == 1)
        let other = try await self.house([])
        #expect(try await code(other, nil) == .noSuchRevision)
    }

    @Test("one back is the commit before, and one more the commit before that")
    func oneBack() async throws {
        let house = try await house([
            ("a", .applied), ("b", .applied), ("b", .applied), ("d", .refused), ("c", .applied),
        ])
        #expect(try await number(house, nil) == 3)
        try await house.pipeline().begin(
            Hold(
                .rollback, environment: "dev", commit: String(repeating: "b", count: 40),
                head: String(repeating: "c", count: 40), since: house.now, revision: 3), inPlaceOf: nil)
        _ = try await house.stores.add(
            Revision(
                number: 0, environment: "dev", commit: String(repeating: "b", count: 40), author: "", subject: "",
                planDigest: nil, outcome: .applied, started: house.now, duration: .zero, stepsCount: 0))
        #expect(try await number(house, nil) == 1)
    }

    @Test("is found among more revisions than are read at once")
    func manyRevisions() async throws {
        let many = (0..<Limits.historyPage * 2 + 5).map { _ in ("b", Revision.Outcome.applied) }
        let house = try await house([("a", .applied)] + many)
        #expect(try await number(house, nil) == 1)
        #expect(try await number(house, "aaaaaaa") == 1)
    }
}
