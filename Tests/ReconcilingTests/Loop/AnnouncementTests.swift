import Applying
import Diagnostics
import Resources
import Synchronization
import Testing

@testable import Reconciling

@Suite("What is told to others")
struct AnnouncementTests {
    /// One line for each announcement; empties the list.
    private func told(_ house: House) -> [String] {
        house.announced.withLock { list in
            defer { list = [] }
            return list.map { announcement in
                switch announcement {
                case .began(let environment, let commit): "began \(environment) \(commit.prefix(7))"
                case .event(let event, let revision):
                    "\(event.kind.rawValue) \(revision.map { "\($0.number) \($0.outcome.rawValue)" } ?? "-")"
                case .ended(let status, let commit):
                    "ended \(status.state.rawValue) \(status.problem?.code ?? "-") \(commit.prefix(7))"
                }
            }
        }
    }

    @Test("an applied commit is begun, applied and ended, and a commit without work is silent")
    func applied() async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        let head = try house.repository.git("rev-parse", "HEAD").prefix(7)
        _ = await reconciler.tick()
        #expect(told(house) == ["began dev \(head)", "applied 1 applied", "ended ready - \(head)"])
        _ = await reconciler.tick()
        try house.repository.commit(["README.md": "two"])
        _ = await reconciler.tick()
        #expect(told(house) == [])
    }

    @Test("a commit with errors is told as refused, with its code")
    func invalid() async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        let bad = try house.repository.commit(["apis/pets.yaml": "apiVersion: gatewright/v1\nkind: Nothing\n"]).prefix(
            7)
        _ = await reconciler.tick()
        #expect(
            told(house) == [
                "began dev \(bad)", "quarantined 1 invalid", "ended refused reconciling.manifests-invalid \(bad)",
            ])
    }

    @Test("an attempt that was taken back is told, and so is that it is made again")
    func rolledBack() async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        let head = try house.repository.git("rev-parse", "HEAD").prefix(7)
        await house.world.refuse(
            House.stage, ProviderFailure(.throttled, "too fast", effect: .deferred(retryAfter: .milliseconds(1))))
        _ = await reconciler.tick()
        let lines = told(house)
        #expect(lines.first == "began dev \(head)" && lines.last?.hasPrefix("ended failed ") == true, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("failed 1 ") }, "\(lines)")
    }
}
