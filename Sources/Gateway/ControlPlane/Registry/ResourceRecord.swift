/// A node of an API's tree of paths.
struct ResourceRecord: Sendable, Equatable {
    var id: String
    /// Nil for the root only.
    var parentID: String?
    /// Empty for the root only.
    var pathPart: String
    /// Follows from the parts up to the root.
    var path: String
}
