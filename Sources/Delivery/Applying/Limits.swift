/// Limits of this target: each with its unit, and a test that meets it.
enum Limits {
    /// Calls of one step, the first included.
    static let attemptsMax = 12
    /// From a step's first call.
    static let retryTimeMax = Duration.seconds(300)
    static let pauseFirst = Duration.milliseconds(250)
    static let pauseMax = Duration.seconds(20)
    /// Longest that a target may ask a step to wait.
    static let pauseAskedMax = Duration.seconds(120)
    static let callTimeMax = Duration.seconds(60)
    /// More than ``callTimeMax``, since no call starts unless the lease outlives its deadline.
    static let leaseTTL = Duration.seconds(120)
    /// Steps in flight at most, whatever the settings say.
    static let parallelismMax = 64
    /// Steps of one apply at most.
    static let stepsMax = 100_000
    /// Probes of one apply at most; more are not asked.
    static let probesMax = 1_000
    /// UTF-8 bytes of a target's message that are journaled.
    static let messageBytesMax = 2_000
}
