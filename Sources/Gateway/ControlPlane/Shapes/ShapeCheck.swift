import JSON

/// Checks a request body against the members of an operation, before anything is looked up.
///
/// A value of a wrong type ends the check with a SerializationException; what breaks a constraint is collected and told
/// in one ValidationException.
struct ShapeCheck {
    private var items: [String] = []
    private let naming: Naming

    /// How messages name a member.
    enum Naming: Sendable {
        /// `createRestApiInput.name`
        case asWritten
        /// `userName`, as the Query services do.
        case lowered

        func place(_ path: String, _ name: String) -> String {
            switch self {
            case .asWritten: "\(path).\(name)"
            case .lowered: (path.isEmpty ? "" : path + ".") + name.prefix(1).lowercased() + name.dropFirst()
            }
        }
    }

    private init(naming: Naming) { self.naming = naming }

    /// - Parameter input: Name of the input structure as messages print it: `createRestApiInput`.
    /// - Parameter parameters: Path parameters with a constraint: name, value, shape.
    static func check(
        _ body: JSONObject, against members: [Shape.Member], input: String,
        parameters: [(name: String, value: String, shape: Shape)], naming: Naming = .asWritten
    ) throws(ServiceError) {
        var check = Self(naming: naming)
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
            let place = naming.place(path, member.name)
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
        case .text(let rule): visit(try text(value), rule, at: path)
        case .number(let range):
            guard let number = value.int else { throw Self.mismatch(value, wanted: "Integer") }
            if number < range.lowerBound {
                fail("\(number)", at: path, "Member must have value greater than or equal to \(range.lowerBound)")
            }
            if number > range.upperBound {
                fail("\(number)", at: path, "Member must have value less than or equal to \(range.upperBound)")
            }
        case .shortList(let element, let max):
            guard let elements = value.array else { throw Self.notCollection(value) }
            if elements.count > max {
                items.append(
                    "Value at '\(path)' failed to satisfy constraint: Member must have length less than or equal to "
                        + "\(max)")
            }
            try visit(elements.prefix(max).map(\.self), element, at: path)
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

    private mutating func visit(_ text: String, _ rule: Shape.Text, at path: String) {
        let count = text.unicodeScalars.count
        let constraint: String
        if count < rule.min {
            constraint = "Member must have length greater than or equal to \(rule.min)"
        } else if count > rule.max {
            constraint = "Member must have length less than or equal to \(rule.max)"
        } else if let pattern = rule.pattern, !pattern.matches(text) {
            constraint = "Member must satisfy regular expression pattern: \(pattern.rawValue)"
        } else {
            return
        }
        let value = rule.isSecret || count > 256 ? "Value" : "Value '\(text)'"
        items.append("\(value) at '\(path)' failed to satisfy constraint: \(constraint)")
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
