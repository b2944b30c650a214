import Diagnostics
import JSON
import OpenAPI

/// What a manifest and its definition say of CORS, put into the definition.
struct CORSRules: Sendable {
    private(set) var definition: APIDefinition
    private(set) var diagnostics: [Diagnostic] = []

    init(_ manifest: RestAPIManifest, _ definition: APIDefinition) {
        self.definition = definition
        guard let written = manifest.spec.member("cors"), written.value.members != nil else {
            if definition.cors != nil { expand(CORSExpansion(definition, rule: definition.cors)) }
            return
        }
        if let theirs = definition.cors {
            diagnostics.append(
                Diagnostic(
                    .note, ManifestCode.definitionOverridden,
                    "`spec.cors` of `RestApi/\(manifest.document.name)` counts, not the rule of its definition",
                    at: [written.nameSpan, theirs.span], remedy: "remove it here or there"))
        }
        let all = CORSReading(written.value, named: "spec.cors", at: written.nameSpan, mayBeEmpty: true)
        diagnostics += all.diagnostics
        var paths: [CORSExpansion.PathRule] = []
        for path in written.value["paths"]?.members ?? [] {
            let reading = CORSReading(
                path.value, named: "spec.cors.paths.\(path.name.shortened)", at: path.nameSpan, mayBeEmpty: true)
            diagnostics += reading.diagnostics
            paths.append(CORSExpansion.PathRule(path: path.name, span: path.nameSpan, rule: reading.rule))
        }
        expand(CORSExpansion(definition, rule: all.rule, paths: paths))
    }

    private mutating func expand(_ expansion: CORSExpansion) {
        definition = expansion.definition
        diagnostics += expansion.diagnostics
    }
}
