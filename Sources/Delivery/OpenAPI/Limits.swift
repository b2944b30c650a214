/// Limits of this target: each with its unit, and a test that meets it.
enum Limits {
    /// Diagnostics of one severity, in number; what follows is dropped, with a last one that says so.
    static let diagnosticsMax = 500
    /// `$ref`s that are followed one after the other to a parameter, response or header, in number.
    static let referenceHopsMax = 16
    /// Bytes of `minimumCompressionSize`. Source: recorded CreateRestApi.
    static let compressionBytesMax = 10_485_760
    /// Milliseconds of an integration's timeout. Source: API Gateway quotas.
    static let integrationTimeoutMilliseconds = 50...29_000
    /// Seconds that an authorizer's answer is kept. Source: CreateAuthorizer.
    static let authorizerCacheSeconds = 0...3_600
    /// Bytes of one message; a longer one ends in `...`.
    static let messageBytesMax = 2_000
    /// Problems, in number, after which no name is suggested any more.
    static let suggestionsMax = 50
    /// Bytes of a path. Every prefix is a resource, so that their number is bounded by this and ``resourcesMax``.
    static let pathBytesMax = 2_048
    /// Resources of an API, in number. The service allows 300 and raises that on request.
    static let resourcesMax = 5_000
    /// Characters of the name of a version of the documentation. Source: CreateStage, `documentationVersion`.
    static let documentationVersionCharactersMax = 64
    /// Places that are named of one thing that an import loses, in number.
    static let lossPlacesMax = 8
    /// Seconds that browsers may keep an answer about CORS. Source: CreateApi of HTTP APIs, without -1, which is 0.
    static let corsAgeSeconds = 0...86_400
    /// Elements of a list of a CORS rule, in number.
    static let corsElementsMax = 100
    /// Bytes of such a list as the value of a header. The service takes 10,240 of all headers together.
    static let corsListBytesMax = 4_096
    /// Places that are named of methods for which a CORS rule cannot speak, in number.
    static let corsPlacesMax = 8
    /// Edits between an unknown name and the one that is suggested for it, in number.
    static let suggestionEditsMax = 4
}
