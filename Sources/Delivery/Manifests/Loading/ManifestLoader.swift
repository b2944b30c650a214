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
    private var cache: ManifestCache?
    private let today: @Sendable () -> CivilDate?

    /// - Parameters:
    ///   - repoPath: The folder of `gatewright.yaml`, relative to the root of the tree.
    ///   - today: In UTC; nil warns of no rule that expired.
    package init(
        repoPath: String = "", checks: [Check] = [], today: @escaping @Sendable () -> CivilDate? = { nil }
    ) {
        self.repoPath = repoPath
        self.checks = checks
        self.today = today
    }

    /// The same loader with a memory: what is parsed for one environment need not be parsed for another.
    package func remembering(in cache: ManifestCache) -> ManifestLoader {
        var copy = self
        copy.cache = cache
        return copy
    }

    /// What of `gatewright.yaml` counts for one environment, as ``LoadResult/configuration``; nil where all of it does.
    package func configuration(of environment: String, in tree: some FileTree) async throws(TreeFailure) -> String? {
        try await configuration(in: tree).fingerprint(of: environment)
    }

    /// True for a path that may be a manifest, wherever it is.
    package static func mayBeManifest(_ path: String) -> Bool { TreePath.mayBeManifest(path) }

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
    /// Equal trees give equal results on one day. Files are parsed side by side.
    ///
    /// - Parameter environment: May be nil where there is only one.
    /// - Throws: Only when files cannot be read; what stands in them gives diagnostics.
    package func load(environment: String?, from tree: some FileTree) async throws(TreeFailure) -> LoadResult {
        let configuration = try await configuration(in: tree)
        let selection = configuration.select(environment)
        var loading = Loading(configuration, cache: cache)
        if let diagnostic = selection.diagnostic { loading.diagnostics.append(diagnostic) }
        if let document = selection.document {
            let settings = EnvironmentSettings(document)
            if let today = today() { loading.diagnostics += settings.drift.expired(on: today) }
            try await loading.load(settings, from: tree, checks)
        }
        return loading.result
    }

    private func configuration(in tree: some FileTree) async throws(TreeFailure) -> Configuration {
        guard let folder = repoPath.isEmpty ? "" : TreePath.resolve(repoPath, in: "") else {
            return Configuration(path: "\(repoPath)/\(Configuration.fileName)", bytes: nil)
        }
        let path = folder.isEmpty ? Configuration.fileName : "\(folder)/\(Configuration.fileName)"
        guard let cache else {
            return Configuration(path: path, bytes: try await tree.read(path, byteLimit: Limits.manifestBytes))
        }
        let entry = try await tree.list(under: path).first { $0.path == path }
        if let entry, let known: Configuration = self.cache.known(entry, .configuration) { return known }
        let bytes = try await tree.read(path, byteLimit: Limits.manifestBytes)
        guard let bytes, let contentID = entry?.contentID else { return Configuration(path: path, bytes: bytes) }
        let key = ManifestCache.Key(path: path, contentID: contentID, use: .configuration)
        return cache.value(key, bytes: bytes.count) { Configuration(path: path, bytes: bytes) }
    }
}
