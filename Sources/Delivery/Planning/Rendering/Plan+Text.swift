import Diagnostics
import Resources

extension Plan {
    /// The plan for people: what it means, then its changes in the order of execution, then one summary line.
    ///
    /// - Parameter colour: Whether to mark the signs with terminal colours.
    /// - Returns: Lines that end with a line break; nothing in them but these colours controls a terminal.
    package func text(colour: Bool) -> String {
        var page = TextPage(isColoured: colour)
        if let access { page.add(access) }
        for api in PlanMeaning(self).apis { page.add(api) }
        if !changes.isEmpty { page.line("Changes, in this order:") }
        for phase in phases {
            page.line("  \(phase.title):")
            for change in changes[phase.range] {
                let lines = ChangeLines(change)
                page.line("    \(page.sign(PlanSign(change))) \(lines.title)")
                for detail in lines.details { page.line("        \(detail)") }
            }
        }
        if !changes.isEmpty { page.line("") }
        for finding in findings { page.line(finding.line) }
        if !findings.isEmpty { page.line("") }
        page.line("\(Shown.text(environment)): \(PlanSummary(self).text)")
        if !changes.isEmpty, let estimate { page.line("\(estimate.text) to apply it") }
        if !changes.isEmpty { page.line("digest \(digest)") }
        return page.text
    }
}

extension PlanPhase {
    /// What is done here, in words.
    fileprivate var title: String {
        guard isReversible else { return "what cannot be undone" }
        return switch visibility {
        case .hidden: "unseen preparation"
        case .grant: "grants"
        case .flip: "flips, which callers see"
        case .revoke: "revocations"
        case .delete: "deletes"
        }
    }
}

private struct TextPage {
    let isColoured: Bool
    private(set) var text = ""

    init(isColoured: Bool) { self.isColoured = isColoured }

    mutating func line(_ line: String) {
        text += line
        text += "\n"
    }

    func sign(_ sign: PlanSign) -> String {
        isColoured ? "\u{1B}[\(sign.colour)m\(sign.rawValue)\u{1B}[0m" : sign.rawValue
    }

    mutating func add(_ access: AccessReport) {
        line("Access, as far as \(access.sight) tell:")
        for sentence in access.lines { line("  \(Shown.text(sentence))") }
        if access.lines.isEmpty { line("  nobody gains or loses anything") }
        for note in access.notes { line("  not seen: \(Shown.text(note))") }
        line("")
    }

    mutating func add(_ api: PlanMeaning.API) {
        line("API \(Shown.text(api.name))")
        let lines = api.lines.prefix(Limits.meaningLinesMax)
        let width = min(lines.map(\.subject.count).max() ?? 0, 48)
        for line in lines {
            let gap = String(repeating: " ", count: max(0, width - line.subject.count) + 2)
            let mark = line.isAccess ? "access: " : ""
            let note = line.note.isEmpty ? "" : gap + mark + Shown.text(line.note)
            self.line("  \(sign(line.sign)) \(Shown.text(line.subject))\(note)")
        }
        if api.lines.count > lines.count { line("    … \(api.lines.count - lines.count) more") }
        line("")
    }
}
