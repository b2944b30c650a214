import JSON

// SOURCE: the operations of the API Gateway API (`CreateApiKey`, `CreateUsagePlan`, ...), the service's behaviour as
// recorded in its replies, and the CloudFormation schemas of AWS::ApiGateway::*, read 2026-10-20.

extension KindTable {
    static let apiKey = KindSchema(
        .apiKey, .manifest, "What a client shows in `x-api-key`; usage plans say what it opens.", tokenCarrier: .tag,
        namePattern: .iamName,
        attributes: [givenIDAttribute, nameAttribute, gatewayARNAttribute], example: apiKeyExample,
        fields: [
            FieldSchema("name", .text(1...1024), "The key's name on the target.").required.always.fromMetadata
                .cosmetic,
            FieldSchema("description", .text(0...1024), "Whose key it is.").emptyIsAbsent.cosmetic,
            FieldSchema("customerId", .text(0...1024), "The customer's id in a marketplace.").emptyIsAbsent.cosmetic,
            FieldSchema("enabled", .boolean, "Whether the key opens anything.").byDefault(false)
                .access(.strict(false)),
            FieldSchema(
                "value", .secret,
                "The key itself, 20 to 128 characters; the service makes one where nothing is written. Another one is a new "
                    + "key beside the old one, which goes last."
            ).immutable.writeOnly.access(.decides),
            tags,
        ])

    static let usagePlan = KindSchema(
        .usagePlan, .manifest, "Which stages API keys open, how fast and how often.", tokenCarrier: .tag,
        namePattern: .iamName, comesBack: true,
        attributes: [givenIDAttribute, nameAttribute, gatewayARNAttribute], example: usagePlanExample,
        fields: [
            FieldSchema("name", .text(1...1024), "The plan's name on the target.").required.always.fromMetadata
                .cosmetic,
            FieldSchema("description", .text(0...1024), "Who the plan is for.").emptyIsAbsent.cosmetic,
            FieldSchema("productCode", .text(0...1024), "The product's code in a marketplace.").emptyIsAbsent.cosmetic,
            FieldSchema(
                "apiStages", .list(of: .structure(planStage), ListRule(isSet: true, count: 0...1000)),
                "The stages that the plan's keys open."
            ).access(.grants),
            FieldSchema(
                "keys", .list(of: .text(1...1024), ListRule(isSet: true, count: 0...10_000)),
                "The keys of the plan: `${ApiKey/x.id}`, or ids of keys that are not declared here."
            ).access(.grants),
            FieldSchema("throttle", .structure(throttle), "How fast each key may call."),
            FieldSchema("quota", .structure(quota), "How often each key may call in a period."),
            tags,
        ])

    private static let planStage = [
        FieldSchema("apiId", .text(1...1024), "The API: `${RestApi/x.id}`.").required.always,
        FieldSchema("stage", .text(1...128), "The stage's name.").required.always,
        FieldSchema(
            "throttle", .map(MapRule("route", pattern: .planRoute, count: 0...1000), of: .structure(throttle)),
            "Limits of single routes, as `/pets/GET`."),
    ]

    private static let throttle = [
        FieldSchema("rateLimit", .number(0...1_000_000), "Requests a second, on average.").access(.limit),
        FieldSchema("burstLimit", .integer(0...1_000_000), "Requests at once.").access(.limit),
    ]

    private static let quota = [
        FieldSchema("limit", .integer(1...2_147_483_647), "Requests in a period.").required.always.access(.limit),
        FieldSchema("period", .upperCase("DAY", "WEEK", "MONTH"), "The period.").required.always,
        FieldSchema("offset", .integer(0...27), "Requests of the first period that count as made.").byDefault(0),
    ]

    static let givenIDAttribute = KindSchema.Attribute(name: "id", meaning: "The id that the service gave.")
    static let gatewayARNAttribute = KindSchema.Attribute(
        name: "arn", meaning: "The ARN that management permissions name.")

    private static let apiKeyExample = """
        apiVersion: gatewright/v1
        kind: ApiKey
        metadata: { name: partner }
        spec:
          enabled: true
          value: { valueFrom: { env: PARTNER_KEY } }
        """

    private static let usagePlanExample = """
        apiVersion: gatewright/v1
        kind: UsagePlan
        metadata: { name: gold }
        spec:
          apiStages: [{ apiId: "${RestApi/petstore.id}", stage: test }]
          throttle: { rateLimit: 10, burstLimit: 20 }
          quota: { limit: 10000, period: DAY }
          keys: ["${ApiKey/partner.id}"]
        """
}
