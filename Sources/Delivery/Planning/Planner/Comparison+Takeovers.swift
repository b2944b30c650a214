import Diagnostics
import Resources

/// Objects that are there already, under another name or as nobody's.
extension Comparison {
    /// Adds a line for each object that is taken over, before what changes on it.
    ///
    /// - Parameters:
    ///   - known: What is recorded, under the names of now.
    ///   - present: The same as it was read of the target.
    mutating func takeOver(
        _ renaming: Renaming, _ desired: DesiredGraph, known: [RecordedObject], present: [RecordedObject]
    ) {
        for (rename, _) in renaming.moves {
            guard let object = present.first(where: { $0.address == rename.to }) else { continue }
            let span = rename.span ?? desired.resources.first { $0.address == rename.to }?.span
            adopt(object, .recorded(rename.from), "was `\(rename.from)`", span)
        }
        for adoption in desired.adoptions where !known.contains(where: { $0.address == adoption.address }) {
            let found = present.first { $0.address == adoption.address }
            if let found, found.identity.physicalID == adoption.physicalID {
                adopt(found, .target(adoption.physicalID), "takes over `\(adoption.physicalID)`", adoption.span)
            } else if found == nil {
                adoptUnread(adoption)
            }
        }
    }

    private mutating func adopt(
        _ object: RecordedObject, _ origin: Change.Origin, _ reason: String, _ span: SourceSpan?
    ) {
        var change = Change(
            .adopt, object.address, before: object.document, after: object.document, visibility: .hidden,
            reason: reason, span: span)
        change.origin = origin
        for position in drafts.indices where drafts[position].change.address == object.address {
            drafts[position].part += 1
        }
        drafts.append(Draft(change: change))
    }

    /// Without a look at the target the object is as good as new, but for its own line.
    private mutating func adoptUnread(_ adoption: Adoption) {
        guard let position = drafts.firstIndex(where: { $0.change.address == adoption.address }) else { return }
        drafts[position].change.action = .adopt
        drafts[position].change.origin = .target(adoption.physicalID)
        drafts[position].change.reason = "takes over `\(adoption.physicalID)`, which was not read"
        drafts[position].change.span = adoption.span
        findings.append(
            Diagnostic(
                .note, PlanFinding.adoptionUnread,
                "`\(adoption.address)` takes over `\(adoption.physicalID)`: what changes on it is known once it is read",
                at: adoption.span, remedy: "see `gatewright plan`"))
    }
}
