import Applying
import Testing

@Suite("the states of a step")
struct StepStateTests {
    /// Everything that may happen, and where it leads: a pair that is not here must be refused.
    static let legal: [(StepState, StepEvent, StepState)] = [
        (.pending, .intended, .inFlight),
        (.inFlight, .succeeded, .done),
        (.inFlight, .refused, .undone),
        (.inFlight, .replyLost, .unknown),
        (.inFlight, .deferred, .pending),
        (.unknown, .foundApplied, .done),
        (.unknown, .foundAbsent, .pending),
        (.pending, .abandoned, .undone),
        (.done, .undoIntended, .undoing),
        (.undoing, .undone, .undone),
        (.undoing, .replyLost, .undoUnknown),
        (.undoUnknown, .foundUndone, .undone),
        (.undoUnknown, .foundNotUndone, .done),
        (.undoing, .undoRefused, .stuck),
    ]

    @Test("a state and an event lead where the table says, or are refused", arguments: StepState.allCases)
    func everyPair(_ state: StepState) throws {
        for event in StepEvent.allCases {
            let listed = Self.legal.first { $0.0 == state && $0.1 == event }
            do throws(JournalFailure) {
                let next = try state.after(event)
                #expect(next == listed?.2, "\(state) after \(event)")
            } catch {
                #expect(listed == nil, "\(state) after \(event) is legal")
                #expect(error.code == .illegalTransition)
                #expect(error.message.contains("`\(state.rawValue)`") && error.message.contains("`\(event.rawValue)`"))
            }
        }
    }

    @Test("nothing follows the end of a step but its undo")
    func ends() {
        for event in StepEvent.allCases {
            #expect(throws: JournalFailure.self) { try StepState.undone.after(event) }
            #expect(throws: JournalFailure.self) { try StepState.stuck.after(event) }
        }
    }
}
