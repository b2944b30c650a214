import Diagnostics
import JSON
import Resources

/// `apiVersion`, `kind`, `metadata` and `spec` of one document.
struct Envelope {
    let node: Node
    let file: String
    private(set) var diagnostics: [Diagnostic] = []

    private static let members = ["apiVersion", "kind", "metadata", "spec"]

    init(node: Node, file: String) {
        self.node = node
        self.file = file
    }

    /// Nil if it is not ours, or its kind or name is wrong.
    mutating func read(_ claim: Claim) -> ManifestDocument? {
        switch claim {
        case .foreign: return nil
        case .none:
            error(.missingField, "a document has no `apiVersion`", at: node.span, "add `apiVersion: gatewright/v1`")
            return nil
        case .nearly(let member):
            if member.name == "apiVersion" {
                let text = member.value.scalarText ?? ""
                error(
                    .unknownVersion, "`\(text)` is no version of Gatewright's manifests", at: member.value.span,
                    "did you mean `\(ManifestParsing.apiVersion)`?")
            } else {
                error(
                    .unknownField, "`\(member.name)` is no field of a manifest", at: member.nameSpan,
                    "did you mean `apiVersion`?")
            }
        case .ours: break
        }
        checkMembers()
        let schema = schema()
        let names = metadata(by: schema)
        guard let schema, let names, let metadata = node["metadata"] else { return nil }
        let spec = node["spec"] ?? Node(.object([]), at: node.span)
        return ManifestDocument(
            schema: schema, name: names.name, nameSpan: metadata["name"]?.span ?? metadata.span,
            previousName: names.previous, adopt: metadata["adopt"].flatMap { $0.isNull ? nil : $0 },
            spec: spec.isNull ? Node(.object([]), at: spec.span) : spec, file: file)
    }

    private mutating func checkMembers() {
        for member in node.members ?? [] where !Self.members.contains(member.name) {
            if Suggestion.nearest(to: member.name, among: ["apiVersion"]) != nil, node["apiVersion"] == nil { continue }
            error(
                .unknownField, "`\(member.name)` is no field of a manifest", at: member.nameSpan,
                Suggestion.nearest(to: member.name, among: Self.members).map { "did you mean `\($0)`?" }
                    ?? "a manifest has \(Listing.and(Self.members))")
        }
    }

    private mutating func schema() -> KindSchema? {
        guard let kind = node["kind"], !kind.isNull else {
            error(.missingField, "a document has no `kind`", at: node.span, "add `kind: RestApi`")
            return nil
        }
        guard let text = kind.string else {
            error(.wrongType, "`kind` wants a string, and has \(kind.typeName)", at: kind.span, "write `kind: RestApi`")
            return nil
        }
        if let schema = KindTable.manifest(text) { return schema }
        if KindTable.object(ResourceKind(rawValue: text)) != nil {
            error(
                .unknownKind, "a `\(text)` is no document of its own", at: kind.span,
                Self.place(of: ResourceKind(rawValue: text)))
        } else {
            let known = KindTable.manifests.map(\.kind.rawValue)
            error(
                .unknownKind, "there is no kind `\(text)`", at: kind.span,
                Suggestion.nearest(to: text, among: known).map { "did you mean `\($0)`?" }
                    ?? "the kinds are \(Listing.and(known))")
        }
        return nil
    }

    /// Where what is no document of its own is written.
    private static func place(of kind: ResourceKind) -> String {
        switch kind {
        case .permission: "it is part of a `Function`: write it in `spec.permissions`"
        case .alias: "it is part of a `Function`: write it in `spec.aliases`"
        default: "it is part of a `RestApi`: write it in the OpenAPI definition, or in `spec.stages`"
        }
    }

    private mutating func metadata(
        by schema: KindSchema?
    ) -> (name: String, previous: (name: String, span: SourceSpan)?)? {
        guard let metadata = node["metadata"], !metadata.isNull else {
            error(.missingField, "a document has no `metadata`", at: node.span, "add `metadata: { name: ... }`")
            return nil
        }
        var check = SchemaCheck()
        let value = check.structure(metadata, KindTable.metadataFields(of: schema), at: "metadata")
        diagnostics += check.diagnostics
        guard !check.diagnostics.hasErrors, let name = value["name"]?.string else { return nil }
        let previous = value["previousName"]?.string
        for (field, text) in [("name", name), ("previousName", previous ?? "")] where text.contains("${") {
            error(
                .badPattern, "`metadata.\(field)` cannot be `\(text.shortened)`",
                at: metadata[field]?.span ?? node.span, "variables and references have no place in names")
            return nil
        }
        return (name, previous.map { ($0, metadata["previousName"]?.span ?? metadata.span) })
    }

    private mutating func error(
        _ code: ManifestCode, _ message: String, at span: SourceSpan, _ remedy: String
    ) {
        diagnostics.append(Diagnostic(.error, code, message, at: span, remedy: remedy))
    }
}

/// Words for messages.
enum Listing {
    /// `a`, `b` and `c`, each in backticks; a long list is cut.
    static func and(_ words: [String]) -> String { list(words, "and") }
    static func or(_ words: [String]) -> String { list(words, "or") }

    private static func list(_ words: [String], _ link: String) -> String {
        var shown = words.prefix(20).map { "`\($0)`" }
        if words.count > shown.count { shown.append("\(words.count - shown.count) others") }
        guard let last = shown.popLast() else { return "" }
        return shown.isEmpty ? last : "\(shown.joined(separator: ", ")) \(link) \(last)"
    }
}
