import Diagnostics
import JSON
import Resources

extension DriftReport {
    /// For people; nothing in it but the asked-for colours controls a terminal.
    package func text(colour: Bool = false, showsIgnored: Bool = false) -> String {
        var text = ""
        for driftClass in DriftClass.allCases.reversed() {
            let lines = lines.filter { $0.driftClass == driftClass }
            guard !lines.isEmpty else { continue }
            text += colour ? "\u{1B}[\(driftClass.colour)m\(driftClass.title)\u{1B}[0m\n" : "\(driftClass.title)\n"
            for line in lines { for shown in shownLines(line) { text += "  \(shown)\n" } }
        }
        if showsIgnored, !ignored.isEmpty {
            text += "Ignored\n"
            for ignored in ignored {
                for shown in shownLines(ignored.line) { text += "  \(shown)\n" }
                text +=
                    "      until \(ignored.rule.expires.text), \(Shown.text(ignored.rule.owner)): "
                    + "\(Shown.text(ignored.rule.reason))\n"
            }
        }
        for note in notes { text += note.line + "\n" }
        return text + "\(Shown.text(environment)): \(summary)\n"
    }

    /// `2 objects drifted: 1 access widening, 1 cosmetic; 3 ignored`
    package var summary: String {
        var text = "no drift"
        if !isEmpty {
            let counts = DriftClass.allCases.reversed().filter { count(of: $0) > 0 }
                .map { "\(count(of: $0)) \($0.words)" }
            text = "\(lines.count) object\(lines.count == 1 ? "" : "s") drifted: \(counts.joined(separator: ", "))"
        }
        return ignored.isEmpty ? text : text + "; \(ignored.count) ignored"
    }

    /// One comment or one page; text from the target stands in code only.
    package var markdown: String {
        var page = "### Drift of \(MarkdownPage.code(environment)): \(summary)\n\n"
        for driftClass in DriftClass.allCases.reversed() {
            let lines = lines.filter { $0.driftClass == driftClass }
            guard !lines.isEmpty else { continue }
            page += "**\(driftClass.title)**\n\n"
            for (position, line) in lines.enumerated() {
                var part = ""
                for (number, shown) in shownLines(line).enumerated() {
                    part += (number == 0 ? "- " : "  - ") + MarkdownPage.code(shown.trimmed) + "\n"
                }
                guard page.utf8.count + part.utf8.count < Limits.markdownBytesMax - 4_000 else {
                    return page + "- … \(lines.count - position) more: `gatewright drift` shows them all\n"
                }
                page += part
            }
            page += "\n"
        }
        for note in notes.prefix(20) { page += "- \(MarkdownPage.code(note.line))\n" }
        return page
    }

    private func shownLines(_ line: DriftLine) -> [String] {
        let id = line.physicalID.map { " (\($0))" } ?? ""
        var shown = ["\(line.title) \(Shown.text(line.address.description + id))"]
        shown += line.facts.map { "    \(Shown.text($0))" }
        for property in line.properties.prefix(Limits.propertiesShownMax) {
            shown += ChangeLines.lines([property.change], isCreate: false).map { "    \($0)" }
            if let remark = remark(on: property) { shown.append("      \(remark)") }
        }
        if line.properties.count > Limits.propertiesShownMax {
            shown.append("    … \(line.properties.count - Limits.propertiesShownMax) more properties")
        }
        return shown
    }

    private func remark(on property: DriftProperty) -> String? {
        let commit = desiredCommit.map { "commit \($0.prefix(7))" } ?? "the next commit"
        switch property.origin {
        case .target: return nil
        case .alreadyWanted: return "the target already has what \(commit) wants"
        case .both:
            return "changed in git as well: \(commit) wants \(property.desired.map(Shown.value) ?? "(none)")"
        }
    }
}

extension DriftProperty {
    fileprivate var change: PropertyChange { PropertyChange(path: path.text, before: applied, after: observed) }
}

extension DriftClass {
    fileprivate var title: String {
        switch self {
        case .cosmetic: "Cosmetic"
        case .functional: "Functional"
        case .accessWidening: "Access widening"
        }
    }

    fileprivate var words: String { title.lowercased() }

    fileprivate var colour: Int {
        switch self {
        case .cosmetic: 2
        case .functional: 33
        case .accessWidening: 31
        }
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
