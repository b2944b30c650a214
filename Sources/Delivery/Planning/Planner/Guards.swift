package import Diagnostics
import Resources

/// What a plan may not do unless a person agrees.
struct Guards {
    let settings: ApplySettings
    let desired: [DesiredResource]
    let present: [RecordedObject]
    let renaming: Renaming

    /// In a fixed order: limits, kinds, then objects in the plan's order.
    func reasons(for changes: [Change]) -> [ConsentReason] {
        var reasons: [ConsentReason] = []
        // What a successor has taken the place of counts with its replacement.
        let changes = changes.filter { !$0.address.isDisplaced }
        let deletes = changes.lazy.filter { $0.action == .delete }.count
        if deletes > settings.maxDeletes {
            reasons.append(.tooManyDeletes(count: deletes, limit: settings.maxDeletes))
        }
        if deletes > 0 { reasons += emptiedKinds }
        let patterns = settings.protect.map(AddressPattern.init)
        for change in changes where change.action == .delete || change.action == .replace {
            if let pattern = patterns.first(where: { $0.matches(change.address) }) {
                reasons.append(.protected(change.address, pattern: pattern.text))
            }
            if change.action == .replace, !change.isReversible { reasons.append(.interruption(change.address)) }
        }
        return reasons + renaming.conflicts + unprotected(patterns)
    }

    /// A rename does not lead out of protection: one reason for each that does.
    private func unprotected(_ patterns: [AddressPattern]) -> [ConsentReason] {
        guard !patterns.isEmpty else { return [] }
        return renaming.moves.compactMap { entry in
            for object in present where object.address.root == entry.move.to.root {
                let before = renaming.original(of: object.address)
                guard before != object.address, let pattern = patterns.first(where: { $0.matches(before) }),
                    !patterns.contains(where: { $0.matches(object.address) })
                else { continue }
                return .protected(before, pattern: pattern.text)
            }
            return nil
        }
    }

    /// Kinds with objects now and none afterwards. The parts of a definition come and go with the API's design; only
    /// losing every route is an alarm. Aliases and permissions are parts of functions.
    private var emptiedKinds: [ConsentReason] {
        func isWatched(_ kind: ResourceKind) -> Bool {
            kind == .method || !(kind.isPartOfDefinition || kind.isSnapshot || kind.isPartOfFunction)
        }
        let wanted = Set(desired.lazy.map(\.address.kind))
        var counts: [ResourceKind: Int] = [:]
        for object in present where isWatched(object.address.kind) { counts[object.address.kind, default: 0] += 1 }
        return counts.filter { !wanted.contains($0.key) }.sorted { $0.key < $1.key }
            .map { .deletesEvery($0.key, count: $0.value) }
    }
}

/// An address with `*` for any text: `RestApi/*`, `Stage/petstore prod*`.
struct AddressPattern {
    let text: String
    private let parts: [[UInt8]]

    init(_ text: String) {
        self.text = text
        parts = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
    }

    /// Takes time linear in pattern and address: each part is looked for once, from the left.
    func matches(_ address: Address) -> Bool {
        let name = Array(address.description.utf8)
        guard let first = parts.first, let last = parts.last, name.starts(with: first) else { return false }
        guard parts.count > 1 else { return name.count == first.count }
        var from = first.count
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = name[from...].firstRange(of: part) else { return false }
            from = found.upperBound
        }
        return name.count - from >= last.count && name.suffix(last.count).elementsEqual(last)
    }
}

extension ConsentReason {
    /// What is said to people.
    package var finding: Diagnostic {
        switch self {
        case .tooManyDeletes(let count, let limit):
            Diagnostic(
                .error, PlanFinding.tooManyDeletes,
                "the plan deletes \(count) objects, and `spec.apply.maxDeletes` is \(limit)", at: nil,
                remedy: "check what it deletes, then consent to it or raise the limit")
        case .protected(let address, let pattern):
            Diagnostic(
                .error, PlanFinding.protected, "`\(address)` is protected by `\(pattern)`", at: nil,
                remedy: "put it back, or consent to losing it")
        case .deletesEvery(let kind, let count):
            Diagnostic(
                .error, PlanFinding.deletesEveryObject,
                count == 1
                    ? "the plan deletes the only object of the kind `\(kind)`"
                    : "the plan deletes all \(count) objects of the kind `\(kind)`", at: nil,
                remedy: "check `spec.manifests`, then consent to it if it is meant")
        case .loosened(let field, let before, let after):
            Diagnostic(
                .error, PlanFinding.guardLoosened, "the commit loosens `\(field)`: `\(before)` becomes `\(after)`",
                at: nil,
                remedy: "put it back, or consent to it")
        case .bothRecorded(let address, let previous, let span):
            Diagnostic(
                .error, PlanFinding.bothRecorded,
                "`\(address)` cannot have been `\(previous)`: both are recorded, and `\(previous)` is deleted",
                at: span,
                remedy: "remove `previousName`, then consent to the delete if it is meant")
        case .approval:
            Diagnostic(
                .error, PlanFinding.approvalNeeded, "the controller wants a consent to every plan of the environment",
                at: nil, remedy: "consent to the plan's digest")
        case .interruption(let address):
            Diagnostic(
                .error, PlanFinding.interruption, "`\(address)` is deleted before it is made again", at: nil,
                remedy: "consent to the interruption, or declare a second object and move to it")
        }
    }
}
