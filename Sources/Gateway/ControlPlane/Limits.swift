/// Limits of this target: each with its unit, and a test that meets it.
enum Limits {
    /// Body of a management request, in bytes: the service takes definitions up to 6 MB, a little is left for framing.
    static let requestBodyBytesMax = 10 << 20
    /// Items of one page when the caller names no `limit`.
    static let pageItemsDefault = 25
    /// Items of one page at most.
    static let pageItemsMax = 500
    /// Days of one answer of `GetUsage`.
    static let usageRangeDaysMax = 366
    /// From the first request that a key spends to writing what was spent; a crash forgets at most as much.
    static let usageWriteDelay = Duration.seconds(5)
    /// From making a VPC link to its being usable, in seconds: callers wait for it as they must for the service's.
    static let vpcLinkPendingSeconds = 1
    /// Schemas inside each other that a model's template follows, and its bytes.
    static let modelTemplateDepthMax = 20
    static let modelTemplateBytesMax = 300 << 10
    /// Patch operations of one request.
    static let patchOperationsMax = 1000
    /// Requests whose rows are written by one database transaction.
    static let groupCommitRequestsMax = 512
    /// Parameters of one request to IAM or STS.
    static let queryParametersMax = 10_000
    /// Dots in the name of one such parameter.
    static let queryDepthMax = 16
    /// Items of one page of IAM when the caller names no `MaxItems`.
    static let queryPageItemsDefault = 100
    /// Tags of one user, role or policy.
    static let tagsPerEntityMax = 50
    /// Documents that are kept compiled.
    static let compiledPoliciesMax = 4096
    /// A session token, in bytes of its text.
    static let sessionTokenBytesMax = 64 << 10
    /// Rounds of PBKDF2 that a password is hashed with.
    static let passwordRounds = 20_000
    /// How long the keys of an identity provider are kept, in seconds.
    static let providerKeysSeconds = 300
    /// Identity providers whose keys are kept.
    static let providersWithKeysMax = 200
    /// How far an identity provider's clock may be ahead, in seconds.
    static let webTokenSkewSeconds = 300
    /// How old a SAML assertion may be, in seconds.
    static let assertionAgeSecondsMax = 300
    /// Bytes of a message or of metadata of SAML. (AWS: metadata of 10,000,000 characters at most.)
    static let samlBytesMax = 10_000_000
    /// Bytes of a function's environment variables, names and values, as AWS has it.
    static let functionVariableBytesMax = 4096
    /// Bytes of the resource-based policy of a function, as AWS has it.
    static let functionPolicyBytesMax = 20 * 1024
    /// Objects on one page of Lambda's lists.
    static let functionPageItemsDefault = 50
    /// Elements inside each other in XML, and elements of one document.
    static let xmlDepthMax = 64
    static let xmlElementsMax = 10_000
    /// Characters of what is said about a policy document: the message may repeat what was written.
    static let policyMessageCharactersMax = 500
}
