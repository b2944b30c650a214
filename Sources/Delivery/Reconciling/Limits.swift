/// Limits of this target: each with its unit, and a test that meets it.
enum Limits {
    /// Files of a working tree under one asked path.
    static let filesMax = 100_000
    /// Folders inside one another in a working tree.
    static let folderDepthMax = 100
    /// First pause after an attempt that failed for a reason that may pass; doubled each time.
    static let pauseFirst = Duration.seconds(5)
    static let pauseMax = Duration.seconds(300)
    /// Between two reads of the ref, unless configured otherwise.
    static let interval = Duration.seconds(30)
    /// For steps in flight to finish after a stop, unless configured otherwise.
    static let grace = Duration.seconds(20)
    /// Environments of one fleet at work at once. One whose target hangs keeps its place until its calls have ended.
    static let environmentsAtOnce = 16
    /// Plans of one attempt: the first, and one more with the touched objects observed.
    static let plansPerAttempt = 2
    /// Of the first look after a tick: environments with one schedule are spread over so much time.
    static let sweepJitterMilliseconds: Int64 = 60_000
    /// Corrections of the same drift one after the other; then it is corrected after pauses that double.
    static let correctionsInRow = 3
    static let correctionPauseFirst = Duration.seconds(3600)
    static let correctionPauseMax = Duration.seconds(86_400)
    /// Readings of a target of which one must fall between two applies of others.
    static let sweepTriesMax = 3
    /// Characters of a problem's message that are kept.
    static let problemCharactersMax = 2_000
    /// Bytes of what a revision did, with the properties that it changed; without them above that.
    static let changesBytesMax = 256 << 10
    /// Changes kept of one revision whose properties were left out.
    static let changesLinesMax = 2_000
    /// Bytes of a changed value that are kept in history.
    static let changedValueBytesMax = 4_096
    /// Revisions that are read at once while one is looked for.
    static let historyPage = 200
    /// LIMIT: how often an apply tries to get at the code of functions while somebody removes old code, some ten seconds.
    static let codeLeaseTriesMax = 200
    /// LIMIT: between two of these tries.
    static let codeLeasePause = Duration.milliseconds(50)
}
