import JSON
import Resources

/// When callers may see an object become another, by its kind's table.
enum ChangeClass: Equatable {
    case single(Change.Visibility)
    /// Widens and narrows at once: first what allows what either document allows, and the final document last.
    case split(union: JSONValue)

    /// The class of making an object.
    static func creation(of document: JSONValue, by schema: KindSchema?) -> Change.Visibility {
        guard let schema, !schema.kind.isPartOfDefinition else { return .hidden }
        let changes = FieldChange.all(schema.fields, from: nil, to: document)
        // An object that cannot be without something that callers see is seen itself: a stage.
        if changes.contains(where: { $0.isSeen && $0.field.isRequired }) { return .flip }
        let isGrant =
            schema.grantsByExisting
            || changes.contains { !$0.requiresRedeploy && $0.effect.contains(.widens) }
        return isGrant ? .grant : .hidden
    }

    /// The class of changing an object in place.
    static func update(from before: JSONValue, to after: JSONValue, by schema: KindSchema?) -> ChangeClass {
        guard let schema, !schema.kind.isPartOfDefinition else { return .single(.hidden) }
        // What needs a deployment is seen with the flip of a stage.
        let changes = FieldChange.all(schema.fields, from: before, to: after).filter { !$0.requiresRedeploy }
        if changes.contains(where: \.isSeen) { return .single(.flip) }
        switch changes.reduce(into: AccessEffect(), { $0.formUnion($1.effect) }) {
        case .widens: return .single(.grant)
        case .narrows: return .single(.revoke)
        case .both: return union(before, after, changes, schema).map { .split(union: $0) } ?? .single(.flip)
        default: return .single(.hidden)
        }
    }

    /// The document with everything that is granted and nothing that is taken away; nil if there is none between the two.
    private static func union(
        _ before: JSONValue, _ after: JSONValue, _ changes: [FieldChange], _ schema: KindSchema
    ) -> JSONValue? {
        guard case .object(let old) = before, case .object(var union) = after else { return JSONValue?.none }
        for field in schema.fields {
            let own = changes.filter { $0.root == field.name }
            switch own.reduce(into: AccessEffect(), { $0.formUnion($1.effect) }) {
            case .narrows: union[field.name] = old[field.name]
            case .both: union[field.name] = field.access?.union(old[field.name], union[field.name]) ?? old[field.name]
            default: continue
            }
        }
        let document = schema.normalForm(of: .object(union))
        guard document != before, document != after else { return JSONValue?.none }
        return document
    }
}

extension FieldChange {
    /// What callers of the APIs see at once.
    var isSeen: Bool { isSeenAtOnce && !requiresRedeploy }

    var effect: AccessEffect { field.access?.effect(from: before, to: after) ?? [] }
}
