import Diagnostics
import JSON
import Resources

/// One entry of `spec.patches`: operations, and the documents that they are for.
struct Patch: Sendable {
    enum Target: Sendable {
        /// All of a kind whose names the pattern matches; `*` stands for any run of characters.
        case documents(kind: String, name: String?)
        /// All documents of a file.
        case file(String)
    }

    let target: Target
    let operations: [PatchOperation]
    /// Of the target.
    let span: SourceSpan

    func matches(_ document: ManifestDocument) -> Bool {
        switch target {
        case .file(let path): document.file == path
        case .documents(let kind, let name):
            document.schema.kind.rawValue == kind && (name.map { Wildcard.matches(document.name, $0) } ?? true)
        }
    }

    /// For messages.
    var targetText: String {
        switch target {
        case .file(let path): path
        case .documents(let kind, let name): "\(kind)/\(name ?? "*")"
        }
    }
}

/// `*` for any run of characters.
package enum Wildcard {
    /// True if all of the text is as the pattern says. O(text x pattern) at worst.
    package static func matches(_ text: String, _ pattern: String) -> Bool {
        let (text, pattern) = (Array(text.utf8), Array(pattern.utf8))
        var (position, at) = (0, 0)
        var (star, resume): (Int?, Int) = (nil, 0)
        while position < text.count {
            if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
                star = at
                resume = position
                at += 1
            } else if at < pattern.count, pattern[at] == text[position] {
                position += 1
                at += 1
            } else if let star {
                resume += 1
                position = resume
                at = star + 1
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

/// `spec.patches` of one Environment, and the files that it names.
struct PatchReading {
    private(set) var patches: [Patch] = []
    private(set) var diagnostics: [Diagnostic] = []

    /// A file of an entry, relative to the root, and where it is named.
    struct File: Sendable {
        let path: String
        let span: SourceSpan
        fileprivate let target: Node?
    }

    /// What is to be read, in the order of the entries; their patches come where the entry stands.
    private(set) var entries: [Entry] = []

    enum Entry: Sendable {
        case patch(Patch)
        case file(File)
    }

    private let folder: String

    /// - Parameter folder: Of the configuration file; paths are relative to it.
    init(folder: String) { self.folder = folder }

    /// Reads the entries; their shape was checked against the table.
    mutating func read(_ list: Node?) {
        for node in list?.elements ?? [] {
            guard let file = node.member("file") else {
                if let patch = patch(target: node["target"], operations: node["patch"], at: node.span) {
                    entries.append(.patch(patch))
                }
                continue
            }
            if let operations = node.member("patch") {
                fault("an entry has `file` and `patch`", at: operations.nameSpan, "keep one of them")
                continue
            }
            guard let text = file.value.scalarText, let path = TreePath.resolve(text, in: folder), !path.isEmpty else {
                diagnostics.append(.badPath(file.value.scalarText ?? "", "spec.patches.file", at: file.value.span))
                continue
            }
            entries.append(.file(File(path: path, span: file.value.span, target: node["target"])))
        }
    }

    /// Puts the patches of the files between the others. `contents` is by path; a file that is not there has none.
    mutating func finish(_ contents: [String: [UInt8]]) {
        for entry in entries {
            switch entry {
            case .patch(let patch): patches.append(patch)
            case .file(let file):
                guard let bytes = contents[file.path] else {
                    diagnostics.append(
                        Diagnostic(
                            .error, ManifestCode.fileMissing, "there is no file `\(file.path)`", at: file.span,
                            remedy: "the path is relative to `\(Configuration.fileName)`"))
                    continue
                }
                read(file, bytes)
            }
        }
    }

    private mutating func read(_ file: File, _ bytes: [UInt8]) {
        let reading = ManifestParsing.nodes(file.path, bytes)
        diagnostics += reading.diagnostics
        guard !reading.diagnostics.hasErrors else { return }
        let documents = reading.nodes.filter { !$0.isNull }
        guard documents.count == 1, let document = documents.first else {
            return fault(
                "`\(file.path)` has \(documents.isEmpty ? "no" : "\(documents.count)") documents",
                at: documents.dropFirst().first?.span ?? file.span, "keep one list of patches in the file")
        }
        if let target = file.target {
            if let patch = patch(target: target, operations: document, at: file.span) { patches.append(patch) }
            return
        }
        // The file is a list as `spec.patches` is, or one element of such a list.
        let list = document.elements ?? [document]
        var check = SchemaCheck()
        for node in list {
            _ = check.structure(node, KindTable.patchFields.filter { $0.name != "file" }, at: "patch")
            if let patch = patch(target: node["target"], operations: node["patch"], at: node.span) {
                patches.append(patch)
            }
        }
        diagnostics += check.diagnostics
    }

    private mutating func patch(target: Node?, operations: Node?, at span: SourceSpan) -> Patch? {
        guard let target, target.members != nil else {
            if target == nil {
                fault("a patch has no `target`", at: span, "add `target: { kind: RestApi, name: ... }`")
            }
            return nil
        }
        guard let operations else {
            fault("a patch has no `patch`", at: span, "add the operations, or a `file` with them")
            return nil
        }
        guard let elements = operations.elements else {
            fault("a patch is a list of operations", at: operations.span, "start each operation with `- op:`")
            return nil
        }
        let found = elements.compactMap { PatchOperation($0, &diagnostics) }
        guard let read = self.target(target), found.count == elements.count else { return nil }
        return Patch(target: read, operations: found, span: target.span)
    }

    private mutating func target(_ node: Node) -> Patch.Target? {
        if let file = node["file"] {
            guard node["kind"] == nil, node["name"] == nil else {
                fault("a target has `file` and `kind`", at: node.span, "name a file, or a kind and a name")
                return nil
            }
            guard let path = TreePath.resolve(file.scalarText ?? "", in: folder), !path.isEmpty else {
                diagnostics.append(.badPath(file.scalarText ?? "", "target.file", at: file.span))
                return nil
            }
            return .file(path)
        }
        guard let kind = node["kind"], let text = kind.scalarText else {
            fault("a target has neither `kind` nor `file`", at: node.span, "add `kind: RestApi`")
            return nil
        }
        let kinds = KindTable.manifests.map(\.kind).filter { $0 != .environment }.map(\.rawValue)
        guard kinds.contains(text) else {
            let near = Suggestion.nearest(to: text, among: kinds).map { "did you mean `\($0)`?" }
            fault(
                "no manifest of the kind `\(text.shortened)` can be patched", at: kind.span,
                near ?? "the kinds are \(Listing.and(kinds))")
            return nil
        }
        return .documents(kind: text, name: node["name"]?.scalarText)
    }

    private mutating func fault(_ message: String, at span: SourceSpan, _ remedy: String) {
        diagnostics.append(Diagnostic(.error, ManifestCode.badPatch, message, at: span, remedy: remedy))
    }
}
