import Bytes
import Diagnostics
import JSON
import Resources

extension DocumentReading {
    /// One model for each schema that has a name.
    mutating func readModels() {
        let named = components[Section.schemas.rawValue] ?? [:]
        for (name, place) in named.sorted(by: { $0.key < $1.key }) {
            guard name.utf8.allSatisfy(Self.isAlphanumeric), !name.isEmpty else {
                problem(
                    .invalidModel, "`\(name)` at \(place.name) has other characters than letters and digits",
                    at: [place.nameSpan],
                    remedy: "rename it to `\(name.filter { $0.isASCII && ($0.isLetter || $0.isNumber) })`",
                    service: "Unable to create model for '\(name)': Model name must be alphanumeric: \(name)")
                continue
            }
            guard place.node.members != nil else {
                wrongType(place, wanted: "a schema")
                continue
            }
            let schema = rewritten(place)
            add(.model, name, ["schema": schema], at: place.nameSpan)
            if derivesDocumentation, let text = place["description"]?.node.string {
                addPart("MODEL", name: name, ["description": .string(text)], at: place.nameSpan)
            }
        }
    }

    /// The model of a body: the one that the schema refers to, or one made of the schema; nil when it says nothing.
    mutating func modelName(of schema: Place) -> String? {
        guard schema.node.members != nil else {
            wrongType(schema, wanted: "a schema")
            return nil
        }
        if let reference = schema["$ref"] { return text(reference).flatMap { referredModel($0, at: reference) } }
        guard schema.node.members?.isEmpty == false else { return nil }
        let inline = rewritten(schema)
        let name = Self.inlineModelName(inline)
        if !has(.model, name) { add(.model, name, ["schema": inline], at: schema.node.span) }
        return name
    }

    /// The same schema has the same name on any machine, wherever it stands.
    static func inlineModelName(_ schema: JSONValue) -> String {
        let digits = StableHash(of: schema.bytes(.canonical)).text
        return "MODEL" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The name that a reference to a model means; nil, with a problem said, when there is none.
    private mutating func referredModel(_ text: String, at reference: Place) -> String? {
        let name = Self.modelName(inReference: text, version: version)
        if let name, components[Section.schemas.rawValue]?[name] != nil { return name }
        unresolved(text, at: reference, in: .schemas)
        return nil
    }

    /// `#/definitions/Pet`, `#/components/schemas/Pet` or the form in which the service shows references.
    static func modelName(inReference text: String, version: Version) -> String? {
        let service = "https://apigateway.amazonaws.com/restapis/"
        if text.hasPrefix(service) {
            let parts = text.dropFirst(service.count).split(separator: "/", omittingEmptySubsequences: false)
            return parts.count == 3 && parts[1] == "models" ? String(parts[2]) : nil
        }
        guard let prefix = Section.schemas.prefix(version), text.hasPrefix(prefix) else { return nil }
        let rest = text.dropFirst(prefix.count)
        return rest.utf8.contains(UInt8(ascii: "/")) ? nil : unescaped(rest)
    }

    // MARK: - References inside schemas

    /// The schema with its references as `#/definitions/Name`.
    private mutating func rewritten(_ schema: Place) -> JSONValue {
        guard let members = schema.members else {
            if let elements = schema.elements { return .array(elements.map { rewritten($0) }) }
            return schema.node.value
        }
        var result: [(String, JSONValue)] = []
        for (name, member) in members {
            switch name {
            case "$ref" where member.node.string != nil:
                let target = member.node.string.flatMap { referredModel($0, at: member) }
                result.append((name, target.map { .string("#/definitions/\($0)") } ?? member.node.value))
            case "enum", "default", "example", "examples", "const":
                result.append((name, member.node.value))
            case "properties", "patternProperties", "definitions":
                // Names of the user's, not of JSON Schema: a property may be called `enum`.
                let properties = member.members?.map { ($0.name, rewritten($0.place)) }
                result.append((name, properties.map { .object(JSONObject($0)) } ?? member.node.value))
            default:
                result.append((name, name.hasPrefix("x-") ? member.node.value : rewritten(member)))
            }
        }
        return .object(JSONObject(result))
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
