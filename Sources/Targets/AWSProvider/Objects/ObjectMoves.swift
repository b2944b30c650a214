import JSON
import Resources

/// The calls that take an object of its own from one document to another, by its kind. Pure.
enum ObjectMoves {
    /// - Parameters: Normal forms, references symbolic; nil for an object that is not there.
    /// - Returns: Each with the document after it; empty where only rules of ours differ. Nil for a kind that this provider
    ///   does not know.
    static func moves(_ kind: ResourceKind, from before: JSONObject?, to after: JSONObject?) -> [Move]? {
        switch kind {
        case .user, .group, .role, .policy, .instanceProfile, .oidcProvider, .samlProvider:
            IAMMoves.moves(kind, from: before, to: after)
        case .function, .alias, .permission: FunctionMoves.moves(kind, from: before, to: after)
        default: GatewayMoves.moves(kind, from: before, to: after)
        }
    }

    /// The calls that write a document again although it stays as it is, since what it refers to was made anew.
    static func renewals(_ document: JSONObject, _ kind: ResourceKind, since renewed: Set<Address>) -> [Move] {
        switch kind {
        case .function, .alias, .permission: FunctionMoves.renewals(document, kind, since: renewed)
        case _ where ResourceKind.iam.contains(kind): IAMMoves.renewals(document, kind, since: renewed)
        default: GatewayMoves.renewals(document, kind, since: renewed)
        }
    }

    /// The document without what an object needs that goes and comes back: what must be taken off it before.
    static func document(_ document: JSONObject, without gone: Set<Address>) -> JSONObject {
        JSONObject(
            document.map { name, value -> (String, JSONValue) in
                guard case .array(let elements) = value else { return (name, value) }
                return (
                    name,
                    .array(elements.filter { element in !element.references.contains { gone.contains($0.address) } })
                )
            }.filter { $0.1 != [] })
    }
}
