import JSON
import Planning
import Resources

@testable import Applying

/// Where a run came to rest.
struct Rest {
    let scenario: Scenario
    let world: World
    let journal: SimulatedJournal
    let ending: ApplyEnding?
    let residue: [Residue]
    /// Something was refused, or lied about.
    let mayLeaveResidue: Bool

    /// What must hold and does not.
    var violations: [String] {
        world.violations + wrongEnding + unrecorded
    }

    private var wrongEnding: [String] {
        let isBefore = Scenario.has(world, exactly: scenario.before)
        let isAfter = Scenario.has(world, exactly: scenario.after)
        switch ending {
        case .done: return isAfter ? [] : ["done, and the target is not as the plan says"]
        case .rolledBack: return isBefore ? [] : ["rolled back, and the target is not as before"]
        case .residue: return unnamed
        case .held: return scenario.plan.settings.onFailure == .hold ? [] : ["held, and nobody asked for it"]
        case nil: return ["it is not at rest"]
        }
    }

    private var unnamed: [String] {
        if residue.isEmpty { return ["residue without a name"] }
        if !mayLeaveResidue { return ["residue, and nothing was refused"] }
        let named = Set(residue.flatMap(\.addresses))
        let identities = world.objects.mapValues(\.identity)
        return Set(scenario.before.keys).union(scenario.after.keys).subtracting(named).sorted().compactMap { address in
            let found = world.objects[address]?.document
            let before = scenario.before[address]?.resolved(with: identities)
            let after = scenario.after[address]?.resolved(with: identities)
            return found == before || found == after ? nil : "\(address) differs and is not named"
        }
    }

    private var unrecorded: [String] {
        let identities = world.objects.mapValues(\.identity)
        let addresses = Set(journal.recorded.keys).union(world.objects.keys)
        return addresses.sorted().compactMap { address in
            if journal.doubts.contains(address) {
                // Doubted or not: what is there is recorded, with what it builds on.
                return world.objects[address] == nil || journal.recorded[address] != nil
                    ? nil : "\(address) is there, and is not recorded"
            }
            let recorded = journal.recorded[address]
            if recorded?.document.resolved(with: identities) != world.objects[address]?.document {
                return "\(address) is not recorded as it is"
            }
            return recorded?.identity == identities[address] ? nil : "\(address) is recorded under another id"
        }
    }
}
