import ControlPlane
import Testing

@Suite struct PolicySimulationTests {
    @Test("custom policies are decided without an account's entities")
    func custom() async throws {
        let engine = try await Engine.strict()
        let answer = await engine.done(
            "SimulateCustomPolicy",
            ("PolicyInputList.member.1", Documents.allow("apigateway:*", on: "arn:aws:apigateway:*::/*")),
            ("ActionNames.member.1", "apigateway:POST"), ("ActionNames.member.2", "execute-api:Invoke"),
            ("ResourceArns.member.1", "arn:aws:apigateway:us-east-1::/restapis"))
        #expect(answer.all("EvalActionName") == ["apigateway:POST", "execute-api:Invoke"])
        #expect(answer.all("EvalDecision") == ["allowed", "implicitDeny"])
        #expect(answer["SourcePolicyId"] == "PolicyInputList.1")
        let malformed = await engine.ask(
            "SimulateCustomPolicy", [("PolicyInputList.member.1", "{"), ("ActionNames.member.1", "a:b")])
        #expect(malformed["Code"] == "MalformedPolicyDocument")
    }

    @Test("a principal's policies count with those of its groups and its boundary")
    func principal() async throws {
        let engine = try await Engine.strict()
        await engine.done("CreateUser", ("UserName", "dev"))
        await engine.done("CreateGroup", ("GroupName", "admins"))
        await engine.done("AddUserToGroup", ("GroupName", "admins"), ("UserName", "dev"))
        await engine.done(
            "PutGroupPolicy", ("GroupName", "admins"), ("PolicyName", "all"),
            ("PolicyDocument", Documents.allow("s3:*")))
        func decision() async -> String? {
            await engine.done(
                "SimulatePrincipalPolicy", ("PolicySourceArn", Engine.userARN("dev")),
                ("ActionNames.member.1", "s3:GetObject"))["EvalDecision"]
        }
        #expect(await decision() == "allowed")
        let bound = await engine.done(
            "CreatePolicy", ("PolicyName", "b"), ("PolicyDocument", Documents.allow("ec2:*")))
        await engine.done(
            "PutUserPermissionsBoundary", ("UserName", "dev"), ("PermissionsBoundary", try #require(bound["Arn"])))
        #expect(await decision() == "implicitDeny")
        let unknown = await engine.ask(
            "SimulatePrincipalPolicy",
            [("PolicySourceArn", Engine.userARN("nobody")), ("ActionNames.member.1", "a:bc")])
        #expect(unknown["Code"] == "NoSuchEntity")
    }

    @Test("conditions are asked with the context that is given, and their keys are listed")
    func context() async throws {
        let engine = try await Engine.strict()
        let policy =
            #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","#
            + #""Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}}"#
        func decision(_ address: String) async -> String? {
            await engine.done(
                "SimulateCustomPolicy", ("PolicyInputList.member.1", policy), ("ActionNames.member.1", "s3:GetObject"),
                ("ContextEntries.member.1.ContextKeyName", "aws:SourceIp"),
                ("ContextEntries.member.1.ContextKeyType", "ip"),
                ("ContextEntries.member.1.ContextKeyValues.member.1", address))["EvalDecision"]
        }
        #expect(await decision("10.1.2.3") == "allowed")
        #expect(await decision("11.1.2.3") == "implicitDeny")
        #expect(
            await engine.done("GetContextKeysForCustomPolicy", ("PolicyInputList.member.1", policy)).all("member")
                == ["aws:SourceIp"])
    }
}
