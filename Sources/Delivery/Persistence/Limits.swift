/// Limits of this target: each with its unit, and a test that meets it.
enum Limits {
    /// Journals of ended applies kept for each environment.
    static let journalsKept = 50
    /// Events kept for each environment.
    static let eventsKept = 1_000
    /// Levels of a stored value: a document of 100, inside a header.
    static let storedDepthMax = 120
    /// Revisions of each environment whose changes are kept.
    static let changesKept = 200
}
