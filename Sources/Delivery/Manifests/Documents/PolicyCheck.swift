import Diagnostics
import IAMPolicy
import JSON
import Resources

/// Holds the policy documents of manifests and definitions against the rules of the policy language.
enum PolicyCheck {
    /// - Returns: What is wrong with the document, at its places in the file; its size as the limits count it, 0 for one
    ///   that is not valid.
    static func check(_ node: Node, as kind: PolicyKind, sizeMax: Int? = nil) -> (diagnostics: [Diagnostic], size: Int)
    {
        if let text = node.string {
            let reading = PolicyDocument.read(text: text, as: kind, sizeMax: sizeMax)
            return (reading.diagnostics.map { placed($0, at: node.span) }, reading.document?.size ?? 0)
        }
        // What an unset variable would be is not known; that it is not set has been said.
        guard let whole = assuming(node) else { return ([], 0) }
        let reading = PolicyDocument.read(whole, as: kind, sizeMax: sizeMax)
        return (reading.diagnostics, reading.document?.size ?? 0)
    }

    /// A note for each managed policy of AWS whose document this program does not have.
    static func unknownManaged(_ node: Node?) -> [Diagnostic] {
        guard let node else { return [] }
        return (node.elements ?? [node]).compactMap { element in
            guard let arn = element.string, arn.contains(":iam::aws:policy/"), ManagedPolicies.shipped[arn] == nil
            else {
                return nil
            }
            return Diagnostic(
                .note, PolicyCode.unknownManaged, "this program does not have the managed policy `\(arn.shortened)`",
                at: element.span, remedy: "check the name; what the policy allows is left out of what plans say")
        }
    }

    private static func placed(_ diagnostic: Diagnostic, at span: SourceSpan) -> Diagnostic {
        var diagnostic = diagnostic
        diagnostic.spans = [span]
        return diagnostic
    }

    /// The node with each reference as what it may come to; nil if a variable in it is not set.
    private static func assuming(_ node: Node) -> Node? {
        switch node.content {
        case .null, .bool, .number: return node
        case .string(let text):
            guard text.utf8.contains(UInt8(ascii: "$")) else { return node }
            if Substitution.hasUnset(text) { return nil }
            return Node(.string(node.value.withStandIns.string ?? text), at: node.span)
        case .array(let elements):
            let inside = elements.compactMap(assuming)
            return inside.count == elements.count ? Node(.array(inside), at: node.span) : nil
        case .object(let members):
            let inside = members.compactMap { member in
                assuming(member.value).map { Node.Member(name: member.name, nameSpan: member.nameSpan, value: $0) }
            }
            return inside.count == members.count ? Node(.object(inside), at: node.span) : nil
        }
    }
}

extension ResourceKind {
    /// The most characters that all inline policies of one principal may have together; nil for what has none.
    var inlinePoliciesSizeMax: Int? {
        switch self {
        case .user: PolicySize.inlineOfUser
        case .group: PolicySize.inlineOfGroup
        case .role: PolicySize.inlineOfRole
        default: nil
        }
    }
}
