import Diagnostics
import JSON
import Resources

/// `spec` of one Environment, checked.
struct EnvironmentSettings: Sendable {
    let name: String
    /// Folders and files, relative to the root of the tree, each once; with the place of each.
    private(set) var manifests: [(path: String, span: SourceSpan)] = []
    private(set) var variables: [String: Variable] = [:]
    private(set) var variableSpans: [String: SourceSpan] = [:]
    private(set) var target: JSONValue = ["engine": [:]]
    private(set) var apply = ApplySettings()
    private(set) var drift = DriftSettings()
    /// `spec.patches`; their files are not read yet.
    private(set) var patches: PatchReading
    private(set) var diagnostics: [Diagnostic] = []
    /// Variables that the Environment itself uses.
    private(set) var used: Set<String> = []

    init(_ document: ManifestDocument) {
        name = document.name
        patches = PatchReading(folder: TreePath.folder(of: document.file))
        readVariables(document.spec)
        let spec = substituted(document.spec)
        var check = SchemaCheck(notSupported: document.schema.notSupportedYet)
        let values = check.structure(spec, document.schema.fields, at: "spec")
        diagnostics += check.diagnostics
        readManifests(spec, folder: TreePath.folder(of: document.file))
        readTarget(values, spec)
        readApply(values["apply"])
        let probes = ProbeReading(values["apply"]?["probes"], spec["apply"]?["probes"])
        apply.probes = probes.rules
        diagnostics += probes.diagnostics
        let drift = DriftReading(values["drift"], spec["drift"])
        self.drift = drift.settings
        diagnostics += drift.diagnostics
        if !check.diagnostics.hasErrors { patches.read(spec["patches"]) }
    }

    private mutating func readVariables(_ spec: Node) {
        for member in spec["variables"]?.members ?? [] {
            variables[member.name] = Variable(member.value)
            variableSpans[member.name] = member.nameSpan
            if member.value["valueFrom"] != nil {
                diagnostics.append(
                    Diagnostic(
                        .error, ManifestCode.notSupported,
                        "`valueFrom` of `spec.variables.\(member.name)` is not there yet",
                        at: member.value.span, remedy: "secrets come with a later version; write a value that is none"))
            }
            var nested = Substitution(variables: [:], environment: name)
            _ = nested.apply(to: member.value)
            for problem in nested.diagnostics.prefix(1) {
                diagnostics.append(
                    Diagnostic(
                        .error, ManifestCode.nestedVariable,
                        "the variable `\(member.name)` is made of another variable",
                        at: problem.spans, remedy: "write the value itself"))
            }
        }
    }

    /// The spec with variables put into everything but themselves, and patches, whose values become part of manifests.
    private mutating func substituted(_ spec: Node) -> Node {
        guard let members = spec.members else { return spec }
        var substitution = Substitution(variables: variables, environment: name)
        let replaced = members.map { member in
            guard member.name != "variables", member.name != "patches" else { return member }
            return Node.Member(
                name: member.name, nameSpan: member.nameSpan, value: substitution.apply(to: member.value))
        }
        used = substitution.used
        diagnostics += substitution.diagnostics
        for placed in substitution.references {
            diagnostics.append(
                Diagnostic(
                    .error, ManifestCode.badPattern, "an Environment cannot refer to `\(placed.reference)`",
                    at: placed.span, remedy: "write the value itself"))
        }
        return Node(.object(replaced), at: spec.span)
    }

    private mutating func readManifests(_ spec: Node, folder: String) {
        var seen: Set<String> = []
        for element in spec["manifests"]?.elements ?? [] {
            guard let written = element.scalarText, !written.isEmpty else { continue }
            guard let path = TreePath.resolve(written, in: folder) else {
                diagnostics.append(.badPath(written, "spec.manifests", at: element.span))
                continue
            }
            if seen.insert(path).inserted { manifests.append((path, element.span)) }
        }
    }

    private mutating func readTarget(_ values: JSONObject, _ spec: Node) {
        guard let written = values["target"], written.object?.count == 1 else { return }
        target = written
        for (kind, name) in ["engine", "aws"].flatMap({ [($0, "endpoint"), ($0, "dataEndpoint")] }) {
            guard let endpoint = written[kind]?[name]?.string, !endpoint.hasPrefix("http://"),
                !endpoint.hasPrefix("https://")
            else { continue }
            diagnostics.append(
                Diagnostic(
                    .error, ManifestCode.badPattern, "`spec.target.\(kind).\(name)` cannot be `\(endpoint.shortened)`",
                    at: spec["target"]?[kind]?[name]?.span,
                    remedy: "write a URL that starts with `https://` or `http://`"))
        }
    }

    private mutating func readApply(_ values: JSONValue?) {
        if let parallelism = values?["parallelism"]?.int { apply.parallelism = parallelism }
        if let text = values?["onFailure"]?.string, let value = ApplySettings.OnFailure(rawValue: text) {
            apply.onFailure = value
        }
        if let maxDeletes = values?["maxDeletes"]?.int { apply.maxDeletes = maxDeletes }
        if let protect = values?["protect"]?.array { apply.protect = Set(protect.compactMap(\.string)).sorted() }
    }

    /// Variables that neither the environment nor its manifests use.
    func unusedVariables(_ used: Set<String>) -> [Diagnostic] {
        variables.keys.sorted().filter { !used.contains($0) && !self.used.contains($0) }.map { unused in
            Diagnostic(
                .warning, ManifestCode.unusedVariable, "the variable `\(unused)` is used nowhere",
                at: variableSpans[unused], remedy: "remove it, or check the spelling where it should be used")
        }
    }
}

extension Diagnostic {
    static func badPath(_ written: String, _ field: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic(
            .error, ManifestCode.badPath, "`\(field)` cannot be `\(written.shortened)`", at: span,
            remedy: "write a path inside the repository, relative to this file")
    }
}
