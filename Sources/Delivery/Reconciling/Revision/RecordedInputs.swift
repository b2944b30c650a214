/// What the state of an environment was made from, so that a start needs no plan where nothing of it has changed.
///
/// A store forgets it with every change of the environment's recorded objects: it is always about the state beside it.
package struct RecordedInputs: Sendable, Hashable {
    /// The commit that the environment is at.
    package var commit: String
    /// Of the program that wrote it: another one may read the same files in another way.
    package var version: String
    /// In the form `gatewright.inputs/v1`.
    package var document: String

    package init(commit: String, version: String, document: String) {
        self.commit = commit
        self.version = version
        self.document = document
    }
}
