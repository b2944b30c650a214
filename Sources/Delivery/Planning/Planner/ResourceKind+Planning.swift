import JSON
import Resources

extension ResourceKind {
    /// True for what lives and dies with a RestApi, which one call deletes with all of it.
    var belongsToAPI: Bool { isPartOfDefinition || self == .restAPI || self == .deployment || self == .stage }

    /// True if the same object can be made again from its document: nobody outside knows it by an id that the service
    /// made.
    var isReversibleToDelete: Bool { isPartOfDefinition || self == .stage }

    /// What callers see of a change that is no delete.
    func visibility(from before: JSONValue?, to after: JSONValue) -> Change.Visibility {
        if self == .stage { return .flip }
        guard self == .restAPI, let before else { return .hidden }
        // Members that the service changes at once, without a deployment.
        let seenAtOnce = ["endpointConfiguration"]
        return seenAtOnce.contains { before[$0] != after[$0] } ? .flip : .hidden
    }
}
