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
    /// Names of objects that a plan deletes, named one by one.
    static let stillNamedMax = 20
    /// Changes of access named one by one, those that widen and those that narrow each.
    static let accessFindingsMax = 50
    /// Requests that are asked of each side of a plan to say who gains and who loses access.
    static let accessDecisionsMax = 100_000
    /// Claims of a plan that are kept one by one, and sentences and gaps that say them.
    static let accessClaimsMax = 1_000
    static let accessLinesMax = 40
    static let accessNotesMax = 12
    /// Of one principal: actions on resources, contexts, patterns compared with one another, paths of one route.
    static let accessPairsMax = 4_000
    static let accessContextsMax = 4
    static let accessPatternsMax = 40
    static let accessPathsMax = 6
    /// Roles that a principal may assume, and principals that a trust policy names, that are looked at.
    static let accessRolesMax = 200
    static let accessPrincipalsMax = 200
    /// Objects of each kind that a way to more permissions is tried on.
    static let escalationTargetsMax = 20
    /// Cells of a comparison of two patterns, the product of their bytes.
    static let commonCellsMax = 40_000
    /// Property lines shown for one change.
    static let propertiesShownMax = 24
    /// Routes named one by one for a stage that serves something else.
    static let routesShownMax = 20
    /// Origins of a CORS rule that one line about routes names, in number; the changes name all.
    static let originsShownMax = 3
    /// Characters of one value shown on a line.
    static let valueCharactersMax = 80
    /// Lines shown of the difference of one text.
    static let differenceLinesMax = 24
    /// Lines of a text that are compared line by line; the middle of a longer one is shown as replaced.
    static let comparedLinesMax = 400
}
