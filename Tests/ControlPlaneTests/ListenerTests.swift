import ControlPlane
import Glibc
import JSON
import Logging
import ServiceLifecycle
import Testing

/// A management listener on a free port, for clients that are not ours.
struct LiveEngine {
    var address: ManagementListener.Address
    var port: Int

    /// Serves while `body` runs, then shuts down gracefully.
    static func run<Result: Sendable>(
        at address: ManagementListener.Address = .tcp(host: "127.0.0.1", port: 0),
        configure: (inout EngineConfiguration) -> Void = { _ in },
        _ body: @Sendable (LiveEngine) async throws -> Result
    ) async throws -> Result {
        let engine = try await Engine(
            configure: {
                $0.skipsAuthentication = false
                configure(&$0)
            }, clock: { Int(time(nil)) })
        let (addresses, found) = AsyncStream<ManagementListener.Address>.makeStream()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let listener = ManagementListener(plane: engine.plane, address: address, logger: logger) { address in
            found.yield(address)
            found.finish()
        }
        let group = ServiceGroup(configuration: .init(services: [listener], logger: logger))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { found.finish() }
                try await group.run()
            }
            var iterator = addresses.makeAsyncIterator()
            guard let address = await iterator.next() else {
                try await tasks.waitForAll()
                throw NotListening()
            }
            var port = 0
            if case .tcp(_, let taken) = address { port = taken }
            let result: Swift.Result<Result, any Error>
            do { result = .success(try await body(LiveEngine(address: address, port: port))) } catch {
                result = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try result.get()
        }
    }

    struct NotListening: Error {}
}

@Suite struct ListenerTests {
    @Test("the owner's socket can be used by its owner alone, and takes the place of a stale one")
    func socket() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/owner.sock"
        for _ in 0..<2 {
            try await LiveEngine.run(at: .socket(path: path)) { _ in
                #expect(try await Client.run("stat", "-c", "%a %F", path).output == "600 socket\n")
                let answer = try await Client.run(
                    "curl", "-s", "--unix-socket", path, "http://engine/restapis")
                #expect(answer.output == #"{"message":"Missing Authentication Token"}"#)
            }
        }
    }

    @Test("an address that cannot be had is a failure that names it")
    func taken() async throws {
        try await LiveEngine.run { live in
            let failure = await #expect(throws: EngineFailure.self) {
                try await LiveEngine.run(at: .tcp(host: "127.0.0.1", port: live.port)) { _ in }
            }
            #expect(failure?.code == .listenerFailed)
            #expect(failure?.message.contains("127.0.0.1:\(live.port)") == true)
        }
        let folder = try TemporaryFolder()
        let path = folder.path + "/plain"
        fclose(fopen(path, "w"))
        let failure = await #expect(throws: EngineFailure.self) {
            try await LiveEngine.run(at: .socket(path: path)) { _ in }
        }
        #expect(failure?.code == .listenerFailed)
    }

    @Test("a body past the limit is refused by an error of the service")
    func bodyLimit() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/large"
        let handle = try #require(fopen(file, "w"))
        let block = [UInt8](repeating: 65, count: 1 << 20)
        for _ in 0..<11 { fwrite(block, 1, block.count, handle) }
        fclose(handle)
        try await LiveEngine.run { live in
            let answer = try await Client.run(
                "curl", "-s", "-i", "-H", "Expect:", "--data-binary", "@\(file)",
                "http://127.0.0.1:\(live.port)/restapis")
            #expect(answer.output.hasPrefix("HTTP/1.1 413"))
            #expect(answer.output.contains("RequestEntityTooLargeException"))
        }
    }
}

@Suite(.enabled(if: Client.exists("aws"), "the AWS CLI is not installed"))
struct AWSCommandLineTests {
    @Test("the AWS CLI makes, imports, deploys and lists APIs")
    func commands() async throws {
        let folder = try TemporaryFolder()
        let definition = folder.path + "/api.yaml"
        try Client.write(
            """
            openapi: 3.0.1
            info: {title: imported, version: "1"}
            paths:
              /pets:
                get:
                  responses: {"200": {description: ok}}
                  x-amazon-apigateway-integration:
                    type: mock
                    requestTemplates: {application/json: '{"statusCode": 200}'}
                    responses: {default: {statusCode: "200"}}
            """, to: definition)
        try await LiveEngine.run { live in
            func aws(_ arguments: String...) async throws -> JSONValue {
                let done = try await Client.aws(live.port, arguments)
                #expect(done.status == 0, "\(arguments): \(done.output)")
                return done.output.isEmpty ? [:] : try JSONValue(parsing: done.output)
            }
            let made = try await aws("create-rest-api", "--name", "pets", "--tags", "team=blue")
            let id = try #require(made["id"]?.string)
            let root = try #require(made["rootResourceId"]?.string)
            #expect(made["tags"] == ["team": "blue"])
            let method = ["--rest-api-id", id, "--resource-id", root, "--http-method", "GET"]
            _ = try await Client.aws(live.port, ["put-method"] + method + ["--authorization-type", "NONE"])
            _ = try await Client.aws(live.port, ["put-integration"] + method + ["--type", "MOCK"])
            let deployed = try await aws("create-deployment", "--rest-api-id", id, "--stage-name", "test")
            let stage = try await aws("get-stage", "--rest-api-id", id, "--stage-name", "test")
            #expect(stage["deploymentId"] == deployed["id"])
            let imported = try await aws(
                "import-rest-api", "--body", "fileb://\(definition)", "--parameters", "basepath=ignore")
            #expect(imported["name"] == "imported")
            let arn = "arn:aws:apigateway:us-east-1::/restapis/\(id)"
            _ = try await aws("tag-resource", "--resource-arn", arn, "--tags", "a=b")
            #expect(try await aws("get-tags", "--resource-arn", arn)["tags"] == ["team": "blue", "a": "b"])
            let listed = try await aws("get-rest-apis", "--page-size", "1")
            #expect(Set(listed["items"]?.array?.compactMap { $0["name"]?.string } ?? []) == ["pets", "imported"])
            _ = try await aws("delete-rest-api", "--rest-api-id", id)
            let gone = try await Client.aws(live.port, ["get-rest-api", "--rest-api-id", id])
            #expect(gone.status != 0)
            #expect(gone.output.contains("(NotFoundException)"))
            #expect(gone.output.contains("Invalid API identifier specified 123456789012:\(id)"))
        }
    }

    @Test("the AWS CLI is told that another service is not served")
    func otherService() async throws {
        try await LiveEngine.run { live in
            let done = try await Client.aws(live.port, ["list-functions"], service: "lambda")
            #expect(done.output.contains("(InvalidAction)"), "\(done.output)")
        }
    }

    @Test("the AWS CLI with a wrong secret is refused by name")
    func wrongSecret() async throws {
        try await LiveEngine.run { live in
            let done = try await Client.aws(live.port, ["get-rest-apis"], secret: "wrong")
            #expect(done.status != 0)
            #expect(done.output.contains("(InvalidSignatureException)"))
        }
    }
}

@Suite(.enabled(if: Client.exists("python3") && Client.hasBoto3, "boto3 is not installed"))
struct Boto3Tests {
    @Test("boto3 reads what it wrote, dates and errors included")
    func session() async throws {
        let folder = try TemporaryFolder()
        let script = folder.path + "/session.py"
        try Client.write(
            """
            import boto3, datetime, sys
            from botocore.config import Config
            from botocore.exceptions import ClientError
            client = boto3.client("apigateway", endpoint_url=sys.argv[1], region_name="us-east-1",
                aws_access_key_id="\(Engine.root.accessKeyID)", aws_secret_access_key="\(Engine.root.secretAccessKey)",
                config=Config(retries={"max_attempts": 1}))
            api = client.create_rest_api(name="boto", endpointConfiguration={"types": ["REGIONAL"]})
            assert isinstance(api["createdDate"], datetime.datetime), api
            assert api["endpointConfiguration"] == {"types": ["REGIONAL"], "ipAddressType": "ipv4"}, api
            part = client.create_resource(restApiId=api["id"], parentId=api["rootResourceId"], pathPart="{id}")
            key = dict(restApiId=api["id"], resourceId=part["id"], httpMethod="POST")
            client.put_method(authorizationType="NONE", requestParameters={"method.request.path.id": True}, **key)
            client.put_method_response(statusCode="200", responseModels={"application/json": "Empty"}, **key)
            client.put_integration(type="HTTP", integrationHttpMethod="GET", uri="http://127.0.0.1:9/{id}",
                requestParameters={"integration.request.path.id": "method.request.path.id"}, **key)
            client.put_integration_response(statusCode="200", selectionPattern="", **key)
            method = client.get_method(**key)
            assert method["methodIntegration"]["integrationResponses"]["200"]["selectionPattern"] == "", method
            assert method["methodIntegration"]["timeoutInMillis"] == 29000, method
            client.create_deployment(restApiId=api["id"], stageName="test", variables={"a": "b"})
            stage = client.update_stage(restApiId=api["id"], stageName="test", patchOperations=[
                {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "5"}])
            assert stage["methodSettings"]["*/*"]["throttlingRateLimit"] == 5.0, stage
            client.put_gateway_response(restApiId=api["id"], responseType="DEFAULT_4XX", responseTemplates={"a/b": "c"})
            assert client.get_gateway_response(restApiId=api["id"], responseType="DEFAULT_4XX")["defaultResponse"] is False
            items = list(client.get_paginator("get_resources").paginate(restApiId=api["id"], PaginationConfig={"PageSize": 1}))
            assert len(items) == 2, items
            plan = client.create_usage_plan(name="gold", apiStages=[{"apiId": api["id"], "stage": "test"}],
                throttle={"rateLimit": 1.5, "burstLimit": 3}, quota={"limit": 10, "period": "MONTH"})
            secret = client.create_api_key(name="first", enabled=True)
            assert isinstance(secret["lastUpdatedDate"], datetime.datetime), secret
            client.create_usage_plan_key(usagePlanId=plan["id"], keyId=secret["id"], keyType="API_KEY")
            assert client.get_api_key(apiKey=secret["id"], includeValue=True)["value"] == secret["value"]
            today = datetime.date.today().isoformat()
            usage = client.get_usage(usagePlanId=plan["id"], startDate=today, endDate=today)
            assert usage["items"] == {secret["id"]: [[0, 10]]}, usage
            usage = client.update_usage(usagePlanId=plan["id"], keyId=secret["id"], patchOperations=[
                {"op": "replace", "path": "/remaining", "value": "4"}])
            assert usage["items"] == {secret["id"]: [[0, 4]]}, usage
            imported = client.import_api_keys(format="csv", body=b"name,key,usageplanIds\\nb,a-key-of-the-file-of-keys," +
                plan["id"].encode())
            assert imported["warnings"] == [] and len(imported["ids"]) == 1, imported
            assert [key["name"] for key in client.get_usage_plan_keys(usagePlanId=plan["id"])["items"]] == ["b", "first"]
            try:
                client.create_api_key(value=secret["value"])
                assert False
            except client.exceptions.ConflictException:
                pass
            certificate = client.generate_client_certificate(description="d")
            assert certificate["expirationDate"] - certificate["createdDate"] == datetime.timedelta(days=365), certificate
            link = client.create_vpc_link(name="l", targetArns=["arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/net/a/b"])
            assert link["status"] == "PENDING", link
            client.delete_vpc_link(vpcLinkId=link["id"])
            domain = client.create_domain_name(domainName="api.example.com", regionalCertificateArn="arn",
                endpointConfiguration={"types": ["REGIONAL"]}, securityPolicy="TLS_1_2")
            assert domain["domainNameStatus"] == "AVAILABLE" and domain["regionalDomainName"], domain
            client.create_base_path_mapping(domainName="api.example.com", restApiId=api["id"], stage="test")
            mapping = client.get_base_path_mapping(domainName="api.example.com", basePath="(none)")
            assert mapping["basePath"] == "(none)" and mapping["stage"] == "test", mapping
            try:
                client.delete_domain_name(domainName="api.example.com")
                assert False
            except client.exceptions.ConflictException:
                pass
            client.delete_base_path_mapping(domainName="api.example.com", basePath="(none)")
            client.delete_domain_name(domainName="api.example.com")
            client.flush_stage_cache(restApiId=api["id"], stageName="test")
            assert client.get_model_template(restApiId=api["id"], modelName="Error")["value"].startswith("#set(")
            assert client.update_account(patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn",
                "value": "arn:aws:iam::123456789012:role/logs"}])["throttleSettings"]["rateLimit"] == 10000.0
            try:
                client.create_domain_name_access_association(domainNameArn="x", accessAssociationSourceType="VPCE",
                    accessAssociationSource="y")
                assert False
            except ClientError as error:
                assert error.response["Error"]["Code"] == "BadRequestException", error.response
            try:
                client.get_stage(restApiId=api["id"], stageName="nope")
                assert False
            except client.exceptions.NotFoundException as error:
                assert error.response["Error"]["Message"] == "Invalid stage identifier specified", error.response
            client.delete_method(**key)
            client.delete_rest_api(restApiId=api["id"])
            print("done")
            """, to: script)
        try await LiveEngine.run { live in
            let done = try await Client.run("python3", script, "http://127.0.0.1:\(live.port)")
            #expect(done.output == "done\n")
        }
    }
}
