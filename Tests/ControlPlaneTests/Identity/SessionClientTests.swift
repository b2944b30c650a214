import ControlPlane
import Testing

/// Keys of users and temporary credentials in the hands of boto3, signed by botocore.
@Suite struct SessionClientTests {
    @Test(
        "boto3 works with keys of users and with sessions, and reads what is refused",
        .enabled(if: Client.hasBoto3, "boto3 is not installed"))
    func sessions() async throws {
        try await LiveEngine.run { live in
            let done = try await Client.python(Self.script, live.port)
            #expect(done.status == 0 && done.output == "ok\n", "\(done.output)")
        }
    }

    @Test(
        "the engine knows every operation of the services that botocore knows",
        .enabled(if: Client.hasBoto3, "boto3 is not installed"))
    func operations() async throws {
        let listed = try await Client.run(
            "python3", "-c",
            """
            import botocore.session
            session = botocore.session.get_session()
            for service in ("iam", "sts"):
                for name in session.get_service_model(service).operation_names: print(service, name)
            """)
        let engine = try await Engine()
        let operations = listed.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(operations.count > 150)
        for operation in operations where operation.count == 2 {
            let answer = await engine.ask(operation[1], service: operation[0])
            #expect(answer["Message"]?.hasPrefix("Could not find operation") != true, "\(operation)")
            #expect(answer.status < 500, "\(operation): \(answer.text)")
        }
    }

    @Test(
        "many clients that create, delete and list at once see no failure of the engine and no name lost",
        .enabled(if: Client.hasBoto3, "boto3 is not installed"))
    func many() async throws {
        try await LiveEngine.run { live in
            let done = try await Client.python(Self.crowd, live.port)
            #expect(done.status == 0 && done.output == "ok\n", "\(done.output)")
        }
    }

    private static let script = #"""
        import base64, boto3, hashlib, hmac, json, struct, sys, time
        from botocore.config import Config
        from botocore.exceptions import ClientError
        def client(name, key, region="us-east-1"):
            return boto3.client(name, endpoint_url=sys.argv[1], region_name=region,
                aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"],
                aws_session_token=key.get("SessionToken"), config=Config(retries={"total_max_attempts": 1}))
        def refused(code, call, **arguments):
            try: call(**arguments)
            except ClientError as error: assert error.response["Error"]["Code"] == code, error
            else: raise AssertionError(code)
        def policy(action, resource="*"):
            return json.dumps({"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": action, "Resource": resource}]})
        root = {"AccessKeyId": sys.argv[2], "SecretAccessKey": sys.argv[3]}
        iam = client("iam", root)
        iam.create_user(UserName="dev")
        dev = iam.create_access_key(UserName="dev")["AccessKey"]
        gateway = client("apigateway", dev)
        refused("AccessDeniedException", gateway.get_rest_apis)
        iam.attach_user_policy(UserName="dev", PolicyArn="arn:aws:iam::aws:policy/AmazonAPIGatewayAdministrator")
        api = gateway.create_rest_api(name="pets")
        assert [a["id"] for a in gateway.get_rest_apis()["items"]] == [api["id"]]
        refused("AccessDenied", client("iam", dev).list_users)
        trust = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": {"AWS": "arn:aws:iam::123456789012:user/dev"}}]})
        role = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=trust)["Role"]
        iam.put_role_policy(RoleName="reader", PolicyName="p", PolicyDocument=policy(["iam:List*", "iam:Get*"]))
        sts = client("sts", dev)
        session = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="test", DurationSeconds=900)
        assert session["AssumedRoleUser"]["Arn"] == "arn:aws:sts::123456789012:assumed-role/reader/test"
        reader = client("iam", session["Credentials"])
        assert [u["UserName"] for u in reader.list_users()["Users"]] == ["dev"]
        details = reader.get_account_authorization_details(Filter=["User", "Role", "Group", "LocalManagedPolicy"])
        assert details["RoleDetailList"][0]["AssumeRolePolicyDocument"] == json.loads(trust)
        refused("AccessDenied", reader.create_user, UserName="x")
        assert reader.get_account_summary()["SummaryMap"]["Users"] == 1
        report = iam.generate_credential_report() and iam.get_credential_report()
        assert report["Content"].startswith(b"user,arn,")
        results = iam.simulate_principal_policy(PolicySourceArn="arn:aws:iam::123456789012:user/dev",
            ActionNames=["apigateway:GET", "s3:GetObject"],
            ResourceArns=["arn:aws:apigateway:us-east-1::/restapis"])["EvaluationResults"]
        assert [r["EvalDecision"] for r in results] == ["allowed", "implicitDeny"], results
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
        seed = base64.b32decode(device["Base32StringSeed"])
        def code(offset):
            mac = hmac.new(seed, struct.pack(">Q", int(time.time()) // 30 + offset), hashlib.sha1).digest()
            place = mac[19] & 15
            return "%06d" % ((struct.unpack(">I", mac[place:place + 4])[0] & 0x7fffffff) % 1000000)
        iam.enable_mfa_device(UserName="dev", SerialNumber=device["SerialNumber"], AuthenticationCode1=code(-1),
            AuthenticationCode2=code(0))
        assert iam.list_mfa_devices(UserName="dev")["MFADevices"][0]["SerialNumber"] == device["SerialNumber"]
        token = sts.get_session_token(SerialNumber=device["SerialNumber"], TokenCode=code(0))["Credentials"]
        iam.put_user_policy(UserName="dev", PolicyName="p", PolicyDocument=policy("iam:ListUsers"))
        assert client("iam", token).list_users()["Users"]
        url = sts.generate_presigned_url("get_caller_identity", HttpMethod="GET")
        import urllib.request
        assert b"user/dev" in urllib.request.urlopen(url).read()
        iam.update_access_key(UserName="dev", AccessKeyId=dev["AccessKeyId"], Status="Inactive")
        refused("InvalidClientTokenId", sts.get_caller_identity)
        refused("UnrecognizedClientException", gateway.get_rest_apis)
        iam.delete_role_policy(RoleName="reader", PolicyName="p")
        iam.delete_role(RoleName="reader")
        refused("InvalidClientTokenId", reader.list_users)
        print("ok")
        """#

    private static let crowd = #"""
        import boto3, sys, threading
        from botocore.config import Config
        from botocore.exceptions import ClientError
        def client():
            return boto3.session.Session().client("iam", endpoint_url=sys.argv[1], region_name="us-east-1",
                aws_access_key_id=sys.argv[2], aws_secret_access_key=sys.argv[3],
                config=Config(retries={"total_max_attempts": 1}))
        ids, problems, kept = set(), [], []
        def work(number, iam):
            try:
                for turn in range(6):
                    name = "u%d-%d" % (number, turn)
                    ids.add(iam.create_user(UserName=name)["User"]["UserId"])
                    try: iam.create_group(GroupName="g%d" % turn)
                    except ClientError as error: assert error.response["Error"]["Code"] == "EntityAlreadyExists", error
                    iam.add_user_to_group(GroupName="g%d" % turn, UserName=name)
                    if turn % 2: kept.append(name)
                    else:
                        iam.remove_user_from_group(GroupName="g%d" % turn, UserName=name)
                        iam.delete_user(UserName=name)
            except Exception as error: problems.append(repr(error))
        threads = [threading.Thread(target=work, args=(n, client())) for n in range(12)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        assert not problems, problems[:3]
        assert len(ids) == 72
        iam = client()
        users = [u["UserName"] for p in iam.get_paginator("list_users").paginate() for u in p["Users"]]
        assert sorted(users) == sorted(kept), users
        for turn in (1, 3, 5):
            assert len(iam.get_group(GroupName="g%d" % turn)["Users"]) == 12
        print("ok")
        """#
}
