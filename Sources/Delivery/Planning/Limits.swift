/// Limits of this target: each with its unit, and a test that meets it.
enum Limits {
    /// The largest plan file that is read, in bytes.
    static let planFileBytesMax = 256 << 20
    /// The largest Markdown rendering, in bytes of UTF-8 (so never more characters): what a comment may have.
    static let markdownBytesMax = 65_000
    /// The least bytes of Markdown in which the plan of one environment among others is shown.
    static let markdownSectionBytesMin = 2_000
    /// Environments without changes that are named one by one.
    static let unchangedNamesMax = 20
    /// Routes and stages named one by one before the changes.
    static let meaningLinesMax = 60
    /// Changes of access named one by one, those that widen and those that narrow each.
    static let accessFindingsMax = 50
    /// Property lines shown for one change.
    static let propertiesShownMax = 24
    /// Routes named one by one for a stage that serves something else.
    static let routesShownMax = 20
    /// Characters of one value shown on a line.
    static let valueCharactersMax = 80
    /// Lines shown of the difference of one text.
    static let differenceLinesMax = 24
    /// Lines of a text that are compared line by line; the middle of a longer one is shown as replaced.
    static let comparedLinesMax = 400
}
