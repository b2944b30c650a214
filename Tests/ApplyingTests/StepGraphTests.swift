import Diagnostics
import JSON
import Planning
import Resources
import Testing

@testable import Applying

func step(
    _ number: Int, on names: [String]? = nil, after dependencies: [Int] = [], isReversible: Bool = true
) -> Step {
    Step(
        number: number, operation: "Put",
        effects: (names ?? ["o\(number)"]).map {
            Step.Effect(Address(ResourceKind(rawValue: "Part"), $0), before: nil, after: ["n": 1])
        },
        dependencies: dependencies, isReversible: isReversible)
}

func header(_ steps: [Step], stages: [Int]? = nil) -> ApplyHeader {
    ApplyHeader(
        id: ApplyID(rawValue: String(repeating: "a", count: 32)), environment: "dev", commit: "c", planDigest: "d",
        target: [:], parallelism: 4, onFailure: .rollback, steps: steps, stages: stages ?? steps.map { _ in 0 })
}

@Suite("the graph of steps")
struct StepGraphTests {
    static let flawed: [(String, ApplyHeader)] = [
        ("numbered 3", header([step(3)])),
        ("no effect", header([step(0, on: [])])),
        ("two effects on one object", header([step(0, on: ["a", "a"])])),
        ("comes later", header([step(0, after: [1]), step(1)])),
        ("comes later", header([step(0, after: [0])])),
        ("comes later", header([step(0, after: [-1])])),
        ("after one that cannot", header([step(0, isReversible: false), step(1)])),
        ("earlier stage", header([step(0), step(1)], stages: [1, 0])),
        ("in 1 stages", header([step(0), step(1)], stages: [0])),
    ]

    @Test("refuses steps that contradict each other, and says how", arguments: flawed)
    func flaws(_ part: String, _ header: ApplyHeader) throws {
        do throws(ApplyFailure) {
            _ = try StepGraph(header)
            Issue.record("accepted")
        } catch {
            #expect(error.code == .badSteps)
            #expect(error.message.contains(part), "\(error.message)")
        }
    }

    @Test("refuses more steps than one apply may have")
    func tooMany() throws {
        let steps = (0...Limits.stepsMax).map { step($0) }
        do throws(ApplyFailure) {
            _ = try StepGraph(header(steps))
            Issue.record("accepted")
        } catch {
            #expect(error.code == .tooManySteps)
        }
    }

    @Test("puts calls on one object in their order, asked for or not")
    func sameObject() throws {
        let graph = try StepGraph(
            header([step(0, on: ["a"]), step(1, on: ["b"]), step(2, on: ["b", "a"], after: [1])]))
        #expect(graph.dependencies == [[], [], [0, 1]])
        #expect(graph.dependents == [[2], [2], []])
    }

    @Test("starts a stage where callers begin to see more, and where undoing ends")
    func stages() {
        let steps = (0..<6).map { step($0, isReversible: $0 < 5) }
        let classes: [Change.Visibility] = [.hidden, .hidden, .grant, .hidden, .flip, .delete]
        let changes = zip(steps, classes).map { step, visibility in
            Change(.update, step.effects[0].address, before: nil, after: nil, visibility: visibility)
        }
        #expect(StageLayout(steps, changes: changes).stages == [0, 0, 1, 1, 2, 3])
    }

    @Test("waits for grants before a flip, for each run of them once, and asks after the last flip that can be undone")
    func gates() throws {
        func layout(
            _ classes: [Change.Visibility], propagation: Int = 10, isProbed: Bool = true, reversible: Int? = nil
        ) -> StageLayout {
            let steps = classes.indices.map { step($0, isReversible: $0 < reversible ?? classes.count) }
            let changes = zip(steps, classes).map { step, visibility in
                Change(.update, step.effects[0].address, before: nil, after: nil, visibility: visibility)
            }
            return StageLayout(
                steps, changes: changes, propagation: { _ in .seconds(propagation) }, isProbed: isProbed)
        }
        let wait = ApplyGate.Wait.propagation(.seconds(10))
        let whole = layout([.hidden, .grant, .flip, .revoke, .delete])
        #expect(whole.gates == [ApplyGate(after: 1, wait), ApplyGate(after: 2, .probe)])
        // Where no flip follows, or nothing was granted, or it holds at once.
        #expect(layout([.hidden, .grant, .revoke]).gates == [])
        #expect(layout([.hidden, .flip]).gates == [ApplyGate(after: 1, .probe)])
        #expect(layout([.grant, .flip], propagation: 0, isProbed: false).gates == [])
        // A flip that something needs early, and a grant after it.
        let early = layout([.flip, .grant, .flip])
        #expect(early.stages == [0, 0, 1] && early.gates == [ApplyGate(after: 1, wait), ApplyGate(after: 2, .probe)])
        // What cannot be undone is not asked about: it could only be named.
        #expect(layout([.hidden, .flip], reversible: 1).gates == [])
        #expect(layout([.flip, .flip], reversible: 1).gates == [ApplyGate(after: 0, .probe)])
    }

    @Test("refuses a gate where no stage ends")
    func badGate() throws {
        var header = header([step(0, on: ["a"]), step(1, on: ["b"])])
        header.gates = [ApplyGate(after: 0, .probe)]
        #expect(throws: ApplyFailure.self) { _ = try StepGraph(header) }
        header.gates = [ApplyGate(after: 1, .probe), ApplyGate(after: 1, .propagation(.seconds(1)))]
        #expect(throws: ApplyFailure.self) { _ = try StepGraph(header) }
    }

    @Test("tells the two changes of one object apart, and the calls that each of them takes")
    func splitStages() {
        let address = Address(.stage, in: "a", "test")
        func change(_ before: JSONValue, _ after: JSONValue, _ visibility: Change.Visibility) -> Change {
            Change(.update, address, before: before, after: after, visibility: visibility)
        }
        let flip = Change(.update, Address(.stage, in: "b", "test"), before: 0, after: 1, visibility: .flip)
        let changes = [change(0, 2, .grant), flip, change(2, 4, .revoke)]
        let effects: [Step.Effect] = [
            Step.Effect(address, before: 0, after: 1), Step.Effect(address, before: 1, after: 2),
            Step.Effect(flip.address, before: 0, after: 1), Step.Effect(address, before: 2, after: 3),
            Step.Effect(address, before: 3, after: 4),
        ]
        let steps = effects.enumerated().map {
            Step(number: $0, operation: "x", effects: [$1], dependencies: [], isReversible: true)
        }
        #expect(StageLayout(steps, changes: changes).stages == [0, 0, 1, 2, 2])
    }

    @Test("never runs more steps at once than the settings allow, nor than the limit", arguments: [0, 1, 3, 1_000])
    func parallelism(_ asked: Int) throws {
        var header = header((0..<200).map { step($0) })
        header.parallelism = asked
        var machine = try ApplyMachine(header, budget: RetryBudget(ApplierSettings()))
        let turn = try machine.next(at: .zero)
        #expect(turn.actions.count == min(max(asked, 1), Limits.parallelismMax))
        #expect(turn.records.count == turn.actions.count, "one append carries all intents")
    }

    @Test("refuses an answer that nothing asked for")
    func unasked() throws {
        var machine = try ApplyMachine(header([step(0), step(1, after: [0])]), budget: RetryBudget(ApplierSettings()))
        _ = try machine.next(at: .zero)
        #expect(throws: JournalFailure.self) { try machine.handle(.performed(1, .succeeded([:])), at: .zero) }
    }
}

@Suite("the retry budget")
struct RetryBudgetTests {
    let budget = RetryBudget(ApplierSettings())

    @Test("doubles its pauses up to a limit, and ends")
    func pauses() {
        let pauses = (1..<Limits.attemptsMax).map { budget.pause(after: $0, spent: .zero, asked: .zero) }
        #expect(pauses.first == Limits.pauseFirst)
        #expect(pauses[1] == Limits.pauseFirst * 2)
        #expect(pauses.last == Limits.pauseMax)
        #expect(budget.pause(after: Limits.attemptsMax, spent: .zero, asked: .zero) == nil)
        #expect(budget.pause(after: 1, spent: Limits.retryTimeMax, asked: .zero) == nil)
    }

    @Test("gives a target the pause it asks for, within reason")
    func asked() {
        #expect(budget.pause(after: 1, spent: .zero, asked: .seconds(30)) == .seconds(30))
        #expect(budget.pause(after: 1, spent: .zero, asked: .seconds(86_400)) == Limits.pauseAskedMax)
    }
}

@Suite("tokens and messages")
struct TokenTests {
    @Test("a token is 32 hex digits, the same each time, and another for each step and apply")
    func tokens() {
        var generator = SystemRandomNumberGenerator()
        let applies = (0..<20).map { _ in ApplyID.random(using: &generator) }
        let tokens = applies.flatMap { apply in (0..<50).map { StepToken.token(of: apply, step: $0) } }
        #expect(Set(tokens).count == tokens.count)
        #expect(tokens.allSatisfy { $0.count == 32 && $0.allSatisfy { "0123456789abcdef".contains($0) } })
        let fixed = ApplyID(rawValue: String(repeating: "0", count: 32))
        #expect(StepToken.token(of: fixed, step: 7) == StepToken.token(of: fixed, step: 7))
    }

    @Test("a long message of a target is cut before it is journaled")
    func longMessages() {
        let long = ProviderFailure(.refused, String(repeating: "x", count: 100_000), effect: .none)
        #expect(RecordedFailure(long).message.utf8.count <= Limits.messageBytesMax + 3)
    }

    @Test("every code is explained", arguments: ApplyFailure.Code.allCases)
    func explained(_ code: ApplyFailure.Code) {
        #expect(!code.explanation.meaning.isEmpty && !code.explanation.remedy.isEmpty)
    }

    @Test("a lease outlives the longest call")
    func lease() {
        #expect(ApplierSettings().leaseTTL > ApplierSettings().callTimeMax)
    }
}
