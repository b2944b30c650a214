import Foundation
import JSON
import Testing

extension Acceptance {
    /// Routes behind user pools, moto's server being the pools' service.
    @Suite struct UserPoolTests {
        @Test(
            "tokens of a real pool are let in by the keys that it serves, and nobody else's",
            .enabled(
                if: Program.isInstalled("moto_server") && Caller.isInstalled, "moto_server or boto3 is not installed"))
        func pool() async throws {
            let workspace = try Workspace()
            let moto = try await Moto(workspace)
            let repository = try Repository(files: [".gitignore": ".gatewright/\n"], in: workspace)
            let server = try await Server.engine(repository, ["--endpoint", "cognito-idp=\(moto.url)"])
            let caller = Caller(
                server: server, site: Site(url: "http://\(try server.address("data"))", workspace: workspace),
                repository: repository)
            let said = try await caller.run("moto_url = \"\(moto.url)\"\n" + Self.script)
            #expect(said["id"].hasPrefix("200 {\"who\": \"ann\", \"use\": \"id\", \"client\": "), "\(said["id"])")
            #expect(said.answers["id"]?["body"]?.string?.contains(said.text("client")) == true, "\(said["id"])")
            #expect(said["bearer"] == said["id"])
            for name in ["nobody", "access", "other pool", "forged"] {
                #expect(said[name] == #"401 {"message":"Unauthorized"}"#, "\(name)")
            }
            #expect(said.answers["tested"]?["clientStatus"] == 200)
            #expect(said.answers["tested"]?["claims"]?["cognito:username"] == "ann")
            #expect(said.answers["refused"]?["clientStatus"] == 401)
        }

        private static let script = """
            idp = boto3.client("cognito-idp", endpoint_url=moto_url, region_name=region,
                aws_access_key_id="AKIAMOTO", aws_secret_access_key="secret")

            def signed_in(name):
                pool = idp.create_user_pool(PoolName="people")["UserPool"]
                at = dict(UserPoolId=pool["Id"])
                app = idp.create_user_pool_client(**at, ClientName="app",
                    ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"])["UserPoolClient"]["ClientId"]
                idp.admin_create_user(**at, Username=name, TemporaryPassword="Secret-1!", MessageAction="SUPPRESS")
                idp.admin_set_user_password(**at, Username=name, Password="Secret-2!", Permanent=True)
                answer = idp.admin_initiate_auth(**at, ClientId=app, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                    AuthParameters={"USERNAME": name, "PASSWORD": "Secret-2!"})
                return pool["Arn"], app, answer["AuthenticationResult"]

            arn, noted["client"], tokens = signed_in("ann")
            other = signed_in("ann")[2]
            api = gateway.create_rest_api(name="pools")
            door = gateway.create_authorizer(restApiId=api["id"], name="people", type="COGNITO_USER_POOLS",
                providerARNs=[arn], identitySource="method.request.header.Authorization")["id"]
            where = dict(restApiId=api["id"], resourceId=api["rootResourceId"], httpMethod="GET")
            gateway.put_method(**where, authorizationType="COGNITO_USER_POOLS", authorizerId=door)
            gateway.put_integration(**where, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
            gateway.put_method_response(**where, statusCode="200")
            claims = "$context.authorizer.claims"
            gateway.put_integration_response(**where, statusCode="200", responseTemplates={"application/json":
                '{"who": "%s[\\'cognito:username\\']", "use": "%s.token_use", "client": "%s.aud"}' % (claims, claims, claims)})
            gateway.create_deployment(restApiId=api["id"], stageName="test")
            path = f"/restapis/{api['id']}/test/_user_request_/"

            def ask(name, token):
                call(name, path=path, headers={} if token is None else {"Authorization": token})

            ask("nobody", None)
            ask("id", tokens["IdToken"])
            ask("bearer", "Bearer " + tokens["IdToken"])
            ask("access", tokens["AccessToken"])
            ask("other pool", other["IdToken"])
            head, body, signature = tokens["IdToken"].split(".")
            ask("forged", ".".join([head, other["IdToken"].split(".")[1], signature]))

            def test(name, token):
                answer = gateway.test_invoke_authorizer(restApiId=api["id"], authorizerId=door,
                    headers={"Authorization": token})
                noted[name] = {"clientStatus": answer["clientStatus"], "claims": answer.get("claims")}

            test("tested", tokens["IdToken"])
            test("refused", "x")

            """

        @Test("`validate` takes a user pool, says once what its engine must be told, and refuses what is no pool")
        func validated() async throws {
            let repository = try await Repository.hello()
            let arn = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Ab1"
            let routes = ["/more", "/most"].map { path in
                """
                  \(path):
                    get:
                      security: [{ people: [] }]
                      x-amazon-apigateway-integration: { type: mock }

                """
            }
            let schemes = """
                components:
                  securitySchemes:
                    people:
                      type: apiKey
                      name: Authorization
                      in: header
                      x-amazon-apigateway-authtype: cognito_user_pools
                      x-amazon-apigateway-authorizer: { type: cognito_user_pools, providerARNs: [POOL] }

                """
            let text = try repository.read("apis/hello.openapi.yaml") + routes.joined() + schemes
            try repository.write("apis/hello.openapi.yaml", text.replacingOccurrences(of: "POOL", with: arn))
            let output = try await repository.gatewright("validate")
            #expect(output.status == 0, "\(output)")
            #expect(output.all.components(separatedBy: "warning[data-plane.user-pool-unknown]").count == 2, "\(output)")
            #expect(output.all.contains("the authorizer `people`"), "\(output)")
            #expect(output.all.contains("engine.endpoints.services.cognito-idp.url"), "\(output)")
            try repository.write("apis/hello.openapi.yaml", text.replacingOccurrences(of: "POOL", with: arn + "/x"))
            try await repository.expectFailure(
                "validate", status: 1, says: "data-plane.authorization-not-enforceable",
                "which is no ARN of a user pool")
        }
    }
}
