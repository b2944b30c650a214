import JSON
import Resources

extension ResourceKind {
    /// True for what lives and dies with a RestApi, which one call deletes with all of it.
    var belongsToAPI: Bool { isPartOfDefinition || self == .restAPI || self == .stage || isSnapshot }

    /// True for what holds a moment of an API: it never changes, and while its API stays no plan deletes it.
    var isSnapshot: Bool { self == .deployment || self == .documentationVersion }

    /// True if the same object can be made again from its document: nobody outside knows it by an id that the service
    /// made.
    var isReversibleToDelete: Bool {
        isPartOfDefinition || self == .stage || KindTable.object(self)?.comesBack == true
    }
}
