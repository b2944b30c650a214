import ControlPlane
import HTTPTypes
import JSON
import SigV4
import Testing

@Suite struct AuthorizationTests {
    private static let administrator = Documents.allow("apigateway:*", on: "arn:aws:apigateway:*::/*")

    private func manage(
        _ engine: Engine, _ method: HTTPRequest.Method, _ path: String, _ body: JSONValue? = nil,
        as credentials: SigningCredentials
    ) async throws -> (status: Int, type: String?, body: JSONValue) {
        var request = HTTPRequest(method: method, scheme: "http", authority: "127.0.0.1:4600", path: path)
        let bytes = body?.bytes(.compact) ?? []
        Signer.sign(
            &request, body: bytes, credentials: credentials,
            scope: SigningScope(service: "apigateway", region: "us-east-1"),
            at: SigningDate(secondsSince1970: Engine.now))
        let answer = await engine.plane.respond(to: request, body: bytes)
        let type = HTTPField.Name("x-amzn-ErrorType").flatMap { answer.response.headerFields[$0] }
        return (
            answer.response.status.code, type, answer.body.isEmpty ? [:] : try JSONValue(parsing: answer.body)
        )
    }

    @Test("a member of the administrators may, and after the membership ends may not")
    func groups() async throws {
        let engine = try await Engine.strict()
        let dev = try await engine.user("dev")
        await engine.done("CreateGroup", ("GroupName", "api-admins"))
        let made = await engine.done(
            "CreatePolicy", ("PolicyName", "AmazonAPIGatewayAdministrator"), ("PolicyDocument", Self.administrator))
        let arn = try #require(made["Arn"])
        await engine.done("AttachGroupPolicy", ("GroupName", "api-admins"), ("PolicyArn", arn))
        await engine.done("AddUserToGroup", ("GroupName", "api-admins"), ("UserName", "dev"))
        #expect(try await manage(engine, .post, "/restapis", ["name": "pets"], as: dev).status == 201)
        await engine.done("RemoveUserFromGroup", ("GroupName", "api-admins"), ("UserName", "dev"))
        let refused = try await manage(engine, .post, "/restapis", ["name": "pets"], as: dev)
        #expect(refused.status == 403)
        #expect(refused.type == "AccessDeniedException")
        #expect(
            refused.body["Message"]?.string
                == "User: \(Engine.userARN("dev")) is not authorized to perform: apigateway:POST on resource: "
                + "arn:aws:apigateway:us-east-1::/restapis because no identity-based policy allows the "
                + "apigateway:POST action")
        #expect(try await manage(engine, .get, "/restapis", as: Engine.rootSigning).body["item"]?.array?.count == 1)
    }

    @Test("AWS's own managed policies are found by their ARN, attached, and not changed")
    func managed() async throws {
        let engine = try await Engine.strict()
        let dev = try await engine.user("dev")
        let arn = "arn:aws:iam::aws:policy/AmazonAPIGatewayAdministrator"
        await engine.done("AttachUserPolicy", ("UserName", "dev"), ("PolicyArn", arn))
        #expect(try await manage(engine, .get, "/restapis", as: dev).status == 200)
        await engine.refused(
            "ListUsers", status: 403, as: dev,
            says: "AccessDenied: User: \(Engine.userARN("dev")) is not authorized to perform: iam:ListUsers on "
                + "resource: * because no identity-based policy allows the iam:ListUsers action")
        #expect(await engine.done("ListPolicies", ("Scope", "AWS"), ("OnlyAttached", "true")).all("Arn") == [arn])
        #expect(await engine.ask("DeletePolicy", [("PolicyArn", arn)]).status == 403)
        #expect(await engine.done("GetPolicy", ("PolicyArn", arn))["AttachmentCount"] == "1")
    }

    @Test("explicit denies, boundaries and paths decide, and the answer says which kind of policy did")
    func reasons() async throws {
        let engine = try await Engine.strict()
        let dev = try await engine.user("dev", Self.administrator)
        await engine.done(
            "PutUserPolicy", ("UserName", "dev"), ("PolicyName", "no-deletes"),
            (
                "PolicyDocument",
                #"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"apigateway:DELETE","Resource":"*"}}"#
            ))
        let api = try #require(
            try await manage(engine, .post, "/restapis", ["name": "pets"], as: dev).body["id"]?.string)
        var refused = try await manage(engine, .delete, "/restapis/\(api)", as: dev)
        #expect(
            refused.body["Message"]?.string?.hasSuffix(
                "apigateway:DELETE on resource: arn:aws:apigateway:us-east-1::/restapis/\(api) with an explicit deny in "
                    + "an identity-based policy") == true)
        let bound = await engine.done(
            "CreatePolicy", ("PolicyName", "bound"),
            ("PolicyDocument", Documents.allow("apigateway:*", on: "arn:aws:apigateway:us-east-1::/restapis")))
        await engine.done(
            "PutUserPermissionsBoundary", ("UserName", "dev"), ("PermissionsBoundary", try #require(bound["Arn"])))
        #expect(try await manage(engine, .get, "/restapis", as: dev).status == 200)
        refused = try await manage(engine, .get, "/restapis/\(api)?embed=x", as: dev)
        #expect(
            refused.body["Message"]?.string?.hasSuffix(
                "because no permissions boundary allows the apigateway:GET action") == true)
    }

    @Test("a resource with an account in its ARN matches nothing that API Gateway has")
    func literally() async throws {
        let engine = try await Engine.strict()
        let wrong = "arn:aws:apigateway:us-east-1:123456789012:/restapis"
        let dev = try await engine.user("dev", Documents.allow("apigateway:GET", on: wrong))
        #expect(try await manage(engine, .get, "/restapis", as: dev).status == 403)
    }

    @Test("IAM asks for the entity's own ARN, there or not, and for tags and boundaries by condition")
    func identity() async throws {
        let engine = try await Engine.strict()
        let dev = try await engine.user(
            "dev", Documents.allow("iam:*", on: "arn:aws:iam::123456789012:user/team/*"))
        await engine.done("CreateUser", ("UserName", "a"), ("Path", "/team/"), as: dev)
        await engine.done("GetUser", ("UserName", "a"), as: dev)
        #expect(await engine.ask("CreateUser", [("UserName", "b")], as: dev)["Code"] == "AccessDenied")
        #expect(await engine.ask("GetUser", [("UserName", "dev")], as: dev)["Code"] == "AccessDenied")
        #expect(await engine.ask("GetUser", [], as: dev)["Code"] == "AccessDenied")
        #expect(await engine.done("ListUsers").all("UserName") == ["a", "dev"])
        let tagger = try await engine.user(
            "tagger",
            #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:CreateUser","Resource":"*","#
                + #""Condition":{"StringEquals":{"aws:RequestTag/team":"a"}}}}"#)
        let tag = { (value: String) in [("Tags.member.1.Key", "team"), ("Tags.member.1.Value", value)] }
        #expect(await engine.ask("CreateUser", [("UserName", "x")] + tag("b"), as: tagger)["Code"] == "AccessDenied")
        #expect(await engine.ask("CreateUser", [("UserName", "x")] + tag("a"), as: tagger).status == 200)
    }

    @Test("saving a role in an integration or authorizer needs iam:PassRole on it")
    func passRole() async throws {
        let engine = try await Engine.strict()
        let dev = try await engine.user("dev", Self.administrator)
        await engine.done("CreateRole", ("RoleName", "exec"), ("AssumeRolePolicyDocument", Documents.gatewayTrust))
        let api = try await manage(engine, .post, "/restapis", ["name": "pets"], as: dev).body
        let method =
            "/restapis/\(api["id"]?.string ?? "")/resources/\(api["rootResourceId"]?.string ?? "")/methods/GET"
        #expect(try await manage(engine, .put, method, ["authorizationType": "NONE"], as: dev).status == 201)
        let integration: JSONValue = [
            "type": "AWS", "httpMethod": "POST", "credentials": .string(Engine.roleARN("exec")),
            "uri": .string(
                "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
                    + "arn:aws:lambda:us-east-1:123456789012:function:f/invocations"),
        ]
        let refused = try await manage(engine, .put, method + "/integration", integration, as: dev)
        #expect(refused.status == 403)
        #expect(
            refused.body["Message"]?.string?.contains(
                "iam:PassRole on resource: \(Engine.roleARN("exec")) because") == true)
        #expect(try await manage(engine, .get, method + "/integration", as: dev).status == 404)
        await engine.done(
            "PutUserPolicy", ("UserName", "dev"), ("PolicyName", "pass"),
            (
                "PolicyDocument",
                #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","#
                    + #""Condition":{"StringEquals":{"iam:PassedToService":"apigateway.amazonaws.com"}}}}"#
            ))
        #expect(try await manage(engine, .put, method + "/integration", integration, as: dev).status == 201)
    }
}
