import Diagnostics
import JSON
import Manifests
import Resources
import Testing

/// Manifests of which each is one object.
@Suite("Objects of their own")
struct ObjectManifestTests {
    private static let head = "apiVersion: gatewright/v1\n"
    private static let trust = """
        { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: apigateway.amazonaws.com }, \
        Action: sts:AssumeRole }] }
        """

    private func load(_ documents: String...) async throws -> LoadResult {
        try await Repository([
            "gatewright.yaml": Repository.environment,
            "apis/iam.yaml": documents.map { Self.head + $0 }.joined(separator: "\n---\n"),
        ]).load()
    }

    private func resource(_ kind: ResourceKind, _ name: String, in result: LoadResult) throws -> DesiredResource {
        try #require(
            result.graph?.resources.first { $0.address == Address(kind, name) }, "\(result.diagnostics)")
    }

    @Test("a manifest is one object with the name that it has, in normal form")
    func oneObject() async throws {
        let result = try await load(
            "kind: Role\nmetadata: { name: apigw-exec }\nspec: { assumeRolePolicyDocument: \(Self.trust), "
                + "managedPolicyArns: [\"${Policy/invoke.arn}\", \"${Policy/invoke.arn}\"], maxSessionDuration: 3600 }",
            "kind: Policy\nmetadata: { name: invoke }\nspec: { policyDocument: { Version: \"2012-10-17\", "
                + "Statement: { Effect: Allow, Action: lambda:InvokeFunction, Resource: \"*\" } } }")
        #expect(result.diagnostics.map(\.code) == ["policy.confused-deputy"])
        let role = try resource(.role, "apigw-exec", in: result)
        #expect(role.document["name"] == "apigw-exec")
        #expect(role.document["managedPolicyArns"] == ["${Policy/invoke.arn}"])
        #expect(role.document["maxSessionDuration"] == nil)
        #expect(role.document["path"] == nil)
        #expect(role.dependencies == [Address(.policy, "invoke")])
        #expect(result.graph?.resources.count == 2)
    }

    @Test("the name of a declared group is a reference to it, any other name stays")
    func names() async throws {
        let result = try await load(
            "kind: User\nmetadata: { name: dev }\nspec: { groups: [api-admins, others] }",
            "kind: Group\nmetadata: { name: api-admins }\nspec: {}")
        let user = try resource(.user, "dev", in: result)
        #expect(user.document["groups"] == ["${Group/api-admins.name}", "others"])
        #expect(user.dependencies == [Address(.group, "api-admins")])
    }

    @Test("names as IAM has them, with capitals and signs")
    func iamNames() async throws {
        let result = try await load("kind: User\nmetadata: { name: \"Dev+x@example.com\" }\nspec: {}")
        #expect(result.diagnostics.isEmpty)
        _ = try resource(.user, "Dev+x@example.com", in: result)
    }

    @Test("two names that differ in capitals only are an error at both places")
    func capitals() async throws {
        let result = try await load(
            "kind: User\nmetadata: { name: Dev }\nspec: {}", "kind: User\nmetadata: { name: dev }\nspec: {}",
            "kind: Group\nmetadata: { name: dev }\nspec: {}")
        #expect(result.diagnostics.map(\.code) == ["manifest.duplicate-name"])
        #expect(result.diagnostics.first?.spans.count == 2)
        #expect(result.diagnostics.first?.message.contains("`User/Dev`") == true)
    }

    @Test(
        "what is wrong is said at its place",
        arguments: [
            ("kind: User\nmetadata: { name: dev }\nspec: { name: dev }", "manifest.unknown-field apis/iam.yaml:4:9"),
            ("kind: Role\nmetadata: { name: r }\nspec: {}", "manifest.missing-field apis/iam.yaml:4:7"),
            ("kind: User\nmetadata: { name: dev }\nspec: { path: admins }", "manifest.bad-pattern apis/iam.yaml:4:15"),
            ("kind: User\nmetadata: { name: \"a b\" }\nspec: {}", "manifest.bad-pattern apis/iam.yaml:3:19"),
            ("kind: User\nmetadata: { name: dev }\nspec: { groups: dev }", "manifest.wrong-type apis/iam.yaml:4:17"),
            (
                "kind: User\nmetadata: { name: dev }\nspec: { attachments: some }",
                "manifest.unknown-value apis/iam.yaml:4:22"
            ),
            (
                "kind: User\nmetadata: { name: dev }\nspec: { managedPolicyArns: [\"${Policy/none.arn}\"] }",
                "manifest.unknown-object apis/iam.yaml:4:29"
            ),
            (
                "kind: Group\nmetadata: { name: dev }\nspec: { inlinePolicies: { p: { Version: \"2012-10-17\" } } }",
                "policy.missing-element apis/iam.yaml:4:30"
            ),
            (
                "kind: Group\nmetadata: { name: dev }\nspec: { tags: { a: b } }",
                "manifest.unknown-field apis/iam.yaml:4:9"
            ),
        ])
    func wrong(_ document: String, _ place: String) async throws {
        #expect(try await load(document).diagnostics.map(\.place) == [place])
    }

    @Test("a policy that trusts what trusts it is a circle")
    func circle() async throws {
        func role(_ name: String, _ other: String) -> String {
            "kind: Role\nmetadata: { name: \(name) }\nspec: { assumeRolePolicyDocument: { Version: \"2012-10-17\", "
                + "Statement: [{ Effect: Allow, Principal: { AWS: \"${Role/\(other).arn}\" }, Action: sts:AssumeRole }] } }"
        }
        #expect(try await load(role("a", "b"), role("b", "a")).diagnostics.map(\.code) == ["manifest.reference-cycle"])
    }

    @Test("the next name and an id that is taken over go with the graph")
    func takeovers() async throws {
        let result = try await load(
            "kind: User\nmetadata: { name: dev, previousName: Developer }\nspec: {}",
            "kind: Group\nmetadata: { name: admins, adopt: admins }\nspec: {}")
        #expect(result.graph?.renames.map(\.from) == [Address(.user, "Developer")])
        #expect(result.graph?.adoptions.map(\.physicalID) == ["admins"])
    }

    @Test("the example of a page is one of these", arguments: KindTable.ownObjects)
    func examples(_ schema: KindSchema) async throws {
        let document = schema.example.split(separator: "\n").dropFirst().joined(separator: "\n")
        let result = try await load(document)
        let codes = Set(result.diagnostics.map(\.code)).subtracting([
            "manifest.unknown-object", "manifest.unset-variable", "policy.confused-deputy",
            "manifest.bad-code",
        ])
        #expect(codes.isEmpty, "\(result.diagnostics)")
    }
}
