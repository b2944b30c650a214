import ControlPlane
import FoundationEssentials
import SigV4
import Testing

@Suite struct SAMLTests {
    private let issuer: SAMLIssuer

    init() throws { issuer = try SAMLIssuer() }

    private func engine(_ actions: String = #""sts:AssumeRoleWithSAML""#) async throws -> Engine {
        let engine = try await Engine.strict()
        await engine.done("CreateSAMLProvider", ("Name", "corp"), ("SAMLMetadataDocument", issuer.metadata))
        let trust =
            #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Federated":"\#(SAMLIssuer.provider)"},"#
            + #""Action":[\#(actions)],"Condition":{"StringEquals":{"SAML:aud":"\#(SAMLIssuer.audience)","#
            + #""SAML:iss":"\#(SAMLIssuer.id)"},"StringLike":{"SAML:sub":"*@example.com"}}}}"#
        await engine.done("CreateRole", ("RoleName", "exec"), ("AssumeRolePolicyDocument", trust))
        await engine.done(
            "PutRolePolicy", ("RoleName", "exec"), ("PolicyName", "p"),
            ("PolicyDocument", Documents.allow("iam:ListUsers")))
        return engine
    }

    private func assume(
        _ engine: Engine, _ response: String, _ more: (String, String)...
    ) async -> Engine.QueryAnswer {
        await engine.ask(
            "AssumeRoleWithSAML",
            [
                ("RoleArn", Engine.roleARN("exec")), ("PrincipalArn", SAMLIssuer.provider),
                ("SAMLAssertion", Data(response.utf8).base64EncodedString()),
            ] + more, service: "sts", as: nil)
    }

    @Test("a signed assertion gives a session of the role, without any signature of the request")
    func assertion() async throws {
        let engine = try await engine()
        let answer = await assume(engine, SAMLIssuer.response(try issuer.signed()))
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer["Arn"] == "arn:aws:sts::123456789012:assumed-role/exec/alice")
        #expect(answer["Subject"] == "alice@example.com" && answer["SubjectType"] == "persistent")
        #expect(answer["Issuer"] == SAMLIssuer.id && answer["Audience"] == SAMLIssuer.audience)
        // base64(sha1("https://idp.example.com/saml" + "123456789012" + "/corp")), by other means.
        #expect(answer["NameQualifier"] == "HahBW48oNiXLlr28VT6/xduH27c=")
        let session = try Engine.credentials(answer)
        #expect(await engine.ask("ListUsers", as: session).status == 200)
    }

    @Test("the response may be signed instead, or both")
    func response() async throws {
        let engine = try await engine()
        for content in [issuer.assertion(.init()), try issuer.signed()] {
            let signature = try issuer.signature(of: SAMLIssuer.response(content), id: "_response")
            let answer = await assume(engine, SAMLIssuer.response(content, signature: signature))
            #expect(answer.status == 200, "\(answer.text)")
            // One of two that is wrong is one too many.
            let other = try SAMLIssuer().signature(of: SAMLIssuer.response(content), id: "_response")
            let refused = await assume(engine, SAMLIssuer.response(content, signature: other))
            #expect(refused["Code"] == "InvalidIdentityToken")
        }
    }

    @Test("a prefix that is to be written wherever it is in scope is")
    func inclusivePrefixes() async throws {
        let engine = try await engine()
        let transform =
            #"<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><ec:InclusiveNamespaces "#
            + #"xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="xs"></ec:InclusiveNamespaces></ds:Transform>"#
        let form = SAMLIssuer.Form(transform: transform)
        func declared(_ text: String) -> String {
            let namespace = #"xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion""#
            return text.replacing(namespace, with: namespace + #" xmlns:xs="http://www.w3.org/2001/XMLSchema""#)
        }
        let signature = try issuer.signature(of: declared(issuer.assertion(.init())), id: "_assertion", form)
        let assertion = declared(issuer.assertion(.init(), signature: signature))
        #expect(await assume(engine, SAMLIssuer.response(assertion)).status == 200)
        let without = issuer.assertion(.init(), signature: signature)
        #expect(await assume(engine, SAMLIssuer.response(without))["Code"] == "InvalidIdentityToken")
    }

    // MARK: Signatures

    @Test("what is not signed, not by the provider, not so, or changed afterwards opens nothing")
    func forged() async throws {
        let engine = try await engine()
        let stranger = try SAMLIssuer()
        let ownKey = "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        let signed = try issuer.signed()
        let none = "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"></ds:Transform>"
        for (name, assertion) in [
            ("unsigned", issuer.assertion(.init())),
            ("of a stranger", try stranger.signed()),
            ("with the stranger's key beside", try stranger.signed(.init(), .init(keyInfo: ownKey))),
            ("with another subject", signed.replacing("alice@", with: "admin@")),
            ("with another role", signed.replacing("role/exec", with: "role/admin")),
            ("by SHA-1", try issuer.signed(.init(), .init(method: "http://www.w3.org/2000/09/xmldsig#rsa-sha1"))),
            (
                "by a secret",
                try issuer.signed(.init(), .init(method: "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"))
            ),
            ("digest by SHA-1", try issuer.signed(.init(), .init(digest: "http://www.w3.org/2000/09/xmldsig#sha1"))),
            ("of all", try issuer.signed(.init(), .init(uri: ""))),
            ("of something else", try issuer.signed(.init(), .init(uri: "#_other"))),
            ("of what a path selects", try issuer.signed(.init(), .init(transform: none))),
            ("of one transform", try issuer.signed(.init(), .init(transform: ""))),
            (
                "inclusive",
                try issuer.signed(.init(), .init(canonical: "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"))
            ),
        ] {
            let answer = await assume(engine, SAMLIssuer.response(assertion))
            #expect(answer["Code"] == "InvalidIdentityToken", "\(name): \(answer.text)")
        }
        #expect(await assume(engine, SAMLIssuer.response(signed)).status == 200)
    }

    @Test("a signed assertion that stands elsewhere does not vouch for one that is not signed")
    func wrapped() async throws {
        let engine = try await engine()
        let signed = try issuer.signed()
        var claims = SAMLIssuer.Claims(subject: "admin@example.com", sessionName: ["admin"])
        let sameID = issuer.assertion(claims)
        claims.id = "_evil"
        let evil = issuer.assertion(claims)
        let signature = try issuer.signature(of: issuer.assertion(.init()), id: "_assertion")
        let holding = try issuer.signature(
            of: issuer.assertion(.init()), id: "_assertion",
            .init(object: "<ds:Object>\(issuer.assertion(.init()))</ds:Object>"))
        let inside = issuer.assertion(claims, signature: signature)
        for (name, content) in [
            ("before it", evil + signed), ("after it", signed + evil), ("with its id", sameID + signed),
            ("in extensions", "<samlp:Extensions>\(signed)</samlp:Extensions>\(evil)"),
            ("in the signature", issuer.assertion(claims, signature: holding)),
            ("in the other", evil.replacing("</saml:Assertion>", with: signed + "</saml:Assertion>")),
            ("its signature in another", inside),
            ("its signature beside", signature + evil),
            ("an assertion of another namespace", "<Assertion ID=\"_x\"></Assertion>" + signed),
            ("an id twice", signed + "<samlp:Extensions ID=\"_assertion\"></samlp:Extensions>"),
            ("encrypted", signed + "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>"),
        ] {
            let answer = await assume(engine, SAMLIssuer.response(content))
            #expect(answer["Code"] == "InvalidIdentityToken", "\(name): \(answer.text)")
        }
        let alone = await assume(engine, signed)
        #expect(alone["Code"] == "InvalidIdentityToken")
    }

    @Test("a comment is no part of a text, and cuts none in two")
    func comments() async throws {
        let engine = try await engine()
        let text = try issuer.signed().replacing("alice@example.com", with: "alice@<!-- .evil -->example.com")
        #expect(await assume(engine, SAMLIssuer.response(text))["Subject"] == "alice@example.com")
    }

    // MARK: What is said

    @Test("an assertion for others, too early, too late or without what it needs opens nothing")
    func claims() async throws {
        let engine = try await engine()
        func code(_ change: (inout SAMLIssuer.Claims) -> Void, status: String = "Success") async throws -> String? {
            var claims = SAMLIssuer.Claims()
            change(&claims)
            return await assume(engine, SAMLIssuer.response(try issuer.signed(claims), status: status))["Code"]
        }
        let invalid = "InvalidIdentityToken"
        #expect(try await code { _ in } == nil)
        #expect(try await code { $0.audience = "https://other.example.com" } == invalid)
        #expect(try await code { $0.conditions = "" } == invalid)
        #expect(try await code { $0.conditions = "<saml:OneTimeUse></saml:OneTimeUse>" } == invalid)
        #expect(try await code { $0.audience = "urn:amazon:webservices" } == nil)
        #expect(try await code { $0.recipient = "https://other.example.com" } == invalid)
        #expect(try await code { $0.issuer = "https://other.example.com" } == invalid)
        #expect(try await code { $0.issued = "2025-12-31T23:54:59Z" } == "ExpiredTokenException")
        #expect(try await code { $0.issued = "2026-01-01T00:05:01Z" } == invalid)
        #expect(try await code { $0.issued = "2026-01-01T00:00:00+01:00" } == invalid)
        #expect(try await code { $0.notBefore = "2026-01-01T00:05:01Z" } == invalid)
        #expect(try await code { $0.notAfter = "2026-01-01T00:00:00Z" } == "ExpiredTokenException")
        #expect(try await code { $0.confirmedUntil = "2026-01-01T00:00:00Z" } == "ExpiredTokenException")
        #expect(try await code { $0.sessionEnd = "2026-01-01T00:00:00Z" } == "ExpiredTokenException")
        #expect(try await code { $0.roles = [] } == "AccessDenied")
        #expect(try await code { $0.roles = [Engine.roleARN("exec")] } == "AccessDenied")
        let other = Engine.roleARN("exec") + ",arn:aws:iam::123456789012:saml-provider/other"
        #expect(try await code { $0.roles = [other] } == "AccessDenied")
        #expect(try await code { $0.roles = ["\(SAMLIssuer.provider),\(Engine.roleARN("exec"))"] } == nil)
        #expect(try await code { $0.sessionName = [] } == invalid)
        #expect(try await code { $0.sessionName = ["a b"] } == invalid)
        #expect(try await code { $0.sessionName = ["alice", "bob"] } == invalid)
        #expect(try await code { $0.subject = "alice@other.org" } == "AccessDenied")
        #expect(try await code({ _ in }, status: "Requester") == "IDPRejectedClaim")
        await engine.done("DeleteSAMLProvider", ("SAMLProviderArn", SAMLIssuer.provider))
        #expect(try await code { _ in } == invalid)
    }

    @Test("tags and the source identity need to be trusted too, and the session ends with the provider's")
    func tags() async throws {
        var claims = SAMLIssuer.Claims(sessionEnd: "2026-01-01T00:20:00Z")
        claims.attributes = [("PrincipalTag:team", ["a"]), ("SourceIdentity", ["alice"])]
        let response = SAMLIssuer.response(try issuer.signed(claims))
        #expect(await assume(try await engine(), response)["Code"] == "AccessDenied")
        let all = #""sts:AssumeRoleWithSAML","sts:TagSession","sts:SetSourceIdentity""#
        let answer = await assume(try await engine(all), response, ("DurationSeconds", "3600"))
        #expect(answer["Expiration"] == "2026-01-01T00:20:00Z", "\(answer.text)")
        #expect(answer["SourceIdentity"] == "alice")
        #expect(answer["PackedPolicySize"] != nil)
        claims.attributes.append(("PrincipalTag:TEAM", ["b"]))
        let twice = await assume(try await engine(all), SAMLIssuer.response(try issuer.signed(claims)))
        #expect(twice["Code"] == "InvalidIdentityToken")
    }
}
