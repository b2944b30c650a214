import Foundation
import JSON
import Testing

extension Acceptance {
    /// `examples/aws-service` from its commits; SNS is moto's server, or one of the tests'.
    @Suite struct ServiceExampleTests {
        private static let role = "arn:aws:iam::123456789012:role/APIGatewayAWSProxyExecRole"

        /// The topics of the walkthrough, as SNS shows them.
        private static let topics = """
            {"ListTopicsResponse":{"ListTopicsResult":{"NextToken":null,"Topics":[
            {"TopicArn":"arn:aws:sns:us-east-1:80398EXAMPLE:MySNSTopic-1"}]},
            "ResponseMetadata":{"RequestId":"abc1de23-45fa-6789-b0c1-d2e345fa6b78"}}}
            """

        /// The role's ARN in place of the reference to it.
        private func writeOut(_ repository: Repository) throws {
            try repository.replace(
                "apis/topics.openapi.yaml", "${Role/APIGatewayAWSProxyExecRole.arn}", by: Self.role)
        }

        private func removeRole(_ repository: Repository) throws {
            try FileManager.default.removeItem(atPath: repository.folder + "/iam/role.yaml")
            try repository.replace("gatewright.yaml", "[apis, iam]", by: "[apis]")
        }

        @Test(
            "A5.1 and A5.3: topics are listed through the role, until the gateway is not trusted with it",
            .enabled(
                if: Program.isInstalled("moto_server") && Program.isInstalled("aws"),
                "moto_server or aws is not installed"))
        func listed() async throws {
            let workspace = try Workspace()
            let moto = try await Moto(workspace)
            let repository = try await Repository.example("aws-service", in: workspace)
            let server = try await Server.serve(repository, "--endpoint", "sns=\(moto.url)")
            let made = try await Program.run(
                "aws",
                [
                    "sns", "create-topic", "--name", "MySNSTopic-1", "--endpoint-url", moto.url, "--region",
                    "us-east-1",
                ], in: repository.folder, workspace,
                environment: ["AWS_ACCESS_KEY_ID": "AKIAMOTO", "AWS_SECRET_ACCESS_KEY": "secret"])
            try #require(made.status == 0, "\(made)")

            let site = try await server.site("topics")
            let listed = try await site.get("/mydemoawsproxy")
            #expect(listed.status == 200, "\(listed.text)")
            let topics = try JSONValue(parsing: Array(listed.body.utf8))["ListTopicsResponse"]?["ListTopicsResult"]
            let expected: JSONValue = [["TopicArn": "arn:aws:sns:us-east-1:123456789012:MySNSTopic-1"]]
            #expect(topics?["Topics"] == expected, "\(listed.text)")

            try repository.replace("iam/role.yaml", "apigateway.amazonaws.com", by: "ec2.amazonaws.com")
            try await server.reaches("ready", commit: try await repository.commit("Trust another service"))
            try await server.eventually("the route to be refused") {
                let refused = try await site.get("/mydemoawsproxy")
                return (refused.status == 500, refused.text)
            }
        }

        @Test("A5.1, A5.2 and A5.3: the service gets the action signed by the role's session, or is not asked")
        func signed() async throws {
            let sns = try await FakeServer { _ in
                .status(200, headers: ["Content-Type": "application/json"], body: Self.topics)
            }
            let repository = try await Repository.example("aws-service")
            let server = try await Server.serve(repository, "--endpoint", "sns=\(sns.url)")
            let site = try await server.site("topics")
            let listed = try await site.get("/mydemoawsproxy")
            #expect(listed.status == 200, "A5.1 \(listed.text)")
            #expect(try listed.isJSON(Self.topics), "A5.1 \(listed.text)")
            let asked = try #require(sns.requests.first, "A5.1")
            #expect(asked.query("Action") == "ListTopics", "A5.1 \(asked)")
            let authorization = asked.header("Authorization") ?? ""
            #expect(
                authorization.contains(#/AWS4-HMAC-SHA256 Credential=ASIA\w+\/\d{8}\/us-east-1\/sns\/aws4_request/#),
                "A5.1 \(asked)")
            #expect(asked.header("X-Amz-Security-Token")?.isEmpty == false, "A5.1 \(asked)")

            try repository.replace("iam/role.yaml", "sns:ListTopics", by: "sns:Publish")
            try await server.reaches("ready", commit: try await repository.commit("Permit something else"))
            let refused = try await site.get("/mydemoawsproxy")
            #expect(refused.status == 403, "A5.2 \(refused.text)")
            #expect(refused.body.contains("AuthorizationError"), "A5.2 \(refused.text)")

            try repository.replace("iam/role.yaml", "sns:Publish", by: "sns:ListTopics")
            try repository.replace("iam/role.yaml", "apigateway.amazonaws.com", by: "ec2.amazonaws.com")
            try await server.reaches("ready", commit: try await repository.commit("Trust another service"))
            let untrusted = try await site.get("/mydemoawsproxy")
            #expect(untrusted.status == 500, "A5.3 \(untrusted.text)")
            #expect(try untrusted.isJSON(#"{"message": "Internal server error"}"#), "A5.3 \(untrusted.text)")
            #expect(sns.requests.count == 1, "A5.3: nothing is called")
        }

        @Test("A5.4: a service that does not answer in time is asked once")
        func silent() async throws {
            let sns = try await FakeServer { _ in .silence }
            let repository = try await Repository.example("aws-service")
            try repository.replace(
                "apis/topics.openapi.yaml", "        type: aws\n",
                by: "        type: aws\n        timeoutInMillis: 300\n")
            try await repository.commit("Wait for 300 ms")
            let server = try await Server.serve(repository, "--endpoint", "sns=\(sns.url)")
            let late = try await server.site("topics").get("/mydemoawsproxy")
            #expect(late.status == 504, "A5.4 \(late.text)")
            #expect(try late.isJSON(#"{"message": "Endpoint request timed out"}"#), "A5.4 \(late.text)")
            #expect(sns.requests.count == 1, "A5.4")
        }

        @Test("A5.5: the method goes first, then the attachment, then the role and the policy")
        func deletionOrder() async throws {
            let repository = try await Repository.example("aws-service")
            try await repository.apply()
            try repository.write(
                "apis/topics.openapi.yaml",
                """
                openapi: 3.0.1
                info: { title: MyDemoAPI, version: "1.0" }
                paths:
                  /:
                    get:
                      responses: { "200": { description: Nothing } }
                      x-amazon-apigateway-integration:
                        type: mock
                        requestTemplates: { application/json: '{"statusCode": 200}' }
                        responses: { default: { statusCode: "200" } }
                """)
            try removeRole(repository)
            try await repository.commit("List no topics any more")
            let plan = try await repository.gatewright("plan")
            let digest = try #require(plan.out.firstMatch(of: /digest (sha256:[0-9a-f]+)/)?.1, "\(plan)")
            let applied = try await repository.gatewright("apply", "--yes", "--expect-digest", String(digest))
            try #require(applied.status == 0, "\(applied)")
            let name = "APIGatewayAWSProxyExec"
            let steps = [
                "PutRestApi", "UpdateStage", "DetachRolePolicy Role/\(name)Role", "DeleteRole Role/\(name)Role",
                "DeletePolicy Policy/\(name)Policy",
            ]
            let lines = applied.all.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            let places = try steps.map { step in
                try #require(lines.firstIndex { $0.hasPrefix(step) && $0.hasSuffix("done") }, "\(step): \(applied)")
            }
            #expect(places == places.sorted(), "\(applied)")
            try await repository.expectConverged()
        }

        @Test("A5.5: a role that an integration still names is not deleted, whether by reference or by its ARN")
        func roleInUse() async throws {
            let repository = try await Repository.example("aws-service")
            try await repository.apply()
            try removeRole(repository)
            try await repository.commit("Take the role away")
            let dangling = try await repository.expectFailure(
                "plan", status: 1, says: "apis/topics.openapi.yaml:", "Role/APIGatewayAWSProxyExecRole")
            #expect(dangling.all.contains("manifest.unknown-object"), "\(dangling)")

            try writeOut(repository)
            try await repository.commit("Write its ARN out")
            for arguments in [["plan"], ["apply", "--yes"]] {
                let refused = try await Program.run(
                    "gatewright", arguments, in: repository.folder, repository.workspace)
                try await repository.expectFailure(
                    refused, status: 1,
                    says: [
                        "`Role/APIGatewayAWSProxyExecRole` would be deleted", "planning.still-named",
                        "`integration.credentials` of `Method/topics GET /mydemoawsproxy` still names it",
                        "apis/topics.openapi.yaml:",
                    ])
            }
            // A pull request's plan says so too.
            let diff = try await repository.gatewright("diff", "HEAD~2...HEAD")
            #expect(diff.all.contains("would be deleted"), "\(diff)")

            // With the method gone in the same commit nothing is in the way.
            try FileManager.default.removeItem(atPath: repository.folder + "/apis/topics.yaml")
            try repository.write("apis/other.yaml", Self.otherAPI)
            try await repository.commit("Take the API away")
            let plan = try await repository.gatewright("plan")
            #expect(plan.status == 0 && plan.out.contains("- Role/APIGatewayAWSProxyExecRole"), "\(plan)")
        }

        private static let otherAPI = """
            apiVersion: gatewright/v1
            kind: RestApi
            metadata: { name: other }
            spec:
              definition: { inline: { openapi: 3.0.1, info: { title: other, version: "1" }, paths: {} } }
            """

        @Test("A5.5: a function that an integration still names by its ARN is not deleted")
        func functionInUse() async throws {
            let repository = try await Repository.example("lambda-custom")
            try await repository.apply()
            let function = "arn:aws:lambda:us-east-1:123456789012:function:GetStartedLambdaIntegration"
            try repository.replace(
                "apis/greetings.openapi.yaml", "${Function/GetStartedLambdaIntegration.invokeArn}",
                by: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\(function)/invocations")
            try await repository.commit("Write its ARN out")
            try await repository.apply()
            let manifest = try repository.read("apis/greetings.yaml").components(separatedBy: "---\n")
            try repository.write("apis/greetings.yaml", manifest[0])
            try await repository.commit("Take the function away")
            try await repository.expectFailure(
                "plan", status: 1,
                says: "`Function/GetStartedLambdaIntegration` would be deleted", "planning.still-named",
                "`integration.uri` of `Method/greetings ANY /{city}` still names it", "apis/greetings.openapi.yaml:")
        }

        @Test(
            "A5.6: what a deployment says of itself is shown by it, and changes in place",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func description() async throws {
            let repository = try await Repository.example("aws-service")
            let server = try await Server.engine(repository)
            try await repository.apply()
            let (api, _) = try await server.resource("/mydemoawsproxy")
            func deployment() async throws -> JSONValue {
                let stage = try await server.aws(
                    "apigateway", "get-stage", "--rest-api-id", api, "--stage-name", "test")
                return try await server.aws(
                    "apigateway", "get-deployment", "--rest-api-id", api, "--deployment-id",
                    try #require(stage["deploymentId"]?.string))
            }
            let first = try await deployment()
            let text = "Calling AWS service proxy walkthrough"
            #expect(first["description"]?.string?.hasPrefix(text + " [gatewright fingerprint=") == true, "\(first)")
            try await repository.expectConverged()

            try repository.replace("apis/topics.yaml", text, by: "Lists topics")
            try await repository.commit("Say it shorter")
            let plan = try await repository.gatewright("plan")
            #expect(plan.out.contains("dev: 1 to update\n") && plan.out.contains("~ Deployment/topics"), "\(plan)")
            let applied = try await repository.gatewright("apply", "--yes")
            #expect(applied.status == 0 && applied.all.contains("UpdateDeployment"), "\(applied)")
            let second = try await deployment()
            #expect(second["id"] == first["id"], "no deployment is cut")
            let said = try #require(first["description"]?.string)
            #expect(second["description"]?.string == said.replacingOccurrences(of: text, with: "Lists topics"))
            try await repository.expectConverged()

            // Somebody else's words are drift, and are corrected.
            _ = try await server.aws(
                "apigateway", "update-deployment", "--rest-api-id", api, "--deployment-id",
                try #require(first["id"]?.string), "--patch-operations", "op=replace,path=/description,value=mine")
            let drift = try await repository.gatewright("drift")
            #expect(drift.status == 3 && drift.out.contains("Deployment/topics"), "\(drift)")
            let corrected = try await repository.gatewright("drift", "--correct", "--yes")
            #expect(corrected.status == 0, "\(corrected)")
            #expect(try await deployment()["description"]?.string?.hasPrefix("Lists topics [gatewright ") == true)
            try await repository.expectConverged()

            // A new definition is cut with the words of its commit; a failed apply takes both back.
            try repository.replace("apis/topics.yaml", "Lists topics", by: "Lists them all")
            try repository.replace("apis/topics.openapi.yaml", "when_no_match", by: "never")
            try await repository.commit("Pass nothing")
            try await repository.apply()
            let third = try await deployment()
            #expect(third["id"] != first["id"])
            #expect(third["description"]?.string?.hasPrefix("Lists them all [gatewright ") == true, "\(third)")
            let back = try await repository.gatewright("rollback", "2", "--yes")
            #expect(back.status == 0, "\(back)")
            #expect(try await deployment()["description"]?.string?.hasPrefix("Lists topics [gatewright ") == true)
        }
    }
}
