import JSON

/// Gives the parameters of a request the types that the operation's shape says, and checks them.
enum QueryInput {
    static func read(_ form: QueryForm, _ members: [Shape.Member]) throws(ServiceError) -> JSONObject {
        let input = try structure(form.root, members)
        try ShapeCheck.check(input, against: members, input: "", parameters: [], naming: .lowered)
        return input
    }

    /// Parameters that the operation does not know are left out, as the services do.
    private static func structure(
        _ branch: QueryForm.Branch, _ members: [Shape.Member]
    ) throws(ServiceError) -> JSONObject {
        var object: JSONObject = [:]
        for member in members {
            guard let child = branch.children[member.name] else { continue }
            object[member.name] = try value(child, member.shape, member.name)
        }
        return object
    }

    private static func value(
        _ branch: QueryForm.Branch, _ shape: Shape, _ name: String
    ) throws(ServiceError) -> JSONValue? {
        switch shape {
        case .string, .text, .enumeration, .pattern, .double, .map:
            return branch.value.map { .string($0) }
        case .boolean:
            guard let text = branch.value else { return nil }
            switch text.lowercased() {
            case "true": return true
            case "false": return false
            default: throw .malformedInput("Invalid boolean value '\(shown(text))' of \(name)")
            }
        case .integer, .number:
            guard let text = branch.value else { return nil }
            guard let number = Int(text) else {
                throw .malformedInput("Invalid integer value '\(shown(text))' of \(name)")
            }
            return .number(JSONNumber(number))
        case .list(let element), .shortList(let element, _):
            return .array(try list(branch, element, name))
        case .structure(let members):
            return .object(try structure(branch, members))
        }
    }

    private static func list(
        _ branch: QueryForm.Branch, _ element: Shape, _ name: String
    ) throws(ServiceError) -> [JSONValue] {
        var numbered: [(number: Int, branch: QueryForm.Branch)] = []
        for (step, child) in branch.children["member"]?.children ?? [:] {
            guard let number = Int(step), number > 0 else {
                throw .malformedInput("Invalid list index '\(shown(step))' of \(name)")
            }
            numbered.append((number, child))
        }
        numbered.sort { $0.number < $1.number }
        var values: [JSONValue] = []
        for (_, child) in numbered { values.append(try value(child, element, name) ?? "") }
        return values
    }

    private static func shown(_ text: String) -> String { String(text.prefix(64)) }
}
