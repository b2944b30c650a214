/// The most that the program takes.
enum Limits {
    /// Bytes of `gatewright.conf.yaml`.
    static let configurationBytes = 256 << 10
    /// Elements of a list, and members of a map, in the configuration.
    static let configurationElements = 1_000
    /// Bytes of a secret's file.
    static let secretBytes = 64 << 10
}
