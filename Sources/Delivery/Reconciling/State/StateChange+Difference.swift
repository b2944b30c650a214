package import Applying
package import Planning
package import Resources

extension StateChange {
    /// What makes `before` the recorded state `after`, where objects only got other addresses; doubts go along.
    package static func between(
        _ before: [RecordedObject], _ after: [RecordedObject], _ doubts: [Address: String],
        moved: (Address) -> Address
    ) -> [StateChange] {
        let known = Dictionary(before.map { ($0.address, $0) }) { first, _ in first }
        let kept = Set(after.map(\.address))
        let gone = Set(known.keys).union(doubts.keys.filter { moved($0) != $0 }).subtracting(kept)
        // A record ends a doubt; one that was there is set again.
        return gone.sorted().map(StateChange.remove)
            + after.filter { known[$0.address] != $0 }.map(StateChange.record)
            + doubts.sorted { $0.key < $1.key }.map { .doubt(moved($0.key), reason: $0.value) }
    }
}
