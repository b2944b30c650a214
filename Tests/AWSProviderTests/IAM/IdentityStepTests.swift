import JSON
import Planning
import Resources
import Testing

@testable import AWSProvider

/// Plans with users, groups, roles and policies, call by call, on the real engine.
@Suite("Identities on an engine")
struct IdentityStepTests {
    static func document(_ action: String, effect: String = "Allow") -> JSONValue {
        [
            "Version": "2012-10-17",
            "Statement": [["Effect": .string(effect), "Action": .string(action), "Resource": "*"]],
        ]
    }

    static func trust(_ principal: JSONValue) -> JSONValue {
        [
            "Version": "2012-10-17",
            "Statement": [["Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"]],
        ]
    }

    static let policy = IdentityWorld.object(.policy, "invoke", ["policyDocument": document("execute-api:Invoke")])
    static let group = IdentityWorld.object(.group, "api-admins", ["managedPolicyArns": ["${Policy/invoke.arn}"]])
    static let user = IdentityWorld.object(
        .user, "dev",
        [
            "groups": ["${Group/api-admins.name}"], "inlinePolicies": ["own": document("s3:GetObject")],
            "tags": ["a": "b"],
        ])
    static let role = IdentityWorld.object(
        .role, "exec",
        [
            "assumeRolePolicyDocument": trust(["Service": "apigateway.amazonaws.com"]), "description": "runs",
            "managedPolicyArns": ["${Policy/invoke.arn}", "arn:aws:iam::aws:policy/AmazonAPIGatewayAdministrator"],
            "maxSessionDuration": 7200, "permissionsBoundary": "${Policy/invoke.arn}",
        ])
    static let profile = IdentityWorld.object(.instanceProfile, "box", ["roles": ["${Role/exec.name}"]])
    static let oidc = IdentityWorld.object(
        .oidcProvider, "ci",
        [
            "url": "https://ci.example.com", "clientIdList": ["sts.amazonaws.com"],
            "thumbprintList": [.string(String(repeating: "a", count: 40))],
        ])
    static let saml = IdentityWorld.object(
        .samlProvider, "sso", ["samlMetadataDocument": .string(metadata("https://sso.example.com"))])
    static let everything = [policy, group, user, role, profile, oidc, saml]

    static func metadata(_ entity: String) -> String {
        "<EntityDescriptor entityID=\"\(entity)\"><X509Certificate>AAAA</X509Certificate>"
            + String(repeating: "<!-- padding -->", count: 80)
            + "</EntityDescriptor>"
    }

    @Test("what is applied is what is observed, and the next plan is empty")
    func roundTrip() async throws {
        var world = try await IdentityWorld.make()
        let operations = try await world.apply(Self.everything)
        #expect(try await world.has(Self.everything))
        #expect(try await world.plan(Self.everything, refresh: true).changes.isEmpty)
        // A policy comes before those that it is attached to.
        let created = try #require(operations.firstIndex(of: "CreatePolicy"))
        for attach in ["AttachGroupPolicy", "AttachRolePolicy"] {
            #expect(try #require(operations.firstIndex(of: attach)) > created)
        }
    }

    @Test("every step of making everything is undone, in reverse, down to nothing")
    func undone() async throws {
        var world = try await IdentityWorld.make()
        try await world.apply(Self.everything)
        try await world.undo()
        #expect(world.identities.isEmpty)
        var fresh = IdentityWorld(engine: world.engine)
        // Nothing is in the way of making it again.
        try await fresh.apply(Self.everything)
        #expect(try await fresh.has(Self.everything))
    }

    @Test("a failure at any step leaves what was before it, once the steps before are undone")
    func halfWay() async throws {
        let count = try IdentityWorld(engine: try await EngineWorld.make()).engine.provider.steps(
            for: Planner.plan(desired: IdentityWorld.graph(Self.everything), recorded: []).changes
        ).count
        for failing in 0..<count {
            var world = try await IdentityWorld.make()
            let plan = try await world.plan(Self.everything)
            let steps = try world.engine.provider.steps(for: plan.changes)
            for step in steps.prefix(failing) { try await world.engine.perform(step) }
            for step in steps.prefix(failing).reversed() { try await world.engine.undo(step) }
            #expect(world.identities.isEmpty, "after \(failing) steps")
        }
    }

    @Test("deleting everything detaches before it deletes, and what comes back is deleted before what does not")
    func deleted() async throws {
        var world = try await IdentityWorld.make()
        try await world.apply(Self.everything)
        let operations = try await world.apply([])
        #expect(try await world.observed(Self.everything.map(\.address)).isEmpty)
        let firstLast = try #require(world.steps.firstIndex { !$0.isReversible })
        #expect(world.steps[firstLast...].allSatisfy { !$0.isReversible })
        #expect(try #require(operations.firstIndex(of: "DetachRolePolicy")) < firstLast)
        #expect(try #require(operations.firstIndex(of: "RemoveUserFromGroup")) < firstLast)
        #expect(
            try #require(operations.firstIndex(of: "DeletePolicy")) > #require(operations.firstIndex(of: "DeleteRole")))
    }

    @Test("a membership that goes is one change and one call, and comes back by an undo")
    func membership() async throws {
        var world = try await IdentityWorld.make()
        try await world.apply([Self.policy, Self.group, Self.user])
        var document = try #require(Self.user.document.object)
        document["groups"] = JSONValue?.none
        let out = DesiredResource(address: Self.user.address, document: .object(document))
        let plan = try await world.plan([Self.policy, Self.group, out])
        #expect(plan.changes.map(\.visibility) == [.revoke])
        #expect(try await world.apply([Self.policy, Self.group, out]) == ["RemoveUserFromGroup"])
        #expect(try await world.has([Self.policy, Self.group, out]))
        try await world.undo()
        #expect(try await world.has([Self.policy, Self.group, Self.user]))
    }

    @Test("an edit that grants and takes away grants first, and both are undone")
    func split() async throws {
        var world = try await IdentityWorld.make()
        try await world.apply([Self.policy])
        let other = IdentityWorld.object(.policy, "invoke", ["policyDocument": Self.document("execute-api:Manage*")])
        let plan = try await world.plan([other])
        #expect(plan.changes.map(\.visibility) == [.grant, .revoke])
        #expect(try await world.apply([other]) == ["CreatePolicyVersion", "CreatePolicyVersion"])
        #expect(try await world.has([other]))
        try await world.undo()
        #expect(try await world.has([Self.policy]))
    }

    @Test("versions of a policy never run out, and housekeeping leaves four")
    func versions() async throws {
        var world = try await IdentityWorld.make()
        try await world.apply([Self.policy])
        var last = Self.policy
        for number in 0..<9 {
            last = IdentityWorld.object(
                .policy, "invoke", ["policyDocument": Self.document("s3:Get\(number)")])
            try await world.apply([last])
        }
        #expect(try await world.has([last]))
        #expect(try await world.engine.provider.tidy(world.identities) > 0)
        let arn = try #require(world.identities[Self.policy.address]?.physicalID)
        let versions = try await world.engine.clients.iam.list(
            "ListPolicyVersions", "Versions", ["PolicyArn": arn])
        #expect(versions.count == 4)
        #expect(try await world.has([last]))
    }

    @Test("a user is renamed and moved in place, by one call, and back")
    func renamed() async throws {
        var world = try await IdentityWorld.make()
        try await world.apply([Self.policy, Self.group, Self.user])
        let id = try #require(world.identities[Self.user.address]?.attribute("id"))
        var document = try #require(Self.user.document.object)
        document["name"] = "developer"
        document["path"] = "/team/"
        let renamed = DesiredResource(
            address: Address(.user, "developer"), document: .object(document), dependencies: Self.user.dependencies)
        let operations = try await world.apply(
            [Self.policy, Self.group, renamed], renames: [Rename(from: Self.user.address, to: renamed.address)])
        #expect(operations == ["UpdateUser"])
        #expect(try await world.has([renamed]))
        #expect(world.identities[renamed.address]?.attribute("id") == id)
        #expect(world.identities[renamed.address]?.attribute("arn")?.hasSuffix(":user/team/developer") == true)
        try await world.undo()
        #expect(world.identities[renamed.address]?.physicalID == "dev")
    }

    @Test("a role that moves to another path goes and comes back, with all that it had and that needs it")
    func replaced() async throws {
        var world = try await IdentityWorld.make()
        try await world.apply([Self.policy, Self.role, Self.profile])
        var document = try #require(Self.role.document.object)
        document["path"] = "/service/"
        let moved = DesiredResource(
            address: Self.role.address, document: .object(document), dependencies: Self.role.dependencies)
        let plan = try await world.plan([Self.policy, moved, Self.profile])
        #expect(plan.needsConsent == [.interruption(Self.role.address)])
        try await world.apply([Self.policy, moved, Self.profile])
        #expect(try await world.has([Self.policy, moved, Self.profile]))
        #expect(try await world.plan([Self.policy, moved, Self.profile], refresh: true).changes.isEmpty)
    }

    @Test("a policy whose path changes is detached, made again and attached")
    func replacedPolicy() async throws {
        var world = try await IdentityWorld.make()
        try await world.apply([Self.policy, Self.group])
        var document = try #require(Self.policy.document.object)
        document["path"] = "/api/"
        let moved = DesiredResource(address: Self.policy.address, document: .object(document))
        let operations = try await world.apply([moved, Self.group])
        #expect(operations == ["DetachGroupPolicy", "DeletePolicy", "CreatePolicy", "AttachGroupPolicy"])
        #expect(try await world.has([moved, Self.group]))
    }

    @Test("a role under another name is made beside the old one, which goes last")
    func beside() async throws {
        var world = try await IdentityWorld.make()
        try await world.apply([Self.policy, Self.role])
        var document = try #require(Self.role.document.object)
        document["name"] = "runner"
        let renamed = DesiredResource(
            address: Address(.role, "runner"), document: .object(document), dependencies: Self.role.dependencies)
        let operations = try await world.apply(
            [Self.policy, renamed], renames: [Rename(from: Self.role.address, to: renamed.address)])
        #expect(operations.first == "CreateRole")
        #expect(operations.last == "DeleteRole")
        #expect(try await world.has([Self.policy, renamed]))
        let roles = try await world.engine.clients.iam.list("ListRoles", "Roles")
        #expect(roles.compactMap { $0.text("RoleName") } == ["runner"])
    }
}
