import IAMPolicy
import JSON

// SOURCE: see Principals.swift.

extension KindTable {
    static let policy = KindSchema(
        .policy, .manifest, "A managed policy of the account, which principals have attached.", tokenCarrier: .tag,
        takenFields: ["name"], namePattern: .iamName, comesBack: true, namesIgnoreCase: true,
        attributes: [
            nameAttribute, arnAttribute,
            KindSchema.Attribute(name: "id", meaning: "The unique id that the service gave, `ANPA...`."),
        ],
        example: policyExample,
        fields: [
            name(in: "account").immutable, path(.policyPath).immutable,
            FieldSchema("description", .text(0...1000), "What the policy is for.").emptyIsAbsent.immutable.cosmetic,
            FieldSchema("policyDocument", .policy(.identity), "What it allows and denies.").required.always
                .access(.policy(whenAbsent: .denies)),
            tags,
        ])

    static let instanceProfile = KindSchema(
        .instanceProfile, .manifest, "What hands a role to a machine.", tokenCarrier: .tag, takenFields: ["name"],
        namePattern: .iamName, namesIgnoreCase: true,
        attributes: [
            nameAttribute, arnAttribute,
            KindSchema.Attribute(name: "id", meaning: "The unique id that the service gave, `AIPA...`."),
        ],
        example: instanceProfileExample,
        fields: [
            name(in: "account").immutable, path(.iamPath).immutable,
            FieldSchema(
                "roles", .list(of: .text(1...256), ListRule(isSet: true, count: 0...1)),
                "The role: its name, or `${Role/x.name}`."
            ).names(.role).access(.grants),
            tags,
        ])

    static let oidcProvider = KindSchema(
        .oidcProvider, .manifest, "An OpenID Connect provider whose tokens roles may trust.", tokenCarrier: .tag,
        takenFields: ["url"], namePattern: .manifestName, comesBack: true, attributes: [arnAttribute],
        example: oidcExample,
        fields: [
            FieldSchema("url", .text(9...255), "The issuer: an `https` URL; no two providers have the same.").required
                .always.immutable,
            FieldSchema(
                "clientIdList", .list(of: .text(1...255), ListRule(isSet: true, count: 0...100)),
                "Audiences that tokens may be for."
            ).access(.grants),
            FieldSchema(
                "thumbprintList", .list(of: .text(.thumbprint), ListRule(isSet: true, count: 0...5)),
                "Certificates of the issuer, SHA-1 in hex digits; the service looks them up where none is written."
            ).chosenByService.access(.grants),
            tags,
        ])

    static let samlProvider = KindSchema(
        .samlProvider, .manifest, "A SAML 2.0 provider whose assertions roles may trust.", tokenCarrier: .tag,
        takenFields: ["name"], namePattern: .samlName, comesBack: true,
        attributes: [nameAttribute, arnAttribute], example: samlExample,
        fields: [
            name(in: "account").immutable,
            FieldSchema(
                "samlMetadataDocument", .text(1000...10_000_000), "The provider's metadata, an XML document."
            ).required.always.access(.decides),
            tags,
        ])

    private static let policyExample = """
        apiVersion: gatewright/v1
        kind: Policy
        metadata: { name: invoke-lambda }
        spec:
          policyDocument:
            Version: "2012-10-17"
            Statement: [{ Effect: Allow, Action: lambda:InvokeFunction, Resource: "*" }]
        """

    private static let instanceProfileExample = """
        apiVersion: gatewright/v1
        kind: InstanceProfile
        metadata: { name: worker }
        spec:
          roles: ["${Role/worker.name}"]
        """

    private static let oidcExample = """
        apiVersion: gatewright/v1
        kind: OIDCProvider
        metadata: { name: ci }
        spec:
          url: https://ci.example.com
          clientIdList: [sts.amazonaws.com]
        """

    private static let samlExample = """
        apiVersion: gatewright/v1
        kind: SAMLProvider
        metadata: { name: sso }
        spec:
          samlMetadataDocument: "${var.ssoMetadata}"
        """
}
