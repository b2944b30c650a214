import Diagnostics
import Resources

extension Plan {
    /// The plan as one comment of a pull request: what it means, the findings, and the changes folded away.
    ///
    /// The first line names the environment, so that a later comment takes the place of this one. It has at most 65,000
    /// bytes, whatever the plan's size: what does not fit is counted. Text from the repository stands in code only, where
    /// it can neither end the folding nor call anybody.
    package var markdown: String {
        var page = MarkdownPage()
        page.add(Self.marker(environment: environment) + "\n")
        page.add("### Plan for \(MarkdownPage.code(environment)): \(PlanSummary(self).text)\n\n")
        // Meaning may take a third of the page, findings reach to its half; the changes have what is left.
        for api in PlanMeaning(self).apis { page.add(api, upTo: Limits.markdownBytesMax / 3) }
        page.addOmission("\n… and more APIs: see the changes\n\n")
        if !findings.isEmpty {
            let lines = findings.sorted { $0.severity > $1.severity }.lazy.map { [$0.line] }
            page.add(fenced: lines, as: "text", upTo: Limits.markdownBytesMax / 2) { "… \($0) more findings" }
        }
        guard !changes.isEmpty else { return page.text }
        page.add("\n<details><summary>Changes, in this order (\(changes.count))</summary>\n\n")
        let tail = "\n</details>\n\nDigest: \(MarkdownPage.code(digest))\n"
        let blocks = changes.lazy.map { change -> [String] in
            let lines = ChangeLines(change)
            return ["\(PlanSign(change).rawValue) \(lines.title)"] + lines.details.map { "      \($0)" }
        }
        page.add(fenced: blocks, as: "diff", upTo: Limits.markdownBytesMax - tail.utf8.count) {
            "… \($0) more changes: `gatewright plan` shows them all"
        }
        page.add(tail)
        return page.text
    }

    /// The line by which a comment of the same environment is found again.
    package static func marker(environment: String) -> String {
        let name = environment.utf8.prefix(100).map { byte -> String in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"):
                String(UnicodeScalar(byte))
            default: "%" + String(byte, radix: 16)
            }
        }
        return "<!-- gatewright:plan \(name.joined()) -->"
    }
}

/// Markdown whose parts are added only while they fit.
private struct MarkdownPage {
    private(set) var text = ""
    private var isOmitting = false

    /// The longest run of backticks that a code block may have inside.
    private static let ticksMax = 64

    mutating func add(_ part: String) { text += part }

    mutating func add(_ api: PlanMeaning.API, upTo bytesMax: Int) {
        var part = "**API** \(Self.code(api.name))\n\n"
        let lines = api.lines.prefix(Limits.meaningLinesMax)
        for line in lines {
            let note = line.note.isEmpty ? "" : " " + Self.code(line.note)
            part += "- \(Self.code(line.sign.rawValue)) \(Self.code(line.subject))\(note)\n"
        }
        if api.lines.count > lines.count { part += "- … \(api.lines.count - lines.count) more\n" }
        part += "\n"
        isOmitting = isOmitting || text.utf8.count + part.utf8.count > bytesMax
        if !isOmitting { text += part }
    }

    /// Adds `note` if something was left out since the last one.
    mutating func addOmission(_ note: String) {
        if isOmitting { text += note }
        isOmitting = false
    }

    /// Adds whole blocks of lines as one code block while the page stays within `bytesMax`; then how many are left.
    mutating func add(
        fenced blocks: some Collection<[String]>, as language: String, upTo bytesMax: Int, rest: (Int) -> String
    ) {
        let frame = 2 * (Self.ticksMax + 1) + language.utf8.count + 4 + rest(blocks.count).utf8.count
        let room = bytesMax - text.utf8.count - frame
        var body = ""
        var ticks = 2
        var count = 0
        for block in blocks {
            let part = block.joined(separator: "\n") + "\n"
            let partTicks = Self.longestTicks(part)
            guard body.utf8.count + part.utf8.count <= room, partTicks <= Self.ticksMax else { break }
            ticks = max(ticks, partTicks)
            body += part
            count += 1
        }
        if count < blocks.count { body += rest(blocks.count - count) + "\n" }
        let fence = String(repeating: "`", count: ticks + 1)
        text += "\(fence)\(language)\n\(body)\(fence)\n"
    }

    /// A code span that ends where it should, whatever is inside.
    static func code(_ text: String) -> String {
        let shown = Shown.line(text[...])
        let ticks = String(repeating: "`", count: longestTicks(shown) + 1)
        let pad = shown.hasPrefix("`") || shown.hasSuffix("`") || shown.isEmpty ? " " : ""
        return ticks + pad + shown + pad + ticks
    }

    private static func longestTicks(_ text: String) -> Int {
        var longest = 0
        var run = 0
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}
