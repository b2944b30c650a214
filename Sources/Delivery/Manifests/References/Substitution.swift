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
    /// By name.
    let variables: [String: Variable]
    /// Of the environment, for messages.
    let environment: String
    private(set) var used: Set<String> = []
    private(set) var references: [PlacedReference] = []
    private(set) var diagnostics: [Diagnostic] = []
    /// What the variables added so far.
    private var inserted = (nodes: 0, bytes: 0)
    private var isTooLarge = false

    init(variables: [String: Variable], environment: String) {
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
        var hasVariable = false
        var placeholders = Placeholders(text)
        while let part = placeholders.next() {
            switch part {
            case .text(let plain): result += plain
            case .variable(let name, let written):
                guard let variable = variable(name, span) else {
                    result += written
                    continue
                }
                if written.utf8.count == text.utf8.count { return Node(variable.node.content, at: span) }
                result += self.text(of: variable, name, span)
                hasVariable = true
            case .reference(let reference, let written):
                references.append(PlacedReference(reference: reference, span: span))
                result += written
            }
        }
        return hasVariable ? Node(.string(result), at: span) : nil
    }

    /// Nil if it is not set, or there is no room for it any more: that has been said.
    private mutating func variable(_ name: String, _ span: SourceSpan) -> Variable? {
        guard let variable = variables[name] else {
            reportUnset(name, span)
            return nil
        }
        used.insert(name)
        inserted.nodes += variable.nodeCount
        inserted.bytes += variable.byteCount
        guard inserted.nodes <= Limits.insertedNodes, inserted.bytes <= Limits.insertedBytes else {
            reportTooLarge(name, span)
            return nil
        }
        for reference in variable.references {
            references.append(PlacedReference(reference: reference, span: variable.node.span))
        }
        return variable
    }

    private mutating func reportUnset(_ name: String, _ span: SourceSpan) {
        guard diagnostics.count <= Limits.diagnostics else { return }
        let candidates = diagnostics.count < Limits.suggestions ? Array(variables.keys) : []
        let near = Suggestion.nearest(to: name, among: candidates)
        diagnostics.append(
            Diagnostic(
                .error, ManifestCode.unsetVariable,
                "the environment `\(environment)` does not set the variable `\(name)`", at: span,
                remedy: near.map { "did you mean `${var.\($0)}`?" } ?? "add `\(name)` to its `spec.variables`"))
    }

    private mutating func reportTooLarge(_ name: String, _ span: SourceSpan) {
        guard !isTooLarge else { return }
        isTooLarge = true
        diagnostics.append(
            Diagnostic(
                .error, ManifestCode.variableTooLarge, "variables make the document too large, from `\(name)` on",
                at: span, remedy: "make its value smaller, or use it less often"))
    }

    private mutating func text(of variable: Variable, _ name: String, _ span: SourceSpan) -> String {
        if let text = variable.node.scalarText { return text }
        diagnostics.append(
            Diagnostic(
                .error, ManifestCode.variableNotText,
                "the variable `\(name)` is \(variable.node.typeName) and cannot be part of a text",
                at: [span, variable.node.span],
                remedy: "write `${var.\(name)}` as the whole value, or make the variable a text"))
        return ""
    }
}

extension Substitution {
    /// True if the text is one `${var.name}` and nothing else.
    static func isVariable(_ text: String) -> Bool {
        var placeholders = Placeholders(text)
        if case .variable(_, let written) = placeholders.next() { return written.utf8.count == text.utf8.count }
        return false
    }

    /// True if the text has `${var.name}` in it, which is left only where the variable is not set.
    static func hasUnset(_ text: String) -> Bool {
        var placeholders = Placeholders(text)
        while let part = placeholders.next() { if case .variable = part { return true } }
        return false
    }
}
