import JSON

extension ResourceKind {
    package static let environment = Self(rawValue: "Environment")
}

extension KindTable {
    static let environment = KindSchema(
        .environment, .manifest, "Where manifests go: which files, which target, under which rules.",
        namePattern: .manifestName, example: environmentExample,
        fields: [
            FieldSchema(
                "manifests", .list(of: .text(1...1024), ListRule(count: 1...1000)),
                "Files or folders with manifests, relative to the file of this document."
            ).required,
            FieldSchema(
                "variables", .map(MapRule("variable", pattern: .variableName), of: .any),
                "Values for `${var.name}` in manifests and definitions."),
            FieldSchema(
                "patches", .list(of: .structure(patchFieldsWithOperations), ListRule(count: 0...1000)),
                "Changes of the manifests for this environment, in this order, before variables are put in."),
            FieldSchema("target", .choice(targets), "Where the APIs run; the embedded engine by default.")
                .byDefault(["engine": [:]]),
            FieldSchema("apply", .structure(applySettings), "Rules for applying."),
            FieldSchema("drift", .structure(driftSettings), "How drift is watched for."),
        ])

    /// One entry of `spec.patches`, and of a file that such an entry names.
    package static let patchFields = [
        FieldSchema(
            "target",
            .structure([
                FieldSchema("kind", .text(1...100), "The kind of the manifests that are changed."),
                FieldSchema("name", .text(1...255), "Their names, `*` allowed; all of the kind if absent."),
                FieldSchema(
                    "file", .text(1...1024),
                    "In place of `kind` and `name`: a manifest file, all documents of which are changed."),
            ]),
            "Which manifests are changed; one that names none is refused."),
        FieldSchema("patch", .list(of: .any, ListRule(count: 1...1000)), "Operations as RFC 6902 has them."),
        FieldSchema(
            "file", .text(1...1024),
            "In place of `patch`: a file with the operations; without a `target`, a file with a list of patches."),
    ]

    /// The same, for pages and editors.
    private static let patchFieldsWithOperations = [
        patchFields[0],
        FieldSchema(
            "patch", .list(of: .structure(patchOperationFields), ListRule(count: 1...1000)), patchFields[1].meaning),
        patchFields[2],
    ]

    /// One operation of a patch.
    package static let patchOperationFields = [
        FieldSchema(
            "op", .oneOf("add", "remove", "replace", "move", "copy", "test"),
            "What is done; a `test` that fails is an error."
        ).required,
        FieldSchema(
            "path", .text(0...4096),
            "Where: a JSON Pointer that starts with `/spec`. `/spec/definition/inline` is the OpenAPI document, also "
                + "where the manifest names a file."
        ).required,
        FieldSchema("from", .text(0...4096), "Where from, for `move` and `copy`."),
        FieldSchema("value", .any, "What is put in or tested for, for `add`, `replace` and `test`."),
    ]

    private static let endpoint = FieldSchema("endpoint", .text(8...2048), "An http or https URL.")

    private static let dataEndpoint = FieldSchema(
        "dataEndpoint", .text(8...2048),
        "Where an endpoint of its own serves its stages, for probes: an http or https URL without a path.")

    private static let assumedRole = [
        FieldSchema("roleArn", .text(20...2048), "The ARN of the role.").required,
        FieldSchema("externalId", .text(2...1224), "What the role's trust policy asks for as `sts:ExternalId`."),
        FieldSchema("sessionName", .text(2...64), "What the target's audit log shows; by default `gatewright`."),
        FieldSchema(
            "durationSeconds", .integer(900...43_200),
            "How long its keys are good before new ones are asked for; by default an hour."),
    ]

    private static let targets = [
        FieldSchema(
            "engine", .structure([endpoint, dataEndpoint]),
            "The gateway engine: embedded, or at `endpoint` if that is given."),
        FieldSchema(
            "aws",
            .structure([
                FieldSchema("region", .text(.region), "The AWS region.").required,
                FieldSchema("accountId", .text(.accountID), "The account; another one is refused.").required,
                endpoint, dataEndpoint,
                FieldSchema("assumeRole", .structure(assumedRole), "A role to work as."),
            ]),
            "Amazon API Gateway."),
    ]

    private static let applySettings = [
        FieldSchema("parallelism", .integer(1...64), "Steps in flight at most.").byDefault(8),
        FieldSchema("onFailure", .oneOf("rollback", "hold"), "What a failed apply does.").byDefault("rollback"),
        FieldSchema("maxDeletes", .integer(0...100_000), "Deletes that one plan may have without consent.")
            .byDefault(20),
        FieldSchema(
            "protect", .list(of: .text(3...1024), ListRule(isSet: true, count: 0...1000)),
            "Addresses, `*` allowed, of objects that no plan may delete or replace."),
        FieldSchema(
            "probes", .list(of: .structure(probe), ListRule(count: 0...100)),
            "What stages are asked after they were flipped; every element that is for a stage counts. A stage that none is "
                + "for is asked whether it serves its deployment."),
    ]

    private static let probe = [
        FieldSchema("stage", .text(1...1024), "The stages, as `API STAGE`, `*` allowed for any text: `petstore test`.")
            .byDefault("*"),
        FieldSchema(
            "path", .text(1...2048),
            "The path below the stage, with its query: `/pets?limit=1`. Without one, the stage is asked whether it serves "
                + "its deployment."),
        FieldSchema("method", .oneOf("GET", "HEAD", "OPTIONS"), "The method of the request.").byDefault("GET"),
        FieldSchema(
            "headers", .map(MapRule("header name", count: 0...50), of: .text(0...1024)),
            "Fields of the request; they are no place for secrets."),
        FieldSchema(
            "expect", .list(of: .text(.statusRange), ListRule(isSet: true, count: 1...20)),
            "The statuses that are good: `200`, `2xx`."
        ).byDefault(["2xx"]),
        FieldSchema("timeoutSeconds", .integer(1...60), "How long one answer may take.").byDefault(5),
        FieldSchema("attempts", .integer(1...100), "Bad answers in a row after which the probe has failed.").byDefault(
            5),
        FieldSchema("intervalSeconds", .integer(1...300), "From an answer to the next request.").byDefault(2),
        FieldSchema(
            "bakeSeconds", .integer(0...3600),
            "How long the stage goes on being asked after its first good answer, before anything is taken away."
        ).byDefault(0),
    ]

    private static let driftSettings = [
        FieldSchema("schedule", .text(9...100), "When to look, as a cron expression in UTC.")
            .byDefault("*/15 * * * *"),
        FieldSchema(
            "action",
            .wordOrStructure(
                StringRule(values: ["report", "correct", "off"]),
                DriftClass.allCases.map { driftClass in
                    FieldSchema(driftClass.rawValue, .oneOf("report", "correct"), driftClass.meaning)
                        .byDefault("report")
                }),
            "What to do about drift: about all of it, or by class."
        ).byDefault("report"),
        FieldSchema(
            "ignore", .list(of: .structure(driftRule), ListRule(count: 0...1000)),
            "Drift that is left alone until a day."),
    ]

    private static let driftRule = [
        FieldSchema(
            "target",
            .structure([
                FieldSchema("kind", .text(1...64), "The kind of the objects, or `*` for any.").required,
                FieldSchema(
                    "name", .text(1...1024),
                    "The name in the address, `*` allowed for any text: `petstore GET /pets`, `petstore *`."
                ).required,
            ]),
            "Which objects."
        ).required,
        FieldSchema(
            "paths", .list(of: .text(0...1024), ListRule(count: 1...100)),
            "JSON Pointers into the document, `*` for any one member; what is inside is meant as well, and an empty one "
                + "means the whole object."
        ).required,
        FieldSchema("owner", .text(1...256), "Who answers for the rule.").required,
        FieldSchema("reason", .text(1...1024), "Why the drift is left alone.").required,
        FieldSchema("expires", .text(10...10), "The last day on which the rule holds, in UTC: `2027-01-31`.")
            .required,
        FieldSchema(
            "classes", .set(of: .string(StringRule(values: DriftClass.allCases.map(\.rawValue)))),
            "The classes that the rule is for; never `accessWidening` unless it is named."
        ).byDefault(["cosmetic", "functional"]),
    ]

    static let restAPIManifest = KindSchema(
        .restAPI, .manifest, "A REST API: its definition in OpenAPI, and the stages that publish it.",
        tokenCarrier: .tag, namePattern: .manifestName, attributes: restAPIAttributes,
        example: restAPIExample,
        fields: [
            FieldSchema("name", .text(1...1024), "The API's name on the target; `metadata.name` if absent."),
            FieldSchema("description", .text(1...1024), "What the API is for; the definition's if absent."),
            FieldSchema(
                "definition",
                .choice(
                    [
                        FieldSchema("file", .text(1...1024), "An OpenAPI file, relative to the file of this document."),
                        FieldSchema("inline", .any, "The OpenAPI document itself."),
                    ],
                    beside: [
                        FieldSchema(
                            "basePath", .oneOf("ignore", "prepend", "split"),
                            "What becomes of the document's `basePath`, or the path of its first server: nothing; put in "
                                + "front of every path; put there without its first part."
                        ).byDefault("ignore")
                    ]),
                "The routes, in OpenAPI 2.0 or 3.0 with `x-amazon-apigateway-*` extensions."
            ).required,
            manifestField("version"), manifestField("apiKeySource"), manifestField("binaryMediaTypes"),
            manifestField("minimumCompressionSize"), manifestField("endpointConfiguration"),
            manifestField("disableExecuteApiEndpoint"), manifestField("policy"),
            FieldSchema(
                "cors", .structure(corsRule + [corsPaths]),
                "Which other sites may call the API from a browser; in place of `x-amazon-apigateway-cors` of the "
                    + "definition. `{}` says that none may."),
            FieldSchema(
                "deploymentDescription", .text(1...deploymentDescriptionMax),
                "What the deployment that the stages serve says of itself; another text changes that deployment in place."
            ),
            FieldSchema(
                "stages", .map(MapRule("stage name", pattern: .stageName, count: 0...100), of: .structure(stageFields)),
                "Stages by name; each serves the definition."),
            tags,
        ])

    private static let corsRule = [
        FieldSchema(
            "allowOrigins", .list(of: .text(1...512), ListRule(count: 0...100)),
            "The sites, as browsers send them: `https://shop.example`; `https://*` is all of a scheme, `*` alone all."),
        FieldSchema(
            "allowMethods",
            .list(of: .upperCase("*", "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"), ListRule()),
            "What they may send; the methods of the path if absent, `*` for all."),
        FieldSchema(
            "allowHeaders", .list(of: .text(1...256), ListRule(count: 0...100)),
            "The headers that requests may have; `*` is all but `Authorization`."),
        FieldSchema(
            "exposeHeaders", .list(of: .text(1...256), ListRule(count: 0...100)),
            "The headers of responses that scripts may read."),
        FieldSchema("maxAge", .integer(0...86_400), "How many seconds a browser may keep the answer."),
        FieldSchema(
            "allowCredentials", .boolean, "Whether requests may have cookies; not beside `*`."
        ).byDefault(false),
    ]

    private static let corsPaths = FieldSchema(
        "paths", .map(MapRule("path", count: 0...1000), of: .structure(corsRule)),
        "Rules for single paths, each in place of the whole rule of the API; `{}` says that no site may call the path.")

    /// A field of the object kind; the definition may say it too, so the manifest need not.
    private static func manifestField(_ name: String) -> FieldSchema {
        guard let field = restAPI.field(name) else { preconditionFailure("RestApi has the field \(name)") }
        return field
    }

    private static let environmentExample = """
        apiVersion: gatewright/v1
        kind: Environment
        metadata: { name: dev }
        spec:
          manifests: [apis]
          variables: { petstore: "http://127.0.0.1:19090" }
          patches:
            - target: { kind: RestApi, name: petstore }
              patch: [{ op: replace, path: /spec/stages/test/variables/tier, value: dev }]
          target: { engine: {} }
          apply: { parallelism: 8, onFailure: rollback, maxDeletes: 20, protect: ["RestApi/petstore"] }
          drift: { schedule: "*/15 * * * *", action: report }
        """

    private static let restAPIExample = """
        apiVersion: gatewright/v1
        kind: RestApi
        metadata: { name: petstore }
        spec:
          description: The sample pet store
          definition: { file: petstore.openapi.yaml }
          endpointConfiguration: { types: [REGIONAL] }
          stages:
            test:
              variables: { tier: gold }
              methodSettings: { "*/*": { throttlingRateLimit: 100 } }
        """
}
