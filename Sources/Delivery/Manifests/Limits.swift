/// Limits of this target: each with its unit, and a test that meets it.
enum Limits {
    /// Bytes of a manifest file, `gatewright.yaml` included.
    static let manifestBytes = 1 << 20
    /// Bytes of an OpenAPI definition.
    static let definitionBytes = 6 << 20
    /// Files under the folders of one environment.
    static let files = 100_000
    /// Bytes that are asked of a tree at once; a repository gives at most 50 MiB.
    static let batchBytes = 32 << 20
    /// Bytes of the code of one function: the most that the service takes in one call.
    static let codeBytes = 50 << 20
    /// Bytes of the code of all functions of one environment.
    static let codeBytesAltogether = 512 << 20
    /// Bytes of all manifests of one environment, and of all its definitions.
    static let bytesAltogether = 256 << 20
    /// Bytes of text, and nodes, that variables may add to one document.
    static let insertedBytes = 6 << 20
    static let insertedNodes = 250_000
    /// Bytes of source text whose parsed form is kept for the next load.
    static let cachedBytes = 64 << 20
    /// Unknown names of a load for which a known one is searched; the search is too dear for thousands.
    static let suggestions = 50
    /// Diagnostics of one load; what is past it is counted.
    static let diagnostics = 1000
}
