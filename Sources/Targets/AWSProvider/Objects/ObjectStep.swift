import JSON
import Resources

/// The call of one step on an object of its own, and the way back.
struct ObjectStep {
    let clients: ServiceClients
    let step: Step
    let context: StepContext
    /// A principal that was just made may be refused for some seconds.
    let isEventual: Bool

    private var effect: Step.Effect { step.effects[0] }
    private var address: Address { effect.address }
    /// What the object is called that another one is made beside.
    private var displaced: Address? { step.effects.dropFirst().first?.address }

    func perform() async throws(ProviderFailure) -> StepResult {
        let isNew = step.operation.hasPrefix("Create") && (effect.before == nil || displaced != nil)
        let call = ObjectCall(
            operation: step.operation, address: address, before: isNew ? nil : resolved(effect.before),
            after: resolved(effect.after), identity: isNew ? nil : context.identities[address], context: context)
        let identity = try await perform(call)
        var result = StepResult()
        if let displaced { result.identities[displaced] = .some(context.identities[address]) }
        if let identity {
            result.identities[address] = .some(identity)
        } else if effect.after == nil {
            result.identities[address] = .some(nil)
        }
        return result
    }

    /// Goes from what the step left to what was there before it; what is so already stays.
    func undo() async throws(ProviderFailure) -> StepResult {
        var result = StepResult()
        let before = displaced == nil ? effect.before : nil
        guard let moves = ObjectMoves.moves(address.kind, from: effect.after?.object, to: before?.object) else {
            throw .unknownCall(step.operation)
        }
        var now = effect.after
        var identity = context.identities[address]
        // A document that stays as it is was written again: so it is once more.
        for move in moves {
            let call = ObjectCall(
                operation: move.operation, address: address, before: resolved(now),
                after: resolved(move.after.map { .object($0) }), identity: identity, context: context)
            now = move.after.map { .object($0) }
            if now == nil, identity == nil { continue }
            identity = try await again(call) ?? identity
        }
        if let displaced {
            result.identities[address] = .some(context.identities[displaced])
            result.identities[displaced] = .some(nil)
        } else {
            result.identities[address] = .some(before == nil ? nil : identity)
        }
        return result
    }

    private func resolved(_ document: JSONValue?) -> JSONObject? {
        document?.resolved(with: context.identities, as: address.kind).object
    }

    private func handler() throws(ProviderFailure) -> any ObjectHandler {
        guard let handler = clients.handler(of: address.kind) else {
            throw ProviderFailure(
                .unsupported, "`\(address)` is of a kind that this version does not manage", effect: .none)
        }
        return handler
    }

    /// SOURCE: IAM user guide, "Troubleshoot IAM": changes are visible everywhere only after some seconds.
    private func perform(_ call: ObjectCall) async throws(ProviderFailure) -> Identity? {
        do {
            return try await handler().perform(call)
        } catch let failure where failure.targetCode == "EntityAlreadyExists" && call.operation.hasPrefix("Create") {
            throw ProviderFailure(
                .refused,
                "\(failure.message); to take over what is there, write `metadata.adopt` in the manifest of `\(address)`",
                effect: .none, targetCode: failure.targetCode)
        } catch let failure
            where failure.targetCode == "ResourceConflictException" && call.operation == "CreateFunction"
        {
            throw ProviderFailure(
                .refused,
                "\(failure.message); to take over what is there, write `metadata.adopt` in the manifest of `\(address)`",
                effect: .none, targetCode: failure.targetCode)
        } catch let failure where isEventual && failure.isAboutNewPrincipal {
            throw ProviderFailure(
                failure.code, failure.message, effect: .deferred(retryAfter: Limits.principalPause),
                targetCode: failure.targetCode)
        }
    }

    /// A call that may have been made before.
    private func again(_ call: ObjectCall) async throws(ProviderFailure) -> Identity? {
        do {
            return try await handler().perform(call)
        } catch let failure
            where failure.targetCode == "EntityAlreadyExists"
            || failure.targetCode == "ResourceConflictException" && call.operation == "CreateFunction"
        {
            let lookup = ObjectLookup(
                address: address, identity: nil, token: nil, environment: context.environment)
            guard let found = try await handler().find(lookup) else { throw failure }
            return found.identity
        }
    }
}

extension ProviderFailure {
    /// A principal that the service does not see everywhere yet.
    fileprivate var isAboutNewPrincipal: Bool {
        switch targetCode {
        case "MalformedPolicyDocument": message.contains("Invalid principal")
        case "InvalidParameterValueException": message.contains("cannot be assumed")
        default: false
        }
    }
}
