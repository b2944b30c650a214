package import Diagnostics
import JSON
package import Resources

/// The recorded state brought up to what was read of the target.
package struct RecordedState: Sendable {
    /// In the order of their addresses: what the state is to hold from here on.
    package private(set) var objects: [RecordedObject]
    /// Why an object is not as it was recorded.
    package private(set) var reasons: [Address: String]
    /// Objects that nobody declared, which stay as they are.
    package private(set) var findings: [Diagnostic]

    /// Takes over what was observed. Without recorded objects this rebuilds the state from the target.
    ///
    /// Documents stay symbolic wherever that says the same: an observed document that the commit's document resolves
    /// to is recorded as the commit wrote it, one that the recorded document resolves to as it was recorded; in any other
    /// the strings that still say what a reference said are written as that reference. So a plan without drift has the
    /// same digest whether the target was read or not.
    ///
    /// - Returns: What was asked for and is not there is left out. What is inside an observed definition and neither
    ///   declared nor recorded is taken in, so that a plan deletes it there; outside a definition it is a finding, unless an
    ///   apply of this environment left it behind.
    package static func refreshed(
        _ recorded: [RecordedObject], desired: DesiredGraph, observed: ObservedState
    ) -> RecordedState {
        var identities: [Address: Identity] = [:]
        for object in recorded { identities[object.address] = object.identity }
        for address in observed.addresses { identities[address] = nil }
        for (address, object) in observed.objects { identities[address] = object.identity }

        let wanted = Dictionary(desired.resources.map { ($0.address, $0) }) { first, _ in first }
        let known = Dictionary(recorded.map { ($0.address, $0) }) { first, _ in first }
        var state = RecordedState(objects: [], reasons: [:], findings: [])
        for object in recorded where observed.objects[object.address] == nil {
            if observed.addresses.contains(object.address) {
                state.reasons[object.address] = "it is gone from the target"
            } else {
                state.objects.append(object)
            }
        }
        for (address, object) in observed.objects.sorted(by: { $0.key < $1.key }) {
            state.take(
                address, object, wanted: wanted[address], known: known[address],
                isOurs: observed.doubted.contains(address), identities)
        }
        state.objects.sort { $0.address < $1.address }
        return state
    }

    private mutating func take(
        _ address: Address, _ object: ObservedObject, wanted: DesiredResource?, known: RecordedObject?, isOurs: Bool,
        _ identities: [Address: Identity]
    ) {
        // Our versions of the documentation are kept, so that a commit which names one again finds it.
        let isVersion = address.kind == .documentationVersion && object.document["fingerprint"] != nil
        let isTaken = address.kind.isPartOfDefinition || isVersion
        if wanted == nil, known == nil, !isTaken, !isOurs || address.kind == .deployment {
            // A deployment that nothing needs is left to the pruning.
            guard address.kind != .deployment else { return }
            findings.append(
                Diagnostic(
                    .note, PlanFinding.undeclared, "the target has `\(address)`, which no manifest declares", at: nil,
                    remedy: "declare it, or delete it where it was made"))
            return
        }
        let document = Self.document(of: object, at: address, wanted: wanted, known: known, identities)
        if let known, known.document != document, document != wanted?.document {
            reasons[address] = LostPrincipals.sentence(object.document) ?? "it was changed on the target"
        } else if known == nil {
            reasons[address] =
                isOurs
                ? "an apply left it behind"
                : wanted == nil ? "no manifest declares it" : "it is on the target, but was not recorded"
        }
        objects.append(
            RecordedObject(
                address: address, identity: object.identity, document: document,
                dependencies: known?.dependencies ?? wanted?.dependencies ?? []))
    }

    private static func document(
        of object: ObservedObject, at address: Address, wanted: DesiredResource?, known: RecordedObject?,
        _ identities: [Address: Identity]
    ) -> JSONValue {
        // The recorded form first: it is the before of every plan that did not read the target.
        for symbolic in [known?.document, wanted?.document] {
            if let symbolic, object.matches(symbolic, of: address.kind, identities) { return symbolic }
        }
        return object.document(like: known?.document ?? wanted?.document ?? .null, of: address.kind, identities)
    }
}

extension ObservedObject {
    /// What counts of the object beside `original`, with its references where they still say the same.
    func document(like original: JSONValue, of kind: ResourceKind, _ identities: [Address: Identity]) -> JSONValue {
        let counting = document(besides: original.resolved(with: identities, as: kind), kind)
        let symbolic = counting.symbolic(like: original, identities)
        return kind.isObjectOfItsOwn ? KindTable.object(kind)?.normalForm(of: symbolic) ?? symbolic : symbolic
    }
}

extension JSONValue {
    /// The value with each string as `original` has it at the same place, where that resolves to the same text.
    func symbolic(like original: JSONValue, _ identities: [Address: Identity]) -> JSONValue {
        switch (self, original) {
        case (.string, .string): original.resolved(with: identities) == self ? original : self
        case (.object(let object), .object(let others)):
            .object(
                JSONObject(
                    object.map { name, value in
                        (name, others[name].map { value.symbolic(like: $0, identities) } ?? value)
                    }))
        case (.array(let elements), .array(let others)):
            .array(
                elements.enumerated().map { position, element in
                    // Sets are in another order where references stand for what they say.
                    if let same = others.first(where: { $0 != element && $0.resolved(with: identities) == element }) {
                        return same
                    }
                    return position < others.count ? element.symbolic(like: others[position], identities) : element
                })
        default: self
        }
    }
}
