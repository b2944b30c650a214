import ControlPlane
import HTTPTypes
import SigV4
import Testing

@Suite struct QueryProtocolTests {
    private func engine() async throws -> Engine { try await Engine { $0.skipsAuthentication = false } }

    @Test("results are XML of the service's namespace, with a request id")
    func envelope() async throws {
        let engine = try await engine()
        let answer = await engine.done("GetCallerIdentity", service: "sts")
        #expect(answer["Arn"] == "arn:aws:iam::123456789012:root")
        #expect(answer["UserId"] == "123456789012")
        #expect(answer["Account"] == "123456789012")
        #expect(
            answer.text.hasPrefix(
                #"<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>"#
            ))
        #expect(answer["ResponseMetadata"]?.hasPrefix("<RequestId>") == true)
        let refused = await engine.ask("GetUser", [("UserName", "nobody")])
        #expect(refused.text.hasPrefix(#"<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error>"#))
        #expect(refused["Type"] == "Sender")
        #expect(refused["RequestId"] != nil)
    }

    @Test("an operation may be asked by GET with its parameters in the query")
    func get() async throws {
        let answer = await (try await engine()).ask(
            body: [], service: "sts", method: .get, path: "/?Action=GetCallerIdentity&Version=2011-06-15")
        #expect(answer["Account"] == "123456789012")
    }

    @Test("unknown actions and versions are refused by name")
    func unknown() async throws {
        let engine = try await engine()
        await engine.refused("Nope", says: "InvalidAction: Could not find operation Nope for version 2010-05-08")
        await engine.refused(
            "CreateUser", service: "sts",
            says: "InvalidAction: Could not find operation CreateUser for version 2011-06-15")
        let noAction = await engine.ask(body: Array("Version=2010-05-08".utf8))
        #expect(noAction["Code"] == "MissingAction")
        let version = await engine.ask(body: Array("Action=ListUsers&Version=1999-01-01".utf8))
        #expect(version["Code"] == "InvalidAction")
    }

    @Test(
        "a form that cannot be read is refused",
        arguments: ["Action=%zz", "Action=%4", "Action=ListUsers&X=%ff", "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a=1"])
    func broken(_ form: String) async throws {
        let answer = await (try await engine()).ask(body: Array(form.utf8))
        #expect(answer.error == "MalformedQueryString: The query string contains a syntax error.")
    }

    @Test("a form of more parameters than the limit is refused")
    func many() async throws {
        let form = "Action=ListUsers" + String(repeating: "&a=b", count: 10_000)
        #expect(await (try await engine()).ask(body: Array(form.utf8))["Code"] == "MalformedQueryString")
    }

    @Test("members of a wrong type or form are refused with the service's words")
    func validation() async throws {
        let engine = try await engine()
        await engine.refused(
            "CreateUser",
            says:
                "ValidationError: 1 validation error detected: Value null at 'userName' failed to satisfy constraint: "
                + "Member must not be null")
        await engine.refused(
            "CreateUser", ("UserName", "a b"),
            says:
                "ValidationError: 1 validation error detected: Value 'a b' at 'userName' failed to satisfy constraint: "
                + #"Member must satisfy regular expression pattern: [\w+=,.@-]+"#)
        await engine.refused(
            "CreateUser", ("UserName", String(repeating: "a", count: 65)),
            says:
                "ValidationError: 1 validation error detected: Value '\(String(repeating: "a", count: 65))' at 'userName' "
                + "failed to satisfy constraint: Member must have length less than or equal to 64")
        await engine.refused(
            "ListUsers", ("MaxItems", "1001"),
            says:
                "ValidationError: 1 validation error detected: Value '1001' at 'maxItems' failed to satisfy constraint: "
                + "Member must have value less than or equal to 1000")
        await engine.refused(
            "ListUsers", ("MaxItems", "ten"), says: "MalformedInput: Invalid integer value 'ten' of MaxItems")
        await engine.refused(
            "CreateUser", ("UserName", "a"), ("Tags.member.1.Key", "k"),
            says: "ValidationError: 1 validation error detected: Value null at 'tags.1.member.value' failed to satisfy "
                + "constraint: Member must not be null")
        await engine.refused(
            "CreateUser", ("UserName", "a"), ("Tags.member.x.Key", "k"),
            says: "MalformedInput: Invalid list index 'x' of Tags")
        await engine.refused(
            "CreateUser", ("UserName", "a"), ("Path", "nope"),
            says: "ValidationError: 1 validation error detected: Value 'nope' at 'path' failed to satisfy constraint: "
                + #"Member must satisfy regular expression pattern: (\u002F)|(\u002F[\u0021-\u007E]+\u002F)"#)
        await engine.refused("ListUsers", ("Marker", "nope"), says: "ValidationError: Invalid Marker.")
        #expect(await engine.done("ListUsers").all("UserName") == [])
    }

    @Test("an unsigned, badly signed or late request is refused in XML, and nothing is made")
    func unsigned() async throws {
        let engine = try await engine()
        let user = [("UserName", "dev")]
        var answer = await engine.ask("CreateUser", user, as: nil)
        #expect(answer.status == 403)
        var wrong = Engine.rootSigning
        wrong.secretAccessKey = "other"
        answer = await engine.ask("CreateUser", user, as: wrong)
        #expect(answer["Code"] == "SignatureDoesNotMatch")
        wrong.accessKeyID = "AKIAOTHEROTHEROTHERO"
        answer = await engine.ask("CreateUser", user, as: wrong)
        #expect(answer["Code"] == "InvalidClientTokenId")
        answer = await engine.ask("CreateUser", user, at: Engine.now - 301)
        #expect(answer["Code"] == "SignatureDoesNotMatch")
        #expect(answer["Message"]?.hasPrefix("Signature expired") == true)
        #expect(await engine.done("ListUsers").all("UserName") == [])
    }

    @Test("lists come in pages that a marker joins, each item once, also while others come and go")
    func pages() async throws {
        let engine = try await engine()
        for number in 0..<7 { await engine.done("CreateUser", ("UserName", "User\(number)")) }
        var seen: [String] = []
        var marker: String?
        repeat {
            let answer = await engine.ask(
                "ListUsers", [("MaxItems", "3")] + (marker.map { [("Marker", $0)] } ?? []))
            seen += answer.all("UserName")
            marker = answer["Marker"]
            #expect(answer["IsTruncated"] == (marker == nil ? "false" : "true"))
            if seen.count == 3 { await engine.done("DeleteUser", ("UserName", "User2")) }
        } while marker != nil
        #expect(seen == (0..<7).map { "User\($0)" })
    }
}
