import Diagnostics
import JSON
import Resources
import Testing

@testable import Planning

@Suite("What a plan deletes and others still name")
struct StillNamedTests {
    private static let role = "arn:aws:iam::123456789012:role/team/exec"
    private static let function = "arn:aws:lambda:us-east-1:123456789012:function:hello"

    private static func resource(_ address: Address, _ document: JSONValue) -> DesiredResource {
        DesiredResource(
            address: address, document: document, dependencies: [],
            span: SourceSpan(file: "apis/a.yaml", line: 7, column: 5))
    }

    private static let gone = [
        resource(Address(.role, "exec"), ["name": "exec", "path": "/team/"]),
        resource(Address(.function, "hello"), ["name": "hello"]),
        resource(Address(.policy, "read"), ["name": "read"]),
    ]

    private func findings(_ kept: [DesiredResource], target: JSONValue = ["engine": [:]]) -> [Diagnostic] {
        var before = DesiredGraph.of(Self.gone + kept)
        var after = DesiredGraph.of(kept)
        before.target = target
        after.target = target
        return Planner.plan(desired: after, recorded: before.recorded).findings.filter {
            $0.code == "planning.still-named"
        }
    }

    private static func method(_ integration: JSONValue) -> DesiredResource {
        resource(Address(.method, in: "shop", "GET /"), ["authorizationType": "NONE", "integration": integration])
    }

    @Test("an integration that names a deleted role is an error at its place, with what to do")
    func credentials() throws {
        let found = findings([Self.method(["type": "AWS", "credentials": .string(Self.role)])])
        let finding = try #require(found.first)
        #expect(found.count == 1)
        #expect(finding.severity == .error)
        #expect(
            finding.message
                == "`Role/exec` would be deleted, and `integration.credentials` of `Method/shop GET /` still names it: "
                + "`\(Self.role)`")
        #expect(finding.spans.first?.description == "apis/a.yaml:7:5")
        #expect(finding.remedy?.contains("keep `Role/exec`") == true)
    }

    @Test(
        "a function is named in an integration with or without a version, and a longer name is another function",
        arguments: [
            ("\(function)/invocations", true), ("\(function):live/invocations", true), (function, true),
            ("\(function)-2/invocations", false), ("\(function)2/invocations", false), ("\(function)_x", false),
            ("arn:aws:lambda:eu-west-1:123456789012:function:hello/invocations", false),
            ("arn:aws:lambda:us-east-1:210987654321:function:hello/invocations", false),
        ])
    func uri(_ name: String, _ isNamed: Bool) {
        let uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\(name)"
        #expect(findings([Self.method(["type": "AWS_PROXY", "uri": .string(uri)])]).isEmpty == !isNamed)
        let authorizer = Self.resource(
            Address(.authorizer, in: "shop", "keys"), ["type": "TOKEN", "authorizerUri": .string(uri)])
        #expect(findings([authorizer]).isEmpty == !isNamed)
    }

    @Test("a role under another path, or with a longer name, is another role")
    func otherRoles() {
        for arn in ["arn:aws:iam::123456789012:role/exec", Self.role + "2", Self.role + "/more", "exec"] {
            #expect(findings([Self.method(["type": "AWS", "credentials": .string(arn)])]).isEmpty, "\(arn)")
        }
    }

    @Test("whoever has a deleted policy attached, and a function with a deleted role, names it too")
    func others() {
        let policy: JSONValue = "arn:aws:iam::123456789012:policy/read"
        let user = Self.resource(
            Address(.user, "dev"), ["name": "dev", "managedPolicyArns": [policy], "permissionsBoundary": policy])
        let function = Self.resource(Address(.function, "other"), ["name": "other", "role": .string(Self.role)])
        let account = Self.resource(Address(.account, "account"), ["cloudwatchRoleArn": .string(Self.role)])
        #expect(findings([user]).count == 2)
        #expect(findings([function]).count == 1)
        #expect(findings([account]).count == 1)
        // What a policy says of a resource is about whatever has that name.
        let inline: JSONValue = ["Statement": [["Effect": "Allow", "Resource": .string(Self.role)]]]
        let role = Self.resource(Address(.role, "other"), ["name": "other", "inlinePolicies": ["p": inline]])
        #expect(findings([role]).isEmpty)
    }

    @Test("an object that stays is named by whom it may be")
    func kept() {
        let method = Self.method(["type": "AWS", "credentials": .string(Self.role)])
        let plan = Planner.plan(
            desired: .of(Self.gone + [method]), recorded: DesiredGraph.of(Self.gone).recorded)
        #expect(plan.findings.allSatisfy { $0.code != "planning.still-named" })
    }

    @Test("the target says of which account and region ARNs are")
    func elsewhere() {
        let target: JSONValue = ["aws": ["region": "cn-north-1", "accountId": "210987654321"]]
        let method = Self.method(["credentials": "arn:aws-cn:iam::210987654321:role/team/exec"])
        #expect(findings([method], target: target).count == 1)
        #expect(findings([Self.method(["credentials": .string(Self.role)])], target: target).isEmpty)
    }

    @Test("of many names as many are told as the limit says")
    func many() {
        let methods = (0...Limits.stillNamedMax).map { number in
            Self.resource(
                Address(.method, in: "shop", "GET /\(number)"), ["integration": ["credentials": .string(Self.role)]])
        }
        #expect(findings(methods).count == Limits.stillNamedMax)
    }
}
