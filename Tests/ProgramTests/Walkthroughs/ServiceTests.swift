import Foundation
import JSON
import Testing

extension Acceptance {
    /// Walkthrough 5, and what section 0 says of roles: services of AWS behind routes, moto's server being AWS.
    @Suite(
        .enabled(
            if: Program.isInstalled("moto_server") && Caller.isInstalled, "moto_server or boto3 is not installed"))
    struct ServiceTests {
        private static let services = [
            "sns", "sqs", "s3", "dynamodb", "kinesis", "states", "events", "ssm", "lambda",
        ]

        /// An engine whose services are moto's, and scripts against both.
        private struct Stand {
            let caller: Caller
            let moto: Moto

            init(_ options: [String] = []) async throws {
                let workspace = try Workspace()
                moto = try await Moto(workspace)
                let repository = try Repository(files: [".gitignore": ".gatewright/\n"], in: workspace)
                let url = moto.url
                let endpoints = services.flatMap { ["--endpoint", "\($0)=\(url)"] }
                let server = try await Server.engine(repository, endpoints + options)
                caller = Caller(
                    server: server, site: Site(url: "http://\(try server.address("data"))", workspace: workspace),
                    repository: repository)
            }

            func run(_ script: String) async throws -> Caller.Noted {
                try await caller.run("moto_url = \"\(moto.url)\"\n" + words + script)
            }

            /// `moto` is a client of moto's, `executor` a role that the gateway may take, `serve` an API that is deployed.
            private let words = """
                import base64
                def moto(service):
                    return boto3.client(service, endpoint_url=moto_url, region_name=region,
                        aws_access_key_id="AKIAMOTO", aws_secret_access_key="secret")

                def trust(service="apigateway.amazonaws.com"):
                    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                        "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]})

                def executor(name, action="*", resource="*", trusted="apigateway.amazonaws.com"):
                    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(trusted))
                    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=allow(resource, action))
                    return f"arn:aws:iam::{account}:role/{name}"

                def serve(routes, name="services", binary=[], kind="AWS"):
                    api = gateway.create_rest_api(name=name, binaryMediaTypes=binary)
                    parts = {"": api["rootResourceId"]}
                    for (verb, path, uri, role), more in routes:
                        here = ""
                        for part in path.strip("/").split("/"):
                            above, here = here, here + "/" + part
                            if here not in parts:
                                parts[here] = gateway.create_resource(restApiId=api["id"], parentId=parts[above],
                                    pathPart=part)["id"]
                        where = dict(restApiId=api["id"], resourceId=parts[here], httpMethod=verb)
                        more = dict(more)
                        gateway.put_method(**where, authorizationType=more.pop("authorizationType", "NONE"),
                            requestParameters=more.pop("parameters", {}))
                        answers = more.pop("answers", {"200": {}, "403": {"selectionPattern": "403"}})
                        gateway.put_integration(**where, type="AWS", uri=f"arn:aws:apigateway:{region}:{uri}",
                            credentials=role, integrationHttpMethod=more.pop("method", "POST"), **more)
                        for status, answer in answers.items():
                            gateway.put_method_response(**where, statusCode=status,
                                responseParameters={key: False for key in answer.get("responseParameters", {})})
                            gateway.put_integration_response(**where, statusCode=status, **answer)
                    gateway.create_deployment(restApiId=api["id"], stageName="test")
                    return f"/restapis/{api['id']}/test/_user_request_"


                """
        }

        private static let walkthrough = """
            topic = moto("sns").create_topic(Name="MySNSTopic-1")["TopicArn"]
            at = serve([(("GET", "/mydemoawsproxy", "sns:action/ListTopics", role), {"method": "GET"})])

            """

        @Test("A5.1: GET /test/mydemoawsproxy lists the topics as JSON")
        func topics() async throws {
            let stand = try await Stand()
            let said = try await stand.run(
                """
                role = executor("APIGatewayAWSProxyExecRole", "sns:ListTopics")
                \(Self.walkthrough)
                call("topics", path=at + "/mydemoawsproxy")
                """)
            let body = try #require(said.answers["topics"]?["body"]?.string)
            #expect(said["topics"].hasPrefix("200 "), "A5.1 \(said["topics"])")
            let result = try JSONValue(parsing: body)["ListTopicsResponse"]?["ListTopicsResult"]
            // moto leaves out what AWS shows as null.
            #expect(result?["NextToken"] ?? .null == JSONValue.null, "A5.1 \(body)")
            #expect(
                result?["Topics"]?.array == [["TopicArn": "arn:aws:sns:us-east-1:123456789012:MySNSTopic-1"]],
                "A5.1 \(body)")
        }

        @Test("A0.4, A5.2 and A5.3: an integration needs both halves of its role, whoever the caller is")
        func halves() async throws {
            let stand = try await Stand()
            let said = try await stand.run(
                """
                role = executor("exec", "sns:ListTopics")
                \(Self.walkthrough)
                path = at + "/mydemoawsproxy"
                call("both", path=path)
                iam.update_assume_role_policy(RoleName="exec", PolicyDocument=trust("lambda.amazonaws.com"))
                call("no trust", path=path)
                dev = user("dev", allow("*", "sns:*"))
                call("no trust, allowed caller", dev, path=path)
                iam.update_assume_role_policy(RoleName="exec", PolicyDocument=trust())
                iam.put_role_policy(RoleName="exec", PolicyName="p", PolicyDocument=allow("*", "sns:Publish"))
                call("no permission", path=path)
                iam.put_role_policy(RoleName="exec", PolicyName="p", PolicyDocument=allow("*", "sns:List*"))
                call("again", path=path)
                iam.delete_role_policy(RoleName="exec", PolicyName="p")
                iam.delete_role(RoleName="exec")
                call("no role", path=path)
                api = at.split("/")[2]
                resource = [r["id"] for r in gateway.get_resources(restApiId=api)["items"] if "pathPart" in r][0]
                noted["test"] = gateway.test_invoke_method(restApiId=api, resourceId=resource, httpMethod="GET")["log"]
                """)
            #expect(said["both"].hasPrefix("200 {\"ListTopicsResponse\""), "A0.4 \(said["both"])")
            let failed = #"500 {"message": "Internal server error"}"#
            #expect(said["no trust"] == failed, "A5.3")
            #expect(said["no trust, allowed caller"] == failed, "A0.4")
            #expect(said["no permission"].hasPrefix("403 {\"Error\":{\"Code\":\"AuthorizationError\""), "A5.2")
            #expect(
                said["no permission"].contains("assumed-role/exec/BackplaneAssumeRoleSession is not authorized"), "A5.2"
            )
            #expect(said["again"].hasPrefix("200 "), "A5.2 \(said["again"])")
            #expect(said["no role"] == failed, "A5.3")
            #expect(said.text("test").contains("does not have permission to assume the provided role"), "A5.3")
        }

        @Test("query and JSON services take what their routes are sent")
        func actions() async throws {
            let stand = try await Stand()
            let said = try await stand.run(
                """
                role = executor("exec")
                form = {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"}
                queue = moto("sqs").create_queue(QueueName="jobs")["QueueUrl"]
                topic = moto("sns").create_topic(Name="news")["TopicArn"]
                moto("sns").subscribe(TopicArn=topic, Protocol="sqs",
                    Endpoint=f"arn:aws:sqs:{region}:{account}:jobs", Attributes={"RawMessageDelivery": "true"})
                moto("dynamodb").create_table(TableName="pets", BillingMode="PAY_PER_REQUEST",
                    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
                moto("kinesis").create_stream(StreamName="clicks", ShardCount=1)
                machine = moto("stepfunctions").create_state_machine(name="m", roleArn=role, definition=json.dumps(
                    {"StartAt": "a", "States": {"a": {"Type": "Pass", "End": True}}}))["stateMachineArn"]
                moto("ssm").put_parameter(Name="/colour", Value="blue", Type="String")
                def template(text): return {"requestTemplates": {"application/json": text}}
                at = serve([
                    (("POST", "/queue", f"sqs:path/{account}/jobs", role), dict(requestParameters=form,
                        **template("Action=SendMessage&Version=2012-11-05&MessageBody=$util.urlEncode($input.body)"))),
                    (("POST", "/publish", "sns:action/Publish", role), dict(requestParameters=form,
                        **template(f"TopicArn={topic}&Message=$util.urlEncode($input.path('$.text'))"))),
                    (("PUT", "/pets", "dynamodb:action/PutItem", role), template(
                        '{"TableName": "pets", "Item": {"id": {"S": $input.json("$.id")}, "n": {"N": "7"}}}')),
                    (("GET", "/pets/{id}", "dynamodb:action/GetItem", role), dict(
                        parameters={"method.request.path.id": True}, **template(
                        '''{"TableName": "pets", "Key": {"id": {"S": "$input.params('id')"}}}'''))),
                    (("POST", "/clicks", "kinesis:action/PutRecord", role), template(
                        '{"StreamName": "clicks", "PartitionKey": "p", "Data": "$util.base64Encode($input.body)"}')),
                    (("POST", "/runs", "states:action/StartExecution", role), template(
                        '{"stateMachineArn": "' + machine + '", "input": "$util.escapeJavaScript($input.body)"}')),
                    (("POST", "/events", "events:action/PutEvents", role), template(
                        '{"Entries": [{"Source": "shop", "DetailType": "sale", "Detail": '
                        '"$util.escapeJavaScript($input.body)"}]}')),
                    (("GET", "/colour", "ssm:action/GetParameter", role), template('{"Name": "/colour"}')),
                    (("GET", "/missing", "ssm:action/GetParameter", role), dict(template('{"Name": "/none"}'), answers={
                        "200": {}, "404": {"selectionPattern": "4..",
                            "responseTemplates": {"application/json": '{"type": $input.json("$.__type")}'}}})),
                ])
                def send(name, method, path, body=None):
                    call(name, path=at + path, method=method, body=body, headers={"Content-Type": "application/json"})
                send("queue", "POST", "/queue", '{"job": "a b & c"}')
                send("publish", "POST", "/publish", '{"text": "extra! extra!"}')
                found = moto("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
                noted["messages"] = " | ".join(sorted(message["Body"] for message in found))
                send("put", "PUT", "/pets", '{"id": "rex"}')
                send("get", "GET", "/pets/rex")
                send("clicks", "POST", "/clicks", '{"x": 1}')
                shard = moto("kinesis").get_shard_iterator(StreamName="clicks", ShardId="shardId-000000000000",
                    ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
                noted["records"] = moto("kinesis").get_records(ShardIterator=shard)["Records"][0]["Data"].decode()
                send("runs", "POST", "/runs", '{"x": 1}')
                runs = moto("stepfunctions").list_executions(stateMachineArn=machine)["executions"]
                noted["inputs"] = moto("stepfunctions").describe_execution(executionArn=runs[0]["executionArn"])["input"]
                send("events", "POST", "/events", '{"x": 1}')
                send("colour", "GET", "/colour")
                send("missing", "GET", "/missing")
                """)
            #expect(said["queue"].hasPrefix("200 "), "\(said["queue"])")
            #expect(said["publish"].hasPrefix("200 "), "\(said["publish"])")
            #expect(said.text("messages") == #"extra! extra! | {"job": "a b & c"}"#)
            #expect(said["put"] == "200 {}")
            #expect(said["get"].contains(#""n": {"N": "7"}"#), "\(said["get"])")
            #expect(said["clicks"].contains("SequenceNumber"), "\(said["clicks"])")
            #expect(said.text("records") == #"{"x": 1}"#)
            #expect(said["runs"].contains("executionArn"), "\(said["runs"])")
            #expect(said.text("inputs") == #"{"x": 1}"#)
            #expect(said["events"].contains(#""FailedEntryCount": 0"#), "\(said["events"])")
            #expect(said["colour"].contains(#""Value": "blue""#), "\(said["colour"])")
            #expect(said["missing"] == #"404 {"type": "ParameterNotFound"}"#)
        }

        @Test("S3 keeps and gives bytes as they are, its bucket and key from the path, or the bucket from the uri")
        func files() async throws {
            let stand = try await Stand()
            let said = try await stand.run(
                """
                moto("s3").create_bucket(Bucket="pictures")
                role = executor("exec", ["s3:PutObject", "s3:GetObject"], "arn:aws:s3:::pictures/*")
                names = {"integration.request.path.bucket": "method.request.path.bucket",
                    "integration.request.path.key": "method.request.path.key"}
                known = {"method.request.path.bucket": True, "method.request.path.key": True}
                kinds = {"200": {"responseParameters": {
                        "method.response.header.Content-Type": "integration.response.header.Content-Type"}},
                    "404": {"selectionPattern": "404"}, "403": {"selectionPattern": "403"}}
                at = serve([
                    (("PUT", "/{bucket}/{key}", "s3:path/{bucket}/{key}", role), dict(method="PUT",
                        parameters=known, requestParameters=names, answers=kinds)),
                    (("GET", "/{bucket}/{key}", "s3:path/{bucket}/{key}", role), dict(method="GET",
                        parameters=known, requestParameters=names, answers=kinds)),
                    (("DELETE", "/{bucket}/{key}", "s3:path/{bucket}/{key}", role), dict(method="DELETE",
                        parameters=known, requestParameters=names, answers=kinds)),
                    (("GET", "/fixed", "pictures.s3:path/a%20b%2Bc.png", role), dict(method="GET", answers=kinds)),
                    (("GET", "/text", "pictures.s3:path/a%20b%2Bc.png", role), dict(method="GET", answers={
                        "200": {"contentHandling": "CONVERT_TO_TEXT"}})),
                ], binary=["image/png"])
                picture = bytes(range(256))
                connection = http.client.HTTPConnection(base.netloc, timeout=20)
                def bytes_of(path):
                    connection.request("GET", at + path, headers={"Accept": "image/png"})
                    answer = connection.getresponse()
                    return answer.status, answer.getheader("Content-Type"), answer.read()
                connection.request("PUT", at + "/pictures/a%20b%2Bc.png", picture, {"Content-Type": "image/png"})
                answer = connection.getresponse()
                noted["put"] = f"{answer.status} {answer.read().decode()}"
                stored = moto("s3").get_object(Bucket="pictures", Key="a b+c.png")
                noted["stored"] = f"{stored['ContentType']} {stored['Body'].read() == picture}"
                noted["given"] = str(bytes_of("/pictures/a%20b%2Bc.png") == (200, "image/png", picture))
                noted["fixed"] = str(bytes_of("/fixed")[2] == picture)
                noted["text"] = str(bytes_of("/text")[2] == base64.b64encode(picture))
                call("none", path=at + "/pictures/none")
                call("other", path=at + "/other/a")
                call("delete", path=at + "/pictures/x", method="DELETE")
                """)
            #expect(said.text("put") == "200 ")
            #expect(said.text("stored") == "image/png True")
            for name in ["given", "fixed", "text"] { #expect(said.text(name) == "True", "\(name)") }
            #expect(said["none"].hasPrefix("404 ") && said["none"].contains("NoSuchKey"), "\(said["none"])")
            #expect(said["other"].hasPrefix("403 ") && said["other"].contains("AccessDenied"), "\(said["other"])")
            let refused = "s3:DeleteObject on resource: arn:aws:s3:::pictures/x"
            #expect(said["delete"].contains(refused), "\(said["delete"])")
        }

        @Test("the caller's own credentials sign, and the caller's own permission counts")
        func callers() async throws {
            let stand = try await Stand()
            let said = try await stand.run(
                """
                at = serve([(("GET", "/topics", "sns:action/ListTopics", "arn:aws:iam::*:user/*"),
                    {"method": "GET", "authorizationType": "AWS_IAM"})])
                moto("sns").create_topic(Name="t")
                may = user("may", allow(), allow("*", "sns:ListTopics"))
                call("may", may, path=at + "/topics")
                call("may not", user("maynot", allow()), path=at + "/topics")
                call("unsigned", path=at + "/topics")
                role("lister", f"arn:aws:iam::{account}:user/may", allow(), allow("*", "sns:*"))
                iam.put_user_policy(UserName="may", PolicyName="assume",
                    PolicyDocument=allow("*", "sts:AssumeRole"))
                call("session", assume("lister", may), path=at + "/topics")
                """)
            #expect(said["may"].hasPrefix("200 "), "\(said["may"])")
            #expect(said["may not"].contains("user/maynot is not authorized to perform: sns:ListTopics"))
            #expect(said["unsigned"].hasPrefix("403 "))
            #expect(said["session"].hasPrefix("200 "), "\(said["session"])")
        }

        @Test("a service that is not there is a network error")
        func gone() async throws {
            let stand = try await Stand(["--endpoint", "glue=http://127.0.0.1:9"])
            let said = try await stand.run(
                """
                role = executor("exec")
                at = serve([(("POST", "/gone", "glue:action/GetJobs", role), {})])
                call("gone", path=at + "/gone", method="POST", body="{}",
                    headers={"Content-Type": "application/json"})
                """)
            #expect(said["gone"] == #"504 {"message": "Network error communicating with endpoint"}"#)
        }
    }
}
