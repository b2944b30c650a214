import Resources
import SigV4
import Testing

@testable import AWSProvider

@Suite("Roles that an engine's own token service hands out")
struct EngineRoleTests {
    private static let role = "arn:aws:iam::123456789012:role/deploy"

    private func trust(_ externalID: String? = nil) -> String {
        let condition = externalID.map { ", \"Condition\": {\"StringEquals\": {\"sts:ExternalId\": \"\($0)\"}}" } ?? ""
        return "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": "
            + "\"arn:aws:iam::123456789012:user/ann\"}, \"Action\": \"sts:AssumeRole\"\(condition)}]}"
    }

    /// The clients of a user of the engine, who may assume whatever trusts her.
    private func ann(_ world: EngineWorld, trusting externalID: String? = nil) async throws -> ServiceClients {
        let iam = world.clients.iam
        _ = try await iam.call("CreateUser", ["UserName": "ann"])
        _ = try await iam.call("CreateRole", ["RoleName": "deploy", "AssumeRolePolicyDocument": trust(externalID)])
        let key = try await iam.call("CreateAccessKey", ["UserName": "ann"])
        let keys = try #require(key["AccessKey"])
        let id = try #require(keys.text("AccessKeyId"))
        let secret = try #require(keys.text("SecretAccessKey"))
        return world.clients(signing: SigningCredentials(accessKeyID: id, secretAccessKey: secret))
    }

    @Test("the keys of a role sign the calls, as the session that was asked for")
    func assumed() async throws {
        let world = try await EngineWorld.make()
        let ann = try await ann(world, trusting: "team")
        let request = RoleRequest(roleARN: Self.role, sessionName: "release", externalID: "team", durationSeconds: 900)
        let assumed = AssumedRole(request, clients: ann, now: { 1_700_000_000 }) {
            () async throws(CredentialsFailure) in
            ObtainedCredentials(SigningCredentials(accessKeyID: "a", secretAccessKey: "s"), source: "ann's keys")
        }
        let found = try await assumed.obtain()
        #expect(found.expires == 1_700_000_900 && found.signing.sessionToken != nil)
        #expect(found.source.contains(Self.role) && found.source.contains("ann's keys"))
        let caller = try await world.clients(signing: found.signing).sts.call("GetCallerIdentity")
        #expect(caller.text("Arn") == "arn:aws:sts::123456789012:assumed-role/deploy/release")
        #expect(try await world.clients(signing: found.signing).accountID() == "123456789012")
    }

    @Test(
        "a role that does not trust the caller is refused with what the token service says", arguments: ["other", nil])
    func refused(_ externalID: String?) async throws {
        let world = try await EngineWorld.make()
        let ann = try await ann(world, trusting: "team")
        let request = RoleRequest(roleARN: Self.role, externalID: externalID)
        let assumed = AssumedRole(request, clients: ann, now: { 0 }) { () async throws(CredentialsFailure) in
            ObtainedCredentials(SigningCredentials(accessKeyID: "a", secretAccessKey: "s"), source: "ann's keys")
        }
        let failure = await #expect(throws: CredentialsFailure.self) { try await assumed.obtain() }
        #expect(failure?.code == .roleRefused)
        #expect((failure?.cause as? ProviderFailure)?.targetCode == "AccessDenied")
    }
}
