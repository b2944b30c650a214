import JSON
import Resources

/// A value of `spec.variables`, measured once.
struct Variable: Sendable {
    let node: Node
    /// References in it: they count wherever the variable stands.
    let references: [SymbolicReference]
    let nodeCount: Int
    /// Of its texts.
    let byteCount: Int

    init(_ node: Node) {
        self.node = node
        references = node.value.references
        (nodeCount, byteCount) = Self.measure(node)
    }

    static func measure(_ node: Node) -> (nodes: Int, bytes: Int) {
        var (nodes, bytes) = (1, node.scalarText?.utf8.count ?? 0)
        for child in node.elements ?? node.members?.map(\.value) ?? [] {
            let inner = measure(child)
            nodes += inner.nodes
            bytes += inner.bytes
        }
        return (nodes, bytes)
    }
}
