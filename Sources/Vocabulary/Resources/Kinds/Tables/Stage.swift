import JSON

// SOURCE: see RestAPI.swift. The defaults of method settings are those of the entry that the service makes on the first
// write to any setting of it.

extension KindTable {
    static let stage = KindSchema(
        .stage, .object, "A published API: a deployment and how it is served.",
        attributes: [KindSchema.Attribute(name: "name", meaning: "The stage's name.")],
        fields: [
            FieldSchema("deployment", .text, "The fingerprint of the deployment that it serves.").required.always
                .seenAtOnce
        ] + stageFields)

    /// What users write of a stage, and what its document has beside the deployment.
    static let stageFields = [
        FieldSchema("description", .text(0...1024), "What the stage is for.").emptyIsAbsent.cosmetic,
        FieldSchema(
            "variables",
            .map(MapRule("variable", pattern: .stageVariableName), of: .text(.stageVariableValue)),
            "Stage variables, which templates and integrations read."
        ).seenAtOnce,
        FieldSchema(
            "methodSettings", .map(MapRule("method", fallbackKey: "*/*"), of: .structure(methodSetting)),
            "Settings for all methods (`*/*`) or for one: its path, `/`, its HTTP method (`pets/GET`)."),
        FieldSchema("cacheClusterEnabled", .boolean, "Gives the stage a cache of its own.").byDefault(false)
            .seenAtOnce,
        FieldSchema(
            "cacheClusterSize", .oneOf("0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"),
            "The size of the cache, in GB."
        ).seenAtOnce,
        FieldSchema("clientCertificateId", .text, "The certificate shown to HTTP backends.").emptyIsAbsent
            .seenAtOnce,
        FieldSchema("tracingEnabled", .boolean, "Sends traces to X-Ray.").byDefault(false),
        FieldSchema(
            "documentationVersion", .text(0...64), "The version of the documentation; the definition's if absent."
        ).emptyIsAbsent.cosmetic,
        FieldSchema(
            "accessLogSettings",
            .structure([
                FieldSchema("destinationArn", .text, "Where access logs go.").emptyIsAbsent,
                FieldSchema("format", .text(0...3072), "One line of the log, with `$context` variables.").emptyIsAbsent,
            ]),
            "Access logs."),
        tags,
    ]

    private static let methodSetting = [
        FieldSchema("metricsEnabled", .boolean, "Counts requests of the method by itself.").byDefault(false),
        FieldSchema("loggingLevel", .upperCase("OFF", "ERROR", "INFO"), "What is logged of an execution.").byDefault(
            "OFF"),
        FieldSchema("dataTraceEnabled", .boolean, "Logs whole requests and responses.").byDefault(false),
        FieldSchema("throttlingBurstLimit", .integer(0...1_000_000), "Requests at once.").byDefault(5000)
            .access(.limit),
        FieldSchema("throttlingRateLimit", .number(0...1_000_000), "Requests a second.").byDefault(10000)
            .access(.limit),
        FieldSchema("cachingEnabled", .boolean, "Answers GET requests from the cache.").byDefault(false)
            .seenAtOnce,
        FieldSchema("cacheTtlInSeconds", .integer(0...3600), "How long an answer is cached, in seconds.").byDefault(
            300
        ).seenAtOnce,
        FieldSchema("cacheDataEncrypted", .boolean, "Encrypts what is cached.").byDefault(false),
        FieldSchema(
            "requireAuthorizationForCacheControl", .boolean, "Lets only the authorized bypass the cache."
        ).byDefault(true).access(.strict(true)),
        FieldSchema(
            "unauthorizedCacheControlHeaderStrategy",
            .upperCase("FAIL_WITH_403", "SUCCEED_WITH_RESPONSE_HEADER", "SUCCEED_WITHOUT_RESPONSE_HEADER"),
            "What others get who try."
        ).byDefault("SUCCEED_WITH_RESPONSE_HEADER").access(.strict("FAIL_WITH_403")),
    ]
}
