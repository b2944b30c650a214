import JSON
import Resources

/// The way from a document to one of its values.
package struct DocumentPath: Sendable, Hashable {
    enum Part: Sendable, Hashable {
        case name(String)
        case position(Int)
    }

    private(set) var parts: [Part] = []

    func appending(_ part: Part) -> DocumentPath {
        var path = self
        path.parts.append(part)
        return path
    }

    /// The parts of ``pointer``.
    package var names: [String] {
        parts.map { part in
            switch part {
            case .name(let name): name
            case .position(let position): "\(position)"
            }
        }
    }

    /// A JSON Pointer: `/integration/requestTemplates/application~1json`; empty for the whole document.
    package var pointer: String { DriftRule.pointer(names) }

    /// `integration.requestTemplates["application/json"]`, as plans show it; empty for the whole document.
    package var text: String {
        parts.reduce(into: "") { text, part in
            switch part {
            case .name(let name): text = PropertyChange.path(text, name)
            case .position(let position): text += "[\(position)]"
            }
        }
    }
}

extension JSONValue {
    /// The value with another one at a place; nil removes the member. What leads nowhere changes nothing.
    func replacing(at path: DocumentPath, with value: JSONValue?) -> JSONValue {
        replacing(at: path.parts[...], with: value) ?? .object(JSONObject())
    }

    private func replacing(at parts: ArraySlice<DocumentPath.Part>, with value: JSONValue?) -> JSONValue? {
        guard let part = parts.first else { return value }
        switch (part, self) {
        case (.name(let name), .object(var object)):
            let inside = object[name] ?? .object(JSONObject())
            let replaced = inside.replacing(at: parts.dropFirst(), with: value)
            // A map that was made by its members goes with the last of them.
            let isGone = parts.count > 1 && replaced?.object?.isEmpty == true && inside.object?.isEmpty == false
            object[name] = isGone ? nil : replaced
            return .object(object)
        case (.position(let position), .array(var elements)) where elements.indices.contains(position):
            guard let replaced = elements[position].replacing(at: parts.dropFirst(), with: value) else { return self }
            elements[position] = replaced
            return .array(elements)
        default: return self
        }
    }
}
