import Applying
import JSON
import Manifests
import Testing

@testable import Reconciling

@Suite("Two hundred environments of one repository", .timeLimit(.minutes(5)))
struct ManyEnvironmentsTests {
    private static let count = 200
    private static func name(_ number: Int) -> String { "e\(number)" }

    private func repository(_ count: Int) -> [String: String?] {
        var files: [String: String?] = [
            "shared/pets.openapi.yaml": Manifests.definition(), "README.md": "one",
            "gatewright.yaml": (0..<count).map { number in
                """
                apiVersion: gatewright/v1
                kind: Environment
                metadata: { name: \(Self.name(number)) }
                spec:
                  manifests: [envs/\(Self.name(number))]
                  variables: { backend: "http://\(Self.name(number)).test" }

                """
            }.joined(separator: "---\n"),
        ]
        for number in 0..<count {
            files["envs/\(Self.name(number))/pets.yaml"] = Manifests.api().replacing(
                "pets.openapi.yaml", with: "../../shared/pets.openapi.yaml")
        }
        return files
    }

    @Test("a commit to one is work for that one, a commit to none for nobody, and a restart for nobody")
    func others() async throws {
        let house = try House(repository(Self.count))
        try await house.running(house.fleet()) { fleet, _ in
            try await house.settled(fleet) { $0.count == Self.count && $0.allSatisfy { $0.state == .ready } }
            #expect(fleet.counters.plans == Self.count)
            // The configuration, a manifest for each, and one definition for all.
            #expect(fleet.filesParsed == Self.count + 2)

            let unrelated = try house.repository.commit(["README.md": "two"])
            fleet.wake()
            try await house.settled(fleet) { $0.allSatisfy { $0.appliedCommit == unrelated } }
            #expect(fleet.counters.plans == Self.count)
            #expect(fleet.counters.commitsSkipped == Self.count)

            let own = try house.repository.commit([
                "envs/e7/pets.yaml": Manifests.api(tier: "tin").replacing(
                    "pets.openapi.yaml", with: "../../shared/pets.openapi.yaml")
            ])
            fleet.wake()
            try await house.settled(fleet) { $0.allSatisfy { $0.state == .ready && $0.appliedCommit == own } }
            #expect(fleet.counters.plans == Self.count + 1)
            #expect(fleet.counters(environment: "e7")?.plans == 2)
            #expect(await house.world(of: "e7").document(House.stage)?["variables"]?["tier"] == "tin")
        }
        for number in 0..<Self.count { await house.world(of: Self.name(number)).forgetCalls() }
        let late = try house.repository.commit(["README.md": "three"])
        try await house.running(house.fleet()) { fleet, _ in
            try await house.settled(fleet) { statuses in
                statuses.count == Self.count && statuses.allSatisfy { $0.state == .ready && $0.appliedCommit == late }
            }
            #expect(fleet.counters.plans == 0)
        }
        for number in 0..<Self.count { #expect(await house.world(of: Self.name(number)).calls.isEmpty) }
    }

    @Test("a program of another version plans again, and so does one whose state has changed meanwhile")
    func notRelied() async throws {
        let house = try House()
        _ = await (try house.reconciler()).tick()
        let same = try house.reconciler()
        _ = await same.tick()
        #expect(same.counters.plans == 0 && same.status.state == .ready)
        let recorded = try #require(await house.stores.inputs(environment: "dev"))
        await house.stores.setInputs(
            RecordedInputs(commit: recorded.commit, version: "0.0.0", document: recorded.document), environment: "dev")
        let other = try house.reconciler()
        _ = await other.tick()
        #expect(other.counters.plans == 1)
        let lease = try await house.stores.acquire(environment: "dev", holder: "somebody", ttl: .seconds(9))
        try await house.stores.write([.doubt(House.stage, reason: "a test")], environment: "dev", lease: lease)
        await house.stores.release(lease)
        let doubting = try house.reconciler()
        _ = await doubting.tick()
        #expect(doubting.counters.plans == 1)
    }
}
