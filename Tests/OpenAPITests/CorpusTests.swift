import Diagnostics
import JSON
import OpenAPI
import Resources
import Testing

/// What becomes of a document of the corpus: nil for accepted, else the code of the first error.
struct CorpusCase: Sendable, CustomTestStringConvertible {
    let file: String
    let manifest: String?
    let service: String?

    init(_ file: String, manifest: String?, service: String?) {
        self.file = file
        self.manifest = manifest
        self.service = service
    }

    var testDescription: String { file }

    private static let http = "openapi.http-api"
    private static let cloudFormation = "openapi.cloudformation-intrinsic"
    private static let noIntegration = "openapi.missing-integration"
    private static let endpoint = "openapi.invalid-endpoint"
    private static let mapping = "openapi.invalid-mapping"
    private static let patterns = "aws-samples+serverless-patterns+"
    private static let sam = "aws+aws-sam-cli+tests+integration+testdata+"
    private static let moto = "getmoto+moto+tests+test_apigateway+resources+"
    private static let localstack = "localstack+localstack+tests+aws+files+"

    static let all = [
        Self(sam + "package+swagger.yaml", manifest: cloudFormation, service: cloudFormation),
        Self(sam + "sync+code+after+apigateway2+definition.yaml", manifest: http, service: http),
        Self("aws+serverless-application-model+integration+resources+code+swagger1.json", manifest: nil, service: nil),
        Self(patterns + "apigw-appsync-dynamodb-sam+httpapi-spec+api.yaml", manifest: http, service: http),
        Self(patterns + "apigw-http-api-eventbridge-java+api.yaml", manifest: http, service: http),
        Self(patterns + "apigw-http-api-eventbridge-lambda-sls+api.json", manifest: http, service: http),
        Self(patterns + "apigw-http-api-fifo-sqs-lambda-sns-sam+api.yaml", manifest: http, service: http),
        Self(
            patterns + "apigw-lambda-bedrock-sam-node+api-gateway-streaming-config.yaml", manifest: cloudFormation,
            service: cloudFormation),
        Self(patterns + "apigw-lambda-sns-monitoring-sam+api.yaml", manifest: cloudFormation, service: cloudFormation),
        Self(
            patterns + "apigw-openapi-lambda-dynamodb-xray-terraform+infra+openapi-spec.yaml", manifest: endpoint,
            service: endpoint),
        Self(patterns + "apigw-rest-apigw-rest+api.yaml", manifest: cloudFormation, service: cloudFormation),
        Self(patterns + "apigw-sfn+api.yaml", manifest: http, service: http),
        Self(patterns + "apigw-sfn-crud+api.openapi.yaml", manifest: cloudFormation, service: cloudFormation),
        Self(
            patterns + "appsync-apigateway-dynamodb-sam+restapi+api.yaml", manifest: cloudFormation,
            service: cloudFormation),
        Self(
            patterns + "stepfunctions-sns-apigw-human-review+APIGateway+ReviewRESTApi.yaml", manifest: cloudFormation,
            service: cloudFormation),
        Self(
            "aws-samples+serverless-samples+apigw-response-streaming+python-strands-ecs+api-gateway-config.yaml",
            manifest: cloudFormation, service: cloudFormation),
        Self(
            "aws-samples+serverless-samples+fargate-private-api+javascript-private-nlb-ecs-sam+swagger.yaml",
            manifest: cloudFormation, service: cloudFormation),
        Self(
            "awsdocs+aws-doc-sdk-examples+javav2+example_code+apigateway+example-api.json",
            manifest: nil, service: nil),
        Self(moto + "test_api.yaml", manifest: noIntegration, service: nil),
        // It maps headers that its responses do not declare, which the service refuses.
        Self(moto + "test_api_integration.yaml", manifest: mapping, service: mapping),
        Self(
            moto + "test_api_invalid_version.json", manifest: "openapi.unsupported-version",
            service: "openapi.unsupported-version"),
        Self(moto + "test_deep_api.yaml", manifest: noIntegration, service: nil),
        // Documents with `${...}` of Terraform, which are no ARNs as they stand.
        Self(localstack + "api_definition.yaml", manifest: endpoint, service: endpoint),
        Self(localstack + "openapi-basepath-url.yaml", manifest: "openapi.wrong-type", service: nil),
        Self(localstack + "openapi-http-method-integration.json", manifest: endpoint, service: endpoint),
        Self(localstack + "openapi-mock.json", manifest: nil, service: nil),
        Self(localstack + "openapi.cognito-auth.json", manifest: nil, service: nil),
        Self(localstack + "openapi.spec.circular-ref.json", manifest: nil, service: nil),
        Self(localstack + "openapi.spec.tf.json", manifest: nil, service: nil),
        Self(localstack + "petstore-authorizer.swagger.json", manifest: endpoint, service: endpoint),
    ]
}

@Suite("Documents of the corpus", .enabled(if: Samples.hasCorpora, Samples.noCorpora))
struct CorpusTests {
    @Test("every document is accepted or refused at its place", arguments: CorpusCase.all)
    func acceptedOrRefused(_ sample: CorpusCase) throws {
        let file = "openapi/files/" + sample.file
        let parsed = try Samples.parse(file)
        #expect(parsed.diagnostics.isEmpty)
        let node = try #require(parsed.node)
        for (reader, expected) in [(OpenAPIReader.manifest, sample.manifest), (.service, sample.service)] {
            let reading = reader.read(node)
            #expect(reading.errors.first?.code == expected, "\(reading.errors)")
            #expect((reading.definition == nil) == (expected != nil))
            #expect((reading.errorMessage == nil) == (expected == nil))
            for diagnostic in reading.diagnostics {
                let span = try #require(diagnostic.spans.first, "\(diagnostic)")
                #expect(span.file == file)
            }
        }
    }

    @Test("the table names every document of the corpus once")
    func tableIsComplete() throws {
        let index = try Samples.json("openapi/index.json")
        let entries = index.array ?? index["files"]?.array ?? []
        let names = entries.compactMap { $0["file"]?.string?.split(separator: "/").last.map(String.init) }
        #expect(names.count == 30)
        #expect(Set(names) == Set(CorpusCase.all.map(\.file)))
        #expect(CorpusCase.all.count == names.count)
    }

    @Test("what is written of an accepted document is read as the same definition", arguments: CorpusCase.all)
    func writtenAndReadAgain(_ sample: CorpusCase) throws {
        let node = try #require(try Samples.parse("openapi/files/" + sample.file).node)
        guard let definition = OpenAPIReader.service.read(node).definition else { return }
        #expect(OpenAPIWriter.losses(of: definition).isEmpty)
        let written = OpenAPIWriter.document(for: definition)
        let again = OpenAPIReader.service.read(try Samples.node(of: written))
        #expect(again.diagnostics.isEmpty, "\(again.diagnostics)")
        #expect(again.warnings.isEmpty)
        let read = try #require(again.definition)
        #expect(read == definition)
        #expect(OpenAPIWriter.document(for: read).text(.canonical) == written.text(.canonical))
    }

    @Test("the sample pet store of the guide gives 3 resources, 6 methods and 6 models to a manifest")
    func petStore() throws {
        let file = "openapi/files/awsdocs+aws-doc-sdk-examples+javav2+example_code+apigateway+example-api.json"
        let node = try #require(try Samples.parse(file).node)
        let definition = try #require(OpenAPIReader.manifest.read(node).definition)
        #expect(definition.keys(.resource) == ["/", "/pets", "/pets/{petId}"])
        #expect(definition.keys(.method).count == 6)
        #expect(definition.keys(.model) == ["Empty", "NewPet", "NewPetResponse", "Pet", "PetType", "Pets"])
        #expect(definition.keys(.documentationPart).count == 14)
        #expect(definition.document(.method, "POST /pets")?["operationName"] == "CreatePet")
        #expect(definition.document(.method, "GET /")?["integration"]?["type"] == "MOCK")
        #expect(OpenAPIReader.manifest.read(node).diagnostics.isEmpty)
    }
}
