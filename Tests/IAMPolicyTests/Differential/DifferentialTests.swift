import Foundation
import IAMPolicy
import JSON
import PolicyOracle
import Testing

/// The evaluator against the slow one, on generated policies and requests.
///
/// `make fuzz` asks about 100,000 of them: `GATEWRIGHT_FUZZ_RUNS` from `GATEWRIGHT_FUZZ_SEED` on.
@Suite struct DifferentialTests {
    static let blocks = 20
    static let runs = setting("GATEWRIGHT_FUZZ_RUNS") ?? 2_000
    static let seed = setting("GATEWRIGHT_FUZZ_SEED") ?? 0

    static func setting(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }

    @Test("both evaluators decide alike", arguments: 0..<blocks)
    func agree(_ block: Int) throws {
        var outcomes: [String: Int] = [:]
        for seed in stride(from: Self.seed + block, to: Self.seed + Self.runs, by: Self.blocks) {
            var maker = SituationMaker(seed: seed)
            let situation = maker.make()
            guard let layers = situation.layers else {
                outcomes["invalid", default: 0] += 1
                continue
            }
            let decision = layers.decision(situation.request)
            let slow = SlowEvaluator(situation: situation)
            let wanted = slow.outcome()
            outcomes[wanted, default: 0] += 1
            let report: Comment = "SEED=\(seed) RUNS=1 make fuzz shows this one\n\(situation)\n\(decision)"
            try #require(decision.outcome.rawValue == wanted, report)
            try #require(isTheReason(decision, situation, slow), report)
        }
        guard Self.runs >= 1_000 else { return }
        // What was asked is worth asking.
        let asked = outcomes.values.reduce(0, +)
        #expect(outcomes["invalid", default: 0] * 5 < asked, "\(outcomes)")
        for outcome in AccessDecision.Outcome.allCases {
            #expect(outcomes[outcome.rawValue, default: 0] * 20 > asked, "\(outcomes)")
        }
    }

    /// The statement that is named has the decision's effect and matches.
    private func isTheReason(_ decision: AccessDecision, _ situation: Situation, _ slow: SlowEvaluator) -> Bool {
        guard let origin = decision.statement else { return decision.outcome != .explicitlyDenied }
        guard let document = situation.document(origin.policy) else { return false }
        let statements = slow.statements(document)
        guard statements.indices.contains(origin.index) else { return false }
        let statement = statements[origin.index]
        return slow.effect(statement) == (decision.isAllowed ? "Allow" : "Deny")
            && slow.matches(statement, in: document)
    }
}
