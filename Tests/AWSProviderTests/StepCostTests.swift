import JSON
import Resources
import Testing

@testable import AWSProvider

@Suite("What steps cost")
struct StepCostTests {
    private func steps(_ operations: Operation...) -> [Step] {
        operations.enumerated().map { number, operation in
            Step(
                number: number, operation: operation.rawValue,
                effects: [Step.Effect(Address(.restAPI, "shop"), before: nil, after: [:])], dependencies: [],
                isReversible: true)
        }
    }

    @Test("calls are those of the steps and the reads before the first of them, the same for every target")
    func calls() {
        let new = steps(.createRestAPI, .fillRestAPI, .createDeployment, .createStage)
        let engine = StepCost.estimate(new, target: ["engine": [:]])
        #expect(engine.calls == 11 + 1 + 2 + 1 + 2)
        #expect(StepCost.estimate(new, target: ["aws": ["region": "eu-west-1"]]).calls == engine.calls)
        #expect(StepCost.estimate([], target: ["engine": [:]]).calls == 0)
    }

    @Test("AWS keeps a pace: its slowest operation decides, an endpoint of its kind does not")
    func pace() {
        let deletes = steps(.deleteRestAPI, .deleteRestAPI, .deleteRestAPI)
        #expect(StepCost.estimate(deletes, target: ["aws": [:]]).duration > .seconds(90))
        #expect(StepCost.estimate(deletes, target: ["aws": ["endpoint": "http://x"]]).duration < .seconds(1))
        #expect(StepCost.estimate(deletes, target: ["engine": [:]]).duration < .seconds(1))
    }

    @Test("an operation of another version costs nothing that is known", arguments: ["Nothing", ""])
    func unknown(operation: String) {
        let step = Step(number: 0, operation: operation, effects: [], dependencies: [], isReversible: true)
        #expect(StepCost.estimate([step], target: [:]) == Estimate(calls: 0, duration: .zero))
    }
}
