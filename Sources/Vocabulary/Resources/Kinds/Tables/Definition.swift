import JSON

// SOURCE: see RestAPI.swift.

extension KindTable {
    static let idAttribute = KindSchema.Attribute(name: "id", meaning: "The id that the service gave.")

    static let resource = KindSchema(
        .resource, .object, "A path of an API; the path is in the address.", attributes: [idAttribute], fields: [])

    static let model = KindSchema(
        .model, .object, "A JSON Schema (draft 4) for bodies.", attributes: [idAttribute],
        fields: [
            FieldSchema("contentType", .text, "The media type that it describes.")
                .byDefault("application/json").immutable.redeploy,
            FieldSchema("description", .text, "What the model is for.").emptyIsAbsent.cosmetic,
            FieldSchema("schema", .any, "The schema; other models are named as `#/definitions/Name`.").redeploy,
        ])

    static let requestValidator = KindSchema(
        .requestValidator, .object, "What is checked of a request before the integration is called.",
        attributes: [idAttribute],
        fields: [
            FieldSchema("validateRequestBody", .boolean, "Checks the body against the method's model.")
                .byDefault(false).always.redeploy,
            FieldSchema("validateRequestParameters", .boolean, "Checks that required parameters are there.")
                .byDefault(false).always.redeploy,
        ])

    static let authorizer = KindSchema(
        .authorizer, .object, "Who decides about requests: a function, or a user pool.", attributes: [idAttribute],
        fields: [
            FieldSchema("type", .upperCase("TOKEN", "REQUEST", "COGNITO_USER_POOLS"), "The kind of authorizer.")
                .required.always.redeploy.access(.decides),
            FieldSchema("providerARNs", .set(of: .text), "User pools, for COGNITO_USER_POOLS.")
                .redeploy.access(.grants),
            FieldSchema("authType", .text, "The name of the scheme, as documents show it.").cosmetic.redeploy,
            FieldSchema("authorizerUri", .text, "The function's invocation URI.").redeploy.access(.decides),
            FieldSchema("authorizerCredentials", .text, "The role that calls the function.").redeploy,
            FieldSchema("identitySource", .text, "Request parameters that hold the identity.")
                .redeploy.access(.decides),
            FieldSchema("identityValidationExpression", .text, "What a token must look like to be passed on.")
                .emptyIsAbsent.redeploy.access(.strictIfPresent),
            FieldSchema("authorizerResultTtlInSeconds", .integer(0...3600), "How long a decision is kept, in seconds.")
                .byDefault(300).redeploy,
        ])

    static let gatewayResponse = KindSchema(
        .gatewayResponse, .object,
        "What the gateway itself answers for one type of failure; exists only when customised.",
        fields: [
            FieldSchema("statusCode", .text(.statusCode), "The HTTP status; the type's own if absent.").redeploy,
            FieldSchema(
                "responseParameters", .map(MapRule("response parameter"), of: .text), "Headers of the response."
            ).redeploy,
            FieldSchema("responseTemplates", .map(MapRule("media type"), of: .template), "Bodies of the response.")
                .byDefault(["application/json": #"{"message":$context.error.messageString}"#]).redeploy,
        ])

    static let documentationPart = KindSchema(
        .documentationPart, .object, "A piece of documentation; its place in the API is in the address.",
        attributes: [idAttribute],
        fields: [FieldSchema("properties", .any, "What documents show at that place.").required.always.cosmetic])

    static let documentationVersion = KindSchema(
        .documentationVersion, .object, "The documentation parts of an API at one moment, under a name.",
        fields: [
            FieldSchema("fingerprint", .text, "64 hex digits over the documentation parts.").required.always.immutable
                .cosmetic
        ])

    static let deployment = KindSchema(
        .deployment, .object, "What a stage serves: the definition of an API at one moment.",
        tokenCarrier: .description,
        attributes: [idAttribute],
        fields: [
            FieldSchema("fingerprint", .text, "64 hex digits over all that only a deployment makes visible.")
                .required.always.immutable,
            FieldSchema("description", .text(0...deploymentDescriptionMax), "What the deployment is for.")
                .emptyIsAbsent.cosmetic,
        ])

    /// LIMIT: characters of a deployment's description; the marker that follows it needs room too.
    static let deploymentDescriptionMax = 512
}
