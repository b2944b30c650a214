import JSON
import Resources

/// A target in memory that notices what must never happen: a create that is repeated, a reference to nothing, an object
/// taken away under another that needs it.
struct World {
    private(set) var objects: [Address: ObservedObject] = [:]
    /// What must never have happened; empty in a sound run.
    private(set) var violations: [String] = []
    private var tokens: [Address: String] = [:]
    private var created = 0

    /// An object that was there all along.
    mutating func place(_ address: Address, _ document: JSONValue) -> Identity {
        let identity = newIdentity()
        objects[address] = ObservedObject(identity: identity, document: document)
        return identity
    }

    /// What somebody else does to an object; nil takes it away.
    mutating func meddle(_ address: Address, _ document: JSONValue?) {
        guard let document else { return objects[address] = nil }
        let identity = objects[address]?.identity ?? newIdentity()
        objects[address] = ObservedObject(identity: identity, document: document)
    }

    func observe(_ observation: Observation) -> [Address: ObservedObject] {
        let asked = Set(observation.addresses)
        return objects.filter { asked.contains($0.key) || observation.roots.contains($0.key.root) }
    }

    mutating func perform(_ step: Step, _ context: StepContext) -> CallResult {
        var news: [Address: Identity?] = [:]
        for effect in step.effects {
            if let refusal = refusal(of: effect, step.operation, step) { return .refused(refusal) }
        }
        for effect in step.effects {
            let old = objects[effect.address]
            guard let document = effect.after else {
                objects[effect.address] = nil
                news[effect.address] = .some(nil)
                continue
            }
            if old != nil, effect.before == nil {
                let again = tokens[effect.address] == context.token ? "the same create twice" : "a create over another"
                violations.append("\(again): \(effect.address)")
            }
            let identity = old.flatMap { step.operation == "replace" ? nil : $0.identity } ?? newIdentity()
            tokens[effect.address] = context.token
            put(document, at: effect.address, identity, context)
            news[effect.address] = identity
        }
        return .took(news)
    }

    mutating func undo(_ step: Step, _ context: StepContext) -> CallResult {
        var news: [Address: Identity?] = [:]
        for effect in step.effects where effect.before == nil {
            if let user = user(of: effect.address, besides: step) {
                return .refused("`\(effect.address)` is used by `\(user)`")
            }
        }
        for effect in step.effects {
            guard let document = effect.before else {
                objects[effect.address] = nil
                news[effect.address] = .some(nil)
                continue
            }
            let identity = objects[effect.address]?.identity ?? newIdentity()
            put(document, at: effect.address, identity, context)
            news[effect.address] = identity
        }
        return .took(news)
    }

    enum CallResult {
        case took([Address: Identity?])
        case refused(String)
    }

    private mutating func put(_ document: JSONValue, at address: Address, _ identity: Identity, _ context: StepContext)
    {
        let resolved = document.resolved(with: context.identities.merging([address: identity]) { _, new in new })
        if !resolved.references.isEmpty { violations.append("a reference to nothing in \(address)") }
        objects[address] = ObservedObject(identity: identity, document: resolved)
    }

    private func refusal(of effect: Step.Effect, _ operation: String, _ step: Step) -> String? {
        if effect.before != nil, objects[effect.address] == nil { return "`\(effect.address)` is not there" }
        if effect.after == nil, let user = user(of: effect.address, besides: step) {
            return "`\(effect.address)` is used by `\(user)`"
        }
        return nil
    }

    /// An object whose document names the id of another; the first in the order of addresses.
    private func user(of address: Address, besides step: Step) -> Address? {
        guard let id = objects[address]?.identity.physicalID else { return nil }
        let own = Set(step.effects.map(\.address))
        return objects.filter { !own.contains($0.key) && $0.value.document.names(id) }.keys.min()
    }

    private mutating func newIdentity() -> Identity {
        created += 1
        return Identity(physicalID: "id\(created).", attributes: ["arn": "arn:world:\(created)."])
    }
}

extension JSONValue {
    /// True if a string in the value has `text` in it.
    fileprivate func names(_ text: String) -> Bool {
        switch self {
        case .null, .bool, .number: false
        case .string(let string): string.contains(text)
        case .array(let elements): elements.contains { $0.names(text) }
        case .object(let object): object.members.contains { $0.value.names(text) }
        }
    }
}
