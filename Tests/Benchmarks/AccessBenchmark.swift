import JSON
import Planning
import Resources

/// What a plan takes to say who gains and who loses access, beside the plan of the same objects without a change.
enum AccessBenchmark {
    static func run() async {
        for count in [1_000, 5_000] {
            let graph = Workloads.principals(count)
            let recorded = Workloads.recorded(graph)
            let still = await Bench.best(of: 5) {
                precondition(Planner.plan(desired: graph, recorded: recorded).isEmpty, "nothing changed")
            }
            Bench.report("plan of \(count) unchanged principals", still.seconds * 1000, "ms")
            for (what, changed) in [
                ("one principal's policy", 1), ("a policy of every tenth", 10), ("a policy of all", 0),
            ] {
                let next = Workloads.principals(count, changing: changed)
                let time = await Bench.best(of: 3) {
                    precondition(Planner.plan(desired: next, recorded: recorded).access != nil, "access changes")
                }
                Bench.report("  access, \(count) principals, \(what) changed", time.seconds * 1000, "ms")
            }
        }
    }
}

extension Workloads {
    /// Users, each in one of ten groups and with a policy of its own; one policy is attached to all groups.
    ///
    /// - Parameter changing: 1 changes a user's own policy, 10 that of one group, 0 that of all; nil none.
    static func principals(_ count: Int, changing: Int? = nil) -> DesiredGraph {
        func policy(_ action: String, _ resource: String) -> JSONValue {
            [
                "Version": "2012-10-17",
                "Statement": [["Effect": "Allow", "Action": .string(action), "Resource": .string(resource)]],
            ]
        }
        let lambda = "arn:aws:lambda:us-east-1:123456789012:function:"
        var resources = [
            DesiredResource(
                address: Address(.policy, "all"),
                document: [
                    "name": "all", "path": "/",
                    "policyDocument": policy(changing == 0 ? "apigateway:*" : "apigateway:GET", "*"),
                ])
        ]
        for group in 0..<10 {
            let action = group == 3 && changing == 10 ? "lambda:*" : "lambda:InvokeFunction"
            resources.append(
                DesiredResource(
                    address: Address(.group, "g\(group)"),
                    document: [
                        "name": .string("g\(group)"), "path": "/", "managedPolicyArns": ["${Policy/all.arn}"],
                        "inlinePolicies": ["own": policy(action, lambda + "g\(group)")],
                    ], dependencies: [Address(.policy, "all")]))
        }
        for number in 0..<count {
            let action = number == 7 && changing == 1 ? "s3:*" : "s3:GetObject"
            resources.append(
                DesiredResource(
                    address: Address(.user, "user\(number)"),
                    document: [
                        "name": .string("user\(number)"), "path": "/",
                        "groups": [.string("${Group/g\(number % 10).name}")],
                        "inlinePolicies": ["own": policy(action, "arn:aws:s3:::bucket/\(number)/*")],
                    ], dependencies: [Address(.group, "g\(number % 10)")]))
        }
        return DesiredGraph(environment: "dev", target: ["engine": [:]], apply: ApplySettings(), resources: resources)
    }
}
