package import JSON

extension KindSchema {
    /// The document in normal form (`docs/normal-forms.md`): defaults, empties and repeats gone, sets sorted, enums in
    /// capitals, members in the table's order.
    ///
    /// Total and idempotent. Members that the table does not know are kept, in the order of their names, and values of
    /// an unexpected type are kept as they are: both then show up as a difference rather than vanish.
    package func normalForm(of document: JSONValue) -> JSONValue {
        guard case .object(let object) = document else { return document }
        return .object(NormalForm.structure(object, fields))
    }
}

private enum NormalForm {
    static func structure(_ object: JSONObject, _ fields: [FieldSchema]) -> JSONObject {
        var result = JSONObject()
        var known = 0
        for field in fields {
            let written = object[field.name]
            if written != nil { known += 1 }
            let value = written.flatMap { $0.isNull && !field.isNullable ? nil : Self.value($0, field.type) }
            let standard = field.defaultValue(in: result)
            if field.isAlways {
                result[field.name] = value ?? standard.map { Self.value($0, field.type) }
            } else if let value, value != standard, !isEmpty(value, field) {
                result[field.name] = value
            }
        }
        guard known < object.count else { return result }
        let names = Set(fields.map(\.name))
        for member in object.members.sorted(by: { $0.name < $1.name }) where !names.contains(member.name) {
            result[member.name] = member.value
        }
        return result
    }

    private static func isEmpty(_ value: JSONValue, _ field: FieldSchema) -> Bool {
        switch (value, field.type) {
        case (_, .any), (_, .policy): value.isNull
        case (.array(let elements), _): elements.isEmpty
        case (.object(let object), _): object.isEmpty
        case (.string(let text), _): field.emptyTextIsAbsent && text.isEmpty
        default: false
        }
    }

    static func value(_ value: JSONValue, _ type: FieldType) -> JSONValue {
        switch (type, value) {
        case (.string(let rule), _), (.textOrSecret(let rule), _): text(value, rule)
        case (.integer, .string(let text)): Int(text).map { .number(JSONNumber($0)) } ?? value
        case (.number, .string(let text)): number(text) ?? value
        case (.boolean, .string("true")): true
        case (.boolean, .string("false")): false
        case (.list(let element, let rule), .array(let elements)): list(elements, element, rule)
        case (.map(let rule, let element), .object(let object)): map(object, rule, element)
        case (.structure(let fields), .object(let object)): .object(structure(object, fields))
        case (.wordOrStructure(_, let fields), .object(let object)): .object(structure(object, fields))
        case (.policy, _): PolicyNormalForm.document(value)
        default: value
        }
    }

    private static func text(_ value: JSONValue, _ rule: StringRule) -> JSONValue {
        switch value {
        case .string(""): rule.isNullable ? .null : value
        case .string(let text): rule.isUpperCase ? .string(text.uppercased()) : value
        case .number(let number): text(.string(number.text), rule)
        case .bool(let flag): text(.string(flag ? "true" : "false"), rule)
        case .null, .array, .object: value
        }
    }

    private static func number(_ text: String) -> JSONValue? {
        guard let value = Double(text), value.isFinite else { return nil }
        return .number(JSONNumber(value))
    }

    private static func list(_ elements: [JSONValue], _ type: FieldType, _ rule: ListRule) -> JSONValue {
        let values = elements.map { value($0, type) }
        return .array(rule.isSet ? sortedSet(values) : values)
    }

    private static func map(_ object: JSONObject, _ rule: MapRule, _ type: FieldType) -> JSONValue {
        let isNullable = if case .string(let rule) = type { rule.isNullable } else { false }
        let isStructure = if case .structure = type { true } else { false }
        var members = object.members.compactMap { member -> (String, JSONValue)? in
            if let prefix = rule.reservedPrefix, member.name.hasPrefix(prefix) { return nil }
            // Null is absence, save for a template that is null and for an entry of which every member is a default.
            if member.value.isNull, !isNullable { return isStructure ? (member.name, .object(JSONObject())) : nil }
            return (member.name, value(member.value, type))
        }
        if let fallback = rule.fallbackKey {
            members.removeAll { $0.0 == fallback && $0.1.object?.isEmpty == true }
            if !members.contains(where: { $0.0 == fallback }) { members.removeAll { $0.1.object?.isEmpty == true } }
        }
        members.sort { $0.0 < $1.0 }
        return .object(JSONObject(members))
    }
}

extension FieldSchema {
    fileprivate var isNullable: Bool {
        switch type {
        case .string(let rule): rule.isNullable
        case .any: isAlways
        default: false
        }
    }
}

/// Each value once, texts in the order of their Unicode scalars; maps behind, in the order of their texts; what is
/// neither keeps its order, last.
func sortedSet(_ values: [JSONValue]) -> [JSONValue] {
    var seen: Set<JSONValue> = []
    let unique = values.filter { seen.insert($0).inserted }
    return unique.filter { $0.string != nil }.sorted { ($0.string ?? "") < ($1.string ?? "") }
        + unique.filter { $0.object != nil }.map { ($0.text(.canonical), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
        + unique.filter { $0.string == nil && $0.object == nil }
}
