import Diagnostics
import JSON
import Resources

/// Carries an environment's patches out on its documents, in their order.
struct Patching {
    private(set) var documents: [ManifestDocument]
    private(set) var diagnostics: [Diagnostic] = []
    private let patches: [Patch]
    /// Documents whose definition could not be read: that has been said.
    private var unreadable: Set<Int> = []

    init(_ documents: [ManifestDocument], _ patches: [Patch]) {
        self.documents = documents
        self.patches = patches
    }

    /// Definition files that patches change: they are put in place of their names first.
    var definitions: [String: SourceSpan] {
        var found: [String: SourceSpan] = [:]
        for document in documents where document.schema.kind == .restAPI && isChangedInside(document) {
            if let file = Self.definition(of: document) { found[file.path] = file.span }
        }
        return found
    }

    private static let inline = JSONPointer(tokens: ["spec", "definition", "inline"])

    private func isChangedInside(_ document: ManifestDocument) -> Bool {
        patches.contains { patch in
            patch.matches(document)
                && patch.operations.contains { operation in
                    operation.pointers.contains { $0 == Self.inline || $0.isInside(Self.inline) }
                }
        }
    }

    private static func definition(of document: ManifestDocument) -> (path: String, span: SourceSpan)? {
        guard let definition = document.spec["definition"], definition.members?.count == 1,
            let file = definition["file"], let text = file.scalarText,
            let path = TreePath.resolve(text, in: TreePath.folder(of: document.file)), !path.isEmpty
        else { return nil }
        return (path, file.span)
    }

    /// - Parameters:
    ///   - definitions: What ``definitions`` asked for, by path; those that could not be read are left out.
    ///   - isWhole: False where documents are missing because of errors, so that a patch may be right that matches none.
    mutating func run(_ definitions: [String: Node], isWhole: Bool) {
        for position in documents.indices where documents[position].schema.kind == .restAPI {
            let document = documents[position]
            guard isChangedInside(document), let file = Self.definition(of: document) else { continue }
            guard let definition = definitions[file.path] else {
                unreadable.insert(position)
                continue
            }
            documents[position].spec = document.spec.replacing(
                "definition",
                with: Node(
                    .object([Node.Member(name: "inline", nameSpan: file.span, value: definition)]), at: file.span))
        }
        for patch in patches {
            let matched = documents.indices.filter { patch.matches(documents[$0]) }
            if matched.isEmpty, isWhole { reportUnmatched(patch) }
            for position in matched where !unreadable.contains(position) { apply(patch, to: position) }
        }
    }

    private mutating func apply(_ patch: Patch, to position: Int) {
        let document = documents[position]
        var patching = NodePatching(
            Node(
                .object([Node.Member(name: "spec", nameSpan: document.spec.span, value: document.spec)]),
                at: document.spec.span))
        for operation in patch.operations {
            if let outside = operation.pointers.first(where: { $0.tokens.first != "spec" }) {
                report(
                    NodePatching.Fault(
                        code: .badPatch, message: "`\(outside)` cannot be patched",
                        remedy: "a patch is about what is under `/spec`"), operation, document)
                return
            }
            do {
                try patching.apply(operation)
            } catch {
                // What comes after may rely on it.
                return report(error, operation, document)
            }
        }
        guard let spec = patching.document["spec"], spec.members != nil else {
            return report(
                NodePatching.Fault(
                    code: .badPatch, message: "the patch leaves no `spec`", remedy: "let `/spec` be a map"),
                patch.operations.last, document)
        }
        documents[position].spec = spec
    }

    private mutating func report(
        _ fault: NodePatching.Fault, _ operation: PatchOperation?, _ document: ManifestDocument
    ) {
        diagnostics.append(
            Diagnostic(
                .error, fault.code, "the patch of `\(document.title)` does not fit: \(fault.message)",
                at: [operation?.span, fault.other].compactMap(\.self), remedy: fault.remedy))
    }

    private mutating func reportUnmatched(_ patch: Patch) {
        let (candidates, wanted): ([String], String) =
            switch patch.target {
            case .file(let path): (Set(documents.map(\.file)).sorted(), path)
            case .documents(let kind, let name):
                (documents.filter { $0.schema.kind.rawValue == kind }.map(\.name), name ?? "")
            }
        let near = Suggestion.nearest(to: wanted, among: candidates).map { "did you mean `\($0)`?" }
        diagnostics.append(
            Diagnostic(
                .error, ManifestCode.patchMatchesNothing,
                "no manifest is `\(patch.targetText)`, so it cannot be patched",
                at: patch.span,
                remedy: near ?? (candidates.isEmpty ? "remove the patch" : "there are \(Listing.and(candidates))")))
    }
}

extension Node {
    /// With another value for the member of that name, which is there.
    fileprivate func replacing(_ name: String, with value: Node) -> Node {
        guard case .object(var members) = content, let position = members.firstIndex(where: { $0.name == name }) else {
            return self
        }
        members[position].value = value
        return Node(.object(members), at: span)
    }
}
