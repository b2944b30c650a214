/// Where the ref stands that a ``Fleet`` follows.
package struct FleetStatus: Sendable {
    /// The ref that is followed.
    package var ref: String
    /// What it named when it was last read; nil before that.
    package var headCommit: String?
    /// When the repository was last read with success.
    package var lastPolled: Timestamp?
    /// Why the repository, or the list of its environments, could not be read last; nil while all is well. The
    /// environments stay at the head that was read before.
    package var problem: Problem?

    package init(ref: String) { self.ref = ref }
}
