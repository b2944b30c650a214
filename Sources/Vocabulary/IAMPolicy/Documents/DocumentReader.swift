import Diagnostics
import JSON

/// Reads the tree of a document and collects all that is wrong with it.
struct DocumentReader {
    let kind: PolicyKind
    private let hasSpans: Bool
    private(set) var diagnostics: [Diagnostic] = []
    private var omitted = 0
    /// Of the document that is being read.
    private(set) var version = PolicyVersion.v2008
    private var sids: [String: SourceSpan] = [:]

    init(_ kind: PolicyKind, hasSpans: Bool) {
        self.kind = kind
        self.hasSpans = hasSpans
    }

    mutating func document(_ node: Node, size: Int, sizeMax: Int) -> PolicyDocument? {
        guard let members = node.members else {
            error(.wrongType, "a policy is a map, and this is \(node.typeName)", at: node)
            return nil
        }
        checkNames(members, known: ["Version", "Id", "Statement"], of: "a policy")
        readVersion(node)
        var id: String?
        if let written = node["Id"] { id = text(written, "`Id`") }
        let statements = readStatements(node)
        if size > sizeMax {
            let unit = kind == .resource ? "bytes" : "characters"
            error(
                .tooLarge, "the policy has \(size) \(unit), and at most \(sizeMax) are allowed", at: node,
                remedy: "use wildcards, or split it")
        }
        return PolicyDocument(
            kind: kind, version: version, id: id, statements: statements, value: node.value, size: size)
    }

    /// The document counts for nothing if something is wrong with it.
    func reading(_ document: PolicyDocument?) -> PolicyReading {
        var diagnostics = diagnostics.enumerated().sorted {
            switch ($0.element.spans.first, $1.element.spans.first) {
            case (let left?, let right?) where left != right: left < right
            default: $0.offset < $1.offset
            }
        }.map(\.element)
        if omitted > 0 {
            diagnostics.append(
                Diagnostic(.error, PolicyCode.tooManyProblems, "\(omitted) more problems are not listed", at: nil))
        }
        return PolicyReading(document: diagnostics.hasErrors ? nil : document, diagnostics: diagnostics)
    }

    private mutating func readVersion(_ node: Node) {
        guard let written = node["Version"] else { return }
        guard let text = text(written, "`Version`") else { return }
        if let known = PolicyVersion(rawValue: text) {
            version = known
        } else {
            version = .v2012
            error(
                .badVersion, "`\(text)` is no version of the policy language", at: written,
                remedy: "write `2012-10-17`")
        }
    }

    private mutating func readStatements(_ node: Node) -> [PolicyStatement] {
        guard let written = node["Statement"] else {
            error(.missingElement, "the policy has no `Statement`", at: node, remedy: "add one")
            return []
        }
        let nodes = written.elements ?? [written]
        if nodes.isEmpty {
            error(.emptyList, "`Statement` is an empty list", at: written, remedy: "add a statement")
        }
        return nodes.compactMap { readStatement($0) }
    }
}

extension DocumentReader {
    private static let elements = [
        "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
    ]

    private mutating func readStatement(_ node: Node) -> PolicyStatement? {
        guard let members = node.members else {
            error(.wrongType, "a statement is a map, and this is \(node.typeName)", at: node)
            return nil
        }
        checkNames(members, known: Self.elements, of: "a statement")
        let sid = readSid(node)
        let effect = readEffect(node)
        let principals = readPrincipals(node)
        let actions = patterns(node, "Action") { reader, text, node in reader.checkAction(text, at: node) }
        let resources = readResources(node)
        let conditions = readConditions(node)
        guard let effect, let actions else { return nil }
        let statement = PolicyStatement(
            sid: sid, effect: effect, principals: principals, actions: actions, resources: resources,
            conditions: conditions, span: place(node))
        lint(statement, node)
        return statement
    }

    private mutating func readSid(_ node: Node) -> String? {
        guard let written = node["Sid"], let sid = text(written, "`Sid`") else { return nil }
        let others = kind == .resource ? " -_" : ""
        let isAllowed = sid.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: others.utf8.contains(byte)
            }
        }
        if !isAllowed {
            error(.badSid, "`\(sid)` is no id of a statement", at: written, remedy: "use letters and digits alone")
        }
        if !sid.isEmpty {
            if let earlier = sids[sid] {
                let spans = hasSpans ? [written.span, earlier] : []
                add(
                    Diagnostic(
                        .error, PolicyCode.duplicateSid, "two statements have the id `\(sid)`", at: spans,
                        remedy: "rename one of them"))
            } else {
                sids[sid] = written.span
            }
        }
        return sid
    }

    private mutating func readEffect(_ node: Node) -> PolicyStatement.Effect? {
        guard let written = node["Effect"] else {
            error(.missingElement, "the statement has no `Effect`", at: node, remedy: "write `Allow` or `Deny`")
            return nil
        }
        guard let text = text(written, "`Effect`") else { return nil }
        if let effect = PolicyStatement.Effect(rawValue: text) { return effect }
        error(.badEffect, "`\(text)` is no effect", at: written, remedy: "write `Allow` or `Deny`")
        return nil
    }

    private mutating func readResources(_ node: Node) -> PolicyPatterns? {
        if kind == .trust {
            for name in ["Resource", "NotResource"] {
                guard let written = node.member(name) else { continue }
                error(
                    .forbiddenElement, "a trust policy has no `\(name)`: it is about its role", at: written.nameSpan,
                    remedy: "remove it")
            }
            return nil
        }
        return patterns(node, "Resource") { reader, text, node in reader.checkResource(text, at: node) }
    }

    /// `NAME` or `NotNAME`: exactly one of them.
    private mutating func patterns(
        _ node: Node, _ name: String, _ check: (inout Self, String, Node) -> Void
    ) -> PolicyPatterns? {
        guard let member = oneForm(node, name, isRequired: true) else { return nil }
        let texts = texts(member.value, "`\(member.name)`")
        for (text, node) in texts { check(&self, text, node) }
        guard !texts.isEmpty else { return nil }
        return PolicyPatterns(isExcluding: member.name != name, patterns: texts.map(\.text))
    }

    /// The member `NAME` or `NotNAME`; says so if there are both, or none and one is required.
    mutating func oneForm(_ node: Node, _ name: String, isRequired: Bool) -> Node.Member? {
        let (plain, excluding) = (node.member(name), node.member("Not" + name))
        if plain != nil, let excluding {
            error(
                .bothForms, "the statement has both `\(name)` and `Not\(name)`", at: excluding.nameSpan,
                remedy: "keep one of them")
        }
        if plain == nil, excluding == nil, isRequired {
            error(
                .missingElement, "the statement has neither `\(name)` nor `Not\(name)`", at: node,
                remedy: "add one of them")
        }
        return plain ?? excluding
    }
}

extension DocumentReader {
    func place(_ node: Node) -> SourceSpan? { hasSpans ? node.span : nil }

    mutating func add(_ diagnostic: Diagnostic) {
        guard diagnostics.count < Limits.diagnosticsMax else {
            omitted += 1
            return
        }
        var diagnostic = diagnostic
        if !hasSpans { diagnostic.spans = [] }
        diagnostics.append(diagnostic)
    }

    mutating func error(_ code: PolicyCode, _ message: String, at span: SourceSpan, remedy: String? = nil) {
        add(Diagnostic(.error, code, message, at: span, remedy: remedy))
    }

    mutating func error(_ code: PolicyCode, _ message: String, at node: Node, remedy: String? = nil) {
        error(code, message, at: node.span, remedy: remedy)
    }

    mutating func warn(_ code: PolicyCode, _ message: String, at span: SourceSpan, remedy: String? = nil) {
        add(Diagnostic(.warning, code, message, at: span, remedy: remedy))
    }

    private mutating func checkNames(_ members: [Node.Member], known: [String], of what: String) {
        for member in members where !known.contains(member.name) {
            let nearest = Suggestion.nearest(to: member.name, among: known)
            error(
                .unknownElement, "\(what) has no element `\(member.name)`", at: member.nameSpan,
                remedy: nearest.map { "did you mean `\($0)`" } ?? "remove it")
        }
    }

    mutating func text(_ node: Node, _ what: String) -> String? {
        guard let text = node.string else {
            error(.wrongType, "\(what) is a string, and this is \(node.typeName)", at: node)
            return nil
        }
        checkCharacters(text, at: node)
        return text
    }

    /// One string or a list of strings; what is not a string is left out.
    mutating func texts(_ node: Node, _ what: String) -> [(text: String, node: Node)] {
        guard let elements = node.elements else { return text(node, what).map { [($0, node)] } ?? [] }
        if elements.isEmpty { error(.emptyList, "\(what) is an empty list", at: node, remedy: "add an entry") }
        return elements.compactMap { element in text(element, "each entry of \(what)").map { ($0, element) } }
    }

    /// SOURCE: IAM API reference, `policyDocument`: `[\t\n\r\x20-\xFF]+`.
    mutating func checkCharacters(_ text: String, at node: Node) {
        let bad = text.unicodeScalars.first { scalar in
            scalar.value > 0xFF || (scalar.value < 0x20 && ![0x09, 0x0A, 0x0D].contains(scalar.value))
        }
        guard let bad else { return }
        error(
            .badCharacter, "the character U+\(Self.hex(bad.value)) may not be in a policy", at: node,
            remedy: "write it with characters of Latin-1")
    }

    private static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
