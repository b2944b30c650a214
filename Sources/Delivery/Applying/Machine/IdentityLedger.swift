import JSON
import Planning
import Resources

/// What objects are called on the target, kept by manifest so that one step's news costs no copy of all.
struct IdentityLedger: Sendable {
    private var byRoot: [String: [Address: Identity]] = [:]

    init(_ identities: [Address: Identity]) {
        for (address, identity) in identities { byRoot[address.root, default: [:]][address] = identity }
    }

    subscript(address: Address) -> Identity? {
        get { byRoot[address.root]?[address] }
        set { byRoot[address.root, default: [:]][address] = newValue }
    }

    mutating func merge(_ news: [Address: Identity?]) {
        for (address, identity) in news { self[address] = identity }
    }

    /// Everything known of the manifests that the steps touch, and of what their documents refer to.
    func identities(for steps: some Sequence<Step>, dependencies: [Address: [Address]]) -> [Address: Identity] {
        var roots: Set<String> = []
        var others: Set<Address> = []
        for effect in steps.lazy.flatMap(\.effects) {
            roots.insert(effect.address.root)
            effect.before?.forEachReference { others.insert($0.address) }
            effect.after?.forEachReference { others.insert($0.address) }
            others.formUnion(dependencies[effect.address] ?? [])
        }
        var found: [Address: Identity] = [:]
        for root in roots {
            guard let known = byRoot[root] else { continue }
            if found.isEmpty { found = known } else { found.merge(known) { old, _ in old } }
        }
        for address in others where found[address] == nil { found[address] = self[address] }
        return found
    }

    /// Of all of them.
    var all: [Address: Identity] {
        byRoot.values.reduce(into: [:]) { all, some in all.merge(some) { old, _ in old } }
    }
}

extension ApplyHeader {
    /// The recorded state once a step took effect.
    func changes(done step: Step, _ ledger: IdentityLedger) -> [StateChange] {
        step.effects.map { effect in
            guard let document = effect.after else { return .remove(effect.address) }
            return .record(
                RecordedObject(
                    address: effect.address, identity: ledger.identity(of: effect.address), document: document,
                    dependencies: dependencies[effect.address] ?? []))
        }
    }

    /// The recorded state once a step was taken back. `isFirst` tells whether no earlier step has the object.
    func changes(undone step: Step, _ ledger: IdentityLedger, isFirst: (Address) -> Bool) -> [StateChange] {
        step.effects.map { effect in
            guard let before = effect.before else { return .remove(effect.address) }
            var object = recorded[effect.address]
            if isFirst(effect.address) {
                // An object that was only taken over goes back to being nobody's.
                guard object != nil else { return .remove(effect.address) }
            } else {
                object = RecordedObject(
                    address: effect.address, identity: ledger.identity(of: effect.address), document: before,
                    dependencies: object?.dependencies ?? [])
            }
            guard var object else { return .remove(effect.address) }
            object.identity = ledger.identity(of: effect.address)
            return .record(object)
        }
    }
}

extension IdentityLedger {
    /// The natural key stands in for an id that the target does not give.
    fileprivate func identity(of address: Address) -> Identity {
        self[address] ?? Identity(physicalID: address.key.isEmpty ? address.root : address.key)
    }
}
