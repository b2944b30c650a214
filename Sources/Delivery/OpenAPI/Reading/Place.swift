import Diagnostics
import JSON

/// A node of the document, with the names that lead to it.
struct Place {
    let node: Node
    /// `paths./pets.get.responses`; empty for the document itself.
    let path: String
    /// Of the member's name; of the node itself where it has none.
    let nameSpan: SourceSpan

    init(_ node: Node, path: String = "", nameSpan: SourceSpan? = nil) {
        self.node = node
        self.path = path
        self.nameSpan = nameSpan ?? node.span
    }

    /// For messages.
    var name: String { path.isEmpty ? "the document" : "`\(path)`" }

    subscript(name: String) -> Place? { node.member(name).map(place) }

    /// Nil when this is no map.
    var members: [(name: String, place: Place)]? { node.members?.map { ($0.name, place($0)) } }

    /// Nil when this is no list.
    var elements: [Place]? {
        node.elements?.enumerated().map { Place($0.element, path: "\(path)[\($0.offset)]") }
    }

    /// True for `{Ref: name}` and `{Fn::Name: ...}`, which ``DocumentReading`` has refused where it found them.
    var isIntrinsic: Bool {
        guard let members = node.members, members.count == 1, let member = members.first else { return false }
        return member.name.hasPrefix("Fn::") || (member.name == "Ref" && member.value.scalarText != nil)
    }

    private func place(_ member: Node.Member) -> Place {
        Place(member.value, path: path.isEmpty ? member.name : "\(path).\(member.name)", nameSpan: member.nameSpan)
    }
}
