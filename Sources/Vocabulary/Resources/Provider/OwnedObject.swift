/// An object on a target that says whose it is.
package struct OwnedObject: Sendable, Hashable {
    package enum Marker: Sendable, Hashable {
        /// - Parameter commits: What it was applied from, the likeliest first; 40 or 64 hex digits each.
        case of(environment: String, Address, commits: [String])
        /// Something of a marker is there, and it cannot be read; one sentence.
        case damaged(String)
    }

    package var physicalID: String
    /// What people know it by on the target.
    package var name: String
    package var marker: Marker

    package init(physicalID: String, name: String, marker: Marker) {
        self.physicalID = physicalID
        self.name = name
        self.marker = marker
    }
}

extension OwnedObject {
    /// False for what is marked as another kind: users and roles may have the same name. True for a damaged mark.
    package func isOf(_ kind: ResourceKind) -> Bool {
        if case .of(_, let address, _) = marker { address.kind == kind } else { true }
    }
}
