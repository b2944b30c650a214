import IAMPolicy
import JSON

// SOURCE: the operations of the IAM API (`CreateUser`, `CreateRole`, ...), their limits, and the CloudFormation schemas of
// AWS::IAM::*, read 2026-10-20. A principal is one object: what is attached to it is a field of it.

extension KindTable {
    static let user = KindSchema(
        .user, .manifest, "Somebody with credentials of their own; access keys are made through the API, never here.",
        tokenCarrier: .tag, takenFields: ["name"], namePattern: .principalName, namesIgnoreCase: true,
        attributes: principalAttributes(id: "AIDA..."), example: userExample,
        fields: [
            name(in: "account"), path(.iamPath),
            FieldSchema(
                "groups", .list(of: .text(1...256), ListRule(isSet: true, count: 0...10)),
                "Groups that the user is in: names, or `${Group/x.name}`."
            ).names(.group).access(.grants).attachment,
            managedPolicies, inlinePolicies, permissionsBoundary, attachments, tags,
        ])

    static let group = KindSchema(
        .group, .manifest, "Users that have the same permissions; users say which groups they are in.",
        takenFields: ["name"], namePattern: .iamName, comesBack: true, namesIgnoreCase: true,
        attributes: principalAttributes(id: "AGPA..."), example: groupExample,
        fields: [name(in: "account"), path(.iamPath), managedPolicies, inlinePolicies, attachments])

    static let role = KindSchema(
        .role, .manifest, "Permissions that others take on for a while.", tokenCarrier: .tag, takenFields: ["name"],
        namePattern: .principalName, namesIgnoreCase: true, attributes: principalAttributes(id: "AROA..."),
        example: roleExample,
        fields: [
            name(in: "account").immutable, path(.iamPath).immutable,
            FieldSchema("description", .text(0...1000), "What the role is for.").emptyIsAbsent.cosmetic,
            FieldSchema("assumeRolePolicyDocument", .policy(.trust), "The trust policy: who may take the role on.")
                .required.always.access(.policy(whenAbsent: .denies)),
            FieldSchema("maxSessionDuration", .integer(3600...43200), "How long a session may last, in seconds.")
                .byDefault(3600).access(.limit),
            managedPolicies, inlinePolicies, permissionsBoundary, attachments, tags,
        ])

    private static func principalAttributes(id: String) -> [KindSchema.Attribute] {
        [
            nameAttribute, arnAttribute,
            KindSchema.Attribute(
                name: "id", meaning: "The unique id that the service gave, `\(id)`; a new one each time."),
        ]
    }

    static let nameAttribute = KindSchema.Attribute(name: "name", meaning: "The name.")
    static let arnAttribute = KindSchema.Attribute(name: "arn", meaning: "The ARN, with account and path.")

    /// `metadata.name` in the document.
    static func name(in place: String) -> FieldSchema {
        FieldSchema("name", .text(1...256), "The name, unique in the \(place).").required.always.fromMetadata
    }

    static func path(_ pattern: TextPattern) -> FieldSchema {
        FieldSchema("path", .text(pattern), "Where it is filed; part of the ARN.").byDefault("/")
    }

    private static let managedPolicies = FieldSchema(
        "managedPolicyArns", .list(of: .text(20...2048), ListRule(isSet: true, count: 0...20)),
        "Managed policies that are attached: `${Policy/x.arn}`, or ARNs of AWS's own, whose documents are never compared."
    ).access(.grants).attachment

    private static let inlinePolicies = FieldSchema(
        "inlinePolicies", .map(MapRule("policy name", pattern: .iamName), of: .policy(.identity)),
        "Policies of its own, by name."
    ).access(.policies).attachment

    private static let permissionsBoundary = FieldSchema(
        "permissionsBoundary", .text(20...2048), "The ARN of a managed policy that limits all others."
    ).access(.strictIfPresent)

    private static let attachments = FieldSchema(
        "attachments", .oneOf("exclusive", "additive"),
        "Whether what others attach is drift (`exclusive`), or left alone (`additive`): policies, groups, inline policies."
    ).byDefault("exclusive").ours

    private static let userExample = """
        apiVersion: gatewright/v1
        kind: User
        metadata: { name: dev }
        spec:
          groups: [api-admins]
          tags: { team: gateway }
        """

    private static let groupExample = """
        apiVersion: gatewright/v1
        kind: Group
        metadata: { name: api-admins }
        spec:
          managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonAPIGatewayAdministrator"]
        """

    private static let roleExample = """
        apiVersion: gatewright/v1
        kind: Role
        metadata: { name: apigw-exec }
        spec:
          assumeRolePolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Principal: { Service: apigateway.amazonaws.com }
                Action: sts:AssumeRole
          managedPolicyArns: ["${Policy/invoke-lambda.arn}"]
        """
}
