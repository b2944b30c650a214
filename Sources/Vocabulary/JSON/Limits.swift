enum Limits {
    /// Duplicate names of one file; the last one ends the reading.
    static let diagnosticsMax = 1_000
}

/// The most that a JSON text may have; a text past a limit is refused, never cut.
package struct JSONLimits: Sendable, Hashable {
    /// Bytes of the whole text.
    package var bytesMax: Int
    /// Arrays and objects inside one another.
    package var depthMax: Int

    package init(bytesMax: Int = 6 << 20, depthMax: Int = 100) {
        self.bytesMax = bytesMax
        self.depthMax = depthMax
    }

    /// 6 MiB, 100 levels.
    package static let standard = JSONLimits()
}
