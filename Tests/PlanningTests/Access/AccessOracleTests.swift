import IAMPolicy
import JSON
import PolicyOracle
import Resources
import Seeds
import Testing

@testable import Planning

/// Generated environments on both sides of a plan: groups, attached and inline policies, boundaries, a role with its trust,
/// an API with its policy. Every claim is asked of the slow evaluator, over policies that are put together here anew.
@Suite("Laws of what plans say about access, by another evaluator")
struct AccessOracleTests {
    private static let account = "arn:aws:iam::123456789012:"
    private static let lambda = "arn:aws:lambda:us-east-1:123456789012:function:"
    private static let calls = "arn:aws:execute-api:us-east-1:123456789012:petstore/test/"
    private static let actions = ["apigateway:GET", "lambda:InvokeFunction", "execute-api:Invoke", "sts:AssumeRole"]
    private static let resources = [
        "arn:aws:apigateway:us-east-1::/restapis", "arn:aws:apigateway:us-east-1::/apikeys", lambda + "a", lambda + "b",
        calls + "GET/pets", calls + "POST/pets", account + "role/worker",
    ]
    private static let patterns = resources + ["*", lambda + "*", calls + "*", "arn:aws:apigateway:*::/*"]

    /// Documents by address, every name and ARN written out.
    private typealias Environment = [Address: JSONObject]

    private struct Maker {
        var dice: SeededGenerator

        mutating func isOne(in count: Int) -> Bool { Int.random(in: 0..<count, using: &dice) == 0 }

        mutating func statement(_ principals: [JSONValue]? = nil, on resources: [String]? = nil) -> JSONValue {
            let actions = AccessOracleTests.actions + ["*", "apigateway:*", "execute-api:*"]
            var members: JSONObject = ["Effect": isOne(in: 4) ? "Deny" : "Allow"]
            members["Principal"] = principals?.randomElement(using: &dice)
            if let resources {
                members["Action"] = "execute-api:Invoke"
                members["Resource"] = .string(resources.randomElement(using: &dice) ?? "*")
            } else if principals != nil {
                members["Action"] = "sts:AssumeRole"
            } else {
                members["Action"] = .string(actions.randomElement(using: &dice) ?? "*")
                members["Resource"] = .string(AccessOracleTests.patterns.randomElement(using: &dice) ?? "*")
            }
            if isOne(in: 5) { members["Condition"] = ["StringEquals": ["aws:RequestedRegion": "us-east-1"]] }
            return .object(members)
        }

        mutating func document(_ principals: [JSONValue]? = nil, on resources: [String]? = nil) -> JSONValue {
            let count = Int.random(in: 1...2, using: &dice)
            return [
                "Version": "2012-10-17",
                "Statement": .array((0..<count).map { _ in statement(principals, on: resources) }),
            ]
        }

        mutating func holder(_ name: String) -> JSONObject {
            var document: JSONObject = ["name": .string(name)]
            if isOne(in: 2) { document["inlinePolicies"] = ["own": self.document()] }
            let attached = ["p0", "p1"].filter { _ in isOne(in: 3) }
            document["managedPolicyArns"] = .array(attached.map { .string(account + "policy/\($0)") })
            return document
        }

        mutating func bounded(_ name: String) -> JSONObject {
            var document = holder(name)
            if isOne(in: 3) { document["permissionsBoundary"] = .string(account + "policy/p1") }
            return document
        }

        mutating func object(_ address: Address) -> JSONObject {
            switch address.kind {
            case .policy: return ["name": .string(address.name), "policyDocument": document()]
            case .group: return holder(address.name)
            case .user:
                var user = bounded(address.name)
                user["groups"] = .array(["g0", "g1"].filter { _ in isOne(in: 2) }.map { .string($0) })
                return user
            case .role:
                var role = bounded(address.name)
                role["assumeRolePolicyDocument"] = document([
                    ["AWS": .string(account + "user/dev")], ["AWS": .string(account + "root")],
                    ["AWS": "arn:aws:iam::999999999999:root"], ["Service": "lambda.amazonaws.com"], "*",
                ])
                return role
            case .restAPI:
                var api: JSONObject = ["name": "petstore"]
                if isOne(in: 2) {
                    api["policy"] = document(
                        ["*", ["AWS": .string(account + "user/dev")], ["AWS": .string(account + "role/worker")]],
                        on: [calls + "*", calls + "GET/pets", calls + "POST/*"])
                }
                return api
            case .method: return ["authorizationType": isOne(in: 3) ? "NONE" : "AWS_IAM"]
            default: return [:]
            }
        }
    }

    private static let addresses = [
        Address(.policy, "p0"), Address(.policy, "p1"), Address(.group, "g0"), Address(.group, "g1"),
        Address(.user, "dev"), Address(.role, "worker"), Address(.restAPI, "petstore"),
        Address(.method, in: "petstore", "GET /pets"), Address(.method, in: "petstore", "POST /pets"),
        Address(.stage, in: "petstore", "test"),
    ]

    private func environments(_ seed: Int) -> (old: Environment, new: Environment) {
        var maker = Maker(dice: SeededGenerator(seed: seed))
        var old = Environment()
        var new = Environment()
        for address in Self.addresses {
            old[address] = maker.object(address)
            new[address] = maker.isOne(in: 2) ? maker.object(address) : old[address]
        }
        return (old, new)
    }

    private func graph(_ environment: Environment) -> [DesiredResource] {
        Self.addresses.map { DesiredResource(address: $0, document: .object(environment[$0] ?? [:])) }
    }

    /// The API is called by its name, so that policies can name it.
    private func plan(_ old: Environment, _ new: Environment) -> Plan {
        let recorded = DesiredGraph.of(graph(old)).recorded.map { object in
            guard object.address.kind == .restAPI else { return object }
            return RecordedObject(
                address: object.address, identity: Identity(physicalID: "petstore"), document: object.document,
                dependencies: object.dependencies)
        }
        return Planner.plan(desired: .of(graph(new)), recorded: recorded)
    }

    // MARK: What the specification says

    private func attached(_ holder: JSONObject, _ environment: Environment) -> [JSONValue] {
        let inline = holder["inlinePolicies"]?.object?.map(\.value) ?? []
        return inline + (holder["managedPolicyArns"]?.array ?? []).compactMap { policy($0.string, environment) }
    }

    private func policy(_ arn: String?, _ environment: Environment) -> JSONValue? {
        arn.flatMap { $0.split(separator: "/").last }.flatMap {
            environment[Address(.policy, String($0))]?["policyDocument"]
        }
    }

    /// What `principal` brings: who it is, its policies and those of its groups, its boundary.
    private func situation(_ principal: Address, _ claim: AccessClaim, _ environment: Environment) -> Situation {
        let own = environment[principal] ?? [:]
        let groups = (own["groups"]?.array ?? []).compactMap { $0.string }.map {
            environment[Address(.group, $0)] ?? [:]
        }
        return Situation(
            caller: principal.kind == .user
                ? .user(arn: Self.account + "user/\(principal.name)")
                : .session(ofRole: Self.account + "role/\(principal.name)", name: "session"),
            action: claim.action, resource: claim.resource, context: claim.context.mapValues { [$0] },
            identity: attached(own, environment) + groups.flatMap { attached($0, environment) },
            boundary: policy(own["permissionsBoundary"]?.string, environment))
    }

    private func stranger(_ claim: AccessClaim) -> Situation? {
        var situation = Situation(
            caller: .anonymous, action: claim.action, resource: claim.resource,
            context: claim.context.mapValues { [$0] })
        switch claim.principal {
        case "anyone on the internet", "anyone with AWS credentials": break
        case "the service lambda.amazonaws.com": situation.caller = .service("lambda.amazonaws.com")
        case "whoever the account's own policies let": situation.caller = .root(account: "123456789012")
        case "whoever account 999999999999 lets":
            situation.caller = .root(account: "999999999999")
            situation.identity = [AccessReportTests.document(AccessReportTests.allow("*", "*"))]
        default: return nil
        }
        return situation
    }

    private func allows(_ claim: AccessClaim, _ environment: Environment) throws -> Bool {
        let principal = Address(text: claim.principal).flatMap { environment[$0] == nil ? nil : $0 }
        var asked = try #require(
            principal.map { situation($0, claim, environment) } ?? stranger(claim), "nobody is `\(claim.principal)`")
        if let route = claim.route {
            let method = try #require(environment[Address(.method, in: "petstore", route)])
            asked.resourcePolicy = environment[Address(.restAPI, "petstore")]?["policy"]
            if method["authorizationType"] == "NONE" {
                // Whoever calls is anonymous there.
                (asked.caller, asked.identity, asked.boundary) = (.anonymous, [], nil)
                return asked.resourcePolicy == nil || SlowEvaluator(situation: asked).outcome() == "allowed"
            }
            // Without a signature nobody gets as far as the policies.
            guard principal != nil else { return false }
        } else if let role = claim.role {
            asked.resourcePolicy = environment[try #require(Address(text: role))]?["assumeRolePolicyDocument"]
            asked.isTrust = true
        }
        return SlowEvaluator(situation: asked).outcome() == "allowed"
    }

    // MARK: Laws

    @Test("every claim is so by the slow evaluator, on both sides", arguments: 0..<300)
    func sound(seed: Int) throws {
        let (old, new) = environments(seed)
        let plan = plan(old, new)
        for claim in plan.access?.claims ?? [] {
            let (was, now) = (try allows(claim, old), try allows(claim, new))
            #expect(
                was == (claim.change == .loses) && now == (claim.change == .gains),
                "seed \(seed): \(claim), was \(was), now \(now)")
        }
    }

    @Test("what a user, a role or anybody gains or loses on a route is claimed", arguments: 0..<300)
    func complete(seed: Int) throws {
        let (old, new) = environments(seed)
        let plan = plan(old, new)
        let claims = plan.access?.claims ?? []
        for principal in ["User/dev", "Role/worker", "anyone on the internet"] {
            for route in ["GET /pets", "POST /pets"] {
                let path = route.replacing(" ", with: "")
                let question = AccessClaim(
                    change: .gains, principal: principal, action: "execute-api:Invoke", resource: Self.calls + path,
                    api: "petstore", stage: "test", route: route)
                try expect(question, old, new, claims, seed)
            }
        }
    }

    private func expect(
        _ question: AccessClaim, _ old: Environment, _ new: Environment, _ claims: [AccessClaim], _ seed: Int
    ) throws {
        let (was, now) = (try allows(question, old), try allows(question, new))
        guard was != now else { return }
        let isSaid = claims.contains {
            $0.principal == question.principal && $0.action == question.action && $0.route == question.route
                && $0.change == (now ? .gains : .loses)
        }
        // Of a route that is open on one side, it is said that it opens or closes for everybody.
        let isOpen = question.route.map { route in
            [old, new].contains { $0[Address(.method, in: "petstore", route)]?["authorizationType"] == "NONE" }
        }
        guard question.principal == "anyone on the internet" || isOpen != true else { return }
        #expect(isSaid, "seed \(seed): \(question.principal) \(question.action) on \(question.resource), now \(now)")
    }
}
