import JSON
import Resources

/// Turns the changes of a plan into calls, in the plan's order.
///
/// An import carries all changes inside a definition, so that an API of any size is a handful of calls: create, import,
/// deploy, one call a stage. An object of its own takes the calls that ``ObjectMoves`` gives.
struct StepDerivation {
    private var steps: [Step] = []
    /// Numbers of the steps that carry a change out, the last one last.
    private var stepsOfAddress: [Address: [Int]] = [:]
    private let changes: [Change]
    /// Deletes of what gets another object beside it first.
    private let displaced: [Change]
    /// What gets another identity.
    private let replaced: Set<Address>
    /// APIs that the plan deletes, by their names.
    private var deletedRoots: Set<String> = []
    /// Objects that routes and authorizers of APIs name which the plan deletes.
    private var namedByDeletedAPIs: Set<Address> = []
    /// Changes of an API, by its name.
    private var byRoot: [String: [Change]] = [:]
    /// APIs that are made already.
    private var made: Set<String> = []
    /// What is added now can be undone.
    private var isReversible = true
    private var reversibleCount = 0
    /// What is deleted and made again.
    private var renewed: Set<Address> = []
    /// Objects of their own of which something has been taken off already, before they go.
    private var stripped: [Address: JSONObject] = [:]

    init(_ changes: [Change]) {
        self.changes = changes.filter { $0.action != .forget && $0.action != .adopt }
        displaced = self.changes.filter { $0.action == .delete && $0.address.isDisplaced }
        replaced = Set(self.changes.filter { $0.action == .replace }.map(\.address))
    }

    /// - Throws: `provider.unsupported` for a kind or an action that this provider does not know.
    mutating func derive() throws(ProviderFailure) -> [Step] {
        var last: [String: Int] = [:]
        for (position, change) in changes.enumerated() where !change.address.kind.isObjectOfItsOwn {
            guard change.action != .replace else {
                throw ProviderFailure(
                    .unsupported, "`\(change.address)` cannot be replaced in one plan", effect: .none)
            }
            byRoot[change.address.root, default: []].append(change)
            if change.address.kind == .restAPI, change.action == .delete { deletedRoots.insert(change.address.root) }
            if change.address.kind != .stage { last[change.address.root] = position }
        }
        renewed = Set(changes.filter { $0.action == .replace && !$0.isReversible }.map(\.address))
        for (root, changes) in byRoot where deletedRoots.contains(root) {
            for change in changes where change.address.kind == .method || change.address.kind == .authorizer {
                namedByDeletedAPIs.formUnion(change.before?.references.map(\.address) ?? [])
            }
        }
        let (first, rest) = segments()
        for position in first { try derive(position, last) }
        for position in rest { try strip(changes[position]) }
        reversibleCount = steps.count
        isReversible = false
        for position in rest { try derive(position, last) }
        return steps
    }

    /// Positions of what can be undone, and of what comes after it.
    private func segments() -> (first: [Int], rest: [Int]) {
        let lateRoots = Set(
            byRoot.filter { root, changes in
                !deletedRoots.contains(root)
                    && changes.contains { !$0.isReversible && $0.address.kind != .stage }
            }.keys)
        var (first, rest): ([Int], [Int]) = ([], [])
        for (position, change) in changes.enumerated() {
            let isOwn = change.address.kind.isObjectOfItsOwn
            if !isOwn, deletedRoots.contains(change.address.root) {
                if change.address.kind == .restAPI { rest.append(position) }
                continue
            }
            let isLate = !change.isReversible || (!isOwn && lateRoots.contains(change.address.root))
            if isLate { rest.append(position) } else { first.append(position) }
        }
        return (first, rest)
    }

    private mutating func derive(_ position: Int, _ last: [String: Int]) throws(ProviderFailure) {
        let change = changes[position]
        let root = change.address.root
        guard !change.address.kind.isObjectOfItsOwn else { return try own(change) }
        if change.address.kind == .restAPI, change.action == .delete { return removeAPI(byRoot[root] ?? []) }
        if change.address.kind == .restAPI, change.action == .create {
            made.insert(root)
            add(.createRestAPI, [change.effect], after: change.dependencies)
        }
        if change.address.kind == .stage {
            if change.action == .delete { removeStage(change) } else { flip(change, among: byRoot[root] ?? []) }
        } else if last[root] == position {
            try prepare(byRoot[root] ?? [])
        }
    }

    // MARK: Objects of their own

    private mutating func own(_ change: Change) throws(ProviderFailure) {
        let (before, after) = (change.before?.object, change.after?.object)
        switch change.action {
        case .replace where change.isReversible: try replaceBeside(change)
        case .replace:
            try append(change, from: stripped[change.address] ?? before, to: nil)
            try append(change, from: nil, to: after)
        case .update where before == after:
            // What it refers to has been made again, under its name or beside it.
            try append(change, from: stripped[change.address] ?? before, to: after)
            if change.isReversible, ResourceKind.iam.contains(change.address.kind), let before,
                ObjectMoves.document(before, without: replaced) != before
            {
                throw ProviderFailure(
                    .unsupported,
                    "`\(change.address)` has something attached that gets another name: declare a second object and move to it",
                    effect: .none)
            }
            append(change, ObjectMoves.renewals(after ?? [:], change.address.kind, since: replaced), from: after)
        default: try append(change, from: stripped[change.address] ?? before, to: after)
        }
    }

    /// What can be taken off an object before it goes, or before what it refers to goes, and put back again.
    private mutating func strip(_ change: Change) throws(ProviderFailure) {
        guard change.address.kind.isObjectOfItsOwn, let before = change.before?.object else { return }
        let moves: [Move]
        switch change.action {
        case .delete where change.address.kind == .role && namedByDeletedAPIs.contains(change.address):
            // Callers of the API need it until the API is gone: it comes off then, with the object itself.
            return
        case .delete, .replace:
            moves = try self.moves(change, from: before, to: nil).filter { $0.after != nil }
        case .update:
            let rest = ObjectMoves.document(before, without: renewed)
            moves = rest == before ? [] : try self.moves(change, from: before, to: rest)
        case .create, .adopt, .forget: moves = []
        }
        append(change, moves, from: before)
        stripped[change.address] = moves.last?.after
    }

    private mutating func replaceBeside(_ change: Change) throws(ProviderFailure) {
        let old = displaced.first {
            $0.address.kind == change.address.kind && $0.address.name.hasPrefix("\(change.address.name) (replaced")
                && $0.before == change.before
        }
        var moves = try self.moves(change, from: nil, to: change.after?.object)
        guard let old, !moves.isEmpty else { return }
        let first = moves.removeFirst()
        add(
            first.operation,
            [
                Step.Effect(change.address, before: change.before, after: first.after.map { .object($0) }),
                Step.Effect(old.address, before: nil, after: change.before),
            ], after: change.dependencies)
        append(change, moves, from: first.after)
    }

    private func moves(
        _ change: Change, from before: JSONObject?, to after: JSONObject?
    ) throws(ProviderFailure) -> [Move] {
        guard let moves = ObjectMoves.moves(change.address.kind, from: before, to: after) else {
            throw ProviderFailure(
                .unsupported, "`\(change.address)` is of a kind that this version does not manage", effect: .none)
        }
        return moves
    }

    private mutating func append(
        _ change: Change, from before: JSONObject?, to after: JSONObject?
    ) throws(ProviderFailure) {
        append(change, try moves(change, from: before, to: after), from: before)
    }

    private mutating func append(_ change: Change, _ moves: [Move], from before: JSONObject?) {
        var now = before
        for move in moves {
            let effect = Step.Effect(
                change.address, before: now.map { .object($0) }, after: move.after.map { .object($0) })
            add(move.operation, [effect], after: change.dependencies + [change.address])
            now = move.after
        }
    }

    // MARK: Hidden preparation

    private mutating func prepare(_ changes: [Change]) throws(ProviderFailure) {
        var edits: [Step.Effect] = []
        for change in changes {
            switch change.address.kind {
            case .restAPI where change.action == .create: break
            case .restAPI: edits += updateRestAPI(change)
            case let kind where kind.isPartOfDefinition: edits.append(change.effect)
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
            let isNew = made.contains(edits[0].address.root)
            let moved = moved(by: edits.compactMap(\.after))
            add(isNew ? .fillRestAPI : .putRestAPI, edits + moved, after: api + dependencies)
        }
        let prepared = changes.map(\.address).filter { $0.kind == .restAPI || $0.kind.isPartOfDefinition }
        for change in changes where change.action != .delete {
            switch change.address.kind {
            case .deployment:
                let isSame = change.before?["fingerprint"] == change.after?["fingerprint"]
                add(
                    isSame ? .updateDeployment : .createDeployment, [change.effect],
                    after: change.dependencies + prepared)
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
        // What it names was made anew: the import says it again.
        guard before != after else { return [change.effect] }
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
            let moved = moved(by: [.object(after)])
            let follows = before == after || !moved.isEmpty
            if middle != before || follows {
                let effect = Step.Effect(change.address, before: .object(before), after: .object(middle))
                let names = follows ? Set(change.after?.references.map(\.address) ?? []).sorted() : []
                add(.updateStage, [effect] + moved, after: change.dependencies + prepared + names)
            }
            if middle != after {
                add(
                    .tagStage, [Step.Effect(change.address, before: .object(middle), after: .object(after))],
                    after: change.dependencies + prepared + [change.address])
            }
        default: return
        }
    }

    /// What the documents name and was made anew, beside the old one: the step names the old one too, so that it finds
    /// the way back.
    private func moved(by documents: [JSONValue]) -> [Step.Effect] {
        guard !displaced.isEmpty else { return [] }
        let names = Set(documents.flatMap(\.references).map(\.address))
        let old = displaced.filter { other in names.contains { other.address.isDisplaced(from: $0) } }
        return old.map { Step.Effect($0.address, before: $0.before, after: $0.before) }
    }

    // MARK: Deletes

    private mutating func removeStage(_ change: Change) {
        let deployments = (byRoot[change.address.root] ?? []).map(\.address).filter { $0.kind == .deployment }
        add(.deleteStage, [change.effect], after: deployments + change.dependencies)
    }

    /// One call takes the API with everything in it. It goes after every step that can be undone: it alone cannot.
    private mutating func removeAPI(_ changes: [Change]) {
        guard let api = changes.first(where: { $0.address.kind == .restAPI && $0.action == .delete }) else { return }
        let everything = [api.effect] + changes.filter { $0.address != api.address }.map(\.effect)
        let own = api.dependencies.flatMap { stepsOfAddress[$0] ?? [] }
        append(
            Operation.deleteRestAPI.rawValue, everything, dependencies: Set(Array(0..<reversibleCount) + own).sorted())
    }

    // MARK: Steps

    private mutating func add(_ operation: Operation, _ effects: [Step.Effect], after addresses: [Address]) {
        add(operation.rawValue, effects, after: addresses)
    }

    private mutating func add(_ operation: String, _ effects: [Step.Effect], after addresses: [Address]) {
        let dependencies = Set(addresses.flatMap { stepsOfAddress[$0] ?? [] })
        append(operation, effects, dependencies: dependencies.sorted())
    }

    private mutating func append(_ operation: String, _ effects: [Step.Effect], dependencies: [Int]) {
        let number = steps.count
        steps.append(
            Step(
                number: number, operation: operation, effects: effects, dependencies: dependencies,
                isReversible: isReversible))
        for effect in effects { stepsOfAddress[effect.address, default: []].append(number) }
    }
}

extension Change {
    fileprivate var effect: Step.Effect { Step.Effect(address, before: before, after: after) }
}
