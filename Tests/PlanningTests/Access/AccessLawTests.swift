import IAMPolicy
import JSON
import Resources
import Seeds
import Testing

@testable import Planning

/// Generated policies of both sides, over a small world whose every request can be asked.
@Suite("Laws of what plans say about access")
struct AccessLawTests {
    private static let actions = ["apigateway:GET", "apigateway:POST", "lambda:InvokeFunction", "iam:PassRole"]
    private static let lambda = "arn:aws:lambda:us-east-1:123456789012:function:"
    private static let resources = [
        "arn:aws:apigateway:us-east-1::/restapis", "arn:aws:apigateway:us-east-1::/restapis/a",
        "arn:aws:apigateway:us-east-1::/apikeys", lambda + "a", lambda + "b",
        "arn:aws:iam::123456789012:role/a",
    ]
    private static let patterns =
        resources + ["*", "arn:aws:apigateway:*::/*", "arn:aws:apigateway:*::/restapis*", lambda + "*"]

    private func statement(_ random: inout SeededGenerator) -> JSONValue {
        let isDeny = Int.random(in: 0..<4, using: &random) == 0
        let open = ["apigateway:*", "*", "lambda:*"]
        let action = (Self.actions + open).randomElement(using: &random) ?? "*"
        let resource = Self.patterns.randomElement(using: &random) ?? "*"
        var members: JSONObject = [
            "Effect": isDeny ? "Deny" : "Allow", "Action": .string(action), "Resource": .string(resource),
        ]
        if Int.random(in: 0..<5, using: &random) == 0 {
            members["Condition"] = ["StringEquals": ["aws:RequestedRegion": "us-east-1"]]
        }
        return .object(members)
    }

    private func documents(_ random: inout SeededGenerator) -> [JSONValue] {
        (0..<Int.random(in: 0...2, using: &random)).map { _ in
            let count = Int.random(in: 1...3, using: &random)
            return ["Version": "2012-10-17", "Statement": .array((0..<count).map { _ in statement(&random) })]
        }
    }

    private func user(_ documents: [JSONValue]) -> DesiredResource {
        let policies = documents.enumerated().map { ("p\($0.offset)", $0.element) }
        return AccessReportTests.object(.user, "dev", ["inlinePolicies": .object(JSONObject(policies))])
    }

    /// Without any of the code under test but the evaluator.
    private func allows(
        _ documents: [JSONValue], _ action: String, _ resource: String, _ context: [String: String]
    ) -> Bool {
        let policies = documents.enumerated().compactMap { number, value in
            PolicyDocument.read(value, as: .identity).document.map { ("p\(number)", $0) }
        }
        return PolicyLayers(identity: [PolicySet(policies)]).decision(
            AccessRequest(
                caller: .user(arn: "arn:aws:iam::123456789012:user/dev"), action: action, resource: resource,
                context: RequestContext(context.mapValues { [$0] }))
        ).isAllowed
    }

    @Test("every claim is so when it is asked again, and nothing of a small world is left out", arguments: 0..<200)
    func claims(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let (old, new) = (documents(&random), documents(&random))
        let plan = Planner.plan(from: .of([user(old)]), to: .of([user(new)]))
        let claims = plan.access?.claims ?? []
        for claim in claims {
            let was = allows(old, claim.action, claim.resource, claim.context)
            let now = allows(new, claim.action, claim.resource, claim.context)
            #expect(now == (claim.change == .gains) && was == (claim.change == .loses), "seed \(seed): \(claim)")
        }
        for action in Self.actions {
            for resource in Self.resources where resource.split(separator: ":")[2] == action.split(separator: ":")[0] {
                for context in [[:], ["aws:RequestedRegion": "us-east-1"]] {
                    let was = allows(old, action, resource, context)
                    let now = allows(new, action, resource, context)
                    guard was != now else { continue }
                    #expect(
                        claims.contains {
                            $0.action == action && $0.change == (now ? .gains : .loses)
                        }, "seed \(seed): \(action) on \(resource) with \(context)")
                }
            }
        }
    }
}
