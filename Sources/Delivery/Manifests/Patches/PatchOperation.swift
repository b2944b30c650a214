import Diagnostics
import JSON
import Resources

/// One operation of a patch.
///
/// SOURCE: RFC 6902, section 4. Unlike there, a member that no operation has is refused rather than passed over.
struct PatchOperation: Sendable {
    enum Kind: Sendable {
        case add(Node), replace(Node), test(Node)
        case remove
        case move(JSONPointer), copy(JSONPointer)
    }

    let kind: Kind
    let path: JSONPointer
    /// Of the path.
    let span: SourceSpan

    static let names = ["add", "copy", "move", "remove", "replace", "test"]

    /// Nil for an operation with a mistake, which is added to `diagnostics`.
    init?(_ node: Node, _ diagnostics: inout [Diagnostic]) {
        var check = SchemaCheck()
        let values = check.structure(node, KindTable.patchOperationFields, at: "patch")
        diagnostics += check.diagnostics
        guard !check.diagnostics.hasErrors, let operation = values["op"]?.string, Self.names.contains(operation),
            let written = node["path"]
        else { return nil }
        guard let path = Self.pointer(written, &diagnostics) else { return nil }
        self.path = path
        span = written.span
        let needs = ["move", "copy"].contains(operation) ? "from" : operation == "remove" ? nil : "value"
        for name in ["from", "value"] where node[name] != nil && name != needs {
            diagnostics.append(
                Diagnostic(
                    .error, ManifestCode.badPatch, "`\(operation)` takes no `\(name)`", at: node.member(name)?.nameSpan,
                    remedy: "leave it out"))
            return nil
        }
        if let needs, node[needs] == nil {
            diagnostics.append(
                Diagnostic(
                    .error, ManifestCode.badPatch, "`\(operation)` of `\(path)` has no `\(needs)`", at: node.span,
                    remedy: "add `\(needs)`"))
            return nil
        }
        switch operation {
        case "remove": kind = .remove
        case "move", "copy":
            guard let written = node["from"], let from = Self.pointer(written, &diagnostics) else { return nil }
            if operation == "move", path.isInside(from) {
                diagnostics.append(
                    Diagnostic(
                        .error, ManifestCode.badPatch, "`\(from)` cannot be moved into itself", at: written.span,
                        remedy: "move it elsewhere, or copy it"))
                return nil
            }
            kind = operation == "move" ? .move(from) : .copy(from)
        default:
            guard let value = node["value"] else { return nil }
            kind = operation == "add" ? .add(value) : operation == "test" ? .test(value) : .replace(value)
        }
    }

    private static func pointer(_ node: Node, _ diagnostics: inout [Diagnostic]) -> JSONPointer? {
        let text = node.scalarText ?? ""
        if let pointer = JSONPointer(text) { return pointer }
        diagnostics.append(
            Diagnostic(
                .error, ManifestCode.badPatch, "`\(text.shortened)` is no JSON Pointer", at: node.span,
                remedy: text.hasPrefix("/")
                    ? "write `~0` for a `~` and `~1` for a `/` in a name" : "start it with `/`, as in `/spec/stages`"))
        return nil
    }

    /// Every place that the operation reads or changes.
    var pointers: [JSONPointer] {
        switch kind {
        case .add, .replace, .test, .remove: [path]
        case .move(let from), .copy(let from): [from, path]
        }
    }
}
