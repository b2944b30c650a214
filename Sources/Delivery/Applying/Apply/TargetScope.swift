import JSON
import Planning
import Resources

/// The part of a target that an apply answers for: what its steps touch, and the definitions that it overwrites.
struct TargetScope: Sendable {
    let addresses: [Address]
    /// Manifests whose whole definition counts, listed or not.
    let roots: Set<String>
    private let listed: Set<Address>

    init(_ addresses: some Sequence<Address>, roots: Set<String>) {
        listed = Set(addresses)
        self.addresses = listed.sorted()
        self.roots = roots
    }

    func contains(_ address: Address) -> Bool {
        listed.contains(address) || (address.kind.isPartOfDefinition && roots.contains(address.root))
    }

    func observation(_ identities: [Address: Identity]) -> Observation {
        Observation(addresses: addresses, identities: identities, roots: roots)
    }

    /// Manifests whose definition the steps write: such a call replaces the definition as a whole.
    static func roots(of steps: [Step]) -> Set<String> {
        var roots: Set<String> = []
        for step in steps {
            for effect in step.effects where effect.address.kind.isPartOfDefinition {
                roots.insert(effect.address.root)
            }
        }
        return roots
    }
}

extension ApplyHeader {
    var scope: TargetScope {
        TargetScope(steps.lazy.flatMap(\.effects).map(\.address), roots: roots)
    }

    /// The document of each touched object before the first step, symbolic; only of those that were there.
    var symbolic: [Address: JSONValue] {
        var documents: [Address: JSONValue] = [:]
        var seen: Set<Address> = []
        for effect in steps.lazy.flatMap(\.effects) where seen.insert(effect.address).inserted {
            documents[effect.address] = effect.before
        }
        return documents
    }
}
