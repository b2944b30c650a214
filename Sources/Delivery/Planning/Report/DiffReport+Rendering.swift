import Diagnostics
package import JSON

extension DiffReport {
    /// `gatewright.diff/v1`.
    package var json: JSONValue {
        [
            "format": "gatewright.diff/v1",
            "base": .string(base), "head": .string(head), "merge": .bool(isMerge),
            "environments": .array(sections.map(\.json)),
        ]
    }

    /// For people; nothing in it but colours controls a terminal.
    package func text(colour: Bool) -> String {
        let unchanged = sections.count > 1 ? self.unchanged : []
        var parts = sections.filter { !unchanged.contains($0.environment) }.map { section in
            guard let plan = section.plan else { return Shown.text("\(section.environment): \(section.note)") + "\n" }
            return (section.isNew ? "environment \(Shown.text(section.environment)) is new\n" : "")
                + plan.text(colour: colour)
        }
        if !unchanged.isEmpty { parts.append("no changes: \(Self.list(unchanged.map { Shown.text($0) }))\n") }
        return parts.joined(separator: "\n")
    }

    /// Names of the environments that certainly stay as they are.
    private var unchanged: [String] { sections.filter { !$0.isShown }.map(\.environment) }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(Limits.unchangedNamesMax).joined(separator: ", ")
        let more = names.count - Limits.unchangedNamesMax
        return more > 0 ? "\(shown) and \(more) more" : shown
    }

    /// One comment of at most 65,000 bytes for all environments: a line for each, then a section for each that changes
    /// while they fit.
    package var markdown: String {
        var page = MarkdownPage(bytesMax: Limits.markdownBytesMax)
        page.add(MarkdownPage.marker(environment) + "\n")
        let plans = sections.compactMap { section in section.plan.map { (section, $0) } }.filter(\.0.isShown)
        if sections.count == 1, let (section, plan) = plans.first {
            plan.add(to: &page, title: section.title, bytesMax: page.room, seeAll: seeAll(section))
            return page.text
        }
        page.add("### Plans for \(MarkdownPage.code(range))\n\n")
        addSummary(to: &page)
        for (position, entry) in plans.enumerated() {
            // Those still to come share what is left, as long as each gets enough to say something.
            let room = page.room - Self.omissionBytes
            let share = max(room / (plans.count - position), Limits.markdownSectionBytesMin)
            guard share <= room else {
                page.add("… the other \(plans.count - position) environments do not fit here: ")
                page.add("\(MarkdownPage.code("gatewright diff \(range) --environment NAME")) shows each\n")
                break
            }
            entry.1.add(to: &page, title: entry.0.title, bytesMax: share, seeAll: seeAll(entry.0))
        }
        return page.text
    }

    private static let omissionBytes = 600

    private func addSummary(to page: inout MarkdownPage) {
        let changed = sections.filter(\.isShown)
        for (position, section) in changed.enumerated() {
            var line = "- \(MarkdownPage.code(section.environment)): "
            if let plan = section.plan {
                line +=
                    (section.isNew ? "new; " : "") + PlanSummary(plan).text
                    + "; digest \(MarkdownPage.code(plan.digest))"
            } else {
                line += section.note
            }
            guard page.add(line + "\n", reserving: Limits.markdownBytesMax / 4) else {
                page.add("- … and \(changed.count - position) more environments\n")
                break
            }
        }
        let names = unchanged
        if !names.isEmpty { page.add("- no changes: \(Self.list(names.map(MarkdownPage.code)))\n") }
        page.add("\n")
    }

    private func seeAll(_ section: Section) -> String {
        "gatewright diff \(Shown.line(range[...])) --environment \(Shown.line(section.environment[...]))"
    }
}

extension DiffReport.Section {
    fileprivate var isNew: Bool { if case .appears = outcome { true } else { false } }
    fileprivate var title: String { isNew ? "Plan for the new environment" : "Plan for" }

    /// What is said where there is no plan; nothing in it is from the repository.
    fileprivate var note: String {
        switch outcome {
        case .plan, .appears: ""
        case .disappears: "the environment is not there any more; nothing of it is deleted"
        case .baseInvalid(let diagnostics):
            "no plan: the base has errors in \(Self.errors(diagnostics)), so what it wants is not known"
        }
    }

    private static func errors(_ diagnostics: [Diagnostic]) -> String {
        let count = diagnostics.count { $0.severity == .error }
        return count == 1 ? "1 place" : "\(count) places"
    }

    fileprivate var json: JSONValue {
        var object: JSONObject = ["environment": .string(environment)]
        switch outcome {
        case .plan: object["outcome"] = "plan"
        case .appears: object["outcome"] = "new"
        case .disappears: object["outcome"] = "removed"
        case .baseInvalid(let diagnostics):
            object["outcome"] = "base-invalid"
            object["diagnostics"] = .array(diagnostics.map(\.json))
        }
        object["plan"] = plan.map(\.json)
        return .object(object)
    }
}
