import Diagnostics

/// Makes ``Node``s with spans; duplicate names are collected, the first of each is kept.
struct NodeMaking: TreeMaking {
    struct Members {
        var list: [Node.Member] = []
        var names: Set<ExactName> = []
    }

    let file: String
    private(set) var diagnostics: [Diagnostic] = []
    private var cursor = PlaceCursor()

    /// Members from which a set of names is quicker than a scan.
    private static let indexedFrom = 12

    init(file: String) { self.file = file }

    mutating func place(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> SourceSpan {
        cursor.advance(to: start, in: bytes)
        let (line, column) = (cursor.line, cursor.column)
        cursor.advance(to: end, in: bytes)
        let length = cursor.line == line ? cursor.column - column : 1
        return SourceSpan(file: file, line: line, column: column, length: max(1, length))
    }

    func null(at place: SourceSpan) -> Node { Node(.null(text: "null"), at: place) }
    func bool(_ value: Bool, at place: SourceSpan) -> Node {
        Node(.bool(value, text: value ? "true" : "false"), at: place)
    }
    func number(_ text: String, at place: SourceSpan) -> Node { Node(.number(JSONNumber(text: text)), at: place) }
    func string(_ text: String, at place: SourceSpan) -> Node { Node(.string(text), at: place) }
    func array(_ elements: [Node], at place: SourceSpan) -> Node { Node(.array(elements), at: place) }
    func object(_ members: Members, at place: SourceSpan) -> Node { Node(.object(members.list), at: place) }

    func noMembers() -> Members { Members() }

    func admits(_ name: String, to members: Members) -> Bool {
        if members.list.count < Self.indexedFrom {
            return !members.list.contains { $0.name.isExactly(name) }
        }
        return !members.names.contains(ExactName(name))
    }

    mutating func refuse(_ name: String, at place: SourceSpan, from start: Int, to end: Int) throws(ScanFault) {
        let fault = ScanFault.duplicate(name, from: start, to: end)
        guard diagnostics.count < Limits.diagnosticsMax - 1 else { throw fault }
        diagnostics.append(Diagnostic(.error, fault.code, fault.message, at: place, remedy: fault.remedy))
    }

    func append(_ name: String, at place: SourceSpan, _ value: Node, to members: inout Members) {
        members.list.append(Node.Member(name: name, nameSpan: place, value: value))
        if members.list.count == Self.indexedFrom {
            members.names = Set(members.list.map { ExactName($0.name) })
        } else if members.list.count > Self.indexedFrom {
            members.names.insert(ExactName(name))
        }
    }
}
