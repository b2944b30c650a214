import Diagnostics
import JSON
import Resources

/// `spec.drift`, read.
struct DriftReading {
    private(set) var settings = DriftSettings()
    private(set) var diagnostics: [Diagnostic] = []

    /// - Parameters:
    ///   - values: What of it has the form that the table wants.
    ///   - node: As it was written.
    init(_ values: JSONValue?, _ node: Node?) {
        readAction(values?["action"])
        readSchedule(values?["schedule"]?.string, at: node?["schedule"]?.span)
        let elements = node?["ignore"]?.elements ?? []
        let rules = values?["ignore"]?.array ?? []
        // Elements of a wrong form are left out of the values: they have been named already.
        guard rules.count == elements.count else { return }
        for (position, rule) in rules.enumerated() {
            readRule(rule, elements[position], at: "spec.drift.ignore[\(position)]")
        }
    }

    private mutating func readAction(_ value: JSONValue?) {
        switch value {
        case .string(let word)?:
            settings.isOff = word == DriftSettings.Action.off.rawValue
            guard word == DriftSettings.Action.correct.rawValue else { return }
            for driftClass in DriftClass.allCases { settings.actions[driftClass] = .correct }
        case .object(let object)?:
            for driftClass in DriftClass.allCases {
                let word = object[driftClass.rawValue]?.string
                settings.actions[driftClass] = word.flatMap(DriftSettings.Action.init(rawValue:))
            }
        default: break
        }
    }

    private mutating func readSchedule(_ text: String?, at span: SourceSpan?) {
        guard let text else { return }
        do {
            settings.schedule = try CronSchedule(parsing: text)
        } catch {
            diagnostics.append(
                Diagnostic(
                    .error, ManifestCode.badSchedule,
                    "`spec.drift.schedule` cannot be `\(text.shortened)`: \(error.reason)", at: span,
                    remedy: "write minute, hour, day, month and weekday, as in `*/15 * * * *`"))
        }
    }

    private mutating func readRule(_ values: JSONValue, _ node: Node, at path: String) {
        let before = diagnostics.count
        let kind = values["target"]?["kind"]?.string
        let kinds = KindTable.objects.map(\.kind.rawValue)
        if let kind, kind != "*", !kinds.contains(kind) {
            diagnostics.append(
                Diagnostic(
                    .error, ManifestCode.unknownValue, "`\(path).target.kind` cannot be `\(kind.shortened)`",
                    at: node["target"]?["kind"]?.span,
                    remedy: Suggestion.nearest(to: kind, among: kinds).map { "did you mean `\($0)`?" }
                        ?? "write \(Listing.or(kinds + ["*"]))"))
        }
        let paths = readPaths(values["paths"]?.array ?? [], node["paths"], at: path)
        let expires = values["expires"]?.string.flatMap { CivilDate(text: $0) }
        if expires == nil, let written = values["expires"]?.string {
            diagnostics.append(
                Diagnostic(
                    .error, ManifestCode.badDate, "`\(path).expires` cannot be `\(written.shortened)`",
                    at: node["expires"]?.span, remedy: "write a day, as in `2027-01-31`"))
        }
        // What is missing has been named by the check against the table.
        guard diagnostics.count == before, let kind, let name = values["target"]?["name"]?.string,
            let owner = values["owner"]?.string, let reason = values["reason"]?.string, let expires, !paths.isEmpty
        else { return }
        var rule = DriftRule(
            kind: kind, name: name, paths: paths, owner: owner, reason: reason, expires: expires, span: node.span)
        if let classes = values["classes"]?.array {
            rule.classes = Set(classes.compactMap(\.string).compactMap(DriftClass.init(rawValue:)))
        }
        settings.ignore.append(rule)
    }

    private mutating func readPaths(_ paths: [JSONValue], _ node: Node?, at path: String) -> [[String]] {
        var read: [[String]] = []
        for (position, text) in paths.compactMap(\.string).enumerated() {
            if let parts = DriftRule.parts(ofPointer: text) {
                read.append(parts)
                continue
            }
            diagnostics.append(
                Diagnostic(
                    .error, ManifestCode.badPointer, "`\(path).paths[\(position)]` cannot be `\(text.shortened)`",
                    at: node?.elements?[position].span,
                    remedy: "write a JSON Pointer such as `/tags/owner`, `~1` for a `/` inside a name"))
        }
        return read
    }
}

extension DriftSettings {
    /// A warning for each rule whose last day is over.
    func expired(on day: CivilDate) -> [Diagnostic] {
        ignore.filter { $0.isExpired(on: day) }.map { rule in
            Diagnostic(
                .warning, ManifestCode.ruleExpired,
                "the drift of `\(rule.target)` is ignored no longer: the rule of \(rule.owner) expired on "
                    + rule.expires.text,
                at: rule.span, remedy: "correct the drift, or agree on another day")
        }
    }
}
