import Applying
import JSON
import Planning
import Resources
import Synchronization
import Testing

@testable import Reconciling

/// Which kept code of functions stays.
@Suite("Pruning of code")
struct CodePruningTests {
    /// A shelf that notes what is to stay.
    private final class Shelf: CodeShelf {
        private struct State {
            var kept: [Set<String>] = []
            var leases = 0
            var isPruned = false
        }
        private let state = Mutex(State())

        var kept: [Set<String>] { state.withLock { $0.kept } }
        var isFree: Bool { state.withLock { $0.leases == 0 && !$0.isPruned } }

        func keep(_ archive: CodeArchive) throws(ProviderFailure) {}
        func code(_ hash: String) throws(ProviderFailure) -> [UInt8] { [] }

        func lease() throws(ProviderFailure) -> CodeLease? {
            state.withLock { $0.leases += 1 }
            return CodeLease { self.state.withLock { $0.leases -= 1 } }
        }

        func pruningLease() throws(ProviderFailure) -> CodeLease? {
            let isTaken = state.withLock { state in
                guard state.leases == 0 else { return true }
                state.isPruned = true
                return false
            }
            return isTaken ? nil : CodeLease { self.state.withLock { $0.isPruned = false } }
        }

        func removeAll(but hashes: Set<String>) throws(ProviderFailure) -> Int {
            #expect(state.withLock { $0.isPruned })
            state.withLock { $0.kept.append(hashes) }
            return 1
        }
    }

    private func record(_ house: House, _ environment: String, _ name: String, code: String) async throws {
        let lease = try await house.stores.acquire(environment: environment, holder: "a test", ttl: .seconds(1))
        let object = RecordedObject(
            address: Address(.function, name), identity: Identity(physicalID: name), document: ["code": .string(code)],
            dependencies: [])
        try await house.stores.write([.record(object)], environment: environment, lease: lease)
        await house.stores.release(lease)
    }

    @Test("what any environment has recorded, and what an apply that has not ended sends or takes back, stays")
    func needed() async throws {
        let house = try House()
        try await record(house, "dev", "a", code: "one")
        try await record(house, "test", "a", code: "two")
        let header = ApplyHeader(
            id: .random(), environment: "test", commit: String(repeating: "c", count: 40), planDigest: "sha256:x",
            target: ["engine": [:]], parallelism: 1, onFailure: .rollback,
            steps: [
                Step(
                    number: 0, operation: "UpdateFunctionCode",
                    effects: [
                        Step.Effect(Address(.function, "a"), before: ["code": "before"], after: ["code": "after"])
                    ], dependencies: [], isReversible: true)
            ], stages: [0])
        await house.stores.leave(header)
        let shelf = Shelf()
        await house.pipeline().pruneCode(shelf)
        #expect(shelf.kept == [["one", "two", "before", "after"]])
        #expect(shelf.isFree)
    }

    @Test("nothing goes while somebody applies, or where what is needed cannot be read")
    func left() async throws {
        let house = try House()
        try await record(house, "dev", "a", code: "one")
        let shelf = Shelf()
        let lease = try #require(try shelf.lease())
        await house.pipeline().pruneCode(shelf)
        #expect(shelf.kept.isEmpty)
        lease.release()
        await house.stores.failState([JournalFailure(.readFailed, "the disk is gone")])
        await house.pipeline().pruneCode(shelf)
        #expect(shelf.kept.isEmpty && shelf.isFree)
        await house.pipeline().pruneCode(shelf)
        #expect(shelf.kept == [["one"]])
        await house.pipeline().pruneCode(nil)
    }
}
