import Diagnostics
import JSON
import Resources

/// Whether references name what there is.
enum ReferenceCheck {
    static func diagnostics(_ placed: [PlacedReference], among addresses: Set<Address>) -> [Diagnostic] {
        var seen: Set<PlacedReference.Key> = []
        var found: [Diagnostic] = []
        for reference in placed where seen.insert(reference.key).inserted {
            let searches = found.count < Limits.suggestions
            if let diagnostic = diagnostic(reference, addresses, searches: searches) { found.append(diagnostic) }
        }
        return found
    }

    private static func diagnostic(
        _ placed: PlacedReference, _ addresses: Set<Address>, searches: Bool
    ) -> Diagnostic? {
        let (address, attribute) = (placed.reference.address, placed.reference.attribute)
        guard addresses.contains(address) else {
            return Diagnostic(
                .error, ManifestCode.unknownObject, "`\(placed.reference)` names an object that no manifest makes",
                at: placed.span, remedy: searches ? remedy(unknown: address, addresses) : "correct the name")
        }
        let known = KindTable.object(address.kind)?.attributes.map(\.name) ?? []
        guard !known.contains(attribute) else { return nil }
        let near = Suggestion.nearest(to: attribute, among: known).map { "did you mean `\($0)`?" }
        return Diagnostic(
            .error, ManifestCode.unknownAttribute,
            "`\(SymbolicReference.text(of: address))` has no attribute `\(attribute)`", at: placed.span,
            remedy: near ?? (known.isEmpty ? "a \(address.kind) has no attributes" : "it has \(Listing.and(known))"))
    }

    private static func remedy(unknown address: Address, _ addresses: Set<Address>) -> String {
        let same = addresses.filter { $0.kind == address.kind }.map(SymbolicReference.text).sorted()
        if let near = Suggestion.nearest(to: SymbolicReference.text(of: address), among: same) {
            return "did you mean `\(near)`?"
        }
        if same.isEmpty, KindTable.object(address.kind) == nil {
            let kinds = KindTable.objects.map(\.kind.rawValue)
            return Suggestion.nearest(to: address.kind.rawValue, among: kinds).map { "did you mean the kind `\($0)`?" }
                ?? "the kinds are \(Listing.and(kinds))"
        }
        return same.isEmpty
            ? address.kind == .alias ? "add it to `spec.aliases` of the function" : "there is no \(address.kind)"
            : "there are \(Listing.and(same))"
    }
}

extension PlacedReference {
    struct Key: Hashable {
        let reference: SymbolicReference
        let span: SourceSpan
    }

    var key: Key { Key(reference: reference, span: span) }
}
