import CLibyaml
import Diagnostics
import JSON

extension Composer {
    /// The members of a map while it is read.
    private struct Entries {
        var members: [Node.Member] = []
        var names: Set<ExactName> = []
        /// What `<<` merges, and where: before the member of that position.
        var merges: (position: Int, span: SourceSpan, sources: [Node])?

        /// Members from which a set of names is quicker than a scan.
        private static let indexedFrom = 12

        func member(_ name: String) -> Node.Member? {
            if members.count >= Self.indexedFrom, !names.contains(ExactName(name)) { return nil }
            return members.first { $0.name.isExactly(name) }
        }

        mutating func append(_ member: Node.Member) {
            members.append(member)
            if members.count == Self.indexedFrom {
                names = Set(members.map { ExactName($0.name) })
            } else if members.count > Self.indexedFrom {
                names.insert(ExactName(member.name))
            }
        }
    }

    private enum Key {
        case name(String, SourceSpan)
        case merge(SourceSpan)
        case refused
    }

    func map(depth: Int) throws(ComposeFault) -> Node {
        let span = reader.startSpan
        var entries = Entries()
        while true {
            let type = try reader.next()
            if type == YAML_MAPPING_END_EVENT { break }
            let key = try key(type, depth: depth)
            if case .name(let name, let place) = key, let first = entries.member(name) {
                refuseDuplicate(name, at: place, first: first.nameSpan)
                _ = try node(try reader.next(), depth: depth)
                continue
            }
            let value = try node(try reader.next(), depth: depth)
            switch key {
            case .name(let name, let place): entries.append(Node.Member(name: name, nameSpan: place, value: value))
            case .refused: break
            case .merge(let place):
                if let first = entries.merges {
                    refuseDuplicate("<<", at: place, first: first.span, remedy: "merge a list: `<<: [*a, *b]`")
                } else {
                    entries.merges = (entries.members.count, place, sources(of: value, at: place))
                }
            }
        }
        return Node(.object(try merged(entries)), at: span)
    }

    private func key(_ type: yaml_event_type_t, depth: Int) throws(ComposeFault) -> Key {
        let span = reader.span
        if type == YAML_SCALAR_EVENT, reader.scalarStyle == YAML_PLAIN_SCALAR_STYLE {
            let tag = reader.scalarTag
            if tag == nil || tag == CoreSchema.prefix + "merge", reader.scalarBytes.elementsEqual("<<".utf8) {
                return .merge(span)
            }
        }
        let isScalar = type == YAML_SCALAR_EVENT
        if isScalar, reader.scalarTag == nil, reader.scalarAnchor == nil {
            return .name(String(decoding: reader.scalarBytes, as: UTF8.self), span)
        }
        let text = isScalar ? String(decoding: reader.scalarBytes, as: UTF8.self) : ""
        let diagnosticsBefore = diagnostics.count
        let node = try node(type, depth: depth)
        if isScalar {
            // Any plain text may be a key: `.inf` is one as well.
            diagnostics.removeSubrange(
                (diagnostics[diagnosticsBefore...].firstIndex { $0.code == YAMLCode.unsupportedNumber.rawValue }
                    ?? diagnostics.count)...)
            return .name(text, span)
        }
        if let text = node.scalarText { return .name(text, span) }
        if case .null(let text) = node.content {
            return diagnostics.count > diagnosticsBefore ? .refused : .name(text, span)
        }
        // `{{name}}` is a complex key inside a complex key: said once.
        if diagnostics.count > diagnosticsBefore { return .refused }
        diagnostics.append(
            Diagnostic(
                .error, YAMLCode.complexKey, "the key of a map is \(node.typeName)", at: span,
                remedy: "use a text as the key, and put text that begins with a brace or a bracket in quotes"))
        return .refused
    }

    private func refuseDuplicate(
        _ name: String, at span: SourceSpan, first: SourceSpan, remedy: String = "remove or rename one of them"
    ) {
        diagnostics.append(
            Diagnostic(
                .error, YAMLCode.duplicateKey, "the map has two keys named `\(name)`", at: [span, first],
                remedy: remedy))
    }

    private func sources(of value: Node, at span: SourceSpan) -> [Node] {
        let sources = value.elements ?? [value]
        if sources.allSatisfy({ $0.members != nil }) { return sources }
        let isReported = value.isNull && diagnostics.last?.spans.first == value.span
        if !isReported {
            diagnostics.append(
                Diagnostic(
                    .error, YAMLCode.badMerge,
                    "`<<` merges \(value.typeName), not a map or a list of maps", at: value.span,
                    remedy: "name maps, or write `\"<<\"` for a plain key"))
        }
        return []
    }

    /// What is written wins over what is merged, an earlier source over a later one.
    private func merged(_ entries: Entries) throws(ComposeFault) -> [Node.Member] {
        guard let merges = entries.merges else { return entries.members }
        var all = Entries()
        for source in merges.sources {
            for member in source.members ?? [] where entries.member(member.name) == nil {
                try spend(1)
                if all.member(member.name) == nil { all.append(member) }
            }
        }
        return entries.members[..<merges.position] + all.members + entries.members[merges.position...]
    }
}
