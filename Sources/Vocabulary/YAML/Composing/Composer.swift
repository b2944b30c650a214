import CLibyaml
import Diagnostics
import JSON

/// Builds nodes from events: anchors, merges, tags, limits.
final class Composer {
    /// A node that aliases may name, and what each use of it costs.
    struct Anchor {
        let node: Node
        let nodes: Int
        /// Lists and maps inside one another, itself counted.
        let height: Int
    }

    let reader: EventReader
    let limits: YAMLLimits
    var diagnostics: [Diagnostic] = []
    private var anchors: [String: Anchor] = [:]
    /// Anchors of nodes that are not complete yet.
    private var open: Set<String> = []
    /// Nodes made so far, those by aliases counted.
    private var nodes = 0
    private var aliasedNodes = 0
    /// The deepest level since an anchor began.
    private var deepest = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, file: String, limits: YAMLLimits) {
        reader = EventReader(bytes, file: file)
        self.limits = limits
    }

    func documents() -> [Node] {
        var documents: [Node] = []
        do throws(ComposeFault) {
            while true {
                switch try reader.next() {
                case YAML_STREAM_END_EVENT, YAML_NO_EVENT: return documents
                case YAML_DOCUMENT_START_EVENT:
                    let type = try reader.next()
                    documents.append(try node(type, depth: 0))
                    anchors = [:]
                    open = []
                default: continue  // the start of the stream and the ends of documents
                }
            }
        } catch {
            diagnostics.append(error.diagnostic)
            return documents
        }
    }

    /// The node that begins with the event just read.
    func node(_ type: yaml_event_type_t, depth: Int) throws(ComposeFault) -> Node {
        nodes += 1
        if diagnostics.count >= Limits.diagnosticsMax, let last = diagnostics.popLast() {
            throw ComposeFault(diagnostic: last)
        }
        switch type {
        case YAML_SCALAR_EVENT:
            let anchor = reader.scalarAnchor
            let node = scalar()
            if let anchor {
                open.remove(anchor)
                anchors[anchor] = Anchor(node: node, nodes: 1, height: 0)
            }
            return node
        case YAML_ALIAS_EVENT: return try alias(depth: depth)
        case YAML_SEQUENCE_START_EVENT:
            checkTag(reader.listTag, is: "seq", what: "a list")
            return try collection(anchor: reader.listAnchor, depth: depth) { (depth) throws(ComposeFault) in
                try self.list(depth: depth)
            }
        case YAML_MAPPING_START_EVENT:
            checkTag(reader.mapTag, is: "map", what: "a map")
            return try collection(anchor: reader.mapAnchor, depth: depth) { (depth) throws(ComposeFault) in
                try self.map(depth: depth)
            }
        default: preconditionFailure("libyaml gives a node after a document's start, a key and in a list")
        }
    }

    private func collection(
        anchor: String?, depth: Int, _ body: (Int) throws(ComposeFault) -> Node
    ) throws(ComposeFault) -> Node {
        guard depth < limits.depthMax else { throw tooDeep() }
        deepest = max(deepest, depth + 1)
        guard let anchor else { return try body(depth + 1) }
        anchors[anchor] = nil
        open.insert(anchor)
        let (outerDeepest, nodesBefore) = (deepest, nodes)
        deepest = depth + 1
        let node = try body(depth + 1)
        open.remove(anchor)
        anchors[anchor] = Anchor(node: node, nodes: nodes - nodesBefore + 1, height: deepest - depth)
        deepest = max(deepest, outerDeepest)
        return node
    }

    private func list(depth: Int) throws(ComposeFault) -> Node {
        let span = reader.startSpan
        var elements: [Node] = []
        while true {
            let type = try reader.next()
            if type == YAML_SEQUENCE_END_EVENT { return Node(.array(elements), at: span) }
            elements.append(try node(type, depth: depth))
        }
    }

    private func alias(depth: Int) throws(ComposeFault) -> Node {
        let name = reader.aliasName
        guard let anchor = anchors[name] else {
            let isOpen = open.contains(name)
            diagnostics.append(
                Diagnostic(
                    .error, isOpen ? YAMLCode.recursiveAlias : .unknownAlias,
                    isOpen
                        ? "the alias `*\(name)` is inside the node that it names"
                        : "the alias `*\(name)` names no anchor before it in this document",
                    at: reader.span,
                    remedy: isOpen ? "move the anchor" : "define `&\(name)` before, or put the text in quotes"))
            return Node(.null(text: ""), at: reader.span)
        }
        guard depth + anchor.height <= limits.depthMax else { throw tooDeep() }
        deepest = max(deepest, depth + anchor.height)
        try spend(anchor.nodes)
        var node = anchor.node
        node.span = reader.span
        return node
    }

    /// Counts nodes that an alias or a merge adds.
    func spend(_ count: Int) throws(ComposeFault) {
        nodes += count
        aliasedNodes += count
        guard aliasedNodes <= limits.aliasedNodesMax else {
            throw ComposeFault(
                diagnostic: Diagnostic(
                    .error, YAMLCode.aliasBudget,
                    "aliases add more than \(limits.aliasedNodesMax) nodes to the file", at: reader.span,
                    remedy: "write the parts out, or split the file"))
        }
    }

    private func tooDeep() -> ComposeFault {
        ComposeFault(
            diagnostic: Diagnostic(
                .error, YAMLCode.tooDeep, "more than \(limits.depthMax) lists and maps inside one another",
                at: reader.span, remedy: "make the file flatter"))
    }
}
