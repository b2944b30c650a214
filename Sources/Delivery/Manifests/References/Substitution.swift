import Diagnostics
import JSON
import Resources

/// A `${Kind/name.attribute}` and the text that it stands in.
struct PlacedReference: Sendable {
    let reference: SymbolicReference
    let span: SourceSpan
}

/// Puts variables into the strings of a document, and notes the references that it meets.
struct Substitution: Sendable {
    /// Values of `spec.variables` by name.
    let variables: [String: Node]
    /// Of the environment, for messages.
    let environment: String
    private(set) var used: Set<String> = []
    private(set) var references: [PlacedReference] = []
    private(set) var diagnostics: [Diagnostic] = []

    init(variables: [String: Node], environment: String) {
        self.variables = variables
        self.environment = environment
    }

    /// The node with every `${var.name}` replaced; member names are left alone, and so is every other `${...}`.
    mutating func apply(to node: Node) -> Node { changed(node) ?? node }

    /// Nil where nothing changes, so that big documents are not copied.
    private mutating func changed(_ node: Node) -> Node? {
        switch node.content {
        case .null, .bool, .number: return nil
        case .string(let text): return text.utf8.contains(UInt8(ascii: "$")) ? changed(text, node.span) : nil
        case .array(let elements):
            var copy: [Node]?
            for (position, element) in elements.enumerated() {
                guard let new = changed(element) else { continue }
                if copy == nil { copy = elements }
                copy?[position] = new
            }
            return copy.map { Node(.array($0), at: node.span) }
        case .object(let members):
            var copy: [Node.Member]?
            for (position, member) in members.enumerated() {
                guard let new = changed(member.value) else { continue }
                if copy == nil { copy = members }
                copy?[position].value = new
            }
            return copy.map { Node(.object($0), at: node.span) }
        }
    }

    private mutating func changed(_ text: String, _ span: SourceSpan) -> Node? {
        var result = ""
        var rest = text[...]
        var hasVariable = false
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            let inner = rest[start.upperBound..<end]
            let after = rest.index(after: end)
            if inner.hasPrefix("var."), let name = Self.variableName(inner) {
                guard let value = value(of: name, span) else { return nil }
                if start.lowerBound == text.startIndex, after == text.endIndex {
                    note(value)
                    return Node(value.content, at: span)
                }
                result += rest[..<start.lowerBound]
                result += inserted(value, name, span)
                hasVariable = true
            } else if inner.contains("${") {
                // `${ ${var.x} }`: only the inner one can be ours.
                let inside = rest.index(after: start.lowerBound)
                result += rest[..<inside]
                rest = rest[inside...]
                continue
            } else {
                if let reference = SymbolicReference(text: inner) {
                    references.append(PlacedReference(reference: reference, span: span))
                }
                result += rest[..<after]
            }
            rest = rest[after...]
        }
        return hasVariable ? Node(.string(result + rest), at: span) : nil
    }

    private static func variableName(_ inner: Substring) -> String? {
        let name = String(inner.dropFirst(4))
        return TextPattern.variableName.matches(name) ? name : nil
    }

    private mutating func value(of name: String, _ span: SourceSpan) -> Node? {
        if let value = variables[name] {
            used.insert(name)
            return value
        }
        let near = Suggestion.nearest(to: name, among: variables.keys.sorted())
        diagnostics.append(
            Diagnostic(
                .error, ManifestCode.unsetVariable,
                "the environment `\(environment)` does not set the variable `\(name)`", at: span,
                remedy: near.map { "did you mean `${var.\($0)}`?" } ?? "add `\(name)` to its `spec.variables`"))
        return nil
    }

    private mutating func inserted(_ value: Node, _ name: String, _ span: SourceSpan) -> String {
        note(value)
        if let text = value.scalarText { return text }
        diagnostics.append(
            Diagnostic(
                .error, ManifestCode.variableNotText,
                "the variable `\(name)` is \(value.typeName) and cannot be part of a text", at: [span, value.span],
                remedy: "write `${var.\(name)}` as the whole value, or make the variable a text"))
        return ""
    }

    /// References in the values of variables count where the variable stands.
    private mutating func note(_ value: Node) {
        for reference in value.value.references {
            references.append(PlacedReference(reference: reference, span: value.span))
        }
    }
}
