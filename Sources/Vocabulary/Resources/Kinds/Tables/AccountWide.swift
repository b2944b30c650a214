import JSON

// SOURCE: see Clients.swift.

extension KindTable {
    static let vpcLink = KindSchema(
        .vpcLink, .manifest, "A way from APIs to a network load balancer of a private network.", tokenCarrier: .tag,
        namePattern: .iamName,
        attributes: [givenIDAttribute, nameAttribute, gatewayARNAttribute], example: vpcLinkExample,
        fields: [
            FieldSchema("name", .text(1...1024), "The link's name on the target.").required.always.fromMetadata
                .cosmetic,
            FieldSchema("description", .text(0...1024), "What the link leads to.").emptyIsAbsent.cosmetic,
            FieldSchema(
                "targetArns", .list(of: .text(20...2048), ListRule(isSet: true, count: 1...1)),
                "The load balancer; one ARN."
            ).required.always.immutable,
            tags,
        ])

    static let domainName = KindSchema(
        .domainName, .manifest, "A host name of your own, and which APIs it serves under which first part of the path.",
        takenFields: ["name"], namePattern: .hostName,
        attributes: domainAttributes, example: domainExample,
        fields: [
            FieldSchema("name", .text(3...253), "The host name.").required.always.immutable.fromMetadata,
            FieldSchema("certificateArn", .text(0...2048), "The certificate of an EDGE name.").emptyIsAbsent.seenAtOnce,
            FieldSchema("certificateName", .text(0...1024), "The name of an EDGE name's certificate.").emptyIsAbsent
                .cosmetic,
            FieldSchema("regionalCertificateArn", .text(0...2048), "The certificate of a REGIONAL name.").emptyIsAbsent
                .seenAtOnce,
            FieldSchema("regionalCertificateName", .text(0...1024), "The name of a REGIONAL name's certificate.")
                .emptyIsAbsent.cosmetic,
            FieldSchema(
                "certificateBody", .text(1...65536), "In place of an ARN: the certificate of an EDGE name, PEM."
            ).immutable.writeOnly,
            FieldSchema("certificateChain", .text(1...65536), "The certificates above that one, PEM.").immutable
                .writeOnly,
            FieldSchema("certificatePrivateKey", .secret, "The private key of `certificateBody`, PEM.").immutable
                .writeOnly,
            FieldSchema(
                "ownershipVerificationCertificateArn", .text(0...2048),
                "A public certificate that proves whose name it is, for mutual TLS with a private one."
            ).emptyIsAbsent,
            domainEndpoint,
            FieldSchema("securityPolicy", .text(1...100), "The oldest TLS that is spoken: `TLS_1_2`.").chosenByService
                .seenAtOnce,
            FieldSchema("endpointAccessMode", .upperCase("BASIC", "STRICT"), "How strictly the endpoint is checked.")
                .chosenByService.access(.strict("STRICT")),
            FieldSchema(
                "mutualTlsAuthentication",
                .structure([
                    FieldSchema("truststoreUri", .text(6...2048), "The bundle of trusted certificates: `s3://...`.")
                        .required.always.access(.decides),
                    FieldSchema("truststoreVersion", .text(1...1024), "The version of that object."),
                ]),
                "Clients must show a certificate that one of these signed."
            ).access(.strictIfPresent),
            FieldSchema(
                "basePathMappings",
                .map(MapRule("base path", pattern: .basePath, count: 0...200), of: .structure(mapping)),
                "APIs by the first part of the path; `(none)` for what no other entry is for."
            ).seenAtOnce,
            tags,
        ])

    private static let domainEndpoint = FieldSchema(
        "endpointConfiguration",
        .structure([
            FieldSchema(
                "types", .list(of: .upperCase("EDGE", "REGIONAL"), ListRule(isSet: true, count: 1...1)),
                "Where the name is served; one type."
            ).byDefault(["EDGE"]).always,
            FieldSchema("ipAddressType", .oneOf("ipv4", "dualstack"), "IP versions.").byDefault("ipv4"),
        ]),
        "Where and how the name is served."
    ).byDefault(["types": ["EDGE"]]).always.seenAtOnce

    private static let mapping = [
        FieldSchema("restApiId", .text(1...1024), "The API: `${RestApi/x.id}`.").required.always,
        FieldSchema("stage", .text(1...128), "The stage; the next part of the path if absent."),
    ]

    private static let domainAttributes = [
        KindSchema.Attribute(name: "name", meaning: "The host name."),
        gatewayARNAttribute,
        KindSchema.Attribute(name: "regionalDomainName", meaning: "What a REGIONAL name's DNS record leads to."),
        KindSchema.Attribute(name: "regionalHostedZoneId", meaning: "The zone of that."),
        KindSchema.Attribute(name: "distributionDomainName", meaning: "What an EDGE name's DNS record leads to."),
        KindSchema.Attribute(name: "distributionHostedZoneId", meaning: "The zone of that."),
    ]

    static let clientCertificate = KindSchema(
        .clientCertificate, .manifest, "A certificate that stages show to HTTP backends; the service makes it.",
        tokenCarrier: .tag, namePattern: .manifestName, attributes: [givenIDAttribute, gatewayARNAttribute],
        example: certificateExample,
        fields: [FieldSchema("description", .text(0...1024), "What it is for.").emptyIsAbsent.cosmetic, tags])

    static let account = KindSchema(
        .account, .manifest, "The settings of the whole account in its region; one per target.",
        namePattern: .manifestName, comesBack: true, example: accountExample,
        fields: [
            FieldSchema(
                "cloudwatchRoleArn", .text(20...2048), "The role that writes the logs of stages: `${Role/x.arn}`."
            ).required.always
        ])

    private static let vpcLinkExample = """
        apiVersion: gatewright/v1
        kind: VpcLink
        metadata: { name: my-test-vpc-link }
        spec:
          targetArns: ["arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/internal/50dc6c495c0c9188"]
        """

    private static let domainExample = """
        apiVersion: gatewright/v1
        kind: DomainName
        metadata: { name: api.example.com }
        spec:
          regionalCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
          endpointConfiguration: { types: [REGIONAL] }
          basePathMappings:
            (none): { restApiId: "${RestApi/petstore.id}", stage: test }
        """

    private static let certificateExample = """
        apiVersion: gatewright/v1
        kind: ClientCertificate
        metadata: { name: backends }
        spec: { description: Shown to the pet store }
        """

    private static let accountExample = """
        apiVersion: gatewright/v1
        kind: Account
        metadata: { name: settings }
        spec: { cloudwatchRoleArn: "arn:aws:iam::123456789012:role/apigw-logs" }
        """
}
