/// Limits of this target: each with its unit, and a test that meets it.
enum Limits {
    /// Bytes of a request line and its headers together, as AWS has it.
    static let requestHeadBytesMax = 10_240
    /// Headers of one message, in either direction.
    static let headerCountMax = 200
    /// Bytes of a request body, as AWS has it.
    static let requestBodyBytesMax = 10 * 1024 * 1024
    /// Bytes of an endpoint's answer that must be held in memory (a template or a conversion needs all of it).
    static let responseBodyBytesMax = 10 * 1024 * 1024
    /// Bytes of an endpoint's status line and headers.
    static let responseHeadBytesMax = 64 * 1024
    /// Bytes of one line between chunks, and of all trailers.
    static let chunkLineBytesMax = 4096
    /// Bytes of a text body up to which it is held back, so that it can be sent with its length.
    static let heldTextBodyBytesMax = 64 * 1024
    /// Bytes of an answer up to which an event loop packs it itself, and of a packed body up to which it unpacks it: one
    /// of these comes to a megabyte at most.
    static let packedAtOnceBytesMax = 64 * 1024
    static let unpackedAtOnceBytesMax = 1024
    /// Threads that pack and unpack what is longer.
    static let packingThreads = 2
    /// Milliseconds, for `timeoutInMillis` of an integration.
    static let integrationTimeoutMillisecondsMin = 50
    static let integrationTimeoutMillisecondsMax = 29_000
    /// Resources of one call of a service: no action of one takes more.
    static let serviceResourcesMax = 100
    /// Connections to one endpoint, for each event loop.
    static let connectionsPerEndpointMax = 2048
    /// Idle connections kept to one endpoint, for each event loop.
    static let idleConnectionsPerEndpointMax = 128
    /// TLS contexts that are kept, one for each client certificate and each way to verify.
    static let endpointContextsMax = 256
    /// Addresses of one name that are tried, one after the other.
    static let addressesPerNameMax = 4
    /// Targets of one load balancer.
    static let targetsPerGroupMax = 256
    /// Bytes of an address that is sent to an endpoint.
    static let endpointURIBytesMax = 32 * 1024
    /// Bytes of the ARN of a request that policies are held against, as AWS has it.
    static let resourceARNBytesMax = 1600
    /// Callers that are kept between two changes of the account.
    static let knownCallersMax = 4096
    /// Credentials of roles that are kept, one for each role and each service that acts as it.
    static let roleCredentialsMax = 1024
    /// Seconds that credentials of a role live at least when a request is signed with them.
    static let roleCredentialsLeftSeconds = 300
    /// Answers of a Lambda authorizer that are kept, and how long, as AWS has it.
    static let authorizerGrantsMax = 4096
    static let authorizerSecondsDefault = 300
    static let authorizerSecondsMax = 3600
    /// Milliseconds that a Lambda authorizer may take.
    static let authorizerTimeoutMilliseconds = 29_000
    /// Bytes of a Lambda authorizer's answer, and of one resource in its policy; the latter as AWS has it.
    static let authorizerAnswerBytesMax = 1024 * 1024
    static let authorizerResourceBytesMax = 512
    /// Bytes of the region and of the id of a user pool.
    static let userPoolNameBytesMax = 64
    /// Bytes of a token of a user pool: what a request's headers may have.
    static let webTokenBytesMax = requestHeadBytesMax
    /// Seconds that clocks of a user pool and the engine may be apart.
    static let webTokenSkewSeconds = 60
    /// Bytes of the modulus of a key, bytes of a set of keys, and keys of one set.
    static let webKeyBytesMax = 1024
    static let webKeysBytesMax = 256 * 1024
    static let webKeysMax = 64
    /// Seconds after which keys are asked for again, and that pass at least between two times.
    static let webKeySecondsMax: Int64 = 3600
    static let webKeyRetrySeconds: Int64 = 10
    /// User pools whose keys are kept.
    static let keySourcesMax = 1024
    /// Days that are kept of what a key has spent of a usage plan.
    static let usageDaysMax = 400
    /// Characters of a printed map of headers in the log of a test invocation.
    static let loggedHeadersCharactersMax = 1024
    /// Of what a failed function said, in the reason of an access record.
    static let loggedReasonCharactersMax = 512
}
