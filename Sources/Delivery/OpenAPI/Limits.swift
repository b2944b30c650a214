/// Limits of this target: each with its unit, and a test that meets it.
enum Limits {
    /// Diagnostics of one document, in number; what follows is dropped, with a last one that says so.
    static let diagnosticsMax = 500
    /// `$ref`s that are followed one after the other to a parameter, response or header, in number.
    static let referenceHopsMax = 16
    /// Bytes of `minimumCompressionSize`. Source: recorded CreateRestApi.
    static let compressionBytesMax = 10_485_760
    /// Milliseconds of an integration's timeout. Source: API Gateway quotas.
    static let integrationTimeoutMilliseconds = 50...29_000
    /// Seconds that an authorizer's answer is kept. Source: CreateAuthorizer.
    static let authorizerCacheSeconds = 0...3_600
    /// Edits between an unknown name and the one that is suggested for it, in number.
    static let suggestionEditsMax = 4
}
