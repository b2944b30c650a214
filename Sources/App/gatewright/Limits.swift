/// The most that the program takes.
enum Limits {
    /// Bytes of `gatewright.conf.yaml`.
    static let configurationBytes = 256 << 10
    /// Elements of a list, and members of a map, in the configuration.
    static let configurationElements = 1_000
    /// Bytes of a plan that a controller sends.
    static let planReplyBytes = 256 << 20
    /// Bytes of a target's reply.
    static let targetReplyBytes = 64 << 20
    /// Bytes of a stage's answer to a probe.
    static let probeReplyBytes = 1 << 20
    /// Bytes of that answer that a message shows.
    static let probeExcerptBytes = 200
    /// Bytes of access records that wait to be written; further ones are counted and dropped.
    static let waitingRecordBytes = 4 << 20
    /// Bytes of a secret's file.
    static let secretBytes = 64 << 10
    /// Bytes of a document of an identity provider.
    static let providerDocumentBytes = 1 << 20
}
