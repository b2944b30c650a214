import JSON

extension KindSchema {
    /// `docs/kinds/<Kind>.md`: the page of a kind, made from its table alone.
    package var markdown: String {
        var page = "# \(kind)\n\n\(summary)\n\n"
        page += "This page is made from the kind's schema table: `make docs` writes it again.\n"
        if !example.isEmpty { page += "\n```yaml\n\(example)\n```\n" }
        if let namePattern {
            page +=
                "\n`metadata.name` matches `\(namePattern.expression)` and is unique among its kind.\n"
        }
        page += metadataSection
        page += fieldSection
        page += attributeSection
        page += laterSection
        page += ruleSection
        return page
    }

    private var metadataSection: String {
        guard group == .manifest, kind != .environment else { return "" }
        var section = "\n## Fields of `metadata`\n\n| Field | Value | Default | Meaning |\n|---|---|---|---|\n"
        for row in FieldRow.rows(KindTable.metadataFields(of: self)) { section += row.markdown + "\n" }
        return section
    }

    private var fieldSection: String {
        let fields = group == .manifest ? writtenFields : fields
        guard !fields.isEmpty else { return "\n## Fields\n\nNone.\n" }
        var section = "\n## Fields of \(group == .manifest ? "`spec`" : "the document")\n\n"
        section += "| Field | Value | Default | Meaning |\n|---|---|---|---|\n"
        for row in FieldRow.rows(fields) { section += row.markdown + "\n" }
        return section
    }

    private var attributeSection: String {
        guard !attributes.isEmpty else { return "" }
        var section = "\n## Attributes\n\nWhat references may ask for: `${\(kind)/NAME.ATTRIBUTE}`.\n\n"
        section += "| Attribute | Meaning |\n|---|---|\n"
        for attribute in attributes { section += "| `\(attribute.name)` | \(attribute.meaning) |\n" }
        return section
    }

    private var laterSection: String {
        guard !notSupportedYet.isEmpty else { return "" }
        return "\n## Not there yet\n\nRefused by name: \(notSupportedYet.map { "`\($0)`" }.joined(separator: ", ")).\n"
    }

    private var ruleSection: String {
        var lines: [String] = []
        let redeploy = fields.filter(\.requiresRedeploy).map { "`\($0.name)`" }
        if !redeploy.isEmpty {
            lines.append(
                "Callers see a change of \(redeploy.joined(separator: ", ")) only after a new deployment."
            )
        }
        let seen = FieldRow.paths(fields) { $0.isSeenAtOnce }
        if !seen.isEmpty { lines.append("Callers see a change of \(seen.joined(separator: ", ")) at once.") }
        let access = FieldRow.paths(fields) { $0.access != nil }
        if !access.isEmpty {
            lines.append("A change of \(access.joined(separator: ", ")) may widen or narrow access.")
        }
        if grantsByExisting { lines.append("Making the object widens access, deleting it narrows access.") }
        let immutable = fields.filter(\.isImmutable).map { $0.isName ? "the name" : "`\($0.name)`" }
        if !immutable.isEmpty { lines.append("A change of \(immutable.joined(separator: ", ")) replaces the object.") }
        if !takenFields.isEmpty {
            let taken = takenFields.map { field($0)?.isName == true ? "name" : "`\($0)`" }.joined(separator: " and ")
            lines.append("While the object is there, no other one can have its \(taken).")
        }
        if namesIgnoreCase { lines.append("Names that differ only in capitals are the same name to the service.") }
        if fields.contains(where: { $0.isName && !$0.isImmutable }) {
            lines.append("`previousName` renames the object in place.")
        }
        if group == .manifest, KindTable.object(kind)?.kind == kind, kind != .restAPI {
            lines.append(
                comesBack
                    ? "A delete can be undone: the object is made again from its document."
                    : "A delete cannot be undone, so it comes last.")
        }
        let writeOnly = fields.filter(\.isWriteOnly).map { "`\($0.name)`" }
        if !writeOnly.isEmpty { lines.append("Drift of \(writeOnly.joined(separator: ", ")) cannot be seen.") }
        let cosmetic = fields.filter(\.isCosmetic).map { "`\($0.name)`" }
        if !cosmetic.isEmpty { lines.append("Drift of \(cosmetic.joined(separator: ", ")) is cosmetic.") }
        if kind != .environment {
            lines.append("A create whose reply was lost is found again by its \(tokenCarrier.rawValue).")
        }
        guard !lines.isEmpty else { return "" }
        return "\n## Rules\n\n" + lines.map { "- \($0)\n" }.joined()
    }
}

/// One line of a page's table.
private struct FieldRow {
    let path: String
    let value: String
    let standard: String
    let meaning: String

    var markdown: String { "| `\(path)` | \(value) | \(standard) | \(meaning) |" }

    /// The paths, as code, of the fields that `isMeant` holds for, those in structures included; in the table's order.
    static func paths(
        _ fields: [FieldSchema], under prefix: String = "", where isMeant: (FieldSchema) -> Bool
    ) -> [String] {
        fields.flatMap { field -> [String] in
            let path = prefix + field.name
            let inner: [String] =
                switch field.type {
                case .structure(let members): paths(members, under: path + ".", where: isMeant)
                case .map(_, of: .structure(let members)): paths(members, under: path + ".*.", where: isMeant)
                default: []
                }
            return (isMeant(field) ? ["`\(path)`"] : []) + inner
        }
    }

    static func rows(_ fields: [FieldSchema], under prefix: String = "") -> [FieldRow] {
        fields.flatMap { field in
            let path = prefix + field.name
            let row = FieldRow(
                path: path, value: words(field.type) + (field.isRequired ? "; required" : ""),
                standard: field.isRequired ? "" : standard(field), meaning: field.meaning)
            return [row] + rows(in: field.type, at: path)
        }
    }

    private static func rows(in type: FieldType, at path: String) -> [FieldRow] {
        switch type {
        case .structure(let fields), .wordOrStructure(_, let fields): rows(fields, under: path + ".")
        case .choice(let fields, let others): rows(fields + others, under: path + ".")
        case .map(let rule, let element): rows(in: element, at: "\(path).<\(rule.keyName)>")
        case .list(let element, _): rows(in: element, at: path + "[]")
        case .string, .integer, .number, .boolean, .any, .policy, .secret, .textOrSecret: []
        }
    }

    private static func standard(_ field: FieldSchema) -> String {
        guard let value = field.defaultValue else { return "" }
        var text = "`\(value.text(.compact))`"
        if let other = field.conditionalDefault {
            text +=
                ", `\(other.defaultValue.text(.compact))` if `\(other.member)` holds `\(other.value.text(.compact))`"
        }
        return text
    }

    private static func words(_ type: FieldType) -> String {
        switch type {
        case .string(let rule): words(rule)
        case .integer(let range): "whole number, \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "number, \(JSONNumber(range.lowerBound)) to \(JSONNumber(range.upperBound))"
        case .boolean: "boolean"
        case .list(let element, let rule): "\(rule.isSet ? "set" : "list") of: \(words(element))\(count(rule.count))"
        case .map(let rule, let element): "map from \(words(rule)) to: \(words(element))\(count(rule.count))"
        case .structure: "map"
        case .choice(let fields, _): "map with one of \(fields.map { "`\($0.name)`" }.joined(separator: ", "))"
        case .wordOrStructure(let rule, _): "\(words(rule)), or a map"
        case .any: "any value"
        case .secret: "a secret: `valueFrom: {env: NAME}` or `valueFrom: {file: PATH}`"
        case .textOrSecret(let rule):
            "\(words(rule)); or a secret: `valueFrom: {env: NAME}` or `valueFrom: {file: PATH}`"
        case .policy: "IAM policy document"
        }
    }

    private static func words(_ rule: StringRule) -> String {
        if !rule.values.isEmpty { return rule.values.map { "`\($0)`" }.joined(separator: ", ") }
        if let pattern = rule.pattern { return "text, `\(cell(pattern.expression))`" }
        if rule.length == 0...Limits.textScalars { return "text" }
        return "text of \(rule.length.lowerBound) to \(rule.length.upperBound) characters"
    }

    private static func words(_ rule: MapRule) -> String {
        rule.keyName + (rule.keyPattern.map { " (`\(cell($0.expression))`)" } ?? "")
    }

    private static func count(_ range: ClosedRange<Int>) -> String {
        if range == 0...Limits.elements { return "" }
        return range.lowerBound == range.upperBound
            ? "; exactly \(range.lowerBound)" : "; \(range.lowerBound) to \(range.upperBound)"
    }

    /// Bars end a cell, also in code.
    private static func cell(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
