import Diagnostics
import Resources

/// What the manifests of an environment say about objects that are there already under another name.
struct Takeovers {
    let renames: [Rename]
    let adoptions: [Adoption]
    private let declared: [Address: SourceSpan]

    init(_ documents: [ManifestDocument], _ adoptions: [Adoption]) {
        renames = documents.compactMap { document in
            document.previousName.map {
                Rename(from: Address(document.schema.kind, $0.name), to: document.address, span: $0.span)
            }
        }
        self.adoptions = adoptions
        declared = Dictionary(documents.map { ($0.address, $0.nameSpan) }) { first, _ in first }
    }

    /// Everything that cannot be meant.
    mutating func check() -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        var claimed: [Address: Rename] = [:]
        for rename in renames {
            if let place = declared[rename.from] {
                let isItself = rename.from == rename.to
                diagnostics.append(
                    .takeover(
                        .badRename,
                        isItself
                            ? "`\(rename.to)` has its own name as `previousName`"
                            : "`\(rename.to)` cannot have been `\(rename.from)`, which is declared as well",
                        [rename.span, isItself ? nil : place],
                        "remove the line if the rename is applied, or take the other manifest away first"))
            } else if let other = claimed[rename.from] {
                diagnostics.append(
                    .takeover(
                        .badRename, "`\(other.to)` and `\(rename.to)` cannot both have been `\(rename.from)`",
                        [rename.span, other.span], "keep the line of the one that it became"))
            }
            claimed[rename.from] = claimed[rename.from] ?? rename
        }
        let renamed = Dictionary(renames.map { ($0.to, $0) }) { first, _ in first }
        var taken: [String: Adoption] = [:]
        for adoption in adoptions {
            if let rename = renamed[adoption.address] {
                diagnostics.append(
                    .takeover(
                        .badAdoption, "`\(adoption.address)` has both `adopt` and `previousName`",
                        [adoption.span, rename.span], "keep the one that says where the object comes from"))
            }
            let key = "\(adoption.address.kind) \(adoption.physicalID)"
            if let other = taken[key] {
                diagnostics.append(
                    .takeover(
                        .badAdoption,
                        "`\(other.address)` and `\(adoption.address)` both adopt `\(adoption.physicalID.shortened)`",
                        [adoption.span, other.span], "keep the line of one of them"))
            }
            taken[key] = taken[key] ?? adoption
        }
        return diagnostics
    }
}

extension Diagnostic {
    fileprivate static func takeover(
        _ code: ManifestCode, _ message: String, _ spans: [SourceSpan?], _ remedy: String
    ) -> Diagnostic {
        Diagnostic(.error, code, message, at: spans.compactMap(\.self), remedy: remedy)
    }
}
