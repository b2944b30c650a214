import JSON
import Resources

/// Turns the changes of a plan into calls, API by API.
///
/// An import carries all changes inside a definition, so that an API of any size is a handful of calls: create, import,
/// deploy, one call a stage.
struct StepDerivation {
    private var steps: [Step] = []
    /// Numbers of the steps that carry a change out, the last one last.
    private var stepsOfAddress: [Address: [Int]] = [:]
    private let changes: [Change]

    init(_ changes: [Change]) { self.changes = changes }

    /// - Throws: `provider.unsupported` for a kind or an action that this provider does not know.
    mutating func derive() throws(ProviderFailure) -> [Step] {
        var roots: [String] = []
        var byRoot: [String: [Change]] = [:]
        for change in changes where change.action != .forget && change.action != .adopt {
            guard change.action != .replace else {
                throw ProviderFailure(
                    .unsupported, "`\(change.address)` cannot be replaced in one plan", effect: .none)
            }
            if byRoot[change.address.root] == nil { roots.append(change.address.root) }
            byRoot[change.address.root, default: []].append(change)
        }
        for root in roots { try prepare(byRoot[root] ?? []) }
        // In the plan's order, whatever the API: what grants before what flips, what takes away after it.
        for change in changes where change.address.kind == .stage {
            flip(change, among: byRoot[change.address.root] ?? [])
        }
        for root in roots { removeStages(byRoot[root] ?? []) }
        let reversible = Array(0..<steps.count)
        for root in roots { removeAPI(byRoot[root] ?? [], after: reversible) }
        return steps
    }

    // MARK: Hidden preparation

    private mutating func prepare(_ changes: [Change]) throws(ProviderFailure) {
        guard !changes.contains(where: { $0.address.kind == .restAPI && $0.action == .delete }) else { return }
        var edits: [Step.Effect] = []
        var isNew = false
        for change in changes {
            switch change.address.kind {
            case .restAPI where change.action == .create:
                isNew = true
                add(.createRestAPI, [change.effect], after: change.dependencies)
            case .restAPI:
                edits += updateRestAPI(change)
            case let kind where kind.isPartOfDefinition:
                edits.append(change.effect)
            case .documentationVersion where change.action == .update:
                throw ProviderFailure(
                    .unsupported, "`\(change.address)` holds other documentation parts, and can never change",
                    effect: .none)
            case .deployment, .documentationVersion, .stage: break
            default:
                throw ProviderFailure(
                    .unsupported, "`\(change.address)` is of a kind that this version does not manage", effect: .none)
            }
        }
        if !edits.isEmpty {
            let edited = Set(edits.map(\.address))
            let api = changes.map(\.address).filter { $0.kind == .restAPI }
            let dependencies = changes.filter { edited.contains($0.address) }.flatMap(\.dependencies)
            add(isNew ? .fillRestAPI : .putRestAPI, edits, after: api + dependencies)
        }
        let prepared = changes.map(\.address).filter { $0.kind == .restAPI || $0.kind.isPartOfDefinition }
        for change in changes where change.action != .delete {
            switch change.address.kind {
            case .deployment: add(.createDeployment, [change.effect], after: change.dependencies + prepared)
            case .documentationVersion:
                add(.createDocumentationVersion, [change.effect], after: change.dependencies + prepared)
            default: continue
            }
        }
    }

    /// One document takes up to three calls: attributes, then tags, then what only an import can set.
    ///
    /// - Returns: The effect that is left for the import, if any.
    private mutating func updateRestAPI(_ change: Change) -> [Step.Effect] {
        guard let before = change.before?.object, let after = change.after?.object else { return [] }
        var now = before
        func effect(to next: JSONObject) -> Step.Effect? {
            guard next != now else { return nil }
            defer { now = next }
            return Step.Effect(change.address, before: .object(now), after: .object(next))
        }
        var attributes = after
        attributes["version"] = before["version"]
        attributes["tags"] = before["tags"]
        if let effect = effect(to: attributes) {
            add(.updateRestAPI, [effect], after: change.dependencies)
        }
        var tags = now
        tags["tags"] = after["tags"]
        if let effect = effect(to: tags) {
            add(.tagRestAPI, [effect], after: change.dependencies + [change.address])
        }
        return effect(to: after).map { [$0] } ?? []
    }

    // MARK: Flips

    private mutating func flip(_ change: Change, among changes: [Change]) {
        let kinds: Set<ResourceKind> = [.deployment, .documentationVersion, .restAPI]
        let prepared = changes.map(\.address).filter { kinds.contains($0.kind) }
        switch change.action {
        case .create: add(.createStage, [change.effect], after: change.dependencies + prepared)
        case .update:
            guard let before = change.before?.object, let after = change.after?.object else { return }
            var middle = after
            middle["tags"] = before["tags"]
            if middle != before {
                add(
                    .updateStage, [Step.Effect(change.address, before: .object(before), after: .object(middle))],
                    after: change.dependencies + prepared)
            }
            if middle != after {
                add(
                    .tagStage, [Step.Effect(change.address, before: .object(middle), after: .object(after))],
                    after: change.dependencies + prepared + [change.address])
            }
        default: return
        }
    }

    // MARK: Deletes

    private mutating func removeStages(_ changes: [Change]) {
        guard !changes.contains(where: { $0.address.kind == .restAPI && $0.action == .delete }) else { return }
        for change in changes where change.address.kind == .stage && change.action == .delete {
            add(.deleteStage, [change.effect], after: changes.map(\.address).filter { $0.kind == .deployment })
        }
    }

    /// One call takes the API with everything in it. It goes after every step that can be undone: it alone cannot.
    private mutating func removeAPI(_ changes: [Change], after reversible: [Int]) {
        guard let api = changes.first(where: { $0.address.kind == .restAPI && $0.action == .delete }) else { return }
        let everything = [api.effect] + changes.filter { $0.address != api.address }.map(\.effect)
        add(.deleteRestAPI, everything, dependencies: reversible, isReversible: false)
    }

    // MARK: Steps

    private mutating func add(_ operation: Operation, _ effects: [Step.Effect], after addresses: [Address]) {
        let dependencies = Set(addresses.flatMap { stepsOfAddress[$0] ?? [] })
        add(operation, effects, dependencies: dependencies.sorted(), isReversible: true)
    }

    private mutating func add(
        _ operation: Operation, _ effects: [Step.Effect], dependencies: [Int], isReversible: Bool
    ) {
        let number = steps.count
        steps.append(
            Step(
                number: number, operation: operation.rawValue, effects: effects, dependencies: dependencies,
                isReversible: isReversible))
        for effect in effects { stepsOfAddress[effect.address, default: []].append(number) }
    }
}

extension Change {
    fileprivate var effect: Step.Effect { Step.Effect(address, before: before, after: after) }
}
