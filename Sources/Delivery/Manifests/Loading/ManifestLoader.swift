package import Diagnostics
package import Resources

/// Reads a configuration repository.
package struct ManifestLoader: Sendable {
    /// Looks at a graph that is otherwise complete, and says what else is wrong: checks that Manifests cannot make itself,
    /// such as that of mapping templates.
    package typealias Check = @Sendable (DesiredGraph) -> [Diagnostic]

    private let repoPath: String
    private let checks: [Check]

    /// - Parameter repoPath: The folder of `gatewright.yaml`, relative to the root of the tree.
    package init(repoPath: String = "", checks: [Check] = []) {
        self.repoPath = repoPath
        self.checks = checks
    }

    /// The names of the environments, in the order of the file, and what is wrong with it.
    package func environments(
        in tree: some FileTree
    ) async throws(TreeFailure) -> (names: [String], diagnostics: [Diagnostic]) {
        ([], [])
    }

    /// Everything that one environment wants, or everything that is wrong.
    ///
    /// - Parameter environment: May be nil where there is only one.
    /// - Throws: Only when files cannot be read; what stands in them gives diagnostics.
    package func load(environment: String?, from tree: some FileTree) async throws(TreeFailure) -> LoadResult {
        LoadResult(
            outcome: .refused([]), drift: DriftSettings(), filesRead: [], foldersRead: [], ignoredFileCount: 0,
            environments: [])
    }
}
