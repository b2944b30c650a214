import JSON
import Resources
import Testing

@testable import Planning

@Suite("Deployments for other ids")
struct GivenIdentityTests {
    private static let link = Address(.vpcLink, "inside")
    private static let role = Address(.role, "exec")

    /// The pet store, whose first route names a link and a role.
    private static func graph(
        target: String = "a", connection: JSONValue = "${VpcLink/inside.id}", path: String = "/",
        description: String = "d", title: JSONValue = "NONE"
    ) -> DesiredGraph {
        PetStore.graph.with { resources in
            let position = resources.firstIndex { $0.address.description == "Method/petstore GET /" }
            guard let position else { return }
            resources[position].document = [
                "authorizationType": title,
                "integration": [
                    "type": "HTTP_PROXY", "httpMethod": "GET", "uri": "http://a.example", "connectionType": "VPC_LINK",
                    "connectionId": connection, "credentials": "${Role/exec.arn}",
                ],
            ]
            resources[position].dependencies += [link, role]
            resources.append(
                DesiredResource(
                    address: link,
                    document: [
                        "name": "inside", "description": .string(description), "targetArns": [.string(target)],
                    ]))
            resources.append(
                DesiredResource(
                    address: role,
                    document: ["name": "exec", "path": .string(path), "assumeRolePolicyDocument": ["Version": "2012"]]))
        }
    }

    private static func plan(_ before: DesiredGraph, _ after: DesiredGraph) -> Plan {
        Planner.plan(desired: after, recorded: before.recorded)
    }

    private static func deployment(_ plan: Plan) -> Change? { plan.changes.first { $0.address.kind == .deployment } }

    @Test("a link that is replaced cuts a deployment of the API that names its id, and says so; the stage follows")
    func replaced() throws {
        let plan = Self.plan(Self.graph(), Self.graph(target: "b"))
        #expect(
            plan.changes.map { "\($0.action) \($0.address)" } == [
                "replace VpcLink/inside", "update Method/petstore GET /", "update Deployment/petstore",
                "update Stage/petstore test", "delete VpcLink/inside (replaced)",
            ])
        #expect(
            Self.deployment(plan)?.reason == "`VpcLink/inside` is replaced, and the definition names its new id")
        #expect(plan.changes.last?.isReversible == false && plan.needsConsent.isEmpty)
        let old = try #require(plan.changes.last)
        #expect(old.dependencies.contains(Address(.method, in: "petstore", "GET /")))
    }

    @Test("an edit beside it is named too")
    func edited() {
        let plan = Self.plan(Self.graph(), Self.graph(target: "b", title: "AWS_IAM"))
        #expect(
            Self.deployment(plan)?.reason
                == "the definition changed; `VpcLink/inside` is replaced, and the definition names its new id")
        #expect(
            Self.deployment(Self.plan(Self.graph(), Self.graph(title: "AWS_IAM")))?.reason == "the definition changed")
    }

    @Test("what changes in place, or is named through a stage variable, cuts none")
    func inPlace() {
        #expect(Self.plan(Self.graph(), Self.graph(description: "other")).changes.map(\.address) == [Self.link])
        let variable: JSONValue = "${stageVariables.vpcLinkId}"
        let plan = Self.plan(
            Self.graph(connection: variable), Self.graph(target: "b", connection: variable))
        #expect(Self.deployment(plan) == nil)
        #expect(plan.changes.contains { $0.action == .replace && $0.address == Self.link })
        let named: JSONValue = "${VpcLink/inside.name}"
        #expect(
            Self.deployment(Self.plan(Self.graph(connection: named), Self.graph(target: "b", connection: named))) == nil
        )
    }

    @Test("a role that is made anew under another path has another ARN, under its own the same")
    func roles() throws {
        let moved = Self.plan(Self.graph(), Self.graph(path: "/team/"))
        let reason = try #require(Self.deployment(moved)?.reason)
        #expect(reason.hasPrefix("`Role/exec` is replaced, and the definition names its new id"))
        // Nothing of the role's trust is part of its ARN.
        let trust = Self.graph().with {
            $0["Role/exec"] = changed($0["Role/exec"], "assumeRolePolicyDocument", to: ["Version": "x"])
        }
        #expect(Self.deployment(Self.plan(Self.graph(), trust)) == nil)
    }

    @Test("the plan of two commits and the plan against what is recorded have one digest, and applied it plans nothing")
    func laws() {
        let (before, after) = (Self.graph(), Self.graph(target: "b", path: "/team/"))
        #expect(Planner.plan(from: before, to: after).digest == Self.plan(before, after).digest)
        #expect(Self.plan(after, after).isEmpty)
        // Back again is a change again: the ids are others once more.
        #expect(Self.deployment(Self.plan(after, before)) != nil)
    }

    @Test("an API that names nothing outside has the fingerprint that it had")
    func untouched() {
        func fingerprint(_ graph: DesiredGraph) -> JSONValue? {
            Deployments.derived(in: graph).resources["Deployment/petstore"]?["fingerprint"]
        }
        let beside = PetStore.graph.with {
            $0.append(DesiredResource(address: Self.link, document: ["targetArns": ["a"]]))
        }
        #expect(fingerprint(beside) == fingerprint(PetStore.graph))
        #expect(fingerprint(Self.graph(target: "b")) != fingerprint(Self.graph()))
    }

    @Test(
        "which fields are behind an attribute",
        arguments: [
            (ResourceKind.vpcLink, "id", ["targetArns"]), (.vpcLink, "arn", ["targetArns"]), (.vpcLink, "name", []),
            (.role, "arn", ["path"]), (.policy, "arn", ["path"]), (.policy, "id", ["path", "description"]),
            (.oidcProvider, "arn", ["url"]), (.clientCertificate, "id", []),
        ])
    func fields(_ kind: ResourceKind, _ attribute: String, _ names: [String]) {
        #expect(KindTable.object(kind)?.identityFields(of: attribute).map(\.name) == names)
    }
}
