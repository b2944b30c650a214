import JSON
import Planning
import Resources
import Testing

@testable import AWSProvider

/// What others do to users, groups, roles and policies, and what is found of it.
@Suite("Drift of identities")
struct IdentityDriftTests {
    private static let aws = "arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"
    private static let group = IdentityStepTests.group
    private static let policy = IdentityStepTests.policy
    private static let user = IdentityStepTests.user

    @Test("what others attached is drift, and is detached")
    func exclusive() async throws {
        var world = try await IdentityWorld.make()
        try await world.apply([Self.policy, Self.group, Self.user])
        try await world.iam("AttachUserPolicy", ["UserName": "dev", "PolicyArn": Self.aws])
        let plan = try await world.plan([Self.policy, Self.group, Self.user], refresh: true)
        #expect(plan.changes.map(\.address) == [Self.user.address])
        #expect(plan.changes.first?.reason == "it was changed on the target")
        #expect(
            try await world.apply([Self.policy, Self.group, Self.user], refresh: true) == ["DetachUserPolicy"])
        #expect(try await world.has([Self.user]))
    }

    @Test("what others attached to an additive principal is left alone, its own is not")
    func additive() async throws {
        var document = try #require(Self.user.document.object)
        document["attachments"] = "additive"
        let user = DesiredResource(
            address: Self.user.address, document: .object(document), dependencies: Self.user.dependencies)
        let all = [Self.policy, Self.group, user]
        var world = try await IdentityWorld.make()
        try await world.apply(all)
        try await world.iam("AttachUserPolicy", ["UserName": "dev", "PolicyArn": Self.aws])
        try await world.iam("CreateGroup", ["GroupName": "others"])
        try await world.iam("AddUserToGroup", ["UserName": "dev", "GroupName": "others"])
        #expect(try await world.plan(all, refresh: true).changes.isEmpty)
        try await world.iam("RemoveUserFromGroup", ["UserName": "dev", "GroupName": "api-admins"])
        #expect(try await world.apply(all, refresh: true) == ["AddUserToGroup"])
        let found = try await world.observed([user.address])[user.address]
        #expect(found?.document["managedPolicyArns"] == [.string(Self.aws)])
    }

    @Test("of many principals all are read in two calls for each role and none for others")
    func bulk() async throws {
        let users = (0..<12).map {
            IdentityWorld.object(.user, "u\($0)", ["inlinePolicies": ["p": IdentityStepTests.document("s3:*")]])
        }
        var world = try await IdentityWorld.make()
        try await world.apply(users)
        let survey = try await world.engine.provider.survey(
            Observation(addresses: users.map(\.address), identities: world.identities))
        #expect(survey.objects.count == 12)
        // The list of APIs, and the account's details.
        #expect(survey.callsCount == 2)
        for user in users {
            #expect(survey.objects[user.address]?.matches(user.document, of: .user, world.identities) == true)
        }
    }

    @Test("a principal that was made again leaves its old id in a trust policy, which is drift")
    func brokenTrust() async throws {
        let role = IdentityWorld.object(
            .role, "exec", ["assumeRolePolicyDocument": IdentityStepTests.trust(["AWS": "${User/dev.arn}"])])
        let user = IdentityWorld.object(.user, "dev", [:])
        var world = try await IdentityWorld.make()
        try await world.apply([user, role])
        #expect(try await world.plan([user, role], refresh: true).changes.isEmpty)
        try await world.iam("DeleteUser", ["UserName": "dev"])
        try await world.iam("CreateUser", ["UserName": "dev"])
        let plan = try await world.plan([user, role], refresh: true)
        let change = try #require(plan.changes.first { $0.address == role.address })
        #expect(change.reason?.contains("AIDA") == true, "\(change.reason ?? "")")
        #expect(try await world.apply([user, role], refresh: true).contains("UpdateAssumeRolePolicy"))
        #expect(try await world.plan([user, role], refresh: true).changes.isEmpty)
    }

    @Test("a user that is there already is not taken for ours: making it is refused with what to write")
    func alreadyThere() async throws {
        var world = try await IdentityWorld.make()
        try await world.iam("CreateUser", ["UserName": "dev"])
        #expect(try await world.observed([Self.user.address]).isEmpty)
        let failure = await #expect(throws: ProviderFailure.self) {
            try await world.apply([IdentityWorld.object(.user, "dev", [:])])
        }
        #expect(failure?.targetCode == "EntityAlreadyExists")
        #expect(failure?.effect == ProviderFailure.Effect.none)
        #expect(failure?.message.contains("metadata.adopt") == true)
    }

    @Test("a user with keys of its own is not deleted: the target's refusal is passed on")
    func deleteConflict() async throws {
        let user = IdentityWorld.object(.user, "dev", [:])
        var world = try await IdentityWorld.make()
        try await world.apply([user])
        try await world.iam("CreateAccessKey", ["UserName": "dev"])
        let failure = await #expect(throws: ProviderFailure.self) { try await world.apply([]) }
        #expect(failure?.targetCode == "DeleteConflict")
        #expect(failure?.code == .refused)
    }

    @Test("a create whose reply was lost is found by its token, and not by its name alone")
    func lostCreate() async throws {
        let world = try await IdentityWorld.make()
        let user = IdentityWorld.object(.user, "dev", [:])
        let plan = try await world.plan([user])
        let step = try #require(try world.engine.provider.steps(for: plan.changes).first)
        let context = world.engine.context(step)
        _ = try await world.engine.provider.perform(step, context)
        func look(_ token: String) async throws -> Int {
            try await world.engine.provider.observe(
                Observation(addresses: [user.address], tokens: [user.address: token])
            ).count
        }
        #expect(try await look(context.token) == 1)
        #expect(try await look("another") == 0)
    }

    @Test("every mark names environment, address and commit, and is found by them")
    func marks() async throws {
        var world = try await IdentityWorld.make()
        try await world.apply(IdentityStepTests.everything)
        let kinds = Set(IdentityStepTests.everything.map(\.address.kind))
        let owned = try await world.engine.provider.owned(of: kinds)
        let marked = Set(
            owned.compactMap { object -> Address? in
                if case .of("dev", let address, let commits) = object.marker, commits.count == 1 {
                    address
                } else {
                    nil
                }
            })
        #expect(marked == Set(IdentityStepTests.everything.map(\.address)).subtracting([Self.group.address]))
        // Without a known name all is found again by the marks, and the group by its name.
        let found = try await world.engine.provider.observe(
            Observation(addresses: IdentityStepTests.everything.map(\.address)))
        #expect(found.count == IdentityStepTests.everything.count)
        try await world.engine.provider.mark(world.identities, commit: String(repeating: "b", count: 40))
        let again = try await world.engine.provider.owned(of: [.role])
        guard case .of(_, _, let commits)? = again.first?.marker else { return #expect(Bool(false), "no mark") }
        #expect(commits == [String(repeating: "b", count: 40)])
    }

    @Test("a marked user that nothing is recorded of is found by a survey, others are not")
    func strays() async throws {
        var world = try await IdentityWorld.make()
        let users = ["dev", "left"].map { IdentityWorld.object(.user, $0, [:]) }
        try await world.apply(users)
        try await world.iam("CreateUser", ["UserName": "stranger"])
        let survey = try await world.engine.provider.survey(
            Observation(
                addresses: [users[0].address], identities: world.identities.filter { $0.key == users[0].address }))
        #expect(Set(survey.objects.keys) == Set(users.map(\.address)))
    }
}
