import Diagnostics
import JSON
import Resources

/// Which objects differ, and how; their order is ``ChangeOrder``'s.
struct Comparison {
    let kinds: KindLookup
    /// Why an object is not as it was applied, where the target was read.
    let reasons: [Address: String]
    /// Fields whose secret is another one, though their reference is as it was.
    let rotated: [Address: String]
    var drafts: [Draft] = []
    /// What replaced objects are called until they are deleted.
    var displaced: [Address: Address] = [:]
    var findings: [Diagnostic] = []

    init(kinds: KindLookup = .standard, reasons: [Address: String], rotated: [Address: String] = [:]) {
        self.kinds = kinds
        self.reasons = reasons
        self.rotated = rotated
    }

    /// - Parameters: Both in the order of their addresses.
    mutating func compare(_ desired: [DesiredResource], _ present: [RecordedObject]) {
        var unwanted: [RecordedObject] = []
        var wantedRoots: Set<String> = []
        var next = present.startIndex
        for position in desired.indices {
            let address = desired[position].address
            if address.kind == .restAPI { wantedRoots.insert(address.root) }
            while next < present.endIndex, present[next].address != address, present[next].address < address {
                unwanted.append(present[next])
                next += 1
            }
            guard next < present.endIndex, present[next].address == address else {
                create(desired[position])
                continue
            }
            if desired[position].document != present[next].document || rotated[address] != nil {
                update(present[next], to: desired[position])
            }
            next += 1
        }
        unwanted += present[next...]
        for object in unwanted { remove(object, rootStays: wantedRoots.contains(object.address.root)) }
        if drafts.contains(where: { $0.change.action == .replace }) { followReplacements(desired, present) }
    }

    private mutating func create(_ resource: DesiredResource) {
        let change = Change(
            .create, resource.address, before: nil, after: resource.document,
            visibility: ChangeClass.creation(of: resource.document, by: kinds[resource.address.kind]),
            reason: Self.joined(reasons[resource.address], sharing: resource), span: resource.span)
        drafts.append(Draft(change: change, required: resource.dependencies))
    }

    private mutating func update(_ object: RecordedObject, to resource: DesiredResource) {
        let kind = resource.address.kind
        // The secret that an object was made with never changes in place: the service shows it to nobody. Those of a
        // function's variables do.
        let rotated = rotated[resource.address]
        let isInPlace = rotated.map { kinds[kind]?.changesInPlace(secret: $0) ?? false } ?? false
        let field =
            kinds[kind]?.immutableField(changedFrom: object.document, to: resource.document)
            ?? (isInPlace ? nil : rotated)
        // What a deployment holds never changes: the next one is made beside it, and the stages move over. A version of the
        // documentation neither, which is a finding. The parts of a definition are made again by the import, which puts
        // them back too.
        if let field, !kind.isSnapshot, !kind.isPartOfDefinition {
            return replace(object, with: resource, because: field)
        }
        var reason =
            kind == .deployment
            ? field.map { _ in "the definition changed" } : field.map { "`\($0)` cannot change in place" }
        if isInPlace, let rotated {
            reason = Self.joined(reasons[resource.address], "the secret of `\(rotated)` was rotated")
        }
        let change = Change(
            .update, resource.address, before: object.document, after: resource.document, visibility: .hidden,
            reason: Self.joined(reason ?? reasons[resource.address], sharing: resource), span: resource.span)
        add(change, resource, object, ChangeClass.update(from: object.document, to: resource.document, by: kinds[kind]))
    }

    /// One change, or two where one edit grants and takes away.
    private mutating func add(
        _ change: Change, _ resource: DesiredResource, _ object: RecordedObject, _ changeClass: ChangeClass
    ) {
        var draft = Draft(change: change, required: resource.dependencies, requiredBefore: object.dependencies)
        switch changeClass {
        case .single(let visibility):
            draft.change.visibility = visibility
            drafts.append(draft)
        case .split(let union):
            draft.change.after = union
            draft.change.visibility = .grant
            draft.change.reason = Self.joined(change.reason, "widens and narrows: first what both allow")
            drafts.append(draft)
            draft.part = 1
            draft.change.before = union
            draft.change.after = change.after
            draft.change.visibility = .revoke
            draft.change.reason = Self.joined(change.reason, "widens and narrows: the final document last")
            drafts.append(draft)
        }
    }

    /// Says of a principal that it may have more attached than the plan shows.
    private static func joined(_ reason: String?, sharing resource: DesiredResource) -> String? {
        guard resource.document["attachments"] == "additive" else { return reason }
        return joined(reason, "what others attached is left alone")
    }

    private static func joined(_ reason: String?, _ more: String) -> String {
        reason.map { "\($0); \(more)" } ?? more
    }

    private mutating func remove(_ object: RecordedObject, rootStays: Bool) {
        let kind = object.address.kind
        // While its API stays, an unused deployment is left to the pruning after an apply, and a version of the
        // documentation is kept.
        if kind.isSnapshot, rootStays { return }
        let goesWithRoot = kind.belongsToAPI && !rootStays
        var change = Change(
            .delete, object.address, before: object.document, after: nil,
            visibility: kind.isPartOfDefinition && rootStays ? .hidden : .delete,
            isReversible: !goesWithRoot && kind.isReversibleToDelete, reason: reasons[object.address])
        if goesWithRoot, kind != .restAPI { change.reason = "goes with `RestApi/\(object.address.root)`" }
        drafts.append(Draft(change: change, requiredBefore: object.dependencies))
    }
}
