enum Limits {
    /// Faults of one file; the last one ends the reading.
    static let diagnosticsMax = 1_000
}

/// The most that a YAML file may have; a file past a limit is refused, never cut.
package struct YAMLLimits: Sendable, Hashable {
    /// Bytes of the whole file.
    package var bytesMax: Int
    /// Lists and maps inside one another, aliases followed.
    package var depthMax: Int
    /// Nodes that aliases and merges add to those that are written, in one file.
    package var aliasedNodesMax: Int

    package init(bytesMax: Int = 1 << 20, depthMax: Int = 100, aliasedNodesMax: Int = 250_000) {
        self.bytesMax = bytesMax
        self.depthMax = depthMax
        self.aliasedNodesMax = aliasedNodesMax
    }

    /// A manifest: 1 MiB, 100 levels, 250,000 nodes by aliases.
    package static let standard = YAMLLimits()
    /// An API definition: 6 MiB.
    package static let definition = YAMLLimits(bytesMax: 6 << 20)
}
