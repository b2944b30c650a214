import Diagnostics
import JSON
import Resources

/// `gatewright.yaml`: its environments, and whatever else stands in it.
struct Configuration: Sendable {
    let path: String
    let environments: [ManifestDocument]
    /// Documents of other kinds: read only where an environment lists the file.
    let others: [ManifestDocument]
    let diagnostics: [Diagnostic]

    static let fileName = "gatewright.yaml"

    init(path: String, bytes: [UInt8]?) {
        self.path = path
        guard let bytes else {
            environments = []
            others = []
            diagnostics = [
                Diagnostic(
                    .error, ManifestCode.noConfiguration, "there is no `\(path)`", at: nil,
                    remedy: "run `gatewright init`, or say where the file is with `--repo-path`")
            ]
            return
        }
        let file = ManifestParsing.file(path, bytes, isNamed: true)
        var named: [String: ManifestDocument] = [:]
        var environments: [ManifestDocument] = []
        var found = file.diagnostics
        for document in file.documents where document.schema.kind == .environment {
            if let earlier = named[document.name] {
                found.append(.duplicate(document, earlier))
            } else {
                named[document.name] = document
                environments.append(document)
            }
        }
        if environments.isEmpty, !found.hasErrors {
            found.append(
                Diagnostic(
                    .error, ManifestCode.noEnvironment, "`\(path)` has no `Environment`",
                    at: SourceSpan(file: path, line: 1, column: 1),
                    remedy: "add one: it names the manifests and the target"))
        }
        self.environments = environments
        others = file.documents.filter { $0.schema.kind != .environment }
        diagnostics = found
    }

    /// What counts for one environment: its document, and what else the file declares; nil if the file has errors or not
    /// that environment. The places of the documents do not count.
    func fingerprint(of environment: String) -> String? {
        guard !diagnostics.hasErrors, let document = environments.first(where: { $0.name == environment }) else {
            return nil
        }
        let beside = others.map(\.fingerprint)
        return ([document.spec.value.text(.canonical)] + beside).joined(separator: "\n")
    }

    /// The environment that was asked for, or the only one; a diagnostic if there is no such.
    func select(_ name: String?) -> (document: ManifestDocument?, diagnostic: Diagnostic?) {
        let names = environments.map(\.name)
        guard let name else {
            guard environments.count > 1 else { return (environments.first, nil) }
            return (
                nil,
                Diagnostic(
                    .error, ManifestCode.environmentNeeded, "there are several environments: \(Listing.and(names))",
                    at: environments.map(\.nameSpan), remedy: "add `--environment` and one of these names")
            )
        }
        if let document = environments.first(where: { $0.name == name }) { return (document, nil) }
        // Its document may be there and be refused: then that is what has to be said.
        guard !diagnostics.hasErrors else { return (nil, nil) }
        let near = Suggestion.nearest(to: name, among: names).map { "did you mean `\($0)`?" }
        return (
            nil,
            Diagnostic(
                .error, ManifestCode.unknownEnvironment, "there is no environment `\(name)` in `\(path)`",
                at: environments.map(\.nameSpan), remedy: near ?? "the environments are \(Listing.and(names))")
        )
    }
}

extension Diagnostic {
    static func duplicate(_ document: ManifestDocument, _ earlier: ManifestDocument) -> Diagnostic {
        Diagnostic(
            .error, ManifestCode.duplicateName,
            document.name == earlier.name
                ? "`\(document.title)` is there twice"
                : "`\(document.title)` and `\(earlier.title)` have the same name: the service does not tell capitals apart",
            at: [document.nameSpan, earlier.nameSpan], remedy: "rename or remove one of them")
    }
}
