import IAMPolicy
import Synchronization

/// Documents compiled for decisions, by their text: a policy is read once, however many have it.
///
/// Holds at most ``Limits/compiledPoliciesMax`` and starts again when it is full.
final class PolicyCache: Sendable {
    private struct Name: Hashable {
        var text: String
        var kind: PolicyKind
    }

    private let sets = Mutex<[Name: PolicySet]>([:])

    /// A document that cannot be read allows nothing: such ones are refused when they are written.
    func set(_ text: String, as kind: PolicyKind) -> PolicySet {
        let name = Name(text: text, kind: kind)
        if let set = sets.withLock({ $0[name] }) { return set }
        let document = PolicyDocument.read(text: text, as: kind, sizeMax: .max).document
        let set = PolicySet(document.map { [(name: "", document: $0)] } ?? [])
        sets.withLock { sets in
            if sets.count >= Limits.compiledPoliciesMax { sets.removeAll(keepingCapacity: true) }
            sets[name] = set
        }
        return set
    }
}
