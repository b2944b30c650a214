import Diagnostics
import JSON
import Manifests
import Resources
import Testing

/// Policies in manifests and definitions.
@Suite("Policies in manifests")
struct PolicyCheckTests {
    private static let head = "apiVersion: gatewright/v1\n"

    private func load(_ iam: String, definition: String? = nil) async throws -> LoadResult {
        var files = ["gatewright.yaml": Repository.environment, "apis/iam.yaml": iam]
        files["apis/api.openapi.yaml"] = definition
        return try await Repository(files).load()
    }

    private func policy(_ statement: String) -> String {
        """
        apiVersion: gatewright/v1
        kind: Policy
        metadata: { name: docs }
        spec:
          policyDocument:
            Version: "2012-10-17"
            Statement:
              - \(statement)
        """
    }

    @Test("A0.3: a management ARN with an account is a warning with the ARN that is meant")
    func documentationOnly() async throws {
        let result = try await load(
            policy(
                "{ Effect: Allow, Action: [apigateway:GET, apigateway:POST], "
                    + "Resource: \"arn:aws:apigateway::123456789012:/restapis/*/documentation/*\" }"))
        let warning = try #require(result.diagnostics.first)
        #expect(result.diagnostics.count == 1)
        #expect(warning.severity == .warning)
        #expect(warning.message.contains("no API Gateway management ARN has an account"))
        #expect(
            (warning.message + (warning.remedy ?? "")).contains("arn:aws:apigateway:*::/restapis/*/documentation/*"))
        #expect(warning.spans.first?.file == "apis/iam.yaml")
        #expect(warning.spans.first?.line == 8)
        #expect(result.graph != nil)
    }

    @Test("what is wrong with a statement is said at its place, and hides nothing")
    func errors() async throws {
        let result = try await load(
            policy("{ Effect: Alow, Action: \"apigateway:GET\", Resource: \"*\" }") + "\n      - { Effect: Allow }")
        #expect(result.graph == nil)
        #expect(result.diagnostics.map(\.code).contains("policy.bad-effect"))
        #expect(result.diagnostics.map(\.code).filter { $0 == "policy.missing-element" }.count == 2)
        #expect(result.diagnostics.allSatisfy { $0.spans.first.map { $0.line >= 8 } == true })
    }

    @Test("references stand for what they will be")
    func references() async throws {
        let role = """
            apiVersion: gatewright/v1
            kind: Role
            metadata: { name: exec }
            spec:
              assumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement: [{ Effect: Allow, Principal: { AWS: "${User/dev.arn}" }, Action: sts:AssumeRole }]
            ---
            apiVersion: gatewright/v1
            kind: User
            metadata: { name: dev }
            spec:
              inlinePolicies:
                assume:
                  Version: "2012-10-17"
                  Statement: [{ Effect: Allow, Action: sts:AssumeRole, Resource: "*" }]
            """
        let result = try await load(role)
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
    }

    @Test("a trust policy without a principal is an error")
    func trust() async throws {
        let result = try await load(
            """
            apiVersion: gatewright/v1
            kind: Role
            metadata: { name: exec }
            spec:
              assumeRolePolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: sts:AssumeRole }] }
            """)
        #expect(result.diagnostics.map(\.code) == ["policy.missing-element"])
    }

    @Test("inline policies of a user have a limit together")
    func inlineSize() async throws {
        let resources = (0..<30).map { "\"arn:aws:apigateway:us-east-1::/restapis/a\($0)\"" }.joined(separator: ", ")
        func text(_ count: Int) -> String {
            """
            apiVersion: gatewright/v1
            kind: User
            metadata: { name: dev }
            spec:
              inlinePolicies:

            """
                + (0..<count).map {
                    "    p\($0): { Version: \"2012-10-17\", Statement: [{ Effect: Allow, Action: \"apigateway:GET\", "
                        + "Resource: [\(resources)] }] }"
                }.joined(separator: "\n")
        }
        #expect(try await load(text(1)).diagnostics.isEmpty)
        let two = try await load(text(2)).diagnostics
        #expect(two.map(\.code) == ["manifest.out-of-range"])
        #expect(two.first?.message.contains("characters together") == true)
    }

    @Test("a managed policy of AWS that is not known is a note")
    func unknownManaged() async throws {
        let result = try await load(
            """
            apiVersion: gatewright/v1
            kind: Group
            metadata: { name: admins }
            spec:
              managedPolicyArns:
                - arn:aws:iam::aws:policy/AmazonAPIGatewayAdministrator
                - arn:aws:iam::aws:policy/AmazonS3FullAccess
            """)
        #expect(result.diagnostics.map(\.severity) == [.note])
        #expect(result.diagnostics.first?.spans.first?.line == 7)
        #expect(result.graph != nil)
    }

    @Test("the policy in a definition is read where it stands")
    func definition() async throws {
        let result = try await load(
            "apiVersion: gatewright/v1\nkind: RestApi\nmetadata: { name: api }\n"
                + "spec: { definition: { file: api.openapi.yaml } }\n",
            definition: """
                openapi: 3.0.1
                info: { title: api, version: "1" }
                paths: {}
                x-amazon-apigateway-policy:
                  Version: "2012-10-17"
                  Statement:
                    - { Effect: Allow, Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" }
                    - { Effect: Deny, Principal: "*", Action: "execute-api:Invoke" }
                """)
        #expect(result.diagnostics.map(\.code) == ["policy.missing-element"])
        #expect(result.diagnostics.first?.spans.first?.file == "apis/api.openapi.yaml")
        #expect(result.diagnostics.first?.spans.first?.line == 8)
    }
}
