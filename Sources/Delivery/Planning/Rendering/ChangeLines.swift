import Diagnostics
import JSON
import Resources

/// One change as lines: what it is, why, where it was written, and what becomes of each property.
struct ChangeLines {
    /// Without the sign.
    let title: String
    let details: [String]

    init(_ change: Change) {
        var facts: [String] = []
        if let reason = change.reason { facts.append(reason) }
        if !change.isReversible { facts.append("cannot be undone") }
        if let span = change.span { facts.append(span.description) }
        let suffix = facts.isEmpty ? "" : "  (\(facts.joined(separator: "; ")))"
        title = Shown.text(change.address.description + suffix)

        if change.address.kind == .method, change.before == nil || change.after == nil,
            let preflight = Preflight(change.after ?? change.before)
        {
            // One of many that differ in their methods at most.
            details = [Shown.text(preflight.text)]
        } else {
            details = Self.lines(change.properties, isCreate: change.before == nil) + (change.code?.lines ?? [])
        }
    }

    /// As many properties as are shown of one object, and how many there are more.
    static func lines(_ properties: [PropertyChange], isCreate: Bool) -> [String] {
        var lines = properties.prefix(Limits.propertiesShownMax).flatMap { Self.lines($0, isCreate: isCreate) }
        if properties.count > Limits.propertiesShownMax {
            lines.append("… \(properties.count - Limits.propertiesShownMax) more properties")
        }
        return lines
    }

    private static func lines(_ property: PropertyChange, isCreate: Bool) -> [String] {
        let path = Shown.text(property.path.isEmpty ? "document" : property.path)
        switch (property.before, property.after) {
        case (.string(let old)?, .string(let new)?) where isLong(old) || isLong(new):
            return ["\(path):"] + difference(old, new)
        case (let old?, let new?): return ["\(path): \(Shown.value(old)) → \(Shown.value(new))"]
        case (let old?, nil): return ["\(path): \(Shown.value(old)) → (none)"]
        case (nil, let new?): return ["\(path): \(isCreate ? "" : "(none) → ")\(Shown.value(new))"]
        case (nil, nil): return []
        }
    }

    /// True for what has several lines.
    private static func isLong(_ text: String) -> Bool { text.utf8.contains(0x0A) }

    private static func difference(_ old: String, _ new: String) -> [String] {
        let lines = LineDifference(old, new).lines
        var shown = lines.prefix(Limits.differenceLinesMax).map { line -> String in
            switch line {
            case .same(let text): "    \(Shown.line(text))"
            case .removed(let text): "  - \(Shown.line(text))"
            case .added(let text): "  + \(Shown.line(text))"
            case .skipped(let count): count == 1 ? "  … 1 equal line" : "  … \(count) equal lines"
            }
        }
        if lines.count > shown.count { shown.append("  … \(lines.count - shown.count) more lines") }
        return shown
    }
}

extension Diagnostic {
    /// On one line, for what stands beside a plan.
    var line: String {
        let place = spans.first.map { "\($0): " } ?? ""
        let remedy = remedy.map { "; \($0)" } ?? ""
        return Shown.text("\(place)\(severity.rawValue): \(message)\(remedy) [\(code)]")
    }
}
