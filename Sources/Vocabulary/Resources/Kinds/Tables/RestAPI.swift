import IAMPolicy
import JSON

// SOURCE: the service's behaviour as recorded in its replies (create, import, update), and the CloudFormation schemas
// of AWS::ApiGateway::*, read 2026-10-20. What needs a redeploy: developer guide, "Updates to a REST API".

extension KindTable {
    /// Tags that users set; those of Gatewright's own are never in a document.
    static let tags = FieldSchema(
        "tags", .map(MapRule("tag name", reservedPrefix: "gatewright:", count: 0...50), of: .text(0...256)),
        "Tags of the object; names that start with `gatewright:` are reserved."
    ).cosmetic

    static let endpointConfiguration = FieldSchema(
        "endpointConfiguration",
        .structure([
            FieldSchema(
                "types", .list(of: .upperCase("EDGE", "REGIONAL", "PRIVATE"), ListRule(isSet: true, count: 1...1)),
                "Where the API is reached; one type."
            ).byDefault(["EDGE"]).always.access(.strict("PRIVATE")),
            FieldSchema("ipAddressType", .oneOf("ipv4", "dualstack"), "IP versions; a PRIVATE API is dualstack.")
                .byDefault("ipv4").byDefault("dualstack", where: "types", holds: "PRIVATE"),
            FieldSchema("vpcEndpointIds", .set(of: .text), "VPC endpoints of a PRIVATE API."),
        ]),
        "Where and how the API is reached."
    ).byDefault(["types": ["EDGE"]]).always.seenAtOnce

    static let restAPI = KindSchema(
        .restAPI, .object, "A REST API; its definition is in the objects inside it.", tokenCarrier: .tag,
        attributes: restAPIAttributes,
        fields: [
            FieldSchema("name", .text(1...1024), "The API's name; not unique.").required.always.cosmetic,
            FieldSchema("description", .text(1...1024), "What the API is for.").emptyIsAbsent.cosmetic,
            FieldSchema("version", .text(0...64), "The definition's version.").emptyIsAbsent.cosmetic,
            FieldSchema("apiKeySource", .upperCase("HEADER", "AUTHORIZER"), "Where API keys are read from.")
                .byDefault("HEADER").redeploy.access(.decides),
            FieldSchema("binaryMediaTypes", .set(of: .text), "Media types whose bodies are binary.").redeploy,
            FieldSchema(
                "minimumCompressionSize", .integer(0...10_485_760),
                "Bodies from this many bytes on are compressed; never if absent."
            ).redeploy,
            endpointConfiguration,
            FieldSchema("disableExecuteApiEndpoint", .boolean, "Refuses requests to the default host name.")
                .byDefault(false).redeploy.access(.strict(true)),
            FieldSchema("policy", .policy(.resource), "The resource policy: who may call the API.")
                .redeploy.access(.policy(whenAbsent: .allows)),
            tags,
        ])

    static let restAPIAttributes = [
        KindSchema.Attribute(name: "id", meaning: "The API's id, the first label of its host name."),
        KindSchema.Attribute(name: "rootResourceId", meaning: "The id of the resource `/`."),
        KindSchema.Attribute(name: "name", meaning: "The API's name."),
        KindSchema.Attribute(name: "arn", meaning: "The ARN that management permissions name."),
        KindSchema.Attribute(
            name: "executionArn", meaning: "The ARN that invoke permissions start with: `arn:aws:execute-api:...`."),
    ]
}
