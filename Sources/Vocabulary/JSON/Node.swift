package import Diagnostics

/// A value as it stands in a file: what was written, and where. YAML and JSON files are both read into this tree.
package struct Node: Sendable {
    package enum Content: Sendable {
        /// `text` of null, a boolean or a number is its source text, so that a field that wants a string can have it.
        case null(text: String)
        case bool(Bool, text: String)
        case number(JSONNumber)
        case string(String)
        case array([Node])
        /// In the order written; names are unique.
        case object([Member])
    }

    package struct Member: Sendable {
        package var name: String
        package var nameSpan: SourceSpan
        package var value: Node

        package init(name: String, nameSpan: SourceSpan, value: Node) {
            self.name = name
            self.nameSpan = nameSpan
            self.value = value
        }
    }

    package var content: Content
    package var span: SourceSpan
    /// What the file says where a number is not written as JSON writes it (`+49`, `0x1F`, `.5`); else nil.
    package var numberText: String?

    package init(_ content: Content, at span: SourceSpan, numberText: String? = nil) {
        self.content = content
        self.span = span
        self.numberText = numberText
    }
}

extension Node {
    /// The value without places.
    package var value: JSONValue {
        switch content {
        case .null: .null
        case .bool(let value, _): .bool(value)
        case .number(let value): .number(value)
        case .string(let value): .string(value)
        case .array(let elements): .array(elements.map(\.value))
        case .object(let members): .object(JSONObject(members.map { ($0.name, $0.value.value) }))
        }
    }

    package var members: [Member]? { if case .object(let members) = content { members } else { nil } }
    package var elements: [Node]? { if case .array(let elements) = content { elements } else { nil } }
    package var bool: Bool? { if case .bool(let value, _) = content { value } else { nil } }
    package var number: JSONNumber? { if case .number(let value) = content { value } else { nil } }
    package var isNull: Bool { if case .null = content { true } else { false } }
    /// The text of a string only.
    package var string: String? { if case .string(let value) = content { value } else { nil } }
    /// The text of any scalar but null: what a field gets that wants a string (`012` stays `012`).
    package var scalarText: String? {
        switch content {
        case .string(let value): value
        case .number(let number): numberText ?? number.text
        case .bool(_, let text): text
        case .null, .array, .object: nil
        }
    }

    /// The value of the member of that name; nil when there is none or this is no object.
    package subscript(name: String) -> Node? { member(name)?.value }
    package func member(_ name: String) -> Member? { members?.first { $0.name == name } }

    /// For messages: `a list`, `a string`, ...
    package var typeName: String {
        switch content {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "a map"
        }
    }
}
