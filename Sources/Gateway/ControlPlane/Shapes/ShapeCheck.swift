import JSON

/// Checks a request body against the members of an operation, before anything is looked up.
///
/// A value of a wrong type ends the check with a SerializationException; what breaks a constraint is collected and told
/// in one ValidationException.
struct ShapeCheck {
    private var items: [String] = []

    /// - Parameter input: Name of the input structure as messages print it: `createRestApiInput`.
    /// - Parameter parameters: Path parameters with a constraint: name, value, shape.
    static func check(
        _ body: JSONObject, against members: [Shape.Member], input: String,
        parameters: [(name: String, value: String, shape: Shape)]
    ) throws(ServiceError) {
        var check = Self()
        for parameter in parameters {
            try check.visit(.string(parameter.value), parameter.shape, at: parameter.name)
        }
        try check.visit(members, in: body, at: input)
        if !check.items.isEmpty { throw .validation(check.items) }
    }

    private mutating func visit(
        _ members: [Shape.Member], in object: JSONObject, at path: String
    ) throws(ServiceError) {
        for member in members {
            let place = "\(path).\(member.name)"
            if let value = object[member.name], !value.isNull {
                try visit(value, member.shape, at: place)
            } else if member.isRequired {
                items.append("Value null at '\(place)' failed to satisfy constraint: Member must not be null")
            }
        }
    }

    private mutating func visit(_ value: JSONValue, _ shape: Shape, at path: String) throws(ServiceError) {
        switch shape {
        case .string:
            _ = try text(value)
        case .boolean:
            guard case .bool = value else { throw Self.mismatch(value, wanted: "Boolean") }
        case .integer:
            guard value.int != nil else { throw Self.mismatch(value, wanted: "Integer") }
        case .double:
            guard let number = value.number, number.double.isFinite else {
                throw Self.mismatch(value, wanted: "Double")
            }
        case .enumeration(let allowed):
            let text = try text(value)
            if !allowed.contains(text) { fail(text, at: path, Self.constraint(allowed)) }
        case .pattern(let pattern):
            let text = try text(value)
            if !pattern.matches(text) {
                fail(text, at: path, "Member must satisfy regular expression pattern: \(pattern.rawValue)")
            }
        case .list(let element):
            guard let elements = value.array else { throw Self.notCollection(value) }
            try visit(elements, element, at: path)
        case .map(let element):
            guard let object = value.object else { throw Self.notCollection(value) }
            for (name, value) in object where !value.isNull { try visit(value, element, at: "\(path).\(name).member") }
        case .structure(let members):
            guard let object = value.object else { throw Self.notCollection(value) }
            try visit(members, in: object, at: path)
        }
    }

    /// A list of enumerated values is told as a whole, any other element by its position from 1.
    private mutating func visit(_ elements: [JSONValue], _ shape: Shape, at path: String) throws(ServiceError) {
        guard case .enumeration(let allowed) = shape else {
            for (position, element) in elements.enumerated() where !element.isNull {
                try visit(element, shape, at: "\(path).\(position + 1).member")
            }
            return
        }
        var texts: [String] = []
        for element in elements { texts.append(try text(element)) }
        guard !texts.allSatisfy(allowed.contains) else { return }
        fail(
            "[\(texts.joined(separator: ", "))]", at: path,
            "Member must satisfy constraint: [\(Self.constraint(allowed))]")
    }

    private mutating func fail(_ value: String, at path: String, _ constraint: String) {
        items.append("Value '\(value)' at '\(path)' failed to satisfy constraint: \(constraint)")
    }

    private static func constraint(_ allowed: [String]) -> String {
        "Member must satisfy enum value set: [\(allowed.joined(separator: ", "))]"
    }

    private func text(_ value: JSONValue) throws(ServiceError) -> String {
        guard case .string(let text) = value else { throw Self.mismatch(value, wanted: "String") }
        return text
    }

    private static func mismatch(_ value: JSONValue, wanted: String) -> ServiceError {
        let given: String
        switch value {
        case .object: return .serialization("Start of structure or map found where not expected.")
        case .array: return .serialization("Start of list found where not expected.")
        case .bool: given = "java.lang.Boolean"
        case .number: given = "com.amazon.coral.value.json.numbers.TruncatingBigNumber"
        case .string, .null: given = "java.lang.String"
        }
        return .serialization("class \(given) can not be converted to an \(wanted)")
    }

    private static func notCollection(_ value: JSONValue) -> ServiceError {
        switch value {
        case .object: .serialization("Start of structure or map found where not expected.")
        case .array: .serialization("Start of list found where not expected.")
        case .bool: .serialization("Unrecognized collection type class java.lang.Boolean")
        case .number:
            .serialization("Unrecognized collection type class com.amazon.coral.value.json.numbers.TruncatingBigNumber")
        case .string, .null: .serialization("Unrecognized collection type class java.lang.String")
        }
    }
}
