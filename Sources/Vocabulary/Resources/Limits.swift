/// Limits of this target: each with its unit, and a test that meets it.
enum Limits {
    /// Unicode scalars of a text that no table limits further: mapping templates and schemas are at most 300 KB.
    static let textScalars = 400_000
    /// Elements of a list, members of a map that no table limits further.
    static let elements = 10_000
    /// Files named one by one in which the code of a function differs.
    static let codeFilesShownMax = 40
}
