import JSON
import Resources
import Synchronization
import Testing

@testable import Applying

/// Answers nothing and remembers what it was asked.
private final class Listener: ResourceProvider {
    let asked = Mutex<[Observation]>([])

    func steps(for changes: [Change]) -> [Step] { [] }
    func observe(_ observation: Observation) async throws(ProviderFailure) -> [Address: ObservedObject] {
        asked.withLock { $0.append(observation) }
        return [:]
    }
    func perform(_ step: Step, _ context: StepContext) -> StepResult { StepResult() }
    func undo(_ step: Step, _ context: StepContext) -> StepResult { StepResult() }
}

@Suite("the look after a lost reply")
struct ObservationTests {
    @Test(
        "is told the token of every object of the step: a new deployment stands beside the one before",
        arguments: [nil, ["fingerprint": "old"] as JSONValue], [true, false])
    func tokens(_ before: JSONValue?, _ isUndo: Bool) async throws {
        let address = Address(.deployment, "shop")
        let step = Step(
            number: 0, operation: "CreateDeployment",
            effects: [Step.Effect(address, before: before, after: ["fingerprint": "new"])], dependencies: [],
            isReversible: true)
        let listener = Listener()
        let calls = ProviderCalls(
            provider: listener, ticker: Ticker(ContinuousClock()), settings: ApplierSettings(), ensure: { _ in })
        let context = StepContext(environment: "dev", token: "abc", identities: [:], commit: "c")
        _ = await calls.look(at: step, context, original: [:], isUndo: isUndo)
        #expect(listener.asked.withLock { $0.map(\.tokens) } == [[address: "abc"]])
    }
}
