import JSON
import Resources

/// A target in memory. A step is one change; what a document refers to must be there.
actor SmallWorld: ResourceProvider {
    private(set) var objects: [Address: ObservedObject] = [:]
    private var made = 0
    private(set) var calls: [String] = []
    nonisolated let prober: (any StageProber)?

    init(prober: (any StageProber)? = nil) { self.prober = prober }

    /// Failures of the next observations and steps, the next one last.
    private var observeFailures: [ProviderFailure] = []
    private var stepFailures: [Address: ProviderFailure] = [:]
    /// Changes somebody else makes between two observations, the next one last.
    private var meddling: [[Address: JSONValue]] = []
    /// Done by somebody else while the target is read.
    private var meanwhile: (@Sendable () async -> Void)?
    private var ownedObjects: [OwnedObject] = []
    private var gate: (@Sendable () async -> Void)?

    func failObserving(_ failures: [ProviderFailure]) { observeFailures = failures }
    func refuse(_ address: Address, _ failure: ProviderFailure?) { stepFailures[address] = failure }
    func meddle(_ changes: [[Address: JSONValue]]) { meddling = changes }
    func own(_ objects: [OwnedObject]) { ownedObjects = objects }
    func owned() -> [OwnedObject] { ownedObjects }
    func onObserve(_ action: @escaping @Sendable () async -> Void) { meanwhile = action }
    func setGate(_ gate: (@Sendable () async -> Void)?) { self.gate = gate }
    func change(_ address: Address, _ document: JSONValue?) {
        guard let document else { return objects[address] = nil }
        objects[address] = ObservedObject(
            identity: objects[address]?.identity ?? identity(), document: document)
    }
    func document(_ address: Address) -> JSONValue? { objects[address]?.document }
    func forgetCalls() { calls = [] }

    nonisolated func steps(for changes: [Change]) throws(ProviderFailure) -> [Step] {
        var numbers: [Address: Int] = [:]
        let calls = changes.filter { $0.action != .adopt && $0.action != .forget }
        return calls.enumerated().map { number, change in
            defer { numbers[change.address] = number }
            return Step(
                number: number, operation: change.action.rawValue,
                effects: [Step.Effect(change.address, before: change.before, after: change.after)],
                dependencies: Set(change.dependencies.compactMap { numbers[$0] }).sorted(),
                isReversible: change.isReversible)
        }
    }

    func observe(_ observation: Observation) async throws(ProviderFailure) -> [Address: ObservedObject] {
        calls.append("observe")
        if let failure = observeFailures.popLast() { throw failure }
        for (address, identity) in observation.identities where address.kind == .restAPI { find(address, identity) }
        let asked = Set(observation.addresses)
        let seen = objects.filter { asked.contains($0.key) || observation.roots.contains($0.key.root) }
        await meanwhile?()
        for (address, document) in meddling.popLast() ?? [:] { change(address, document) }
        return seen
    }

    /// An API is known by its id: under another address it is there with everything in it.
    private func find(_ address: Address, _ identity: Identity) {
        guard
            let former = objects.first(where: {
                $0.key.kind == .restAPI && $0.value.identity.physicalID == identity.physicalID && $0.key != address
            })?.key
        else { return }
        for (key, object) in objects where key.root == former.root {
            objects[key] = nil
            let name = key.key.isEmpty ? address.root : "\(address.root) \(key.key)"
            objects[Address(key.kind, name)] = object
        }
    }

    func perform(_ step: Step, _ context: StepContext) async throws(ProviderFailure) -> StepResult {
        await gate?()
        calls.append("\(step.operation) \(step.effects[0].address)")
        return try put(step, context) { $0.after }
    }

    func undo(_ step: Step, _ context: StepContext) async throws(ProviderFailure) -> StepResult {
        calls.append("undo \(step.effects[0].address)")
        return try put(step, context) { $0.before }
    }

    private func put(
        _ step: Step, _ context: StepContext, _ document: (Step.Effect) -> JSONValue?
    ) throws(ProviderFailure) -> StepResult {
        var identities: [Address: Identity?] = [:]
        for effect in step.effects {
            if let failure = stepFailures[effect.address] { throw failure }
            guard let wanted = document(effect) else {
                objects[effect.address] = nil
                identities[effect.address] = .some(nil)
                continue
            }
            let identity = objects[effect.address]?.identity ?? identity()
            objects[effect.address] = ObservedObject(
                identity: identity,
                document: wanted.resolved(
                    with: context.identities.merging([effect.address: identity]) { _, new in new }))
            identities[effect.address] = identity
        }
        return StepResult(identities: identities)
    }

    private func identity() -> Identity {
        made += 1
        return Identity(physicalID: "id\(made)")
    }
}
