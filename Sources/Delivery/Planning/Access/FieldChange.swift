import JSON
import Resources

/// One field of a kind's table whose value differs, the members of structures and maps one by one.
struct FieldChange {
    let path: String
    /// The field of the document that it is in.
    let root: String
    let field: FieldSchema
    /// Nil where the field is absent and has no default.
    let before: JSONValue?
    let after: JSONValue?
    /// Of the field, or of one that it is in.
    let isSeenAtOnce: Bool
    let requiresRedeploy: Bool

    /// In the order of the table; members of maps in the order of their names. Nil is compared like an empty object.
    static func all(_ fields: [FieldSchema], from before: JSONValue?, to after: JSONValue?) -> [FieldChange] {
        var walk = Walk()
        walk.structure(fields, before?.object ?? [:], after?.object ?? [:], FieldPlace())
        return walk.found
    }
}

/// Where the walk is.
private struct FieldPlace {
    var path = ""
    var root = ""
    var isSeenAtOnce = false
    var requiresRedeploy = false

    func member(_ field: FieldSchema) -> FieldPlace {
        FieldPlace(
            path: path.isEmpty ? field.name : "\(path).\(field.name)", root: root.isEmpty ? field.name : root,
            isSeenAtOnce: isSeenAtOnce || field.isSeenAtOnce,
            requiresRedeploy: requiresRedeploy || field.requiresRedeploy)
    }

    func entry(_ name: String) -> FieldPlace {
        var place = self
        place.path += "[\(JSONValue.string(name).text(.compact))]"
        return place
    }
}

private struct Walk {
    var found: [FieldChange] = []

    mutating func structure(_ fields: [FieldSchema], _ before: JSONObject, _ after: JSONObject, _ place: FieldPlace) {
        guard before != after else { return }
        for field in fields {
            let old = before[field.name] ?? field.defaultValue(in: before)
            let new = after[field.name] ?? field.defaultValue(in: after)
            guard old != new else { continue }
            value(field, old, new, place.member(field))
        }
    }

    private mutating func value(
        _ field: FieldSchema, _ before: JSONValue?, _ after: JSONValue?, _ place: FieldPlace
    ) {
        switch field.type {
        case .structure(let fields) where field.access == nil:
            structure(fields, before?.object ?? [:], after?.object ?? [:], place)
        case .map(let rule, of: .structure(let fields)) where field.access == nil:
            map(rule, fields, before?.object ?? [:], after?.object ?? [:], place)
        default:
            found.append(
                FieldChange(
                    path: place.path, root: place.root, field: field, before: before, after: after,
                    isSeenAtOnce: place.isSeenAtOnce, requiresRedeploy: place.requiresRedeploy))
        }
    }

    /// What has no entry of its own is as the fallback entry says.
    private mutating func map(
        _ rule: MapRule, _ fields: [FieldSchema], _ before: JSONObject, _ after: JSONObject, _ place: FieldPlace
    ) {
        func entry(_ name: String, _ map: JSONObject) -> JSONObject {
            (map[name] ?? rule.fallbackKey.flatMap { map[$0] })?.object ?? [:]
        }
        for name in Set(before.names + after.names).sorted() {
            structure(fields, entry(name, before), entry(name, after), place.entry(name))
        }
    }
}
