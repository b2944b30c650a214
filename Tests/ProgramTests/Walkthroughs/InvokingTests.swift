import Foundation
import JSON
import Testing

extension Acceptance {
    /// Walkthrough 3b, and what section 0 says of calls: routes under IAM control, served from a commit.
    @Suite(.enabled(if: Caller.isInstalled, "python3 or boto3 is not installed"))
    struct InvokingTests {
        private static let environment = """
            apiVersion: gatewright/v1
            kind: Environment
            metadata: { name: dev }
            spec:
              manifests: [apis]
              variables: { petstore: "BACKEND" }
              target: { engine: {} }

            """
        private static let manifest = """
            apiVersion: gatewright/v1
            kind: RestApi
            metadata: { name: pets }
            spec:
              definition: { file: pets.openapi.yaml }
              stages: { test: {} }

            """
        private static let definition = """
            openapi: 3.0.1
            info: { title: pets, version: "1" }
            paths:
              /pets:
                get:
                  x-amazon-apigateway-auth: { type: AWS_IAM }
                  parameters:
                    - { name: type, in: query, schema: { type: string } }
                    - { name: page, in: query, schema: { type: string } }
                  responses: { "200": { description: pets } }
                  x-amazon-apigateway-integration:
                    type: http
                    httpMethod: GET
                    uri: ${var.petstore}/petstore/pets
                    requestParameters:
                      integration.request.querystring.type: method.request.querystring.type
                      integration.request.querystring.page: method.request.querystring.page
                    responses: { default: { statusCode: "200" } }
                post:
                  x-amazon-apigateway-auth: { type: AWS_IAM }
                  responses: { "200": { description: taken } }
                  x-amazon-apigateway-integration:
                    type: http_proxy
                    httpMethod: POST
                    uri: ${var.petstore}/petstore/pets
                options:
                  responses: { "200": { description: cors } }
                  x-amazon-apigateway-integration:
                    type: mock
                    requestTemplates: { application/json: '{"statusCode": 200}' }
                    responses: { default: { statusCode: "200" } }
              /free:
                get:
                  responses: { "200": { description: free } }
                  x-amazon-apigateway-integration:
                    type: mock
                    requestTemplates: { application/json: '{"statusCode": 200}' }
                    responses: { default: { statusCode: "200" } }

            """

        /// The API of the walkthrough, deployed, and somebody who calls it.
        private static func walkthrough() async throws -> Caller {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try Repository(
                files: [
                    ".gitignore": ".gatewright/\n", "apis/pets.yaml": manifest, "apis/pets.openapi.yaml": definition,
                    "gatewright.yaml": environment.replacing("BACKEND", with: backend.url),
                ], in: workspace)
            try await repository.start()
            let valid = try await repository.gatewright("validate")
            try #require(valid.status == 0 && !valid.all.contains("not-enforceable"), "\(valid)")
            let server = try await Server.serve(repository)
            return Caller(
                server: server, site: try await server.site("pets"), repository: repository, backend: backend)
        }

        private static let unsigned = #"403 {"message":"Missing Authentication Token"}"#

        @Test("A3.5, A3.6, A0.2 and A0.5: who is allowed and signs for execute-api is served; who does not sign is not")
        func served() async throws {
            let caller = try await Self.walkthrough()
            let said = try await caller.run(
                """
                dev = user("dev", allow())
                call("signed", dev)
                call("presigned", dev, expires=60)
                call("posted", dev, path="/pets", method="POST", body='{"type":"dog"}',
                    headers={"Content-Type": "application/json"})
                call("posted nothing", dev, path="/pets", method="POST")
                call("unsigned")
                call("unsigned post", path="/pets", method="POST", body="x")
                call("preflight", path="/pets", method="OPTIONS")
                call("other service", dev, service="apigateway")
                call("other region", dev, region="eu-west-1")
                call("no route", dev, path="/nope")
                try:
                    client("apigateway", dev).get_rest_apis()
                except Exception as error:
                    noted["managed"] = str(error)
                """)
            let page = #"[{"id":4,"type":"Dog","price":999.99},{"id":5,"type":"Dog","price":249.99},"#
            #expect(said["signed"].hasPrefix("200 " + page), "A3.5 \(said["signed"])")
            #expect(said["presigned"].hasPrefix("200 " + page), "A3.5 \(said["presigned"])")
            #expect(said["posted"] == #"200 {"pet":{"type":"dog"},"message":"success"}"#, "\(said["posted"])")
            let backend = try #require(caller.backend)
            let requests = try await backend.requests
            #expect(requests.contains("GET /petstore/pets?page=2&type=Dog"), "A3.5 \(requests)")
            #expect(!said["posted nothing"].hasPrefix("403"), "\(said["posted nothing"])")
            #expect(said["unsigned"] == Self.unsigned, "A3.6")
            #expect(said.header("x-amzn-ErrorType", of: "unsigned") == "MissingAuthenticationTokenException")
            #expect(said["unsigned post"] == Self.unsigned, "A3.6")
            #expect(said["preflight"] == "200 ")
            #expect(
                said["other service"]
                    == #"403 {"message":"Credential should be scoped to correct service: 'execute-api'."}"#, "A0.5")
            #expect(
                said["other region"]
                    == #"403 {"message":"Credential should be scoped to a valid region: 'us-east-1'."}"#, "A0.5")
            #expect(said["no route"] == Self.unsigned)
            #expect(said.text("managed").contains("AccessDenied"), "A0.2 \(said.text("managed"))")
            #expect(said.text("managed").contains("not authorized to perform: apigateway:GET"), "A0.2")
        }

        @Test("A3.7, A3.8, A3.9 and A3.10: no permission, a wrong secret or clock, an unknown key are refused by name")
        func refused() async throws {
            let caller = try await Self.walkthrough()
            let backend = try #require(caller.backend)
            let before = try await backend.requests.count
            let said = try await caller.run(
                """
                call("silent", user("silent"))
                call("denied", user("denied", allow(), allow(effect="Deny")))
                dev = user("dev", allow())
                call("wrong secret", Credentials(dev.access_key, "wrong"))
                call("late", dev, skew=-301)
                call("early", dev, skew=330)
                call("late presigned", dev, skew=-120, expires=60)
                call("unknown", Credentials("AKIAUNKNOWNUNKNOWNUN", "secret"))
                call("bearer", headers={"Authorization": "Bearer abc"})
                noted["arn"] = site
                """)
            let id = try #require(caller.site.url.split(separator: "/").dropLast().last)
            func refusal(_ user: String) -> String {
                #"403 {"Message":"User: arn:aws:iam::123456789012:user/\#(user) is not authorized to perform: "#
                    + "execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:\(id)/test/GET/pets"
            }
            #expect(said["silent"] == refusal("silent") + "\"}", "A3.7")
            #expect(said["denied"] == refusal("denied") + " with an explicit deny\"}", "A3.7")
            #expect(said.header("x-amzn-ErrorType", of: "silent") == "AccessDeniedException", "A3.7")
            #expect(said["wrong secret"].hasPrefix(#"403 {"message":"The request signature we calculated "#), "A3.8")
            #expect(said.header("x-amzn-ErrorType", of: "wrong secret") == "InvalidSignatureException", "A3.8")
            #expect(said["late"].hasPrefix(#"403 {"message":"Signature expired: "#), "A3.9 \(said["late"])")
            #expect(said["early"].hasPrefix(#"403 {"message":"Signature not yet current: "#), "A3.9 \(said["early"])")
            #expect(said["late presigned"] == #"403 {"message":"Request has expired."}"#, "A3.9")
            #expect(
                said["unknown"] == #"403 {"message":"The security token included in the request is invalid."}"#, "A3.10"
            )
            #expect(said.header("x-amzn-ErrorType", of: "unknown") == "UnrecognizedClientException", "A3.10")
            #expect(said.header("x-amzn-ErrorType", of: "bearer") == "IncompleteSignatureException")
            #expect(try await backend.requests.count == before)
        }

        @Test("A0.1: a member of a group with the administrators' policy manages and calls nothing; leaving ends that")
        func administrators() async throws {
            let caller = try await Self.walkthrough()
            let said = try await caller.run(
                """
                iam.create_group(GroupName="api-admins")
                iam.attach_group_policy(GroupName="api-admins",
                    PolicyArn="arn:aws:iam::aws:policy/AmazonAPIGatewayAdministrator")
                dev = user("dev")
                iam.add_user_to_group(GroupName="api-admins", UserName="dev")
                noted["made"] = client("apigateway", dev).create_rest_api(name="mine")["name"]
                call("invoke", dev)
                iam.remove_user_from_group(GroupName="api-admins", UserName="dev")
                try:
                    client("apigateway", dev).create_rest_api(name="more")
                except Exception as error:
                    noted["left"] = str(error)
                iam.add_user_to_group(GroupName="api-admins", UserName="dev")
                iam.put_group_policy(GroupName="api-admins", PolicyName="invoke", PolicyDocument=allow())
                call("group", dev)
                iam.remove_user_from_group(GroupName="api-admins", UserName="dev")
                call("left group", dev)
                """)
            #expect(said.text("made") == "mine", "A0.1")
            #expect(said["invoke"].hasPrefix("403 {\"Message\":\"User: arn:aws:iam::123456789012:user/dev"), "A0.1")
            #expect(said.text("left").contains("apigateway:POST"), "A0.1 \(said.text("left"))")
            #expect(said["group"].hasPrefix("200 "), "\(said["group"])")
            #expect(said["left group"].hasPrefix("403 "), "\(said["left group"])")
        }

        @Test("keys, policies, roles and sessions hold at once, in both directions")
        func atOnce() async throws {
            let caller = try await Self.walkthrough()
            let said = try await caller.run(
                """
                dev = user("dev", allow())
                call("at first", dev)
                iam.put_user_policy(UserName="dev", PolicyName="p1", PolicyDocument=allow(effect="Deny"))
                call("denied", dev)
                iam.delete_user_policy(UserName="dev", PolicyName="p1")
                call("again", dev)
                iam.update_access_key(UserName="dev", AccessKeyId=dev.access_key, Status="Inactive")
                call("inactive", dev)
                iam.update_access_key(UserName="dev", AccessKeyId=dev.access_key, Status="Active")
                call("active", dev)
                iam.put_user_policy(UserName="dev", PolicyName="p1", PolicyDocument=allow("*", "sts:AssumeRole"))
                role("caller", f"arn:aws:iam::{account}:user/dev", allow())
                session = assume("caller", dev)
                call("session", session)
                call("session without token", Credentials(session.access_key, session.secret_key))
                call("session with another's token", Credentials(dev.access_key, dev.secret_key, session.token))
                call("limited", assume("caller", dev, Policy=allow("arn:aws:execute-api:*:*:other/*")))
                iam.delete_role_policy(RoleName="caller", PolicyName="p0")
                call("role without policy", session)
                iam.delete_role(RoleName="caller")
                call("role gone", session)
                iam.delete_access_key(UserName="dev", AccessKeyId=dev.access_key)
                call("key gone", dev)
                gone = user("gone", allow())
                call("before", gone)
                iam.delete_access_key(UserName="gone", AccessKeyId=gone.access_key)
                iam.delete_user_policy(UserName="gone", PolicyName="p0")
                iam.delete_user(UserName="gone")
                call("user gone", gone)
                """)
            let invalid = #"403 {"message":"The security token included in the request is invalid."}"#
            for name in ["at first", "again", "active", "session", "before"] {
                #expect(said[name].hasPrefix("200 "), "\(name): \(said[name])")
            }
            for name in ["inactive", "session without token", "session with another's token", "role gone", "key gone"] {
                #expect(said[name] == invalid, "\(name)")
            }
            #expect(said["user gone"] == invalid)
            #expect(said["denied"].hasSuffix("with an explicit deny\"}"), "\(said["denied"])")
            let session = #"403 {"Message":"User: arn:aws:sts::123456789012:assumed-role/caller/s1 is not authorized"#
            #expect(said["limited"].hasPrefix(session), "\(said["limited"])")
            #expect(said["role without policy"].hasPrefix(session), "\(said["role without policy"])")
        }

        @Test("a resource policy in a commit holds with the deployment that the commit cuts")
        func resourcePolicy() async throws {
            let caller = try await Self.walkthrough()
            let dev = "arn:aws:iam::123456789012:user/dev"
            let open = try await caller.run(
                """
                dev = user("dev")
                noted["key"] = [dev.access_key, dev.secret_key]
                call("free", path="/free")
                call("dev", dev)
                """)
            #expect(open["free"] == "200 " && open["dev"].hasPrefix("403 "), "\(open.answers)")
            let policy = """
                x-amazon-apigateway-policy:
                  Version: "2012-10-17"
                  Statement:
                    - { Effect: Allow, Principal: { AWS: "\(dev)" }, Action: "execute-api:Invoke", Resource: "execute-api:/*" }

                """
            let path = "apis/pets.openapi.yaml"
            try caller.repository.write(path, try caller.repository.read(path) + policy)
            let commit = try await caller.repository.commit("Let dev call")
            try await caller.server.reaches("ready", commit: commit)
            let key = open.answers["key"]?.array?.compactMap(\.string) ?? []
            let script = """
                dev = Credentials(*\(JSONValue.array(key.map { .string($0) }).text(.compact)))
                call("free", path="/free")
                call("dev", dev)
                call("unsigned")
                call("other", user("other"))
                """
            let closed = try await caller.run(script)
            #expect(
                closed["free"].hasPrefix(#"403 {"Message":"User: anonymous is not authorized"#), "\(closed["free"])")
            #expect(closed["dev"].hasPrefix("200 "), "\(closed["dev"])")
            #expect(closed["unsigned"] == Self.unsigned)
            #expect(closed["other"].hasPrefix("403 "), "\(closed["other"])")

            // A policy that was put without a deployment is not in force.
            let id = try #require(caller.site.url.split(separator: "/").dropLast().last)
            let later = try await caller.run(
                """
                deny = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*",
                    "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]})
                gateway.update_rest_api(restApiId="\(id)", patchOperations=[
                    {"op": "replace", "path": "/policy", "value": deny}])
                dev = Credentials(*\(JSONValue.array(key.map { .string($0) }).text(.compact)))
                call("put", dev)
                gateway.create_deployment(restApiId="\(id)", stageName="test")
                call("deployed", dev)
                """)
            #expect(later["put"].hasPrefix("200 "), "\(later["put"])")
            #expect(later["deployed"].hasSuffix("with an explicit deny\"}"), "\(later["deployed"])")
        }

        @Test("an API key and a signature are both asked for, and curl signs as well")
        func apiKey() async throws {
            let caller = try await Self.walkthrough()
            let id = try #require(caller.site.url.split(separator: "/").dropLast().last)
            let said = try await caller.run(
                """
                dev = user("dev", allow())
                noted["key"] = [dev.access_key, dev.secret_key]
                for resource in gateway.get_resources(restApiId="\(id)")["items"]:
                    if resource["path"] == "/pets":
                        gateway.update_method(restApiId="\(id)", resourceId=resource["id"], httpMethod="GET",
                            patchOperations=[{"op": "replace", "path": "/apiKeyRequired", "value": "true"}])
                gateway.create_deployment(restApiId="\(id)", stageName="test")
                key = gateway.create_api_key(name="k", enabled=True)
                plan = gateway.create_usage_plan(name="gold", apiStages=[{"apiId": "\(id)", "stage": "test"}])
                gateway.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
                call("signed alone", dev)
                call("key alone", headers={"x-api-key": key["value"]})
                call("both", dev, headers={"x-api-key": key["value"]})
                call("both, of nobody allowed", user("other"), headers={"x-api-key": key["value"]})
                """)
            #expect(said["signed alone"] == #"403 {"message":"Forbidden"}"#)
            #expect(said["key alone"] == Self.unsigned)
            #expect(said["both"].hasPrefix("200 "), "\(said["both"])")
            #expect(said["both, of nobody allowed"].hasPrefix(#"403 {"Message":"#))
            let key = said.answers["key"]?.array?.compactMap(\.string) ?? []
            let curl = try await caller.site.get(
                "/pets", "--request", "POST", "--data", #"{"type":"cat"}"#, "--header",
                "Content-Type: application/json",
                "--aws-sigv4", "aws:amz:us-east-1:execute-api", "--user", key.joined(separator: ":"))
            #expect(curl.status == 200 && curl.body.contains("cat"), "\(curl.text)")
        }
    }
}
