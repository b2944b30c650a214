import ControlPlane
import Testing

@Suite struct CredentialTests {
    @Test("passwords follow the account's policy, are checked by the old one, and never shown")
    func passwords() async throws {
        let engine = try await Engine.strict()
        let dev = try await engine.user("dev", Documents.allow("iam:ChangePassword"))
        let weak = await engine.ask("CreateLoginProfile", [("UserName", "dev"), ("Password", "password")])
        #expect(weak["Code"] == "PasswordPolicyViolation")
        await engine.done(
            "UpdateAccountPasswordPolicy", ("MinimumPasswordLength", "12"), ("RequireSymbols", "true"))
        await engine.refused(
            "CreateLoginProfile", ("UserName", "dev"), ("Password", "Aa345678"),
            says: "PasswordPolicyViolation: Password should have a minimum length of 12")
        await engine.refused(
            "CreateLoginProfile", ("UserName", "dev"), ("Password", "Aa3456789012"),
            says: "PasswordPolicyViolation: Password should have at least one symbol")
        await engine.done("CreateLoginProfile", ("UserName", "dev"), ("Password", "Aa345678901!"))
        await engine.refused(
            "CreateLoginProfile", ("UserName", "dev"), ("Password", "Aa345678901!"), status: 409,
            says: "EntityAlreadyExists: Login Profile for user dev already exists.")
        await engine.refused(
            "ChangePassword", ("OldPassword", "wrong"), ("NewPassword", "Bb345678901!"), status: 403, as: dev,
            says: "AccessDenied: The old password was incorrect.")
        await engine.done("ChangePassword", ("OldPassword", "Aa345678901!"), ("NewPassword", "Bb345678901!"), as: dev)
        await engine.done("ChangePassword", ("OldPassword", "Bb345678901!"), ("NewPassword", "Cc345678901!"), as: dev)
        let long = String(repeating: "x", count: 129)
        let refused = await engine.ask("CreateLoginProfile", [("UserName", "dev"), ("Password", long)])
        #expect(refused["Code"] == "ValidationError" && !refused.text.contains(long))
        await engine.done("DeleteLoginProfile", ("UserName", "dev"))
        await engine.done("DeleteAccountPasswordPolicy")
        #expect(await engine.ask("GetAccountPasswordPolicy")["Code"] == "NoSuchEntity")
    }

    @Test("an MFA device is enabled by two codes in a row, and lets its user into IAM with a session")
    func devices() async throws {
        let engine = try await Engine.strict()
        let dev = try await engine.user("dev", Documents.allowAll)
        let made = await engine.done("CreateVirtualMFADevice", ("VirtualMFADeviceName", "phone"))
        let serial = try #require(made["SerialNumber"])
        #expect(serial == "arn:aws:iam::123456789012:mfa/phone")
        #expect(made["Base32StringSeed"]?.isEmpty == false)
        let enable = [("UserName", "dev"), ("SerialNumber", serial)]
        let wrong = await engine.ask(
            "EnableMFADevice", enable + [("AuthenticationCode1", "000000"), ("AuthenticationCode2", "000001")])
        #expect(wrong["Code"] == "InvalidAuthenticationCode")
        #expect(wrong.status == 403)
        #expect(await engine.done("ListMFADevices", ("UserName", "dev")).all("SerialNumber") == [])
        #expect(
            await engine.done("ListVirtualMFADevices", ("AssignmentStatus", "Unassigned")).all("SerialNumber")
                == [serial])
        let refused = await engine.ask(
            "GetSessionToken", [("SerialNumber", serial), ("TokenCode", "000000")], service: "sts", as: dev)
        #expect(refused["Code"] == "AccessDenied")
        await engine.done("DeleteVirtualMFADevice", ("SerialNumber", serial))
    }

    @Test("the account has one alias, and a new one takes its place")
    func alias() async throws {
        let engine = try await Engine.strict()
        await engine.done("CreateAccountAlias", ("AccountAlias", "first"))
        await engine.done("CreateAccountAlias", ("AccountAlias", "second"))
        #expect(await engine.done("ListAccountAliases").all("member") == ["second"])
        #expect(await engine.ask("CreateAccountAlias", [("AccountAlias", "a--b")])["Code"] == "ValidationError")
        #expect(await engine.ask("DeleteAccountAlias", [("AccountAlias", "first")])["Code"] == "NoSuchEntity")
        await engine.done("DeleteAccountAlias", ("AccountAlias", "second"))
    }

    @Test("identity providers are kept by their ARNs")
    func providers() async throws {
        let engine = try await Engine.strict()
        let made = await engine.done(
            "CreateOpenIDConnectProvider", ("Url", "https://token.example.com/a/b"), ("ClientIDList.member.1", "one"),
            ("ThumbprintList.member.1", String(repeating: "ab", count: 20)))
        let arn = try #require(made["OpenIDConnectProviderArn"])
        #expect(arn == "arn:aws:iam::123456789012:oidc-provider/token.example.com/a/b")
        await engine.done("AddClientIDToOpenIDConnectProvider", ("OpenIDConnectProviderArn", arn), ("ClientID", "two"))
        await engine.done(
            "RemoveClientIDFromOpenIDConnectProvider", ("OpenIDConnectProviderArn", arn), ("ClientID", "one"))
        await engine.done(
            "TagOpenIDConnectProvider", ("OpenIDConnectProviderArn", arn), ("Tags.member.1.Key", "a"),
            ("Tags.member.1.Value", "b"))
        let provider = await engine.done("GetOpenIDConnectProvider", ("OpenIDConnectProviderArn", arn))
        #expect(provider["ClientIDList"] == "<member>two</member>")
        #expect(provider["Url"] == "token.example.com/a/b")
        #expect(provider["Key"] == "a")
        await engine.refused(
            "CreateOpenIDConnectProvider", ("Url", "https://token.example.com/a/b/"), status: 409,
            says: "EntityAlreadyExists: Provider with url https://token.example.com/a/b already exists.")
        #expect(
            await engine.ask("CreateOpenIDConnectProvider", [("Url", "http://x.example.com")])["Code"]
                == "ValidationError")
        await engine.done("DeleteOpenIDConnectProvider", ("OpenIDConnectProviderArn", arn))
        #expect(await engine.ask("GetOpenIDConnectProvider", [("OpenIDConnectProviderArn", arn)]).status == 404)

        let metadata =
            "<EntityDescriptor><X509Certificate>AAAA</X509Certificate>" + String(repeating: " ", count: 1000)
            + "</EntityDescriptor>"
        let saml = await engine.done("CreateSAMLProvider", ("Name", "corp"), ("SAMLMetadataDocument", metadata))
        let samlARN = try #require(saml["SAMLProviderArn"])
        #expect(await engine.done("ListSAMLProviders").all("Arn") == [samlARN])
        #expect(
            await engine.ask(
                "CreateSAMLProvider",
                [("Name", "x"), ("SAMLMetadataDocument", String(repeating: "x", count: 1000))])["Code"]
                == "InvalidInput")
        await engine.done("DeleteSAMLProvider", ("SAMLProviderArn", samlARN))
    }

    @Test("certificates, SSH keys and service credentials belong to their users and keep them from being deleted")
    func owned() async throws {
        let engine = try await Engine.strict()
        await engine.done("CreateUser", ("UserName", "dev"))
        let pem = "-----BEGIN CERTIFICATE-----\nAAAAAAAA\n-----END CERTIFICATE-----"
        let certificate = await engine.done(
            "UploadSigningCertificate", ("UserName", "dev"), ("CertificateBody", pem))
        let id = try #require(certificate["CertificateId"])
        #expect(
            await engine.ask("UploadSigningCertificate", [("UserName", "dev"), ("CertificateBody", pem)])["Code"]
                == "DuplicateCertificate")
        #expect(
            await engine.ask("UploadSigningCertificate", [("UserName", "dev"), ("CertificateBody", "x")])["Code"]
                == "MalformedCertificate")
        await engine.refused(
            "DeleteUser", ("UserName", "dev"), status: 409,
            says: "DeleteConflict: Cannot delete entity, must delete signing certificates first.")
        await engine.done("DeleteSigningCertificate", ("UserName", "dev"), ("CertificateId", id))

        let key = await engine.done(
            "UploadSSHPublicKey", ("UserName", "dev"), ("SSHPublicKeyBody", "ssh-rsa AAAAB3NzaC1yc2EA dev"))
        let keyID = try #require(key["SSHPublicKeyId"])
        #expect(key["Fingerprint"]?.utf8.count == 47)
        #expect(
            await engine.ask("UploadSSHPublicKey", [("UserName", "dev"), ("SSHPublicKeyBody", "nope")])["Code"]
                == "InvalidPublicKey")
        await engine.done(
            "UpdateSSHPublicKey", ("UserName", "dev"), ("SSHPublicKeyId", keyID), ("Status", "Inactive"))
        #expect(await engine.done("ListSSHPublicKeys", ("UserName", "dev"))["Status"] == "Inactive")
        await engine.done("DeleteSSHPublicKey", ("UserName", "dev"), ("SSHPublicKeyId", keyID))

        let service = await engine.done(
            "CreateServiceSpecificCredential", ("UserName", "dev"), ("ServiceName", "codecommit.amazonaws.com"))
        let password = try #require(service["ServicePassword"])
        let listed = await engine.done("ListServiceSpecificCredentials", ("UserName", "dev"))
        #expect(listed["ServiceUserName"] == "dev-at-123456789012" && !listed.text.contains(password))
        let credential = ("ServiceSpecificCredentialId", try #require(service["ServiceSpecificCredentialId"]))
        let reset = await engine.done("ResetServiceSpecificCredential", ("UserName", "dev"), credential)
        #expect(reset["ServicePassword"] != password)
        await engine.done("DeleteServiceSpecificCredential", ("UserName", "dev"), credential)
        #expect(
            await engine.ask(
                "CreateServiceSpecificCredential", [("UserName", "dev"), ("ServiceName", "x.amazonaws.com")]
            ).status == 404)
        await engine.done("DeleteUser", ("UserName", "dev"))
    }

    @Test("a server certificate is kept with its key sealed and unseen")
    func serverCertificates() async throws {
        let engine = try await Engine.strict()
        let key = "-----BEGIN PRIVATE KEY-----\nBBBBBBBB\n-----END PRIVATE KEY-----"
        await engine.done(
            "UploadServerCertificate", ("ServerCertificateName", "web"), ("PrivateKey", key),
            ("CertificateBody", "-----BEGIN CERTIFICATE-----\nAAAAAAAA\n-----END CERTIFICATE-----"))
        let read = await engine.done("GetServerCertificate", ("ServerCertificateName", "web"))
        #expect(read["ServerCertificateId"]?.hasPrefix("ASCA") == true)
        #expect(!read.text.contains("BBBBBBBB"))
        await engine.done(
            "UpdateServerCertificate", ("ServerCertificateName", "web"), ("NewServerCertificateName", "web2"),
            ("NewPath", "/cdn/"))
        #expect(
            await engine.done("ListServerCertificates", ("PathPrefix", "/cdn/")).all("ServerCertificateName")
                == ["web2"])
        await engine.done("DeleteServerCertificate", ("ServerCertificateName", "web2"))
    }

    @Test("a service-linked role is made for its service, and is deleted by its own operation alone")
    func serviceRoles() async throws {
        let engine = try await Engine.strict()
        let made = await engine.done("CreateServiceLinkedRole", ("AWSServiceName", "ops.apigateway.amazonaws.com"))
        let name = try #require(made["RoleName"])
        #expect(
            made["Arn"]
                == "arn:aws:iam::123456789012:role/aws-service-role/ops.apigateway.amazonaws.com/\(name)")
        let refused = await engine.ask("DeleteRole", [("RoleName", name)])
        #expect(refused["Code"] == "UnmodifiableEntity")
        let task = try #require(
            await engine.done("DeleteServiceLinkedRole", ("RoleName", name))["DeletionTaskId"])
        #expect(
            await engine.done("GetServiceLinkedRoleDeletionStatus", ("DeletionTaskId", task))["Status"] == "SUCCEEDED")
        #expect(await engine.ask("GetRole", [("RoleName", name)])["Code"] == "NoSuchEntity")
    }

    @Test("the details of the account hold everything once, over pages too")
    func details() async throws {
        let engine = try await Engine.strict()
        _ = try await engine.user("dev", Documents.allowAll)
        await engine.done("CreateGroup", ("GroupName", "admins"))
        await engine.done("AddUserToGroup", ("GroupName", "admins"), ("UserName", "dev"))
        await engine.done("CreatePolicy", ("PolicyName", "p"), ("PolicyDocument", Documents.allowAll))
        await engine.done(
            "AttachGroupPolicy", ("GroupName", "admins"), ("PolicyArn", "arn:aws:iam::123456789012:policy/p"))
        await engine.done("CreateRole", ("RoleName", "exec"), ("AssumeRolePolicyDocument", Documents.gatewayTrust))
        await engine.done("CreateInstanceProfile", ("InstanceProfileName", "box"))
        await engine.done("AddRoleToInstanceProfile", ("InstanceProfileName", "box"), ("RoleName", "exec"))
        var text = ""
        var marker: String?
        var pages = 0
        repeat {
            let page = await engine.ask(
                "GetAccountAuthorizationDetails",
                [("MaxItems", "2"), ("Filter.member.1", "User"), ("Filter.member.2", "Group")]
                    + [("Filter.member.3", "Role"), ("Filter.member.4", "LocalManagedPolicy")]
                    + (marker.map { [("Marker", $0)] } ?? []))
            text += page.text
            marker = page["Marker"]
            pages += 1
        } while marker != nil
        let all = Engine.QueryAnswer(status: 200, text: text)
        #expect(pages == 2)
        #expect(all.all("UserName") == ["dev"])
        #expect(all.all("GroupList").first == "<member>admins</member>")
        #expect(all["InstanceProfileName"] == "box")
        #expect(all.all("PolicyVersionList").first?.contains("<VersionId>v1</VersionId>") == true)
        #expect(all["UserPolicyList"]?.contains("<PolicyName>p</PolicyName>") == true)
        let summary = await engine.done("GetAccountSummary")
        #expect(summary.text.contains("<entry><key>Users</key><value>1</value></entry>"))
        await engine.done("GenerateCredentialReport")
        #expect(await engine.done("GetCredentialReport")["ReportFormat"] == "text/csv")
    }
}
