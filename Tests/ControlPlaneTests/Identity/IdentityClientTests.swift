import ControlPlane
import Testing

/// The clients that people have, against a listener.
@Suite struct IdentityClientTests {
    @Test(
        "the AWS command line drives IAM and STS",
        .enabled(if: Client.exists("aws"), "the AWS command line is not installed"))
    func commandLine() async throws {
        try await LiveEngine.run { live in
            @Sendable func iam(_ arguments: String...) async throws -> Client.Done {
                try await Client.aws(live.port, arguments, service: "iam")
            }
            let who = try await Client.aws(live.port, ["get-caller-identity"], service: "sts")
            #expect(who.output.contains(#""Arn": "arn:aws:iam::123456789012:root""#), "\(who.output)")
            var done = try await iam("create-user", "--user-name", "dev", "--tags", "Key=team,Value=a")
            try #require(done.status == 0, "\(done.output)")
            done = try await iam("create-user", "--user-name", "DEV")
            #expect(done.output.contains("(EntityAlreadyExists)"))
            #expect(done.output.contains("User with name DEV already exists."))
            done = try await iam(
                "create-policy", "--policy-name", "p", "--policy-document", Documents.allowAll, "--query",
                "Policy.Arn", "--output", "text")
            #expect(done.output == "arn:aws:iam::123456789012:policy/p\n")
            done = try await iam("delete-user", "--user-name", "nobody")
            #expect(done.output.contains("(NoSuchEntity)"))
            done = try await iam("list-users", "--query", "Users[].UserName")
            #expect(done.output.contains("\"dev\""))
        }
    }

    @Test("boto3 creates, tags, attaches, pages and deletes", .enabled(if: Client.hasBoto3, "boto3 is not installed"))
    func boto3() async throws {
        try await LiveEngine.run { live in
            let done = try await Client.python(Self.script, live.port)
            #expect(done.status == 0 && done.output == "ok\n", "\(done.output)")
        }
    }

    private static let script = #"""
        import boto3, json, sys
        from botocore.config import Config
        from botocore.exceptions import ClientError
        def client(name, region="us-east-1"):
            return boto3.client(name, endpoint_url=sys.argv[1], region_name=region, aws_access_key_id=sys.argv[2],
                                aws_secret_access_key=sys.argv[3], config=Config(retries={"total_max_attempts": 1}))
        iam, sts = client("iam"), client("sts")
        assert sts.get_caller_identity()["Account"] == "123456789012"
        allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "apigateway:*",
                 "Resource": "arn:aws:apigateway:*::/*"}]}
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                 "Principal": {"Service": "apigateway.amazonaws.com"}}]}
        users = [iam.create_user(UserName="user%03d" % n)["User"] for n in range(120)]
        assert len({u["UserId"] for u in users}) == 120
        pages = list(iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 50}))
        assert [len(p["Users"]) for p in pages] == [50, 50, 20]
        policy = iam.create_policy(PolicyName="gateway", PolicyDocument=json.dumps(allow),
                                   Tags=[{"Key": "a", "Value": "b"}])["Policy"]
        assert policy["AttachmentCount"] == 0 and policy["IsAttachable"] is True
        version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId="v1")["PolicyVersion"]
        assert version["Document"] == allow and version["IsDefaultVersion"] is True
        iam.create_group(GroupName="api-admins")
        iam.add_user_to_group(GroupName="api-admins", UserName="user000")
        iam.attach_group_policy(GroupName="api-admins", PolicyArn=policy["Arn"])
        role = iam.create_role(RoleName="exec", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
        assert role["AssumeRolePolicyDocument"] == trust and role["CreateDate"].year >= 2024
        iam.put_role_policy(RoleName="exec", PolicyName="in", PolicyDocument=json.dumps(allow))
        assert iam.get_role_policy(RoleName="exec", PolicyName="in")["PolicyDocument"] == allow
        iam.update_role(RoleName="exec", Description="runs", MaxSessionDuration=7200)
        iam.tag_role(RoleName="exec", Tags=[{"Key": "team", "Value": "ü"}])
        assert iam.get_role(RoleName="exec")["Role"]["Tags"] == [{"Key": "team", "Value": "ü"}]
        iam.create_instance_profile(InstanceProfileName="p")
        iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="exec")
        assert iam.get_instance_profile(InstanceProfileName="p")["InstanceProfile"]["Roles"][0]["RoleName"] == "exec"
        def refused(code, call, **arguments):
            try: call(**arguments)
            except ClientError as error: assert error.response["Error"]["Code"] == code, error
            else: raise AssertionError(code)
        refused("DeleteConflict", iam.delete_role, RoleName="exec")
        refused("DeleteConflict", iam.delete_policy, PolicyArn=policy["Arn"])
        refused("EntityAlreadyExists", iam.create_role, RoleName="EXEC", AssumeRolePolicyDocument=json.dumps(trust))
        refused("NoSuchEntity", iam.get_user, UserName="nobody")
        refused("MalformedPolicyDocument", iam.create_policy, PolicyName="x", PolicyDocument="{")
        iam.remove_role_from_instance_profile(InstanceProfileName="p", RoleName="exec")
        iam.delete_instance_profile(InstanceProfileName="p")
        iam.delete_role_policy(RoleName="exec", PolicyName="in")
        iam.delete_role(RoleName="exec")
        iam.detach_group_policy(GroupName="api-admins", PolicyArn=policy["Arn"])
        iam.delete_policy(PolicyArn=policy["Arn"])
        iam.remove_user_from_group(GroupName="api-admins", UserName="user000")
        iam.delete_group(GroupName="api-admins")
        for user in users: iam.delete_user(UserName=user["UserName"])
        assert iam.list_users()["Users"] == []
        print("ok")
        """#
}
