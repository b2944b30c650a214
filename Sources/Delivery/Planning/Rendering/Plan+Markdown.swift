import Diagnostics
import Resources

extension Plan {
    /// The plan as one comment of a pull request: what it means, the findings, and the changes folded away.
    ///
    /// The first line names the environment, so that a later comment takes the place of this one. It has at most 65,000
    /// bytes, whatever the plan's size: what does not fit is counted.
    package var markdown: String {
        var page = MarkdownPage(bytesMax: Limits.markdownBytesMax)
        page.add(MarkdownPage.marker(environment) + "\n")
        add(to: &page, title: "Plan for", bytesMax: page.room, seeAll: "gatewright plan --format text")
        return page.text
    }

    /// Adds the plan as a section that has at most `bytesMax` bytes where these are a thousand or more.
    func add(to page: inout MarkdownPage, title: String, bytesMax: Int, seeAll: String) {
        var section = MarkdownPage(bytesMax: bytesMax)
        section.add("### \(title) \(MarkdownPage.code(environment)): \(PlanSummary(self).text)\n\n")
        if !changes.isEmpty {
            let time = estimate.map { "; \($0.text) to apply it" } ?? ""
            section.add("Digest: \(MarkdownPage.code(digest))\(time)\n\n")
        }
        if !needsConsent.isEmpty {
            section.add("**This plan needs a consent: see the findings marked as errors.**\n\n")
        }
        addAccess(to: &section, reserving: bytesMax / 2)
        // Meaning may take half of the page, findings a quarter more; the changes have what is left.
        addMeaning(to: &section, reserving: bytesMax / 2)
        if !findings.isEmpty {
            let lines = findings.sorted { $0.severity > $1.severity }.lazy.map { [$0.line] }
            section.add(fenced: lines, as: "text", reserving: bytesMax / 4) { "… \($0) more findings: `\(seeAll)`" }
        }
        addChanges(to: &section, seeAll: seeAll)
        page.add(section.text)
    }

    private func addAccess(to page: inout MarkdownPage, reserving reserve: Int) {
        guard let access else { return }
        let lines =
            (access.lines.isEmpty ? ["nobody gains or loses anything"] : access.lines)
            + access.notes.map { "not seen: \($0)" }
        _ = page.add("**Access**, as far as \(access.sight) tell:\n\n", reserving: reserve)
        page.add(fenced: lines.map { [Shown.text($0)] }, as: "text", reserving: reserve) { "… and \($0) more" }
        _ = page.add("\n", reserving: 0)
    }

    private func addMeaning(to page: inout MarkdownPage, reserving reserve: Int) {
        let apis = PlanMeaning(self).apis
        for (position, api) in apis.enumerated() {
            guard page.add(Self.part(api), reserving: reserve) else {
                let count = apis.count - position
                _ = page.add("… and \(count) more API\(count == 1 ? "" : "s"): see the changes\n\n", reserving: 0)
                return
            }
        }
    }

    private static func part(_ api: PlanMeaning.API) -> String {
        var part = "**API** \(MarkdownPage.code(api.name))\n\n"
        let lines = api.lines.prefix(Limits.meaningLinesMax)
        for line in lines {
            let note = line.note.isEmpty ? "" : " " + MarkdownPage.code(line.note)
            let mark = line.isAccess ? " **access**" : ""
            part += "- \(MarkdownPage.code(line.sign.rawValue)) \(MarkdownPage.code(line.subject))\(mark)\(note)\n"
        }
        if api.lines.count > lines.count { part += "- … \(api.lines.count - lines.count) more\n" }
        return part + "\n"
    }

    private func addChanges(to page: inout MarkdownPage, seeAll: String) {
        guard !changes.isEmpty else { return }
        let head = "\n<details><summary>Changes, in this order (\(changes.count))</summary>\n\n"
        let tail = "\n</details>\n\n"
        // Room for a code block that says at least how many there are.
        guard head.utf8.count + tail.utf8.count + seeAll.utf8.count + 300 <= page.room else { return }
        page.add(head)
        let blocks = changes.lazy.map { change -> [String] in
            let lines = ChangeLines(change)
            return ["\(PlanSign(change).rawValue) \(lines.title)"] + lines.details.map { "      \($0)" }
        }
        page.add(fenced: blocks, as: "diff", reserving: tail.utf8.count) { "… \($0) more changes: \(seeAll)" }
        page.add(tail)
    }
}
