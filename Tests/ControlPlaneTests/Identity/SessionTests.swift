import ControlPlane
import SigV4
import Synchronization
import Testing

@Suite struct SessionTests {
    /// A moment that a test moves.
    private final class Watch: Sendable {
        private let seconds = Mutex(Engine.now)
        var now: Int { seconds.withLock { $0 } }
        func advance(by more: Int) { seconds.withLock { $0 += more } }
    }

    /// `dev` may assume `exec`, whose policy allows listing users.
    private func world(
        _ engine: Engine, trust: String? = nil, policy: String? = nil
    ) async throws -> SigningCredentials {
        let dev = try await engine.user("dev", policy)
        await engine.done(
            "CreateRole", ("RoleName", "exec"),
            ("AssumeRolePolicyDocument", trust ?? Documents.trust("AWS", Engine.userARN("dev"))))
        await engine.done(
            "PutRolePolicy", ("RoleName", "exec"), ("PolicyName", "p"),
            ("PolicyDocument", Documents.allow("iam:ListUsers")))
        return dev
    }

    private static let refused =
        "AccessDenied: User: \(Engine.userARN("dev")) is not authorized to perform: sts:AssumeRole on resource: "
        + Engine.roleARN("exec")

    private func refused(_ engine: Engine, as dev: SigningCredentials, _ more: (String, String)...) async {
        let answer = await engine.ask(
            "AssumeRole", [("RoleArn", Engine.roleARN("exec")), ("RoleSessionName", "test")] + more,
            service: "sts", as: dev)
        #expect(answer.error == Self.refused)
        #expect(answer.status == 403)
    }

    @Test("who is named by the trust policy gets a session, which may what the role may")
    func assume() async throws {
        let engine = try await Engine.strict()
        let dev = try await world(engine)
        let answer = await engine.done(
            "AssumeRole", ("RoleArn", Engine.roleARN("exec")), ("RoleSessionName", "test"), service: "sts", as: dev)
        #expect(answer["Arn"] == "arn:aws:sts::123456789012:assumed-role/exec/test")
        #expect(answer["AssumedRoleId"]?.hasSuffix(":test") == true)
        #expect(answer["Expiration"] == "2026-01-01T01:00:00Z")
        let session = try Engine.credentials(answer)
        #expect(session.accessKeyID.hasPrefix("ASIA"))
        let who = await engine.done("GetCallerIdentity", service: "sts", as: session)
        #expect(who["Arn"] == answer["Arn"])
        #expect(who["UserId"] == answer["AssumedRoleId"])
        #expect(await engine.done("ListUsers", as: session).all("UserName") == ["dev"])
        await engine.refused(
            "ListGroups", status: 403, as: session,
            says: "AccessDenied: User: arn:aws:sts::123456789012:assumed-role/exec/test is not authorized to perform: "
                + "iam:ListGroups on resource: * because no identity-based policy allows the iam:ListGroups action")
        #expect(await engine.ask("ListUsers", as: dev)["Code"] == "AccessDenied")
    }

    @Test("who is not trusted is refused, also by a role that does not exist and by the root")
    func untrusted() async throws {
        let engine = try await Engine.strict()
        let dev = try await world(engine, trust: Documents.gatewayTrust, policy: Documents.allow("sts:*"))
        await refused(engine, as: dev)
        let missing = await engine.ask(
            "AssumeRole", [("RoleArn", Engine.roleARN("nope")), ("RoleSessionName", "test")], service: "sts", as: dev)
        #expect(missing["Code"] == "AccessDenied")
        await engine.refused(
            "AssumeRole", ("RoleArn", Engine.roleARN("exec")), ("RoleSessionName", "test"), status: 403,
            service: "sts", says: "AccessDenied: Roles may not be assumed by root accounts.")
    }

    @Test("a trust policy that names the account leaves the choice to the caller's own policies")
    func delegated() async throws {
        let engine = try await Engine.strict()
        let dev = try await world(engine, trust: Documents.trust("AWS", "123456789012"))
        await refused(engine, as: dev)
        await engine.done(
            "PutUserPolicy", ("UserName", "dev"), ("PolicyName", "a"),
            ("PolicyDocument", Documents.allow("sts:AssumeRole", on: Engine.roleARN("exec"))))
        _ = try await engine.assume("exec", as: dev)
    }

    @Test("an external id is asked for by condition")
    func externalID() async throws {
        let engine = try await Engine.strict()
        let trust =
            #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"\#(Engine.userARN("dev"))"},"#
            + #""Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"4711"}}}}"#
        await engine.done("CreateUser", ("UserName", "dev"))
        let dev = try await engine.key(of: "dev")
        await engine.done("CreateRole", ("RoleName", "exec"), ("AssumeRolePolicyDocument", trust))
        await refused(engine, as: dev)
        await refused(engine, as: dev, ("ExternalId", "4712"))
        _ = try await engine.assume("exec", as: dev, ("ExternalId", "4711"))
    }

    @Test("a session policy limits, and one that cannot be read is refused")
    func sessionPolicy() async throws {
        let engine = try await Engine.strict()
        let dev = try await world(engine)
        let session = try await engine.assume("exec", as: dev, ("Policy", Documents.allow("s3:*")))
        let answer = await engine.ask("ListUsers", as: session)
        #expect(answer["Message"]?.hasSuffix("because no session policy allows the iam:ListUsers action") == true)
        let bad = await engine.ask(
            "AssumeRole", [("RoleArn", Engine.roleARN("exec")), ("RoleSessionName", "x1"), ("Policy", "{")],
            service: "sts", as: dev)
        #expect(bad["Code"] == "MalformedPolicyDocument")
        let long = Documents.allow("iam:ListUsers", on: String(repeating: "a", count: 2100))
        let large = await engine.ask(
            "AssumeRole", [("RoleArn", Engine.roleARN("exec")), ("RoleSessionName", "x1"), ("Policy", long)],
            service: "sts", as: dev)
        #expect(["PackedPolicyTooLarge", "MalformedPolicyDocument"].contains(large["Code"]))
    }

    @Test("a session lasts as long as it was asked for, within what the role allows, and an hour in a chain")
    func duration() async throws {
        let watch = Watch()
        let engine = try await Engine.strict(clock: { watch.now })
        let dev = try await world(engine)
        let tooLong = await engine.ask(
            "AssumeRole",
            [("RoleArn", Engine.roleARN("exec")), ("RoleSessionName", "test"), ("DurationSeconds", "3601")],
            service: "sts", as: dev)
        #expect(
            tooLong.error
                == "ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
        let session = try await engine.assume("exec", as: dev, ("DurationSeconds", "900"))
        watch.advance(by: 899)
        #expect(await engine.ask("ListUsers", as: session, at: watch.now).status == 200)
        watch.advance(by: 1)
        let expired = await engine.ask("ListUsers", as: session, at: watch.now)
        #expect(expired.error == "ExpiredToken: The security token included in the request is expired")

        let longer = await engine.ask(
            "UpdateRole", [("RoleName", "exec"), ("MaxSessionDuration", "7200")], at: watch.now)
        #expect(longer.status == 200)
        let fresh = try Engine.credentials(
            await engine.ask(
                "AssumeRole", [("RoleArn", Engine.roleARN("exec")), ("RoleSessionName", "test")], service: "sts",
                as: dev, at: watch.now))
        let chained = await engine.ask(
            "AssumeRole",
            [("RoleArn", Engine.roleARN("exec")), ("RoleSessionName", "test"), ("DurationSeconds", "7200")],
            service: "sts", as: fresh, at: watch.now)
        #expect(chained["Message"]?.contains("role chaining") == true)
    }

    @Test("a role that is deleted ends its sessions, a policy or trust that is removed counts at once")
    func removed() async throws {
        let engine = try await Engine.strict()
        let dev = try await world(engine)
        let session = try await engine.assume("exec", as: dev)
        await engine.done(
            "UpdateAssumeRolePolicy", ("RoleName", "exec"), ("PolicyDocument", Documents.gatewayTrust))
        await refused(engine, as: dev)
        #expect(await engine.ask("ListUsers", as: session).status == 200)
        await engine.done("DeleteRolePolicy", ("RoleName", "exec"), ("PolicyName", "p"))
        #expect(await engine.ask("ListUsers", as: session)["Code"] == "AccessDenied")
        await engine.done("DeleteRole", ("RoleName", "exec"))
        await engine.refused(
            "GetCallerIdentity", status: 403, service: "sts", as: session,
            says: "InvalidClientTokenId: The security token included in the request is invalid.")
        await engine.done("CreateRole", ("RoleName", "exec"), ("AssumeRolePolicyDocument", Documents.gatewayTrust))
        #expect(await engine.ask("GetCallerIdentity", service: "sts", as: session)["Code"] == "InvalidClientTokenId")
    }

    @Test("a user made again under its name is another one to a trust policy")
    func recreated() async throws {
        let engine = try await Engine.strict()
        let dev = try await world(engine)
        await engine.done("DeleteAccessKey", ("UserName", "dev"), ("AccessKeyId", dev.accessKeyID))
        await engine.done("DeleteUser", ("UserName", "dev"))
        await engine.refused(
            "GetCallerIdentity", status: 403, service: "sts", as: dev,
            says: "InvalidClientTokenId: The security token included in the request is invalid.")
        await refused(engine, as: try await engine.user("dev", Documents.allow("sts:*")))
    }

    @Test("a token that was changed, or is of other keys, is no token")
    func forged() async throws {
        let engine = try await Engine.strict()
        let dev = try await world(engine)
        let one = try await engine.assume("exec", as: dev)
        let two = try await engine.assume("exec", as: dev)
        for forged in [
            SigningCredentials(
                accessKeyID: one.accessKeyID, secretAccessKey: one.secretAccessKey, sessionToken: two.sessionToken),
            SigningCredentials(
                accessKeyID: one.accessKeyID, secretAccessKey: one.secretAccessKey, sessionToken: "AAAA"),
            SigningCredentials(
                accessKeyID: dev.accessKeyID, secretAccessKey: dev.secretAccessKey, sessionToken: one.sessionToken),
            SigningCredentials(accessKeyID: one.accessKeyID, secretAccessKey: one.secretAccessKey),
        ] {
            #expect(await engine.ask("ListUsers", as: forged)["Code"] == "InvalidClientTokenId")
        }
        var wrong = one
        wrong.secretAccessKey = two.secretAccessKey
        #expect(await engine.ask("ListUsers", as: wrong)["Code"] == "SignatureDoesNotMatch")
    }

    @Test("session tags are allowed by sts:TagSession, seen by policies, and transitive ones go along")
    func tags() async throws {
        let engine = try await Engine.strict()
        let dev = try await world(engine)
        let tags = [
            ("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "a"), ("TransitiveTagKeys.member.1", "team"),
        ]
        let names = [("RoleArn", Engine.roleARN("exec")), ("RoleSessionName", "test")]
        let refused = await engine.ask("AssumeRole", names + tags, service: "sts", as: dev)
        #expect(refused["Message"]?.contains("sts:TagSession") == true)
        let trust =
            #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":["\#(Engine.userARN("dev"))","#
            + #""\#(Engine.roleARN("exec"))"]},"Action":["sts:AssumeRole","sts:TagSession"]}}"#
        await engine.done("UpdateAssumeRolePolicy", ("RoleName", "exec"), ("PolicyDocument", trust))
        await engine.done(
            "PutRolePolicy", ("RoleName", "exec"), ("PolicyName", "p"),
            (
                "PolicyDocument",
                #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*","#
                    + #""Condition":{"StringEquals":{"aws:PrincipalTag/team":"a"}}},"#
                    + #"{"Effect":"Allow","Action":"sts:*","Resource":"*"}]}"#
            ))
        let tagged = try Engine.credentials(await engine.ask("AssumeRole", names + tags, service: "sts", as: dev))
        #expect(await engine.ask("ListUsers", as: tagged).status == 200)
        let plain = try Engine.credentials(await engine.ask("AssumeRole", names, service: "sts", as: dev))
        #expect(await engine.ask("ListUsers", as: plain)["Code"] == "AccessDenied")
        let chained = try Engine.credentials(await engine.ask("AssumeRole", names, service: "sts", as: tagged))
        #expect(await engine.ask("ListUsers", as: chained).status == 200)
    }

    @Test("session tokens of users are good for other services, and for IAM only with MFA")
    func sessionToken() async throws {
        let engine = try await Engine.strict()
        let dev = try await engine.user("dev", Documents.allowAll)
        let session = try Engine.credentials(await engine.ask("GetSessionToken", service: "sts", as: dev))
        #expect(
            await engine.done("GetCallerIdentity", service: "sts", as: session)["Arn"] == Engine.userARN("dev"))
        #expect(await engine.ask("ListUsers", as: session)["Code"] == "InvalidClientTokenId")
        #expect(await engine.ask("GetSessionToken", service: "sts", as: session)["Code"] == "AccessDenied")
    }

    @Test("a federated user may what its user and its session policy both allow, and nothing of IAM")
    func federated() async throws {
        let engine = try await Engine.strict()
        let dev = try await engine.user("dev", Documents.allowAll)
        let answer = await engine.done("GetFederationToken", ("Name", "bob"), service: "sts", as: dev)
        #expect(answer["Arn"] == "arn:aws:sts::123456789012:federated-user/bob")
        let session = try Engine.credentials(answer)
        #expect(await engine.done("GetCallerIdentity", service: "sts", as: session)["Arn"] == answer["Arn"])
        #expect(await engine.ask("ListUsers", as: session)["Code"] == "InvalidClientTokenId")
        #expect(await engine.ask("GetSessionToken", service: "sts", as: session)["Code"] == "AccessDenied")
    }
}
