import HTTPTypes
import SigV4
import Testing

@testable import AWSProvider

@Suite("Where keys for AWS come from")
struct ChainTests {
    private static let credentials = "/home/a/.aws/credentials"
    private static let config = "/home/a/.aws/config"
    private static let keys = "[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = s\n"

    @Test("the environment counts before files, and files before what is around the process")
    func order() async throws {
        let variables = ["AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"]
        let both = try await FakeWorld(variables, files: [Self.credentials: Self.keys]).obtain()
        #expect(both.signing.accessKeyID == "AKIAENV" && both.signing.sessionToken == "t")
        #expect(both.source.contains("AWS_ACCESS_KEY_ID"))
        let container = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"]
        let file = try await FakeWorld(container, files: [Self.credentials: Self.keys]).obtain()
        #expect(file.signing.accessKeyID == "AKIAFILE" && file.source.contains(Self.credentials))
        #expect(file.expires == nil)
    }

    @Test(
        "half of a pair of keys is an error that names both halves",
        arguments: [
            ["AWS_ACCESS_KEY_ID": "AKIAENV"], ["AWS_SECRET_ACCESS_KEY": "hidden"],
            ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "hidden"],
        ])
    func half(_ variables: [String: String]) async {
        let world = FakeWorld(variables, files: [Self.credentials: Self.keys])
        let failure = await #expect(throws: CredentialsFailure.self) { try await world.obtain() }
        #expect(failure?.code == .incomplete && failure?.message.contains("AWS_SECRET_ACCESS_KEY") == true)
        #expect(failure?.message.contains("hidden") == false)
    }

    @Test("where there is nothing, the message names every place that was looked at")
    func nothing() async {
        let world = FakeWorld()
        let failure = await #expect(throws: CredentialsFailure.self) { try await world.obtain() }
        #expect(failure?.code == .missing)
        for place in ["environment", Self.credentials.split(separator: "/").last ?? "", "container", "machine"] {
            #expect(failure?.message.contains(place) == true, "\(place) in \(failure?.message ?? "")")
        }
        #expect(world.requests.map(\.request.authority) == ["169.254.169.254"])
    }

    @Test("a profile that is asked for by name must be there, and say something")
    func profiles() async throws {
        let files = [Self.config: "[profile empty]\nregion = eu-west-1\n[profile b]\n" + Self.keys.dropFirst(10)]
        for name in ["gone", "empty"] {
            let failure = await #expect(throws: CredentialsFailure.self) {
                try await FakeWorld(["AWS_PROFILE": name], files: files).obtain()
            }
            #expect(failure?.code == .badProfile && failure?.message.contains("`\(name)`") == true)
        }
        let found = try await FakeWorld(["AWS_PROFILE": "b"], files: files).obtain()
        #expect(found.signing.accessKeyID == "AKIAFILE")
    }

    @Test("the credentials file counts before the config file, and the files may be elsewhere")
    func files() async throws {
        let world = FakeWorld(
            ["AWS_CONFIG_FILE": "~/c", "AWS_SHARED_CREDENTIALS_FILE": "/k"],
            files: [
                "/home/a/c": "[default]\naws_access_key_id = AKIACONFIG\naws_secret_access_key = s\n", "/k": Self.keys,
            ])
        #expect(try await world.obtain().signing.accessKeyID == "AKIAFILE")
        let only = FakeWorld(["AWS_CONFIG_FILE": "~/c"], files: ["/home/a/c": Self.keys])
        #expect(try await only.obtain().signing.accessKeyID == "AKIAFILE")
    }

    @Test(
        "a broken file is named with its line",
        arguments: ["[default\n", "a = 1\n", "[default]\nnothing\n", "[a]\n = 1\n"])
    func broken(_ text: String) async {
        let failure = await #expect(throws: CredentialsFailure.self) {
            try await FakeWorld(files: [Self.credentials: text]).obtain()
        }
        #expect(failure?.code == .badFile && failure?.message.contains("line") == true)
        #expect(failure?.message.contains(Self.credentials) == true)
    }

    @Test("settings inside settings, comments, quotes and capitals are read as AWS's tools read them")
    func format() throws {
        let file = try ProfileFile(
            """
            # comment
            [default]
            region = here
            [profile default]
            Region = there
            s3 =
              aws_access_key_id = not-this
              max = 1
            ; comment
              aws_access_key_id = indented
            [profile "two words"]
            \taws_access_key_id=AKIA=1#2
            [sso-session s]
            sso_region = r
            [services local]
            sts =
              endpoint_url = http://127.0.0.1:1
            [plugins]
            x = 1
            """, path: "c", form: .config)
        #expect(file.profiles["default"] == ["region": "there", "s3": ""])
        #expect(file.profiles["two words"] == ["aws_access_key_id": "AKIA=1#2"])
        #expect(file.signOns == ["s": ["sso_region": "r"]])
        #expect(file.services["local"]?["sts.endpoint_url"] == "http://127.0.0.1:1")
        #expect(file.profiles.keys.sorted() == ["default", "two words"])
    }

    // MARK: Web identity

    @Test("a web identity token is read anew each time and sent unsigned")
    func webIdentity() async throws {
        let world = FakeWorld(
            [
                "AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/pod",
                "AWS_ROLE_SESSION_NAME": "me", "AWS_REGION": "us-west-2",
            ], files: ["/token": "first\n"], web: FakeWorld.tokens)
        let found = try await world.obtain()
        #expect(found.signing.accessKeyID == "ASIA-pod" && found.expires == 1_800_003_600)
        world.write("/token", "second")
        _ = try await world.obtain()
        #expect(world.requests.map { $0.body.hasSuffix("WebIdentityToken=first") } == [true, false])
        #expect(world.requests[1].body.contains("RoleSessionName=me") && world.requests[1].body.contains("second"))
        #expect(world.requests[0].request.authority == "sts.us-west-2.amazonaws.com")
        #expect(world.requests[0].request.headerFields[.authorization] == nil)
    }

    @Test("a web identity without its role, or without its file, is an error")
    func brokenWebIdentity() async {
        let variables = ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token"]
        let first = await #expect(throws: CredentialsFailure.self) { try await FakeWorld(variables).obtain() }
        #expect(first?.code == .incomplete)
        let second = await #expect(throws: CredentialsFailure.self) {
            try await FakeWorld(variables.merging(["AWS_ROLE_ARN": "arn:aws:iam::1:role/a"]) { a, _ in a }).obtain()
        }
        #expect(second?.code == .badFile && second?.message.contains("/token") == true)
    }

    // MARK: Container

    @Test("a container's role is asked for at the address of ECS, or where it may be")
    func container() async throws {
        let answer =
            "{\"AccessKeyId\": \"ASIAC\", \"SecretAccessKey\": \"s\", \"Token\": \"t\", "
            + "\"Expiration\": \"2027-01-15T09:00:00Z\"}"
        let relative = FakeWorld(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/1?a=b"]) { _, _ in (200, answer) }
        let found = try await relative.obtain()
        #expect(found.signing.accessKeyID == "ASIAC" && found.signing.sessionToken == "t")
        #expect(found.expires == 1_800_003_600)
        #expect(
            relative.requests[0].request.authority == "169.254.170.2"
                && relative.requests[0].request.path == "/v2/1?a=b")
        let full = FakeWorld(
            [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/x",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/t", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "other",
            ], files: ["/t": "Bearer 1\n"]
        ) { _, _ in (200, answer) }
        _ = try await full.obtain()
        #expect(full.requests[0].request.headerFields[.authorization] == "Bearer 1")
    }

    @Test(
        "keys are not asked for in the clear at other hosts, and a token cannot smuggle in a header",
        arguments: [
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://10.0.0.1/x"],
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1.example.com/x"],
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "ftp://127.0.0.1/x"], ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "x"],
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1@10.0.0.1/x"],
            [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/x",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a\r\nHost: b",
            ],
        ])
    func hosts(_ variables: [String: String]) async {
        let world = FakeWorld(variables) { _, _ in (200, "{}") }
        let failure = await #expect(throws: CredentialsFailure.self) { try await world.obtain() }
        #expect(failure?.code == .sourceFailed && world.requests.isEmpty)
    }

    // MARK: Machine

    @Test("a machine's role is asked for with a token first")
    func machine() async throws {
        let world = FakeWorld { request, _ in
            switch (request.method, request.path) {
            case (.put, "/latest/api/token"): (200, "TOKEN")
            case (.get, "/latest/meta-data/iam/security-credentials/"): (200, "web role\n")
            case (.get, "/latest/meta-data/iam/security-credentials/web%20role"):
                (
                    200,
                    "{\"Code\": \"Success\", \"AccessKeyId\": \"ASIAM\", \"SecretAccessKey\": \"s\", \"Token\": \"t\"}"
                )
            default: (404, "")
            }
        }
        let found = try await world.obtain()
        #expect(found.signing.accessKeyID == "ASIAM" && found.source.contains("web role"))
        let names = world.requests.dropFirst().map {
            $0.request.headerFields.first { $0.name.canonicalName == "x-aws-ec2-metadata-token" }?.value
        }
        #expect(names == ["TOKEN", "TOKEN"])
    }

    @Test("a switched-off, silent or roleless machine has no keys", arguments: [0, 1, 2, 3])
    func noMachine(_ number: Int) async {
        let world = FakeWorld(number == 0 ? ["AWS_EC2_METADATA_DISABLED": "True"] : [:]) { request, _ in
            switch number {
            case 1: nil
            case 2: (403, "")
            default: request.method == .put ? (200, "TOKEN") : (404, "")
            }
        }
        let failure = await #expect(throws: CredentialsFailure.self) { try await world.obtain() }
        #expect(failure?.code == .missing)
        #expect(number != 0 || world.requests.isEmpty)
    }
}
