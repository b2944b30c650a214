package import JSON

extension KindSchema {
    /// A JSON Schema (draft 7) of the whole manifest, for editors.
    ///
    /// As strict as the loader about names and types; a value may also be a text with `${` in it, since what that will
    /// be is known only when variables are put in.
    package var jsonSchema: JSONValue {
        let metadata = SchemaWriting.structure(KindTable.metadataFields(of: self))
        return [
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": .string("gatewright/v1 \(kind)"),
            "description": .string(summary),
            "type": "object",
            "properties": [
                "apiVersion": ["const": "gatewright/v1"],
                "kind": ["const": .string(kind.rawValue)],
                "metadata": metadata,
                "spec": SchemaWriting.structure(writtenFields),
            ],
            "required": ["apiVersion", "kind", "metadata", "spec"],
            "additionalProperties": false,
        ]
    }
}

private enum SchemaWriting {
    /// A text that a variable or reference is part of.
    private static let unresolved: JSONValue = ["type": "string", "pattern": "\\$\\{"]

    static func structure(_ fields: [FieldSchema]) -> JSONValue {
        var schema: JSONObject = ["type": "object", "properties": properties(fields)]
        let required = fields.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        schema["additionalProperties"] = false
        return .object(schema)
    }

    private static func properties(_ fields: [FieldSchema]) -> JSONValue {
        .object(
            JSONObject(
                fields.map { field in
                    var schema: JSONObject = ["description": .string(field.meaning)]
                    if let standard = field.defaultValue { schema["default"] = standard }
                    for (name, value) in value(field.type) { schema[name] = value }
                    return (field.name, .object(schema))
                }))
    }

    private static func value(_ type: FieldType) -> JSONObject {
        switch type {
        case .string(let rule): text(rule)
        case .integer(let range):
            orUnresolved(["type": "integer", "minimum": number(range.lowerBound), "maximum": number(range.upperBound)])
        case .number(let range):
            orUnresolved([
                "type": "number", "minimum": .number(JSONNumber(range.lowerBound)),
                "maximum": .number(JSONNumber(range.upperBound)),
            ])
        case .boolean: orUnresolved(["type": "boolean"])
        case .list(let element, let rule):
            orUnresolved([
                "type": "array", "items": .object(value(element)), "minItems": number(rule.count.lowerBound),
                "maxItems": number(rule.count.upperBound),
            ])
        case .map(let rule, let element): orUnresolved(map(rule, element))
        case .structure(let fields): orUnresolved(structure(fields).object ?? [:])
        case .choice(let fields, let others): orUnresolved(choice(fields, beside: others))
        case .wordOrStructure(let rule, let fields): ["anyOf": [.object(text(rule)), structure(fields)]]
        case .any: [:]
        case .secret: structure(FieldSchema.secretFields).object ?? [:]
        case .textOrSecret(let rule): ["anyOf": [.object(text(rule)), structure(FieldSchema.secretFields)]]
        case .policy: orUnresolved(["type": "object"])
        }
    }

    private static func orUnresolved(_ schema: JSONObject) -> JSONObject { ["anyOf": [.object(schema), unresolved]] }

    private static func text(_ rule: StringRule) -> JSONObject {
        // YAML's numbers and booleans are taken as the texts that they are.
        var schema: JSONObject = ["type": rule.isNullable ? ["string", "null"] : ["string", "number", "boolean"]]
        if !rule.values.isEmpty {
            schema = ["enum": .array((rule.values + spellings(rule)).map { .string($0) })]
        } else if let pattern = rule.pattern {
            schema["pattern"] = .string(pattern.expression)
        } else if rule.length != 0...Limits.textScalars {
            schema["minLength"] = number(rule.length.lowerBound)
            schema["maxLength"] = number(rule.length.upperBound)
        }
        return schema.count == 1 && schema["type"] != nil ? schema : orUnresolved(schema)
    }

    /// In small letters too, where case does not matter.
    private static func spellings(_ rule: StringRule) -> [String] {
        rule.isUpperCase ? rule.values.map { $0.lowercased() } : []
    }

    private static func map(_ rule: MapRule, _ element: FieldType) -> JSONObject {
        var schema: JSONObject = ["type": "object", "maxProperties": number(rule.count.upperBound)]
        if let pattern = rule.keyPattern {
            schema["propertyNames"] = ["pattern": .string(pattern.expression)]
        } else if let prefix = rule.reservedPrefix {
            schema["propertyNames"] = ["not": ["pattern": .string("^\(prefix)")]]
        }
        var values = value(element)
        if case .structure = element { values = ["anyOf": [.object(values), ["type": "null"]]] }
        schema["additionalProperties"] = .object(values)
        return schema
    }

    private static func choice(_ fields: [FieldSchema], beside others: [FieldSchema]) -> JSONObject {
        var schema: JSONObject = [
            "type": "object", "properties": properties(fields + others), "additionalProperties": false,
        ]
        if others.isEmpty {
            schema["minProperties"] = 1
            schema["maxProperties"] = 1
        } else {
            schema["oneOf"] = .array(fields.map { ["required": [.string($0.name)]] })
        }
        return schema
    }

    private static func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
}
