import Diagnostics
import IAMPolicy
import JSON
import Resources
import Testing

@testable import Planning

/// Who gains and who loses access, in words.
@Suite("What plans mean to those who have access")
struct AccessReportTests {
    static func document(_ statements: JSONValue...) -> JSONValue {
        ["Version": "2012-10-17", "Statement": .array(statements)]
    }

    static func allow(_ actions: JSONValue, _ resources: JSONValue, when condition: JSONValue? = nil) -> JSONValue {
        var statement: JSONObject = ["Effect": "Allow", "Action": actions, "Resource": resources]
        statement["Condition"] = condition
        return .object(statement)
    }

    static func object(_ kind: ResourceKind, _ name: String, _ members: JSONObject = [:]) -> DesiredResource {
        var document = members
        document["name"] = .string(name)
        return DesiredResource(address: Address(kind, name), document: .object(document))
    }

    /// An API with one stage; routes as `GET /pets` with their members.
    static func api(_ routes: [(String, JSONObject)], policy: JSONValue? = nil) -> [DesiredResource] {
        var api: JSONObject = ["name": "petstore"]
        api["policy"] = policy
        return [DesiredResource(address: Address(.restAPI, "petstore"), document: .object(api))]
            + routes.map {
                DesiredResource(address: Address(.method, in: "petstore", $0.0), document: .object($0.1))
            } + [DesiredResource(address: Address(.stage, in: "petstore", "test"), document: [:])]
    }

    static let administrator: JSONValue = "arn:aws:iam::aws:policy/AmazonAPIGatewayAdministrator"
    static let invoker: JSONValue = "arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"

    private func report(_ old: [DesiredResource], _ new: [DesiredResource]) throws -> AccessReport {
        let plan = Planner.plan(from: .of(old), to: .of(new))
        return try #require(plan.access)
    }

    @Test("A0.1: leaving the group of administrators takes everything in API Gateway away")
    func membershipRemoved() throws {
        let group = Self.object(.group, "api-admins", ["managedPolicyArns": [Self.administrator]])
        let member = Self.object(.user, "dev", ["groups": ["${Group/api-admins.name}"]])
        let report = try report([group, member], [group, Self.object(.user, "dev")])
        #expect(report.lines == ["`User/dev` may no longer do anything in API Gateway (1 membership removed)"])
        #expect(report.notes.isEmpty)
        let back = try self.report([group, Self.object(.user, "dev")], [group, member])
        #expect(back.lines == ["`User/dev` may now do everything in API Gateway (1 membership added)"])
    }

    @Test("a route that becomes public is open to anyone on the internet")
    func becomesPublic() throws {
        let signed = Self.api([
            ("GET /pets", ["authorizationType": "AWS_IAM"]), ("POST /pets", ["authorizationType": "AWS_IAM"]),
        ])
        let open = Self.api([
            ("GET /pets", ["authorizationType": "NONE"]), ("POST /pets", ["authorizationType": "AWS_IAM"]),
        ])
        #expect(
            try report(signed, open).lines == [
                "Anyone on the internet may now GET /pets of `RestApi/petstore` (stage test)"
            ])
        #expect(
            try report(open, signed).lines == [
                "Anyone on the internet may no longer GET /pets of `RestApi/petstore` (stage test)"
            ])
    }

    @Test("A0.2: a policy for calls gives the signed routes of the APIs in git, and nothing else")
    func invoker() throws {
        let api = Self.api([
            ("GET /pets", ["authorizationType": "AWS_IAM"]), ("GET /pets/{petId}", ["authorizationType": "AWS_IAM"]),
            ("GET /", ["authorizationType": "NONE"]),
        ])
        let report = try report(
            api + [Self.object(.user, "caller")],
            api + [Self.object(.user, "caller", ["managedPolicyArns": [Self.invoker]])])
        #expect(
            report.lines == [
                "`User/caller` may now GET /pets and GET /pets/{petId} of `RestApi/petstore` (stage test) "
                    + "(1 policy attached)"
            ])
        #expect(report.claims.map(\.resource).allSatisfy { $0.contains(":petstore/test/GET/pets") })
    }

    @Test("a key that is asked for shuts out those without one")
    func apiKey() throws {
        let open = Self.api([("GET /pets", ["authorizationType": "NONE"])])
        let keyed = Self.api([("GET /pets", ["authorizationType": "NONE", "apiKeyRequired": true])])
        #expect(
            try report(open, keyed).lines == [
                "Anyone on the internet may no longer GET /pets of `RestApi/petstore` (stage test)"
            ])
    }

    @Test("a resource policy for some addresses is said with one of them")
    func resourcePolicy() throws {
        let routes: [(String, JSONObject)] = [("GET /pets", ["authorizationType": "NONE"])]
        let statement: JSONValue = [
            "Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*",
            "Condition": ["IpAddress": ["aws:SourceIp": "203.0.113.0/24"]],
        ]
        let other: JSONValue = [
            "Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*",
        ]
        let report = try report(
            Self.api(routes, policy: Self.document(other)), Self.api(routes, policy: Self.document(statement)))
        #expect(
            report.lines == [
                "Anyone on the internet may now GET /pets of `RestApi/petstore` (stage test), for example with "
                    + "aws:sourceip `203.0.113.0`"
            ])
    }

    @Test("a trust policy that names another account is said, and so is the way to more permissions")
    func trust() throws {
        func role(_ principals: JSONValue) -> DesiredResource {
            Self.object(
                .role, "ci",
                [
                    "assumeRolePolicyDocument": Self.document([
                        "Effect": "Allow", "Principal": principals, "Action": "sts:AssumeRole",
                    ])
                ])
        }
        let service: JSONValue = ["Service": "lambda.amazonaws.com"]
        let report = try report(
            [role(service)], [role(["AWS": "arn:aws:iam::999999999999:root", "Service": "apigateway.amazonaws.com"])])
        #expect(
            Set(report.lines) == [
                "Whoever account 999999999999 lets and the service apigateway.amazonaws.com may now assume `Role/ci`",
                "The service lambda.amazonaws.com may no longer assume `Role/ci`",
            ])
        let user = Self.object(
            .user, "dev", ["inlinePolicies": ["p": Self.document(Self.allow("iam:AttachUserPolicy", "*"))]])
        let plan = Planner.plan(from: .of([Self.object(.user, "dev")]), to: .of([user]))
        #expect(plan.findings.contains { $0.code == "planning.access-escalates" && $0.severity == .warning })
    }

    @Test("a policy that nobody here has is named as not seen, and nothing is claimed for it")
    func unseen() throws {
        let report = try report(
            [Self.object(.user, "dev")],
            [Self.object(.user, "dev", ["managedPolicyArns": ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]])])
        #expect(report.claims.isEmpty)
        #expect(report.notes.contains { $0.contains("AmazonS3FullAccess") })
    }

    @Test("a plan that touches no access says nothing about it and keeps its meaning in a file")
    func file() throws {
        #expect(Planner.plan(desired: PetStore.graph, recorded: PetStore.graph.recorded).access == nil)
        let open = Self.api([("GET /pets", ["authorizationType": "NONE"])])
        let plan = Planner.plan(from: .of([]), to: .of(open))
        let read = try Plan.read(plan.json)
        #expect(read.access?.lines == plan.access?.lines)
        #expect(read.access?.claims == plan.access?.claims)
        #expect(
            plan.text(colour: false).hasPrefix("Access, as far as principals in git tell:\n  Anyone on the internet"))
        #expect(plan.markdown.contains("Anyone on the internet may now GET /pets"))
    }
}
