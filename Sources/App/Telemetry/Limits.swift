/// The most that telemetry takes.
enum Limits {
    /// Series of all metrics together; further ones are counted and dropped.
    static let seriesMax = 2_000
    /// Spans that wait to be exported; further ones are counted and dropped.
    static let waitingSpansMax = 4_096
    /// Spans of one export.
    static let spansPerExport = 512
    /// Tries of one export.
    static let exportTriesMax = 3
    /// Attributes of a span, and bytes of one attribute's text.
    static let attributesMax = 64
    static let attributeBytesMax = 1_024
}
