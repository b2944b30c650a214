import JSON

// SOURCE: the operations of the Lambda API (`CreateFunction`, `AddPermission`, ...), their limits, and the CloudFormation
// schemas of AWS::Lambda::Function, AWS::Lambda::Alias and AWS::Lambda::Permission, read 2026-10-20.

extension KindTable {
    static let function = KindSchema(
        .function, .manifest, "Code of this repository that answers calls of APIs.", tokenCarrier: .tag,
        takenFields: ["name"], namePattern: .functionName, attributes: functionAttributes,
        example: functionExample,
        fields: [
            FieldSchema("name", .text(1...64), "The name, unique in the account and region.").required.always
                .immutable.fromMetadata,
            FieldSchema("description", .text(0...256), "What the function is for.").emptyIsAbsent.cosmetic,
        ] + versionedFields + [
            FieldSchema(
                "reservedConcurrentExecutions", .integer(0...1_000_000),
                "How many calls may run at once, kept free for this function; 0 refuses all."
            ).access(.limit),
            FieldSchema(
                "aliases",
                .map(MapRule("alias", pattern: .aliasName, count: 0...100), of: .structure(writtenAliasFields)),
                "Names for versions: where nothing else is said, a change of the code or configuration publishes a version, "
                    + "and the alias goes over to it."),
            permissionsField("Who may call the function beside those whose own policies allow it."), tags,
        ])

    /// What a version of a function holds.
    private static let versionedFields = [
        FieldSchema("runtime", .text(1...64), "What runs the code: `python3.13`, `provided.al2023`, ...")
            .required.always,
        FieldSchema("handler", .text(.handler), "What the runtime calls in the code: `app.handler`.")
            .required.always,
        FieldSchema(
            "code", .text(1...1024),
            "The folder with the code, relative to this file. Plans and the target tell it by the hash of its content."
        ).required.always,
        FieldSchema(
            "role", .text(20...2048),
            "The role that the code has: `${Role/x.arn}`; it must trust `lambda.amazonaws.com`."
        ).required.always.access(.decides),
        FieldSchema(
            "environment",
            .map(
                MapRule("variable", pattern: .environmentName, count: 0...1000),
                of: .textOrSecret(StringRule(length: 0...4096))),
            "Variables that the code sees; a secret is set on the target, and nowhere else."),
        FieldSchema("memorySize", .integer(128...10240), "Memory in MiB.").byDefault(128),
        FieldSchema("timeout", .integer(1...900), "How long one call may take, in seconds.").byDefault(3),
    ]

    /// An entry of `aliases`: what the version that it points to holds is said in full, since the version's number is the
    /// target's to give.
    static let alias = KindSchema(
        .alias, .object, "A name for a version of a function.", takenFields: ["function"], comesBack: true,
        attributes: functionAttributes,
        fields: [
            FieldSchema("function", .text(1...256), "The function.").required.always,
            FieldSchema(
                "content", .structure(versionedFields), "What the version holds; absent where `version` names one."
            ).seenAtOnce.chosenByService,
        ] + aliasFields)

    private static let aliasFields = [
        FieldSchema("description", .text(0...256), "What the alias is for.").emptyIsAbsent.cosmetic,
        FieldSchema(
            "version", .text(1...18),
            "The number of a version that is there, or `$LATEST`; absent for what the commit says, published as a version."
        ).seenAtOnce.chosenByService,
        FieldSchema(
            "additionalVersionWeights",
            .map(MapRule("version", pattern: .versionNumber, count: 0...1), of: .number(0...1)),
            "Another version, and which part of the calls it takes: `{ \"7\": 0.1 }`."
        ).seenAtOnce,
    ]

    private static let writtenAliasFields =
        aliasFields + [
            permissionsField("Who may call the function by this alias; the function's own do not count there.")
        ]

    private static func permissionsField(_ meaning: String) -> FieldSchema {
        FieldSchema(
            "permissions",
            .map(MapRule("statement id", pattern: .statementID, count: 0...100), of: .structure(permissionFields)),
            meaning)
    }

    /// An entry of `permissions`: made once the function, and the API that it names, are there.
    static let permission = KindSchema(
        .permission, .object, "Lets a service or an account call a function.", grantsByExisting: true,
        takenFields: ["function"], comesBack: true,
        fields: [
            FieldSchema("function", .text(1...256), "The function.").required.always,
            FieldSchema("qualifier", .text(.aliasName), "The alias that calls must name."),
        ] + permissionFields)

    private static let permissionFields = [
        FieldSchema("principal", .text(1...256), "A service or an account: `apigateway.amazonaws.com`.")
            .required.always.access(.decides),
        FieldSchema("action", .text(8...256), "What is allowed.").byDefault("lambda:InvokeFunction").access(.decides),
        FieldSchema(
            "sourceArn", .text(1...2048), "Only for calls from there: the ARN of an API's routes, `*` for any part."
        ).access(.strictIfPresent),
        FieldSchema("sourceAccount", .text(1...256), "Only for calls from this account.").access(.strictIfPresent),
    ]

    private static let functionAttributes = [
        nameAttribute,
        KindSchema.Attribute(name: "arn", meaning: "The ARN, with region and account."),
        KindSchema.Attribute(name: "invokeArn", meaning: "What the `uri` of an integration is to be."),
    ]

    private static let functionExample = """
        apiVersion: gatewright/v1
        kind: Function
        metadata: { name: hello }
        spec:
          runtime: python3.13
          handler: app.handler
          code: functions/hello
          role: arn:aws:iam::123456789012:role/hello
          environment: { GREETING: Hello }
          permissions:
            gateway:
              principal: apigateway.amazonaws.com
        """
}
