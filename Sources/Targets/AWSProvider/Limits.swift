/// Limits of this target.
enum Limits {
    /// LIMIT: bytes of one reply; a definition of the largest size that the service takes fits several times.
    static let replyBytesMax = 64 << 20
    /// LIMIT: objects asked for in one page of a list, the most that the service gives.
    static let pageSize = 500
    /// LIMIT: pages of one list; more is a target that repeats itself.
    static let pagesMax = 1_000
    /// LIMIT: tries of one call that harms nothing when made twice, such as a read.
    static let triesMax = 5
    /// LIMIT: deployments of ours that an API keeps beside those that its stages serve.
    static let deploymentsKept = 10
    /// LIMIT: how long a request may still take effect after its sender is gone. The service answers within a second or
    /// two; what comes later shows as drift.
    static let settleTime = Duration.seconds(3)
    /// LIMIT: until a change of IAM holds for those who ask: a new role is refused for up to about ten seconds.
    static let propagationTime = Duration.seconds(10)
    /// LIMIT: reads of a link that is not usable yet in one call: some 45 seconds. The step is then tried again.
    static let linkReadsMax = 25
    /// LIMIT: commits of one API's deployments that are told.
    static let deployedCommitsMax = 3
    /// LIMIT: versions of ours that a function keeps beside those that aliases name.
    static let versionsKept = 10
    /// LIMIT: versions that a managed policy may have at the service.
    static let policyVersionsMax = 5
    /// LIMIT: versions of a managed policy that are kept, the default among them: so the next one has room.
    static let policyVersionsKept = 4
    /// LIMIT: users, groups and roles that are read one by one; more are read with all of the account.
    static let principalsReadOneByOne = 8
    /// LIMIT: users, groups and roles in one page of an account's details, the most that the service gives.
    static let detailsPageSize = 1_000
    /// LIMIT: until a principal that was just made is tried again where it is refused.
    static let principalPause = Duration.seconds(2)
    /// LIMIT: elements of one reply in XML; the longest page of an account has some hundred thousand.
    static let xmlElementsMax = 2_000_000
    /// LIMIT: elements inside each other; the services' replies have about ten.
    static let xmlDepthMax = 64
    /// LIMIT: what one call may wait between its tries altogether.
    static let retryTimeMax = Duration.seconds(20)
    /// LIMIT: the longest pause between two tries of one call.
    static let retryPauseMax = Duration.seconds(5)
    /// LIMIT: one answer of a token service or a sign-in.
    static let tokenServiceTime = Duration.seconds(15)
    /// LIMIT: one answer of a container's credentials.
    static let containerTime = Duration.seconds(5)
    /// LIMIT: how long a `credential_process` may run.
    static let credentialsProgramTime = Duration.seconds(60)
    /// LIMIT: profiles that name each other as their source.
    static let profilesChainedMax = 16
    /// LIMIT: seconds before their end from which on keys are asked for anew.
    static let credentialsRefreshSeconds = 300
    /// LIMIT: seconds until a refresh that failed is tried again, while the keys at hand are still good.
    static let credentialsRetrySeconds = 30
}
