package import Diagnostics
package import Resources

/// Reads a configuration repository.
package struct ManifestLoader: Sendable {
    /// Looks at a graph that is otherwise complete, and says what else is wrong: checks that Manifests cannot make
    /// itself, such as that of mapping templates. Also asked when errors were found: then about as much of the graph
    /// as there is.
    package typealias Check = @Sendable (DesiredGraph) -> [Diagnostic]

    private let repoPath: String
    private let checks: [Check]

    /// - Parameter repoPath: The folder of `gatewright.yaml`, relative to the root of the tree.
    package init(repoPath: String = "", checks: [Check] = []) {
        self.repoPath = repoPath
        self.checks = checks
    }

    /// The names of the environments, in the order of the file, and what is wrong with it.
    ///
    /// - Returns: `isWhole` is false where the file itself has errors, so that there may be more environments than these.
    package func environments(
        in tree: some FileTree
    ) async throws(TreeFailure) -> (names: [String], diagnostics: [Diagnostic], isWhole: Bool) {
        let configuration = try await configuration(in: tree)
        let faults = configuration.environments.flatMap { EnvironmentSettings($0).diagnostics }
        return (
            configuration.environments.map(\.name), DiagnosticList(configuration.diagnostics + faults).diagnostics,
            !configuration.diagnostics.hasErrors
        )
    }

    /// Everything that one environment wants, or everything that is wrong.
    ///
    /// Equal trees give equal results. Files are parsed side by side.
    ///
    /// - Parameter environment: May be nil where there is only one.
    /// - Throws: Only when files cannot be read; what stands in them gives diagnostics.
    package func load(environment: String?, from tree: some FileTree) async throws(TreeFailure) -> LoadResult {
        let configuration = try await configuration(in: tree)
        let selection = configuration.select(environment)
        var loading = Loading(configuration)
        if let diagnostic = selection.diagnostic { loading.diagnostics.append(diagnostic) }
        if let document = selection.document {
            try await loading.load(EnvironmentSettings(document), from: tree, checks)
        }
        return loading.result
    }

    private func configuration(in tree: some FileTree) async throws(TreeFailure) -> Configuration {
        guard let folder = repoPath.isEmpty ? "" : TreePath.resolve(repoPath, in: "") else {
            return Configuration(path: "\(repoPath)/\(Configuration.fileName)", bytes: nil)
        }
        let path = folder.isEmpty ? Configuration.fileName : "\(folder)/\(Configuration.fileName)"
        return Configuration(path: path, bytes: try await tree.read(path, byteLimit: Limits.manifestBytes))
    }
}
