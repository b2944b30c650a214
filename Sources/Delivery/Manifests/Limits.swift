/// Limits of this target: each with its unit, and a test that meets it.
enum Limits {
    /// Bytes of a manifest file, `gatewright.yaml` included.
    static let manifestBytes = 1 << 20
    /// Bytes of an OpenAPI definition.
    static let definitionBytes = 6 << 20
    /// Files under the folders of one environment.
    static let files = 100_000
    /// Diagnostics of one load; what is past it is counted.
    static let diagnostics = 1000
}
