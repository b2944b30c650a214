import ControlPlane
import IAMPolicy
import Testing

@Suite struct PolicyTests {
    private static let arn = "arn:aws:iam::123456789012:policy/team/p"

    private func engine() async throws -> Engine {
        let engine = try await Engine()
        let made = await engine.done(
            "CreatePolicy", ("PolicyName", "p"), ("Path", "/team/"), ("Description", "who may"),
            ("PolicyDocument", Documents.allowAll))
        #expect(made["Arn"] == Self.arn)
        #expect(made["PolicyId"]?.hasPrefix("ANPA") == true)
        #expect(made["DefaultVersionId"] == "v1")
        #expect(made["Description"] == nil)
        return engine
    }

    @Test("a document comes back URL-encoded, and decoded it is what was written")
    func document() async throws {
        let engine = try await engine()
        let text =
            "{\n  \"Version\": \"2012-10-17\", \"Statement\": ["
            + #"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/a+b c~é"}]}"#
        await engine.done("CreatePolicyVersion", ("PolicyArn", Self.arn), ("PolicyDocument", text))
        let answer = await engine.done("GetPolicyVersion", ("PolicyArn", Self.arn), ("VersionId", "v2"))
        let document = try #require(answer["Document"])
        #expect(document.hasPrefix("%7B%0A%20%20%22Version%22%3A%20%222012-10-17%22"))
        #expect(document.contains("a%2Bb%20c~%C3%A9"))
        #expect(Engine.decoded(document) == text)
        #expect(answer["IsDefaultVersion"] == "false")
    }

    @Test("versions: five at most, numbers are not used twice, the default one stays")
    func versions() async throws {
        let engine = try await engine()
        for _ in 2...5 {
            await engine.done("CreatePolicyVersion", ("PolicyArn", Self.arn), ("PolicyDocument", Documents.allowAll))
        }
        await engine.refused(
            "CreatePolicyVersion", ("PolicyArn", Self.arn), ("PolicyDocument", Documents.allowAll), status: 409,
            says:
                "LimitExceeded: A managed policy can have up to 5 versions. Before you create a new version, you must "
                + "delete an existing version.")
        await engine.refused(
            "DeletePolicyVersion", ("PolicyArn", Self.arn), ("VersionId", "v1"), status: 409,
            says: "DeleteConflict: Cannot delete the default version of a policy.")
        await engine.done("DeletePolicyVersion", ("PolicyArn", Self.arn), ("VersionId", "v5"))
        let made = await engine.done(
            "CreatePolicyVersion", ("PolicyArn", Self.arn), ("PolicyDocument", Documents.allow("s3:Get*")),
            ("SetAsDefault", "true"))
        #expect(made["VersionId"] == "v6")
        #expect(made["IsDefaultVersion"] == "true")
        #expect(
            await engine.done("ListPolicyVersions", ("PolicyArn", Self.arn)).all("VersionId") == [
                "v6", "v4", "v3", "v2", "v1",
            ])
        await engine.done("SetDefaultPolicyVersion", ("PolicyArn", Self.arn), ("VersionId", "v2"))
        let policy = await engine.done("GetPolicy", ("PolicyArn", Self.arn))
        #expect(policy["DefaultVersionId"] == "v2")
        #expect(policy["Description"] == "who may")
        await engine.refused(
            "DeletePolicy", ("PolicyArn", Self.arn), status: 409,
            says:
                "DeleteConflict: This policy has more than one version. Before you delete a policy, you must delete the "
                + "policy's versions. The default version is deleted with the policy.")
        #expect(
            await engine.ask("GetPolicyVersion", [("PolicyArn", Self.arn), ("VersionId", "v5")])["Code"]
                == "NoSuchEntity")
        for version in ["v1", "v3", "v4", "v6"] {
            await engine.done("DeletePolicyVersion", ("PolicyArn", Self.arn), ("VersionId", version))
        }
        await engine.done("DeletePolicy", ("PolicyArn", Self.arn))
    }

    @Test("a policy that is in use is not deleted, and says who uses it")
    func use() async throws {
        let engine = try await engine()
        await engine.done("CreateUser", ("UserName", "dev"))
        await engine.done("CreateGroup", ("GroupName", "admins"))
        await engine.done(
            "CreateRole", ("RoleName", "exec"), ("AssumeRolePolicyDocument", Documents.gatewayTrust),
            ("PermissionsBoundary", Self.arn))
        await engine.done("AttachGroupPolicy", ("GroupName", "admins"), ("PolicyArn", Self.arn))
        await engine.done("AttachUserPolicy", ("UserName", "dev"), ("PolicyArn", Self.arn))
        await engine.done("AttachUserPolicy", ("UserName", "dev"), ("PolicyArn", Self.arn))
        let policy = await engine.done("GetPolicy", ("PolicyArn", Self.arn))
        #expect(policy["AttachmentCount"] == "2")
        #expect(policy["PermissionsBoundaryUsageCount"] == "1")
        let entities = await engine.done("ListEntitiesForPolicy", ("PolicyArn", Self.arn))
        #expect(entities.all("UserName") == ["dev"])
        #expect(entities.all("GroupName") == ["admins"])
        #expect(entities.all("RoleName") == ["exec"])
        let bounded = await engine.done(
            "ListEntitiesForPolicy", ("PolicyArn", Self.arn), ("PolicyUsageFilter", "PermissionsBoundary"))
        #expect(bounded.all("RoleName") == ["exec"])
        #expect(bounded.all("UserName") == [])
        let attached = await engine.done("ListPolicies", ("OnlyAttached", "true"), ("Scope", "Local"))
        #expect(attached.all("Arn") == [Self.arn])
        let inUse = "DeleteConflict: Cannot delete a policy attached to entities."
        await engine.refused("DeletePolicy", ("PolicyArn", Self.arn), status: 409, says: inUse)
        await engine.done("DetachUserPolicy", ("UserName", "dev"), ("PolicyArn", Self.arn))
        await engine.done("DetachGroupPolicy", ("GroupName", "admins"), ("PolicyArn", Self.arn))
        await engine.refused("DeletePolicy", ("PolicyArn", Self.arn), status: 409, says: inUse)
        #expect(await engine.done("GetRole", ("RoleName", "exec"))["PermissionsBoundaryArn"] == Self.arn)
        await engine.done("DeleteRolePermissionsBoundary", ("RoleName", "exec"))
        await engine.done("DeletePolicy", ("PolicyArn", Self.arn))
        await engine.refused(
            "DetachUserPolicy", ("UserName", "dev"), ("PolicyArn", Self.arn), status: 404,
            says: "NoSuchEntity: Policy \(Self.arn) was not found.")
        await engine.refused(
            "AttachUserPolicy", ("UserName", "dev"), ("PolicyArn", Self.arn), status: 404,
            says: "NoSuchEntity: Policy \(Self.arn) does not exist or is not attachable.")
        await engine.refused(
            "AttachUserPolicy", ("UserName", "dev"), ("PolicyArn", "this-is-not-an-arn-at-all"),
            says: "InvalidInput: ARN this-is-not-an-arn-at-all is not valid.")
        await engine.refused(
            "PutUserPermissionsBoundary", ("UserName", "dev"), ("PermissionsBoundary", Self.arn), status: 404,
            says: "NoSuchEntity: Scope ARN: \(Self.arn) does not exist or is not attachable.")
    }

    @Test("ten managed policies are attached to a user at most")
    func attachments() async throws {
        let engine = try await Engine()
        await engine.done("CreateUser", ("UserName", "dev"))
        var arns: [String] = []
        for number in 0..<11 {
            let made = await engine.done(
                "CreatePolicy", ("PolicyName", "p\(number)"), ("PolicyDocument", Documents.allowAll))
            arns.append(try #require(made["Arn"]))
        }
        for arn in arns.prefix(10) { await engine.done("AttachUserPolicy", ("UserName", "dev"), ("PolicyArn", arn)) }
        await engine.refused(
            "AttachUserPolicy", ("UserName", "dev"), ("PolicyArn", arns[10]), status: 409,
            says: "LimitExceeded: Cannot exceed quota for PoliciesPerUser: 10")
        let listed = await engine.done("ListAttachedUserPolicies", ("UserName", "dev"), ("MaxItems", "4"))
        #expect(listed.all("PolicyName") == ["p0", "p1", "p2", "p3"])
        #expect(listed["IsTruncated"] == "true")
    }

    @Test("sizes are counted without white space outside strings", arguments: ["User", "Group", "Role"])
    func sizes(_ noun: String) async throws {
        let engine = try await Engine()
        let most = ["User": 2048, "Group": 5120, "Role": 10240][noun] ?? 0
        let name = ("\(noun)Name", "x")
        #expect(
            await engine.ask("Create\(noun)", [name, ("AssumeRolePolicyDocument", Documents.gatewayTrust)]).status
                == 200)
        let frame = Documents.allow("s3:*", on: "arn:aws:s3:::").utf8.count
        let full = Documents.allow("s3:*", on: "arn:aws:s3:::" + String(repeating: "a", count: most - frame))
        await engine.done(
            "Put\(noun)Policy", name, ("PolicyName", "p"),
            ("PolicyDocument", full + String(repeating: " \n", count: 500)))
        await engine.refused(
            "Put\(noun)Policy", name, ("PolicyName", "q"), ("PolicyDocument", Documents.allowAll), status: 409,
            says: "LimitExceeded: Maximum policy size of \(most) bytes exceeded for \(noun.lowercased()) x")
        #expect(await engine.done("List\(noun)Policies", name).all("member") == ["p"])
        let big = Documents.allow("s3:*", on: "arn:aws:s3:::" + String(repeating: "a", count: 6200))
        await engine.refused(
            "CreatePolicy", ("PolicyName", "big"), ("PolicyDocument", big), status: 409,
            says: "LimitExceeded: Cannot exceed quota for PolicySize: 6144")
    }

    @Test("managed policies that the engine was started with are attached and decide like those that it has")
    func givenPolicies() async throws {
        let path = "/service-role/"
        let arn = "arn:aws:iam::aws:policy\(path)Listing"
        let engine = try await Engine.strict {
            $0.managedPolicies = .shipped.adding([
                ManagedPolicy(
                    name: "Listing", path: path, defaultVersionID: "v3", createDate: "2026-01-01T00:00:00Z",
                    updateDate: "2026-01-01T00:00:00Z", description: "", text: Documents.allow("iam:ListUsers"))
            ])
        }
        let dev = try await engine.user("dev")
        #expect(await engine.ask("ListUsers", as: dev).status == 403)
        await engine.done("AttachUserPolicy", ("UserName", "dev"), ("PolicyArn", arn))
        await engine.done("ListUsers", as: dev)
        let policy = await engine.done("GetPolicy", ("PolicyArn", arn))
        #expect(policy["DefaultVersionId"] == "v3" && policy["AttachmentCount"] == "1", "\(policy.text)")
        #expect(await engine.done("ListPolicies", ("Scope", "AWS"), ("MaxItems", "1000")).all("Arn").contains(arn))
        await engine.done("GetPolicy", ("PolicyArn", "arn:aws:iam::aws:policy/AmazonAPIGatewayAdministrator"))
    }

    @Test("a document that is no JSON object is refused and nothing is kept", arguments: ["nope", "[]", "{", "\"x\""])
    func malformed(_ text: String) async throws {
        let engine = try await Engine()
        await engine.done("CreateUser", ("UserName", "dev"))
        for (action, parameters) in [
            ("CreatePolicy", [("PolicyName", "p"), ("PolicyDocument", text)]),
            ("PutUserPolicy", [("UserName", "dev"), ("PolicyName", "p"), ("PolicyDocument", text)]),
            ("CreateRole", [("RoleName", "r"), ("AssumeRolePolicyDocument", text)]),
        ] {
            let answer = await engine.ask(action, parameters)
            #expect(answer["Code"] == "MalformedPolicyDocument")
            #expect(answer.status == 400)
        }
        #expect(await engine.done("ListRoles").all("RoleName") == [])
        #expect(await engine.done("ListPolicies", ("Scope", "Local")).all("PolicyName") == [])
        #expect(await engine.done("ListUserPolicies", ("UserName", "dev")).all("member") == [])
    }
}
