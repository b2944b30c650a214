import Foundation
import JSON
import Testing

/// Users of an engine's account and what they are answered: boto3 makes them, botocore signs for them.
struct Caller: Sendable {
    let server: Server
    let site: Site
    let repository: Repository
    /// Runs as long as somebody has it.
    var backend: Backend?

    /// Nil if boto3 is installed.
    static let isInstalled: Bool = {
        guard Program.isInstalled("python3") else { return false }
        let probe = Process()
        probe.executableURL = URL(filePath: "/usr/bin/env")
        probe.arguments = ["python3", "-c", "import boto3"]
        probe.standardError = FileHandle.nullDevice
        do { try probe.run() } catch { return false }
        probe.waitUntilExit()
        return probe.terminationStatus == 0
    }()

    /// What a script noted down under a name.
    struct Noted: Sendable {
        var answers: [String: JSONValue]

        /// `200 body`.
        subscript(_ name: String) -> String {
            guard let answer = answers[name] else { return "nothing noted as `\(name)`" }
            return "\(answer["status"]?.int ?? 0) \(answer["body"]?.string ?? "")"
        }

        func header(_ name: String, of answer: String) -> String? {
            answers[answer]?["headers"]?[name.lowercased()]?.string
        }

        func text(_ name: String) -> String { answers[name]?.string ?? "nothing noted as `\(name)`" }
    }

    /// Runs a script after ``words``; each `call` is noted down by its name.
    func run(_ script: String) async throws -> Noted {
        let credentials = repository.folder + "/.gatewright/credentials"
        let output = try await Program.run(
            "python3",
            [
                "-c", Self.words + script + "\nprint(json.dumps(noted))\n", "http://\(server.address("management"))",
                site.url,
            ],
            in: repository.folder, repository.workspace,
            environment: ["AWS_SHARED_CREDENTIALS_FILE": credentials, "AWS_CONFIG_FILE": "/dev/null"])
        try #require(output.status == 0, "\(output)\n\(server.program.output.all)")
        let document = try #require(try JSONValue(parsing: Array(output.out.utf8)).object)
        return Noted(answers: Dictionary(document.map { ($0.name, $0.value) }) { $1 })
    }

    /// `user` and `role` make somebody, `call` sends a request that they signed, `allow` writes a policy.
    private static let words = """
        import datetime, http.client, json, sys, urllib.parse
        import boto3, botocore.auth
        from botocore.awsrequest import AWSRequest
        from botocore.config import Config
        from botocore.credentials import Credentials

        management, site = sys.argv[1:3]
        base = urllib.parse.urlsplit(site)
        account, region = "123456789012", "us-east-1"
        noted = {}

        def client(service, creds=None):
            own = {} if creds is None else dict(
                aws_access_key_id=creds.access_key, aws_secret_access_key=creds.secret_key,
                aws_session_token=creds.token)
            return boto3.client(service, endpoint_url=management, region_name=region,
                config=Config(retries={"total_max_attempts": 1}), **own)

        iam, sts, gateway = client("iam"), client("sts"), client("apigateway")

        def allow(resource="arn:aws:execute-api:*:*:*", action="execute-api:Invoke", effect="Allow", **more):
            return json.dumps({"Version": "2012-10-17", "Statement": [
                dict(Effect=effect, Action=action, Resource=resource, **more)]})

        def user(name, *policies):
            iam.create_user(UserName=name)
            for number, policy in enumerate(policies):
                iam.put_user_policy(UserName=name, PolicyName=f"p{number}", PolicyDocument=policy)
            key = iam.create_access_key(UserName=name)["AccessKey"]
            return Credentials(key["AccessKeyId"], key["SecretAccessKey"])

        def role(name, trusted, *policies):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({
                "Version": "2012-10-17", "Statement": [
                    {"Effect": "Allow", "Principal": {"AWS": trusted}, "Action": "sts:AssumeRole"}]}))
            for number, policy in enumerate(policies):
                iam.put_role_policy(RoleName=name, PolicyName=f"p{number}", PolicyDocument=policy)

        def assume(name, creds, session="s1", **more):
            found = client("sts", creds).assume_role(
                RoleArn=f"arn:aws:iam::{account}:role/{name}", RoleSessionName=session, **more)["Credentials"]
            return Credentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])

        def call(name, creds=None, path="/pets?type=Dog&page=2", method="GET", body=None, headers={},
                service="execute-api", region=region, expires=None, skew=0):
            request = AWSRequest(method=method, url=site + path, data=body, headers=dict(headers))
            if creds is not None:
                now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=skew)
                botocore.auth.get_current_datetime = lambda *_, **__: now
                if expires is None:
                    botocore.auth.SigV4Auth(creds, service, region).add_auth(request)
                else:
                    botocore.auth.SigV4QueryAuth(creds, service, region, expires).add_auth(request)
            prepared = request.prepare()
            address = urllib.parse.urlsplit(prepared.url)
            connection = http.client.HTTPConnection(base.netloc, timeout=20)
            target = address.path + ("?" + address.query if address.query else "")
            connection.request(method, target, body=prepared.body, headers=dict(prepared.headers))
            answer = connection.getresponse()
            noted[name] = {"status": answer.status, "body": answer.read().decode(),
                "headers": {key.lower(): value for key, value in answer.getheaders()}}
            connection.close()


        """
}
