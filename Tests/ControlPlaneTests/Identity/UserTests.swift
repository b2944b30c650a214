import ControlPlane
import Testing

@Suite struct UserTests {
    @Test("a user is made, read, listed by path, renamed, moved and deleted")
    func lifecycle() async throws {
        let engine = try await Engine()
        let made = await engine.done(
            "CreateUser", ("UserName", "dev"), ("Path", "/team/a/"), ("Tags.member.1.Key", "cost"),
            ("Tags.member.1.Value", "1 + 2"))
        #expect(made["Arn"] == "arn:aws:iam::123456789012:user/team/a/dev")
        #expect(made["CreateDate"] == "2026-01-01T00:00:00Z")
        let id = try #require(made["UserId"])
        #expect(id.hasPrefix("AIDA") && id.count == 21)
        #expect(made["Key"] == "cost")
        #expect(await engine.done("ListUsers", ("PathPrefix", "/team/")).all("UserName") == ["dev"])
        #expect(await engine.done("ListUsers", ("PathPrefix", "/other/")).all("UserName") == [])
        #expect(await engine.done("ListUsers")["Tags"] == nil)

        await engine.done("UpdateUser", ("UserName", "dev"), ("NewUserName", "DEV"), ("NewPath", "/"))
        let renamed = await engine.done("GetUser", ("UserName", "DEV"))
        #expect(renamed["UserId"] == id)
        #expect(renamed["Arn"] == "arn:aws:iam::123456789012:user/DEV")
        await engine.done("DeleteUser", ("UserName", "DEV"))
        await engine.refused(
            "GetUser", ("UserName", "DEV"), status: 404, says: "NoSuchEntity: The user with name DEV cannot be found.")
    }

    @Test("names are unique ignoring case, and compared with case")
    func names() async throws {
        let engine = try await Engine()
        for (noun, extra) in [
            ("User", []), ("Group", []), ("Role", [("AssumeRolePolicyDocument", Documents.gatewayTrust)]),
        ] as [(String, [(String, String)])] {
            #expect(await engine.ask("Create\(noun)", [("\(noun)Name", "Dev")] + extra).status == 200)
            let second = await engine.ask("Create\(noun)", [("\(noun)Name", "dEV"), ("Path", "/x/")] + extra)
            #expect(second.status == 409)
            #expect(second.error == "EntityAlreadyExists: \(noun) with name dEV already exists.")
            #expect(await engine.ask("Get\(noun)", [("\(noun)Name", "dev")])["Code"] == "NoSuchEntity")
        }
        await engine.done("CreateUser", ("UserName", "other"))
        await engine.refused(
            "UpdateUser", ("UserName", "other"), ("NewUserName", "DEV"), status: 409,
            says: "EntityAlreadyExists: User with name DEV already exists.")
    }

    @Test("a user that still has something is not deleted, and the answer says what")
    func conflicts() async throws {
        let engine = try await Engine()
        await engine.done("CreateUser", ("UserName", "dev"))
        await engine.done("CreateGroup", ("GroupName", "admins"))
        await engine.done("AddUserToGroup", ("GroupName", "admins"), ("UserName", "dev"))
        let inGroup = "DeleteConflict: Cannot delete entity, must remove users from group first."
        await engine.refused("DeleteUser", ("UserName", "dev"), status: 409, says: inGroup)
        await engine.refused("DeleteGroup", ("GroupName", "admins"), status: 409, says: inGroup)
        await engine.done("RemoveUserFromGroup", ("GroupName", "admins"), ("UserName", "dev"))
        await engine.done(
            "PutUserPolicy", ("UserName", "dev"), ("PolicyName", "p"), ("PolicyDocument", Documents.allowAll))
        await engine.refused(
            "DeleteUser", ("UserName", "dev"), status: 409,
            says: "DeleteConflict: Cannot delete entity, must delete policies first.")
        await engine.done("DeleteUserPolicy", ("UserName", "dev"), ("PolicyName", "p"))
        let policy = await engine.done(
            "CreatePolicy", ("PolicyName", "p"), ("PolicyDocument", Documents.allowAll))
        let arn = try #require(policy["Arn"])
        await engine.done("AttachUserPolicy", ("UserName", "dev"), ("PolicyArn", arn))
        await engine.refused(
            "DeleteUser", ("UserName", "dev"), status: 409,
            says: "DeleteConflict: Cannot delete entity, must detach all policies first.")
        await engine.done("DetachUserPolicy", ("UserName", "dev"), ("PolicyArn", arn))
        await engine.done("DeleteUser", ("UserName", "dev"))
        await engine.done("DeleteGroup", ("GroupName", "admins"))
        await engine.done("DeletePolicy", ("PolicyArn", arn))
    }

    @Test("groups list their members, users their groups, and a user is in ten of them at most")
    func groups() async throws {
        let engine = try await Engine()
        await engine.done("CreateUser", ("UserName", "dev"))
        for number in 0..<11 { await engine.done("CreateGroup", ("GroupName", "g\(number)")) }
        for number in 0..<10 { await engine.done("AddUserToGroup", ("GroupName", "g\(number)"), ("UserName", "dev")) }
        await engine.done("AddUserToGroup", ("GroupName", "g3"), ("UserName", "dev"))
        await engine.refused(
            "AddUserToGroup", ("GroupName", "g10"), ("UserName", "dev"), status: 409,
            says: "LimitExceeded: Cannot exceed quota for GroupsPerUser: 10")
        #expect(await engine.done("ListGroupsForUser", ("UserName", "dev")).all("GroupName").count == 10)
        await engine.done("UpdateGroup", ("GroupName", "g3"), ("NewGroupName", "renamed"))
        let group = await engine.done("GetGroup", ("GroupName", "renamed"))
        #expect(group["Group"]?.contains("<GroupName>renamed</GroupName>") == true)
        #expect(group.all("UserName") == ["dev"])
        await engine.refused(
            "RemoveUserFromGroup", ("GroupName", "g10"), ("UserName", "dev"), status: 404,
            says: "NoSuchEntity: User dev is not in group g10.")
    }

    @Test("tags are set, replaced ignoring case, removed, and limited to fifty")
    func tags() async throws {
        let engine = try await Engine()
        await engine.done("CreateUser", ("UserName", "dev"))
        await engine.done(
            "TagUser", ("UserName", "dev"), ("Tags.member.1.Key", "Team"), ("Tags.member.1.Value", "a"),
            ("Tags.member.2.Key", "empty"), ("Tags.member.2.Value", ""))
        await engine.done(
            "TagUser", ("UserName", "dev"), ("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "b"))
        var tags = await engine.done("ListUserTags", ("UserName", "dev"))
        #expect(tags.all("Key") == ["empty", "team"])
        #expect(tags.all("Value") == ["", "b"])
        await engine.done("UntagUser", ("UserName", "dev"), ("TagKeys.member.1", "TEAM"))
        tags = await engine.done("GetUser", ("UserName", "dev"))
        #expect(tags.all("Key") == ["empty"])
        await engine.refused(
            "TagUser", ("UserName", "dev"), ("Tags.member.1.Key", "AWS:x"), ("Tags.member.1.Value", ""),
            says: "InvalidInput: aws: prefixed tag key names are not allowed for external use.")
        await engine.refused(
            "TagUser", ("UserName", "dev"), ("Tags.member.1.Key", "a"), ("Tags.member.1.Value", ""),
            ("Tags.member.2.Key", "A"), ("Tags.member.2.Value", ""),
            says: "InvalidInput: Duplicate tag keys found. Please note that Tag keys are case insensitive.")
        func many(_ range: Range<Int>) -> [(String, String)] {
            range.enumerated().flatMap { position, number in
                [
                    ("Tags.member.\(position + 1).Key", "k\(number)"), ("Tags.member.\(position + 1).Value", "v"),
                ]
            }
        }
        let tooMany = await engine.ask("TagUser", [("UserName", "dev")] + many(0..<51))
        #expect(tooMany["Code"] == "ValidationError")
        let full = await engine.ask("TagUser", [("UserName", "dev")] + many(0..<50))
        #expect(full.error == "LimitExceeded: Cannot exceed quota for TagsPerResource: 50")
        #expect(await engine.done("ListUserTags", ("UserName", "dev")).all("Key") == ["empty"])
    }

    @Test("quotas of the account are kept")
    func quotas() async throws {
        let engine = try await Engine {
            $0.quotas.iam.users = 1
            $0.quotas.iam.groups = 0
        }
        await engine.done("CreateUser", ("UserName", "a"))
        await engine.refused(
            "CreateUser", ("UserName", "b"), status: 409,
            says: "LimitExceeded: Cannot exceed quota for UsersPerAccount: 1")
        await engine.refused(
            "CreateGroup", ("GroupName", "b"), status: 409,
            says: "LimitExceeded: Cannot exceed quota for GroupsPerAccount: 0")
        await engine.done("DeleteUser", ("UserName", "a"))
        await engine.done("CreateUser", ("UserName", "b"))
    }
}
