import Diagnostics
import IAMPolicy
import JSON
import Resources

/// Checks nodes against a kind's table, and gives the values with the types that the table wants.
///
/// Everything wrong is collected. A text with `${` in it is not held against patterns and lengths, since what it will
/// be is not known yet.
struct SchemaCheck {
    private(set) var diagnostics: [Diagnostic] = []
    /// Members of the topmost structure that are known and not there yet.
    private let notSupported: [String]
    /// Of all policies of a map together; nil holds each against its kind's own limit.
    private let inlineSizeMax: Int?

    init(notSupported: [String] = [], inlineSizeMax: Int? = nil) {
        self.notSupported = notSupported
        self.inlineSizeMax = inlineSizeMax
    }

    /// The members that are right; the others are left out.
    mutating func structure(_ node: Node, _ fields: [FieldSchema], at path: String) -> JSONObject {
        guard let members = node.members else {
            wrongType(node, "a map", at: path)
            return JSONObject()
        }
        var result = JSONObject()
        for member in members {
            // Past the limit nothing is listed any more.
            guard diagnostics.count <= Limits.diagnostics else { break }
            guard let field = fields.first(where: { $0.name == member.name }) else {
                unknown(member, fields, at: path)
                continue
            }
            if member.value.isNull, !field.takesNull { continue }
            if let value = value(member.value, field.type, at: "\(path).\(member.name)") { result[member.name] = value }
        }
        for field in fields where field.isRequired && node[field.name].map({ $0.isNull }) != false {
            error(
                .missingField, "`\(path)` has no `\(field.name)`", at: node.headSpan,
                "add `\(field.name)`: \(field.meaning.asClause)")
        }
        return result
    }

    private mutating func unknown(_ member: Node.Member, _ fields: [FieldSchema], at path: String) {
        if notSupported.contains(member.name) {
            error(
                .notSupported, "`\(path).\(member.name)` is not there yet", at: member.nameSpan,
                "leave it out, or use a version that has it")
            return
        }
        let names = fields.map(\.name)
        error(
            .unknownField, "`\(member.name)` is no field of `\(path)`", at: member.nameSpan,
            Suggestion.nearest(to: member.name, among: names).map { "did you mean `\($0)`?" }
                ?? (names.isEmpty ? "leave it out" : "the fields are \(Listing.and(names))"))
    }

    private mutating func value(_ node: Node, _ type: FieldType, at path: String) -> JSONValue? {
        if node["valueFrom"] != nil, !type.takesMembers {
            error(
                .notSupported, "`\(path)` takes no `valueFrom`", at: node.span,
                "write the value itself: only fields that hold a secret take it")
            return nil
        }
        switch type {
        case .string(let rule): return text(node, rule, at: path)
        case .integer(let range): return integer(node, range, at: path)
        case .number(let range): return number(node, range, at: path)
        case .boolean:
            if let flag = node.bool { return .bool(flag) }
            return unresolved(node) ?? wrongType(node, "true or false", at: path)
        case .list(let element, let rule):
            guard let elements = node.elements else { return unresolved(node) ?? wrongType(node, "a list", at: path) }
            checkCount(elements.count, rule.count, "elements", node, at: path)
            return .array(
                elements.enumerated().compactMap { value($0.element, element, at: "\(path)[\($0.offset)]") })
        case .map(let rule, let element): return map(node, rule, element, at: path)
        case .structure(let fields):
            guard node.members != nil else { return unresolved(node) ?? wrongType(node, "a map", at: path) }
            return .object(structure(node, fields, at: path))
        case .choice(let fields, let others): return choice(node, fields, beside: others, at: path)
        case .wordOrStructure(let rule, let fields):
            return node.members == nil ? text(node, rule, at: path) : .object(structure(node, fields, at: path))
        case .any: return node.value
        case .secret: return secret(node, at: path)
        case .textOrSecret(let rule):
            return node["valueFrom"] == nil ? text(node, rule, at: path) : secret(node, at: path)
        case .policy(let kind):
            guard node.members != nil else { return unresolved(node) ?? wrongType(node, "a map", at: path) }
            diagnostics += PolicyCheck.check(node, as: kind).diagnostics
            return node.value
        }
    }

    private mutating func text(_ node: Node, _ rule: StringRule, at path: String) -> JSONValue? {
        guard let text = node.scalarText else { return wrongType(node, "a string", at: path) }
        if node.isUnresolved { return .string(text) }
        let compared = rule.isUpperCase ? text.uppercased() : text
        if !rule.values.isEmpty, !rule.values.contains(compared) {
            let near = Suggestion.nearest(to: text, among: rule.values).map { "did you mean `\($0)`?" }
            error(
                .unknownValue, "`\(path)` cannot be `\(text.shortened)`", at: node.span,
                near ?? "write \(Listing.or(rule.values))")
            return nil
        }
        if let pattern = rule.pattern, !pattern.matches(text) {
            error(
                .badPattern, "`\(path)` cannot be `\(text.shortened)`", at: node.span,
                "it must match `\(pattern.expression)`")
            return nil
        }
        let length = text.unicodeScalars.count
        if !rule.length.contains(length) {
            error(
                .outOfRange, "`\(path)` has \(length) characters", at: node.span,
                "write \(rule.length.lowerBound) to \(rule.length.upperBound) characters")
            return nil
        }
        return .string(text)
    }

    private mutating func integer(_ node: Node, _ range: ClosedRange<Int>, at path: String) -> JSONValue? {
        guard let number = node.number else { return unresolved(node) ?? wrongType(node, "a whole number", at: path) }
        guard let value = number.int else {
            if number.double.rounded() != number.double { return wrongType(node, "a whole number", at: path) }
            return outOfRange(node, number, "\(range.lowerBound) to \(range.upperBound)", at: path)
        }
        guard range.contains(value) else {
            return outOfRange(node, number, "\(range.lowerBound) to \(range.upperBound)", at: path)
        }
        return .number(JSONNumber(value))
    }

    private mutating func number(_ node: Node, _ range: ClosedRange<Double>, at path: String) -> JSONValue? {
        guard let number = node.number else { return unresolved(node) ?? wrongType(node, "a number", at: path) }
        guard range.contains(number.double) else {
            let bounds = "\(JSONNumber(range.lowerBound)) to \(JSONNumber(range.upperBound))"
            return outOfRange(node, number, bounds, at: path)
        }
        return .number(number)
    }

    private mutating func map(_ node: Node, _ rule: MapRule, _ type: FieldType, at path: String) -> JSONValue? {
        guard let members = node.members else { return unresolved(node) ?? wrongType(node, "a map", at: path) }
        checkCount(members.count, rule.count, "members", node, at: path)
        var result = JSONObject()
        var size = 0
        for member in members {
            if let prefix = rule.reservedPrefix, member.name.hasPrefix(prefix) {
                error(
                    .badPattern, "the \(rule.keyName) `\(member.name.shortened)` is reserved", at: member.nameSpan,
                    "use a name that does not start with `\(prefix)`")
                continue
            }
            if let pattern = rule.keyPattern, !pattern.matches(member.name) {
                error(
                    .badPattern, "`\(member.name.shortened)` is no \(rule.keyName)", at: member.nameSpan,
                    "it must match `\(pattern.expression)`")
                continue
            }
            let place = "\(path).\(member.name)"
            if member.value.isNull, type.isStructure {
                result[member.name] = .object(JSONObject())
            } else if case .policy(let kind) = type, inlineSizeMax != nil, member.value.members != nil {
                let (found, policySize) = PolicyCheck.check(member.value, as: kind, sizeMax: .max)
                diagnostics += found
                size += policySize
                result[member.name] = member.value.value
            } else if let value = value(member.value, type, at: place) {
                result[member.name] = value
            }
        }
        if let inlineSizeMax, size > inlineSizeMax {
            error(
                .outOfRange, "the policies of `\(path)` have \(size) characters together", at: node.headSpan,
                "write at most \(inlineSizeMax), white space not counted, or attach a managed policy")
        }
        return .object(result)
    }

    private mutating func choice(
        _ node: Node, _ fields: [FieldSchema], beside others: [FieldSchema], at path: String
    ) -> JSONValue? {
        guard let members = node.members else { return unresolved(node) ?? wrongType(node, "a map", at: path) }
        // `{ engine: }` is `{ engine: {} }`.
        let filled = Node(
            .object(
                members.map { member in
                    guard member.value.isNull, fields.contains(where: { $0.name == member.name && $0.type.isStructure })
                    else { return member }
                    return Node.Member(
                        name: member.name, nameSpan: member.nameSpan, value: Node(.object([]), at: member.value.span))
                }), at: node.span)
        let before = diagnostics.count
        let value = structure(filled, fields + others, at: path)
        let given = (filled.members ?? []).filter { member in
            fields.contains { $0.name == member.name && (!member.value.isNull || $0.takesNull) }
        }
        if given.count != 1, diagnostics.count == before {
            error(
                .chooseOne, "`\(path)` has \(given.isEmpty ? "none" : "several") of its members", at: node.headSpan,
                "write one of \(Listing.or(fields.map(\.name)))")
        }
        return .object(value)
    }

    /// Only a reference, in its normal form; what else is written is not repeated, nor is its line shown.
    private mutating func secret(_ node: Node, at path: String) -> JSONValue? {
        guard node["valueFrom"] != nil else {
            diagnostics.append(
                Diagnostic(
                    .error, ManifestCode.plainSecret,
                    "`\(path)` in line \(node.span.line) of `\(node.span.file)` has the secret itself", at: nil,
                    remedy: "write `valueFrom: {env: NAME}` or `valueFrom: {file: PATH}`, and change the secret"))
            return nil
        }
        let before = diagnostics.count
        let value = structure(node, FieldSchema.secretFields, at: path)
        guard diagnostics.count == before else { return nil }
        if let file = value["valueFrom"]?["file"]?.string {
            guard let plain = TreePath.resolve(file, in: ""), !plain.isEmpty else {
                error(
                    .badPath, "`\(path)` cannot be read from `\(file.shortened)`", at: node.span,
                    "write a path inside the controller's folder of secrets, such as `partner.key`")
                return nil
            }
            return SecretPlace.file(plain).document
        }
        return .object(value)
    }

    private mutating func checkCount(
        _ count: Int, _ range: ClosedRange<Int>, _ what: String, _ node: Node, at path: String
    ) {
        guard !range.contains(count) else { return }
        let wanted =
            range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
        error(.outOfRange, "`\(path)` has \(count) \(what)", at: node.headSpan, "write \(wanted)")
    }

    private mutating func outOfRange(
        _ node: Node, _ number: JSONNumber, _ range: String, at path: String
    ) -> JSONValue? {
        error(
            .outOfRange, "`\(path)` cannot be `\(number.text.shortened)`", at: node.span, "write a number from \(range)"
        )
        return nil
    }

    @discardableResult
    private mutating func wrongType(_ node: Node, _ wanted: String, at path: String) -> JSONValue? {
        error(
            .wrongType, "`\(path)` wants \(wanted), and has \(node.typeName)", at: node.headSpan,
            "write \(wanted)")
        return nil
    }

    /// A text that an unset variable was left in: that has been said already, so it is right as far as we know.
    private func unresolved(_ node: Node) -> JSONValue? {
        guard let text = node.string, Substitution.isVariable(text) else { return nil }
        return .string(text)
    }

    private mutating func error(_ code: ManifestCode, _ message: String, at span: SourceSpan, _ remedy: String) {
        diagnostics.append(Diagnostic(.error, code, message, at: span, remedy: remedy))
    }
}

extension Node {
    /// Where the node starts: the first member's name, for a map.
    fileprivate var headSpan: SourceSpan { members?.first?.nameSpan ?? span }
    /// It has a variable that is not set, or a reference: what it will be is not known.
    fileprivate var isUnresolved: Bool {
        guard let text = string, text.contains("${") else { return false }
        return Substitution.hasUnset(text) || !value.references.isEmpty
    }
}

extension FieldType {
    fileprivate var isStructure: Bool { if case .structure = self { true } else { false } }
    fileprivate var takesMembers: Bool {
        switch self {
        case .map, .structure, .choice, .wordOrStructure, .any, .policy, .secret, .textOrSecret: true
        case .string, .integer, .number, .boolean, .list: false
        }
    }
}

extension FieldSchema {
    fileprivate var takesNull: Bool { if case .any = type { true } else { false } }
}

extension String {
    /// For messages.
    var shortened: String { utf8.count <= 120 ? self : String(prefix(100)) + "…" }

    /// A sentence of a table as the end of another sentence.
    fileprivate var asClause: String {
        let text = hasSuffix(".") ? dropLast() : self[...]
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
