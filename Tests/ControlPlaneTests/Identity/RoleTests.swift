import ControlPlane
import Testing

@Suite struct RoleTests {
    @Test("a role is made, read, updated and deleted; its trust policy comes back as written")
    func lifecycle() async throws {
        let engine = try await Engine()
        let made = await engine.done(
            "CreateRole", ("RoleName", "exec"), ("Path", "/service-role/"), ("Description", "runs"),
            ("MaxSessionDuration", "7200"), ("AssumeRolePolicyDocument", Documents.gatewayTrust))
        #expect(made["Arn"] == "arn:aws:iam::123456789012:role/service-role/exec")
        #expect(made["RoleId"]?.hasPrefix("AROA") == true)
        var role = await engine.done("GetRole", ("RoleName", "exec"))
        #expect(Engine.decoded(role["AssumeRolePolicyDocument"] ?? "") == Documents.gatewayTrust)
        #expect(role["MaxSessionDuration"] == "7200")
        let updated = await engine.done("UpdateRole", ("RoleName", "exec"), ("Description", ""))
        #expect(updated.text.contains("<UpdateRoleResult></UpdateRoleResult>"))
        role = await engine.done("GetRole", ("RoleName", "exec"))
        #expect(role["Description"] == nil)
        #expect(role["MaxSessionDuration"] == "7200")
        #expect(
            await engine.done("UpdateRoleDescription", ("RoleName", "exec"), ("Description", "b"))["Description"]
                == "b")
        #expect(
            await engine.ask("UpdateRole", [("RoleName", "exec"), ("MaxSessionDuration", "60")])["Code"]
                == "ValidationError")
        await engine.done("DeleteRole", ("RoleName", "exec"))
        #expect(await engine.done("ListRoles").all("RoleName") == [])
    }

    @Test("a trust policy names living principals; one that is deleted and made again is another one")
    func principals() async throws {
        let engine = try await Engine()
        let arn = "arn:aws:iam::123456789012:user/dev"
        await engine.refused(
            "CreateRole", ("RoleName", "exec"), ("AssumeRolePolicyDocument", Documents.trust("AWS", arn)),
            says: "MalformedPolicyDocument: Invalid principal in policy: \"AWS\":\"\(arn)\"")
        let id = try #require(await engine.done("CreateUser", ("UserName", "dev"))["UserId"])
        await engine.done(
            "CreateRole", ("RoleName", "exec"), ("AssumeRolePolicyDocument", Documents.trust("AWS", arn)))
        func trust() async -> String {
            Engine.decoded(await engine.done("GetRole", ("RoleName", "exec"))["AssumeRolePolicyDocument"] ?? "")
        }
        #expect(await trust() == Documents.trust("AWS", arn))
        await engine.done("UpdateUser", ("UserName", "dev"), ("NewUserName", "ops"))
        #expect(await trust() == Documents.trust("AWS", "arn:aws:iam::123456789012:user/ops"))
        await engine.done("DeleteUser", ("UserName", "ops"))
        #expect(await trust() == Documents.trust("AWS", id))
        await engine.done("CreateUser", ("UserName", "ops"))
        #expect(await trust() == Documents.trust("AWS", id))
        await engine.done(
            "UpdateAssumeRolePolicy", ("RoleName", "exec"), ("PolicyDocument", Documents.trust("AWS", "123456789012")))
        #expect(await trust() == Documents.trust("AWS", "arn:aws:iam::123456789012:root"))
    }

    @Test("an instance profile holds one role, and keeps both from being deleted")
    func profiles() async throws {
        let engine = try await Engine()
        for name in ["a", "b"] {
            await engine.done("CreateRole", ("RoleName", name), ("AssumeRolePolicyDocument", Documents.gatewayTrust))
        }
        await engine.done("CreateInstanceProfile", ("InstanceProfileName", "p"), ("Path", "/x/"))
        await engine.refused(
            "CreateInstanceProfile", ("InstanceProfileName", "P"), status: 409,
            says: "EntityAlreadyExists: Instance Profile P already exists.")
        await engine.done("AddRoleToInstanceProfile", ("InstanceProfileName", "p"), ("RoleName", "a"))
        await engine.refused(
            "AddRoleToInstanceProfile", ("InstanceProfileName", "p"), ("RoleName", "b"), status: 409,
            says: "LimitExceeded: Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
        let conflict = "DeleteConflict: Cannot delete entity, must remove roles from instance profile first."
        await engine.refused("DeleteRole", ("RoleName", "a"), status: 409, says: conflict)
        await engine.refused("DeleteInstanceProfile", ("InstanceProfileName", "p"), status: 409, says: conflict)
        let listed = await engine.done("ListInstanceProfilesForRole", ("RoleName", "a"))
        #expect(listed["Arn"] == "arn:aws:iam::123456789012:instance-profile/x/p")
        #expect(listed.all("RoleName") == ["a"])
        await engine.done("RemoveRoleFromInstanceProfile", ("InstanceProfileName", "p"), ("RoleName", "a"))
        await engine.refused(
            "RemoveRoleFromInstanceProfile", ("InstanceProfileName", "p"), ("RoleName", "a"), status: 404,
            says: "NoSuchEntity: Role a in Instance Profile p cannot be found.")
        await engine.done("DeleteInstanceProfile", ("InstanceProfileName", "p"))
        await engine.done("DeleteRole", ("RoleName", "a"))
    }

    @Test("roles of services cannot be made or changed by hand")
    func serviceRoles() async throws {
        let engine = try await Engine()
        let answer = await engine.ask(
            "CreateRole",
            [
                ("RoleName", "x"), ("Path", "/aws-service-role/a.amazonaws.com/"),
                ("AssumeRolePolicyDocument", Documents.gatewayTrust),
            ])
        #expect(answer["Code"] == "AccessDenied")
    }
}
