import Testing

@testable import Reconciling

@Suite("Pauses")
struct BackOffTests {
    @Test("pauses double up to the limit and never overflow")
    func doubling() {
        var backOff = BackOff()
        let settings = ReconcilerSettings()
        let pauses = (0..<100).map { _ in backOff.next(settings, atLeast: .zero, random: 1) }
        #expect(
            pauses.prefix(7) == [
                .seconds(5), .seconds(10), .seconds(20), .seconds(40), .seconds(80), .seconds(160), .seconds(300),
            ])
        #expect(pauses.dropFirst(7).allSatisfy { $0 == settings.pauseMax })
    }

    @Test("the spread halves a pause at most, and a failure that asks for more gets it")
    func spread() {
        var backOff = BackOff()
        #expect(backOff.next(ReconcilerSettings(), atLeast: .zero, random: 0) == .seconds(2.5))
        #expect(backOff.next(ReconcilerSettings(), atLeast: .seconds(60), random: 1) == .seconds(60))
    }
}
