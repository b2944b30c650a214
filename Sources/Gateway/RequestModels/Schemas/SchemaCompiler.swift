import JSON

/// Makes the checks of a schema and of all that it refers to. It goes from list to list, never into itself, so that
/// depth costs nothing.
struct SchemaCompiler {
    /// A schema in a document: the model's own text is the document without a name.
    struct Place: Hashable {
        var document: String
        var path: [String]

        var text: String { "\(document.isEmpty ? "" : "`\(document)` ")#\(path.map { "/" + $0 }.joined())" }
    }

    private let models: [String: String]
    private let ignoresUnknownModels: Bool
    private var documents: [String: JSONValue] = [:]
    private var schemas: [[SchemaCheck]] = []
    private var numbers: [Place: Int] = [:]
    private var open: [(number: Int, place: Place, schema: JSONObject)] = []

    init(models: [String: String], ignoresUnknownModels: Bool) {
        self.models = models
        self.ignoresUnknownModels = ignoresUnknownModels
    }

    mutating func compile(_ text: String) throws(ModelFailure) -> [[SchemaCheck]] {
        documents[""] = try Self.parsed(text, "the model")
        _ = try number(of: documents[""] ?? .null, at: Place(document: "", path: []))
        while let (number, place, schema) = open.popLast() { schemas[number] = try checks(schema, place) }
        return schemas
    }

    private static func parsed(_ text: String, _ name: String) throws(ModelFailure) -> JSONValue {
        do {
            return try JSONValue(parsing: text)
        } catch {
            throw ModelFailure(.notASchema, "\(name) is not JSON: \(error.message)")
        }
    }

    private mutating func number(of value: JSONValue, at place: Place) throws(ModelFailure) -> Int {
        if let known = numbers[place] { return known }
        guard let schema = value.object else {
            throw ModelFailure(.notASchema, "\(place.text) is not an object")
        }
        guard schemas.count < ModelLimits.schemasMax else {
            throw ModelFailure(.tooLarge, "the model has more than \(ModelLimits.schemasMax) schemas")
        }
        let number = schemas.count
        schemas.append([])
        numbers[place] = number
        open.append((number, place, schema))
        return number
    }

    private func bad(_ place: Place, _ keyword: String, _ wanted: String) -> ModelFailure {
        ModelFailure(.notASchema, "`\(keyword)` at \(place.text) must be \(wanted)")
    }

    private mutating func child(
        _ value: JSONValue, _ place: Place, _ path: String...
    ) throws(ModelFailure) -> Int {
        try number(of: value, at: Place(document: place.document, path: place.path + path))
    }

    // MARK: Keywords

    private mutating func checks(_ schema: JSONObject, _ place: Place) throws(ModelFailure) -> [SchemaCheck] {
        // Nothing beside a reference counts in this draft.
        if let reference = schema["$ref"]?.string {
            return try self.reference(reference, place).map { [.reference($0)] } ?? []
        }
        var checks: [SchemaCheck] = []
        if let value = schema["type"] { checks.append(.types(try types(value, place))) }
        if let value = schema["enum"] {
            guard let values = value.array else { throw bad(place, "enum", "an array") }
            checks.append(.values(values))
        }
        try addNumberChecks(schema, place, &checks)
        try addTextChecks(schema, place, &checks)
        try addArrayChecks(schema, place, &checks)
        try addObjectChecks(schema, place, &checks)
        try addCombinations(schema, place, &checks)
        // Definitions that nothing refers to must be schemas all the same.
        if let value = schema["definitions"] {
            guard let definitions = value.object else { throw bad(place, "definitions", "an object") }
            for (name, definition) in definitions { _ = try child(definition, place, "definitions", name) }
        }
        return checks
    }

    private func types(_ value: JSONValue, _ place: Place) throws(ModelFailure) -> TypeSet {
        let names = value.array ?? [value]
        var types: TypeSet = []
        for name in names {
            guard let name = name.string, let type = TypeSet(name: name) else {
                throw bad(place, "type", "one of array, boolean, integer, null, number, object, string")
            }
            types.insert(type)
        }
        return types
    }

    private func addNumberChecks(
        _ schema: JSONObject, _ place: Place, _ checks: inout [SchemaCheck]
    ) throws(ModelFailure) {
        for (keyword, isLeast) in [("minimum", true), ("maximum", false)] {
            let exclusive = isLeast ? "exclusiveMinimum" : "exclusiveMaximum"
            let isExclusive = schema[exclusive]
            if let isExclusive, isExclusive.bool == nil { throw bad(place, exclusive, "true or false") }
            guard let value = schema[keyword] else {
                if isExclusive != nil { throw bad(place, exclusive, "beside `\(keyword)`") }
                continue
            }
            guard let number = value.number else { throw bad(place, keyword, "a number") }
            let bound = Decimal(number)
            checks.append(
                isLeast
                    ? .least(bound, isExclusive: isExclusive == true) : .most(bound, isExclusive: isExclusive == true))
        }
        if let value = schema["multipleOf"] {
            guard let divisor = value.number.map(Decimal.init), divisor.isDivisor else {
                throw bad(place, "multipleOf", "a number above 0 of at most \(Decimal.divisorDigitsMax) digits")
            }
            checks.append(.multiple(divisor))
        }
    }

    private func addTextChecks(
        _ schema: JSONObject, _ place: Place, _ checks: inout [SchemaCheck]
    ) throws(ModelFailure) {
        if let (least, most) = try bounds(schema, place, "minLength", "maxLength") {
            checks.append(.length(least: least, most: most))
        }
        if let value = schema["pattern"] {
            guard let text = value.string else { throw bad(place, "pattern", "a string") }
            checks.append(.pattern(try pattern(text, place)))
        }
        if let value = schema["format"] {
            guard let name = value.string else { throw bad(place, "format", "a string") }
            if let format = TextFormat(rawValue: name) { checks.append(.format(format)) }
        }
    }

    private func pattern(_ text: String, _ place: Place) throws(ModelFailure) -> TextPattern {
        do {
            return try TextPattern(parsing: text, dialect: .schema)
        } catch {
            throw ModelFailure(.badPattern, "the pattern `\(text)` at \(place.text) cannot be used: \(error.reason)")
        }
    }

    private func bounds(
        _ schema: JSONObject, _ place: Place, _ least: String, _ most: String
    ) throws(ModelFailure) -> (Int, Int?)? {
        for keyword in [least, most] {
            guard let value = schema[keyword] else { continue }
            guard let count = value.int, count >= 0 else { throw bad(place, keyword, "a whole number from 0 on") }
        }
        guard schema[least] != nil || schema[most] != nil else { return nil }
        return (schema[least]?.int ?? 0, schema[most]?.int)
    }

    private mutating func rest(
        _ schema: JSONObject, _ place: Place, _ keyword: String
    ) throws(ModelFailure) -> SchemaCheck.Rest {
        switch schema[keyword] {
        case nil, .bool(true): return .free
        case .bool(false): return .refused
        case .object(let object)?: return .schema(try child(.object(object), place, keyword))
        default: throw bad(place, keyword, "true, false or a schema")
        }
    }

    private mutating func addArrayChecks(
        _ schema: JSONObject, _ place: Place, _ checks: inout [SchemaCheck]
    ) throws(ModelFailure) {
        let rest = try rest(schema, place, "additionalItems")
        if let items = schema["items"]?.array {
            var positions: [Int] = []
            for (position, item) in items.enumerated() {
                positions.append(try child(item, place, "items", String(position)))
            }
            checks.append(.tuple(positions, rest: rest))
        } else if let items = schema["items"] {
            guard items.object != nil else { throw bad(place, "items", "a schema or an array of schemas") }
            checks.append(.elements(try child(items, place, "items")))
        }
        if let (least, most) = try bounds(schema, place, "minItems", "maxItems") {
            checks.append(.count(least: least, most: most))
        }
        if let value = schema["uniqueItems"] {
            guard let isUnique = value.bool else { throw bad(place, "uniqueItems", "true or false") }
            if isUnique { checks.append(.unique) }
        }
    }

    private mutating func addObjectChecks(
        _ schema: JSONObject, _ place: Place, _ checks: inout [SchemaCheck]
    ) throws(ModelFailure) {
        if let value = schema["required"] {
            guard let names = value.array.map({ $0.compactMap(\.string) }), names.count == value.array?.count else {
                throw bad(place, "required", "an array of strings")
            }
            checks.append(.required(names))
        }
        var named: [ExactName: Int] = [:]
        if let value = schema["properties"] {
            guard let properties = value.object else { throw bad(place, "properties", "an object") }
            for (name, property) in properties {
                named[ExactName(name)] = try child(property, place, "properties", name)
            }
        }
        var patterns: [(TextPattern, Int)] = []
        if let value = schema["patternProperties"] {
            guard let properties = value.object else { throw bad(place, "patternProperties", "an object") }
            for (text, property) in properties {
                patterns.append((try pattern(text, place), try child(property, place, "patternProperties", text)))
            }
        }
        let rest = try rest(schema, place, "additionalProperties")
        let isFree = if case .free = rest { true } else { false }
        if !named.isEmpty || !patterns.isEmpty || !isFree {
            checks.append(.members(named: named, patterns: patterns, rest: rest))
        }
        if let (least, most) = try bounds(schema, place, "minProperties", "maxProperties") {
            checks.append(.memberCount(least: least, most: most))
        }
        try addDependencies(schema, place, &checks)
    }

    private mutating func addDependencies(
        _ schema: JSONObject, _ place: Place, _ checks: inout [SchemaCheck]
    ) throws(ModelFailure) {
        guard let value = schema["dependencies"] else { return }
        guard let dependencies = value.object else { throw bad(place, "dependencies", "an object") }
        for (name, dependency) in dependencies {
            guard let names = dependency.array else {
                checks.append(.applies(ifMember: name, try child(dependency, place, "dependencies", name)))
                continue
            }
            guard names.allSatisfy({ $0.string != nil }) else {
                throw bad(place, "dependencies", "schemas or arrays of strings")
            }
            checks.append(.needs(name, names.compactMap(\.string)))
        }
    }

    private mutating func addCombinations(
        _ schema: JSONObject, _ place: Place, _ checks: inout [SchemaCheck]
    ) throws(ModelFailure) {
        for keyword in ["allOf", "anyOf", "oneOf"] {
            guard let value = schema[keyword] else { continue }
            guard let parts = value.array, !parts.isEmpty else {
                throw bad(place, keyword, "an array of at least one schema")
            }
            var numbers: [Int] = []
            for (position, part) in parts.enumerated() {
                numbers.append(try child(part, place, keyword, String(position)))
            }
            checks.append(keyword == "allOf" ? .all(numbers) : keyword == "anyOf" ? .any(numbers) : .one(numbers))
        }
        if let value = schema["not"] { checks.append(.none(try child(value, place, "not"))) }
    }

    // MARK: References

    /// Nil for a model that may still come.
    private mutating func reference(_ text: String, _ place: Place) throws(ModelFailure) -> Int? {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        var document = place.document
        if let address = parts.first, !address.isEmpty {
            guard let name = Self.modelName(String(address)) else {
                throw ModelFailure(.unknownReference, "`$ref` at \(place.text) names no model of the API: `\(text)`")
            }
            guard let model = models[name] else {
                if ignoresUnknownModels { return nil }
                throw ModelFailure(
                    .unknownReference, "`$ref` at \(place.text) names a model that is not there: `\(name)`")
            }
            document = name
            if documents[name] == nil { documents[name] = try Self.parsed(model, "the model `\(name)`") }
        }
        var value = documents[document] ?? .null
        var path: [String] = []
        for step in parts.count > 1 ? parts[1].split(separator: "/", omittingEmptySubsequences: false).dropFirst() : []
        {
            let name = Self.unescaped(step)
            let position = name.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(name) : nil
            guard let next = value[name] ?? position.flatMap({ value[$0] }) else {
                if let model = try definition(text) { return model }
                throw ModelFailure(.unknownReference, "`$ref` at \(place.text) leads nowhere: `\(text)`")
            }
            value = next
            path.append(name)
        }
        if parts.count > 1, !parts[1].isEmpty, !parts[1].hasPrefix("/") {
            throw ModelFailure(.unknownReference, "`$ref` at \(place.text) is no path: `\(text)`")
        }
        return try number(of: value, at: Place(document: document, path: path))
    }

    /// `#/definitions/Name` is a model of that name where the schema has no such definition: so documents, and the
    /// desired state made of them, refer to models.
    private mutating func definition(_ reference: String) throws(ModelFailure) -> Int? {
        let prefix = "#/definitions/"
        guard reference.hasPrefix(prefix) else { return nil }
        let name = String(reference.dropFirst(prefix.count))
        guard let model = models[name] else { return nil }
        if documents[name] == nil { documents[name] = try Self.parsed(model, "the model `\(name)`") }
        return try number(of: documents[name] ?? .null, at: Place(document: name, path: []))
    }

    /// `https://apigateway.amazonaws.com/restapis/{id}/models/{name}`.
    private static func modelName(_ address: String) -> String? {
        let parts = address.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 7, parts[0] == "https:" || parts[0] == "http:", parts[1].isEmpty,
            parts[2].hasPrefix("apigateway."), parts[3] == "restapis", parts[5] == "models", !parts[6].isEmpty
        else { return nil }
        return String(parts[6])
    }

    /// A step of a JSON pointer in a fragment: percent escapes, then `~1` and `~0`.
    private static func unescaped(_ step: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = step.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            else {
                bytes.append(byte)
                continue
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self).replacing("~1", with: "/").replacing("~0", with: "~")
    }
}
