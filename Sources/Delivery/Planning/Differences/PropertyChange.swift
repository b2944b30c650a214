package import JSON
package import Resources

/// One property of a document that changes.
package struct PropertyChange: Sendable, Hashable {
    /// `integration.requestTemplates["application/json"]`; empty for the document as a whole.
    package var path: String
    /// Nil if the property was not there.
    package var before: JSONValue?
    /// Nil if the property is not there any more.
    package var after: JSONValue?

    package init(path: String, before: JSONValue?, after: JSONValue?) {
        self.path = path
        self.before = before
        self.after = after
    }

    /// What differs between two documents, in the order of the members' names; empty if they are equal.
    ///
    /// Lists of the same length are compared place by place, others as a whole.
    package static func between(_ before: JSONValue, _ after: JSONValue) -> [PropertyChange] {
        var changes: [PropertyChange] = []
        collect(before, after, at: "", into: &changes)
        return changes
    }

    private static func collect(
        _ before: JSONValue?, _ after: JSONValue?, at path: String, into changes: inout [PropertyChange]
    ) {
        guard before != after else { return }
        switch (before, after) {
        case (.object(let old)?, .object(let new)?):
            for name in Set(old.names + new.names).sorted() {
                collect(old[name], new[name], at: Self.path(path, name), into: &changes)
            }
        case (.object(let old)?, nil) where !old.isEmpty:
            for name in old.names.sorted() { collect(old[name], nil, at: Self.path(path, name), into: &changes) }
        case (nil, .object(let new)?) where !new.isEmpty:
            for name in new.names.sorted() { collect(nil, new[name], at: Self.path(path, name), into: &changes) }
        case (.array(let old)?, .array(let new)?) where old.count == new.count:
            for position in old.indices {
                collect(old[position], new[position], at: "\(path)[\(position)]", into: &changes)
            }
        default: changes.append(PropertyChange(path: path, before: before, after: after))
        }
    }

    static func path(_ parent: String, _ name: String) -> String {
        func isPlain(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard !name.isEmpty, name.utf8.allSatisfy(isPlain) else {
            return "\(parent)[\(JSONValue.string(name).text(.compact))]"
        }
        return parent.isEmpty ? name : "\(parent).\(name)"
    }
}

extension PropertyChange {
    var json: JSONValue {
        var object: JSONObject = ["path": .string(path)]
        object["before"] = before
        object["after"] = after
        return .object(object)
    }
}

extension Change {
    /// What the change does to the properties of its object: all that are set by a create, none for a delete.
    package var properties: [PropertyChange] {
        guard let after else { return [] }
        return PropertyChange.between(before ?? .object(JSONObject()), after)
    }
}
