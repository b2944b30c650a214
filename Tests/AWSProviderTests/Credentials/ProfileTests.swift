import HTTPTypes
import Resources
import SigV4
import Testing

@testable import AWSProvider

@Suite("Keys by what a profile says")
struct ProfileTests {
    private func world(
        _ config: String, _ variables: [String: String] = [:], files: [String: String] = [:],
        programs: [String: ProgramEnd] = [:], web: @escaping FakeWorld.Web = FakeWorld.tokens
    ) -> FakeWorld {
        FakeWorld(
            variables.merging(["AWS_PROFILE": "a"]) { old, _ in old },
            files: files.merging(["/home/a/.aws/config": config]) { old, _ in old }, programs: programs, web: web)
    }

    private static let base = "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n"

    @Test("roles are chained from the profile that has keys to the one that is asked for")
    func chain() async throws {
        let world = world(
            """
            [profile a]
            role_arn = arn:aws:iam::123456789012:role/last
            source_profile = b
            external_id = x y
            duration_seconds = 900
            role_session_name = ann
            region = eu-central-1
            [profile b]
            role_arn = arn:aws:iam::123456789012:role/first
            source_profile = base
            \(Self.base)
            """)
        let found = try await world.obtain()
        #expect(found.signing.accessKeyID == "ASIA-last" && found.expires == 1_800_003_600)
        #expect(world.requests.count == 2)
        let (first, second) = (world.requests[0], world.requests[1])
        #expect(first.request.headerFields[.authorization]?.contains("AKIABASE") == true)
        #expect(first.request.authority == "sts.eu-west-1.amazonaws.com")
        #expect(first.body.contains("RoleSessionName=gatewright") && !first.body.contains("ExternalId"))
        #expect(second.request.headerFields[.authorization]?.contains("ASIA-first") == true)
        #expect(second.request.authority == "sts.eu-central-1.amazonaws.com")
        for part in ["ExternalId=x%20y", "DurationSeconds=900", "RoleSessionName=ann"] {
            #expect(second.body.contains(part))
        }
        #expect(found.source.contains("role/last") && found.source.contains("role/first"))
    }

    @Test("a profile with keys of its own may name itself as the source of its role")
    func itself() async throws {
        let world = world(
            "[profile a]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = a\naws_access_key_id = AKIASELF\n"
                + "aws_secret_access_key = s\n")
        #expect(try await world.obtain().signing.accessKeyID == "ASIA-r")
        #expect(world.requests[0].request.headerFields[.authorization]?.contains("AKIASELF") == true)
    }

    @Test("the source of a role may be the environment, and the token service another one")
    func credentialSource() async throws {
        let config =
            "[profile a]\nrole_arn = arn:aws:iam::1:role/r\ncredential_source = Environment\nservices = l\n"
            + "[services l]\nsts =\n  endpoint_url = http://127.0.0.1:4566/\n"
        let keys = ["AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s"]
        // With keys in the environment those count: the profile is asked for on its own here.
        let world = world(config, keys)
        let profiles = try Profiles(world)
        let profile = try #require(profiles["a"])
        let found = try await ProfileCredentials(world, profiles, TokenService(world, profiles, region: "r")).obtain(
            profile)
        #expect(found?.signing.accessKeyID == "ASIA-r")
        #expect(world.requests[0].request.authority == "127.0.0.1:4566" && world.requests[0].request.scheme == "http")
    }

    @Test(
        "what a profile cannot mean is refused by name, before anybody is asked",
        arguments: [
            (
                "role_arn = arn:x\nsource_profile = b\n[profile b]\nrole_arn = arn:y\nsource_profile = a",
                "`a` → `b` → `a`"
            ),
            ("role_arn = arn:x\nsource_profile = a", "circle"), ("role_arn = arn:x\nsource_profile = gone", "`gone`"),
            ("role_arn = arn:x", "source_profile"),
            ("role_arn = arn:x\nsource_profile = base\ncredential_source = Environment", "both"),
            ("role_arn = arn:x\nsource_profile = base\nmfa_serial = arn:mfa", "mfa_serial"),
            ("role_arn = arn:x\nsource_profile = base\nduration_seconds = long", "duration_seconds"),
            ("role_arn = arn:x\nsource_profile = base\nduration_seconds = 60", "duration_seconds"),
            ("role_arn = arn:x\ncredential_source = Elsewhere", "`Elsewhere`"),
            ("role_arn = arn:x\ncredential_source = Environment", "`Environment`"),
            ("role_arn = arn:x\nsource_profile = none\n[profile none]\nregion = r", "`none`"),
            ("sso_session = gone\nsso_account_id = 1\nsso_role_name = r", "`gone`"),
            ("sso_account_id = 1\nsso_role_name = r", "sso_start_url"),
        ])
    func refused(_ settings: String, _ says: String) async {
        let world = world("[profile a]\n\(settings)\n\(Self.base)")
        let failure = await #expect(throws: CredentialsFailure.self) { try await world.obtain() }
        #expect(failure?.code == .badProfile && failure?.message.contains(says) == true, "\(failure?.message ?? "")")
        #expect(world.requests.isEmpty)
    }

    @Test("half of a pair of keys in a profile is an error without the half that is there")
    func half() async {
        let world = world("[profile a]\naws_secret_access_key = hidden\n")
        let failure = await #expect(throws: CredentialsFailure.self) { try await world.obtain() }
        #expect(failure?.code == .incomplete && failure?.message.contains("hidden") == false)
    }

    @Test("a role that says no, and a token service that does not answer, are told apart", arguments: [403, 0])
    func roleRefused(_ status: Int) async {
        let world = world("[profile a]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n\(Self.base)") {
            _, _ in
            status == 0 ? nil : (403, "<E><Error><Code>AccessDenied</Code><Message>not you</Message></Error></E>")
        }
        let failure = await #expect(throws: CredentialsFailure.self) { try await world.obtain() }
        #expect(failure?.code == (status == 0 ? .unreachable : .roleRefused))
        #expect(failure?.ofCall.effect == ProviderFailureEffect.none)
    }

    // MARK: Programs

    @Test("a program prints the keys and how long they are good")
    func program() async throws {
        let output =
            "{\"Version\": 1, \"AccessKeyId\": \"ASIAP\", \"SecretAccessKey\": \"s\", \"SessionToken\": \"t\", "
            + "\"Expiration\": \"2027-01-15T10:00:00+01:00\"}"
        let world = world(
            "[profile a]\ncredential_process = /opt/get \"my keys\"\n",
            programs: ["/opt/get \"my keys\"": .status(0, output: Array(output.utf8))])
        let found = try await world.obtain()
        #expect(found.signing.accessKeyID == "ASIAP" && found.expires == 1_800_003_600)
    }

    @Test("a program that fails, hangs or prints something else is named, and what it printed is not")
    func brokenProgram() async {
        let ends: [ProgramEnd] = [
            .status(3, output: Array("hidden".utf8)), .status(0, output: Array("hidden".utf8)), .timedOut, .notStarted,
            .status(0, output: Array("{\"Version\": 2, \"AccessKeyId\": \"hidden\", \"SecretAccessKey\": \"s\"}".utf8)),
            .status(0, output: Array("{\"Version\": 1, \"SecretAccessKey\": \"hidden\"}".utf8)),
            .status(
                0,
                output: Array(
                    ("{\"Version\": 1, \"AccessKeyId\": \"hidden\", \"SecretAccessKey\": \"s\", "
                        + "\"Expiration\": \"2020-01-01T00:00:00Z\"}").utf8)),
        ]
        for end in ends {
            let world = world("[profile a]\ncredential_process = p\n", programs: ["p": end])
            let failure = await #expect(throws: CredentialsFailure.self) { try await world.obtain() }
            #expect(failure?.code == .sourceFailed && failure?.message.contains("credential_process") == true)
            #expect(failure?.message.contains("hidden") == false)
        }
    }

    // MARK: Sign-ins

    private static let session =
        "[profile a]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n"
        + "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n"
    /// The SHA-1 of `corp`.
    private static let cache = "/home/a/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json"

    @Test("a sign-in's token buys the keys of a role")
    func signOn() async throws {
        let world = world(
            Self.session, files: [Self.cache: "{\"accessToken\": \"TOKEN\", \"expiresAt\": \"2027-01-15T09:00:00UTC\"}"]
        ) { _, _ in
            (
                200,
                "{\"roleCredentials\": {\"accessKeyId\": \"ASIAS\", \"secretAccessKey\": \"s\", \"sessionToken\": \"t\", "
                    + "\"expiration\": 1800003600000}}"
            )
        }
        let found = try await world.obtain()
        #expect(found.signing.accessKeyID == "ASIAS" && found.expires == 1_800_003_600)
        let request = world.requests[0].request
        #expect(request.authority == "portal.sso.eu-west-1.amazonaws.com" && request.scheme == "https")
        #expect(request.path == "/federation/credentials?role_name=Admin&account_id=123456789012")
        #expect(request.headerFields.contains { $0.value == "TOKEN" })
    }

    @Test("without a sign-in, with an old one, or with one that is not accepted, the remedy is to sign in")
    func signedOut() async {
        let texts: [String?] = [
            nil, "{\"accessToken\": \"TOKEN\", \"expiresAt\": \"2026-01-15T09:00:00Z\"}",
            "{\"accessToken\": \"TOKEN\", \"expiresAt\": \"2028-01-15T09:00:00Z\"}",
        ]
        for text in texts {
            let world = world(Self.session, files: text.map { [Self.cache: $0] } ?? [:]) { _, _ in (401, "{}") }
            let failure = await #expect(throws: CredentialsFailure.self) { try await world.obtain() }
            #expect(failure?.code == .loginNeeded)
            #expect(failure?.message.contains("aws sso login --profile a") == true)
            #expect(failure?.message.contains("TOKEN") == false)
        }
    }

    @Test(
        "times are read in the forms that the services and tools write",
        arguments: [
            ("2027-01-15T09:00:00Z", 1_800_003_600), ("2027-01-15T09:00:00.123Z", 1_800_003_600),
            ("2027-01-15T09:00:00UTC", 1_800_003_600), ("2027-01-15T10:30:00+01:30", 1_800_003_600),
            ("2027-01-15T08:00:00-0100", 1_800_003_600), ("2027-01-15", nil), ("2027-13-15T09:00:00Z", nil),
            ("2027-01-15T25:00:00Z", nil), ("2027-01-15T09:00:00", nil), ("tomorrow at nine sharp", nil), ("", nil),
        ] as [(String, Int?)])
    func times(_ text: String, _ seconds: Int?) {
        #expect(ObtainedCredentials.seconds(from: text) == seconds)
    }
}
