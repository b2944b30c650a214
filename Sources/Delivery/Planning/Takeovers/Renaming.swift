package import Diagnostics
package import Resources

/// The recorded state under the names that the manifests use now.
///
/// A rename is done where the old address is recorded and the new one is not. So a line that stays after it was applied
/// does nothing. What the commit that was applied last renamed is renamed back by a commit that uses the old name again.
package struct Renaming: Sendable {
    /// In the order of their addresses.
    package private(set) var objects: [RecordedObject]
    /// What was moved, in the order of the new addresses.
    package private(set) var moves: [(rename: Rename, move: ObjectMove)] = []
    /// Neither address is recorded: the object may be known by its marker on the target.
    package private(set) var unresolved: [Rename] = []
    package private(set) var findings: [Diagnostic] = []
    private(set) var conflicts: [ConsentReason] = []

    /// - Parameters:
    ///   - recorded: In any order, each address once.
    ///   - former: What the commit that was applied last renamed.
    package init(_ desired: DesiredGraph, recorded: [RecordedObject], former: [Rename] = []) {
        objects = recorded
        let wanted = desired.renames + Self.reversed(former, desired)
        guard !wanted.isEmpty else { return }
        for rename in wanted.sorted(by: { $0.to < $1.to }) { apply(rename, isReversed: rename.span == nil, recorded) }
    }

    /// What `address` was called before the moves.
    func original(of address: Address) -> Address {
        moves.reduce(address) { address, entry in entry.move.reversed.moved(address) }
    }

    /// What `address` is called after the moves.
    package func moved(_ address: Address) -> Address {
        moves.reduce(address) { address, entry in entry.move.moved(address) }
    }

    private static func reversed(_ former: [Rename], _ desired: DesiredGraph) -> [Rename] {
        guard !former.isEmpty else { return [] }
        let declared = Set(desired.resources.lazy.map(\.address))
        let renamed = Set(desired.renames.map(\.to))
        return former.filter { declared.contains($0.from) && !declared.contains($0.to) && !renamed.contains($0.from) }
            .map { Rename(from: $0.to, to: $0.from) }
    }

    private mutating func apply(_ rename: Rename, isReversed: Bool, _ recorded: [RecordedObject]) {
        do throws(ObjectMove.Refusal) {
            let move = try ObjectMove(from: rename.from, to: rename.to)
            objects = try move.applied(to: objects)
            moves.append((rename, move))
        } catch {
            guard !isReversed else { return }
            let isThere = objects.contains { $0.address == rename.to }
            switch error {
            case .missing where !isThere:
                unresolved.append(rename)
                guard !recorded.isEmpty else { return }
                findings.append(
                    Diagnostic(
                        .note, PlanFinding.nothingToRename,
                        "`\(rename.from)` is not recorded, so `\(rename.to)` is new", at: rename.span,
                        remedy: "check the name; remove `previousName` if it is meant"))
            case .taken where objects.contains { $0.address == rename.from }:
                conflicts.append(.bothRecorded(rename.to, previous: rename.from, span: rename.span))
            case .missing, .taken, .same, .kindsDiffer, .isInside: break
            }
        }
    }
}
