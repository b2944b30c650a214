import IAMPolicy
import JSON

/// Decisions: budget 2 µs over 10 statements.
enum PolicyBenchmark {
    static func run() async throws {
        let request = AccessRequest(
            caller: .user(arn: "arn:aws:iam::123456789012:user/dev", id: "AIDADEVDEVDEVDEV"),
            action: "execute-api:Invoke", resource: "arn:aws:execute-api:us-east-1:123456789012:abc123/test/GET/pets/9",
            context: ["aws:SourceIp": "203.0.113.7", "aws:PrincipalTag/team": "pets"])

        let ten = PolicyLayers(identity: [tenStatements])
        precondition(ten.decision(request).isAllowed, "the last statement allows")
        let one = await microseconds(100_000) { _ = ten.decision(request) }
        Bench.report("decision over 10 statements", one, "µs", budget: "2 µs", isMet: one <= 2)

        let making = await microseconds(100_000) {
            _ = AccessRequest(caller: request.caller, action: request.action, resource: request.resource)
        }
        Bench.report("  of a request to make", making, "µs")

        // An account of 1,000 policies of 3 statements over 100 services, all of them attached to one caller.
        let services = ["execute-api"] + (0..<99).map { "service\($0)" }
        let many = PolicyLayers(identity: [
            set((0..<3_000).map { statement($0 == 2_999 ? 9 : $0 % 9, service: services[$0 / 3 % 100]) })
        ])
        let all = await microseconds(10_000) { _ = many.decision(request) }
        Bench.report("decision, 1,000 policies of 100 services attached", all, "µs")
        let groups = PolicyLayers(identity: (0..<11).map { _ in ten.identity[0] })
        let grouped = await microseconds(50_000) { _ = groups.decision(request) }
        Bench.report("decision, a user in 10 groups with 10 statements each", grouped, "µs")

        let texts = ManagedPolicies.shipped.all.map(\.text)
        let bytes = texts.reduce(0) { $0 + $1.utf8.count }
        let parse = await Bench.best(of: 5) {
            for text in texts { _ = PolicyDocument.read(text: text, as: .identity, sizeMax: .max) }
        }
        Bench.report("policy read and check", Double(bytes) / 1_000_000 / parse.seconds, "MB/s")
    }

    /// Nine statements that say nothing of `GET /pets/...` and one that allows it.
    static var tenStatements: PolicySet { Self.set((0..<10).map { statement($0, service: "execute-api") }) }

    private static func microseconds(_ count: Int, _ work: () -> Void) async -> Double {
        await Bench.best(of: 5) { for _ in 0..<count { work() } }.seconds * 1_000_000 / Double(count)
    }

    /// Nine that do not allow the request, each for a reason of its own, and one that does.
    private static func statement(_ number: Int, service: String) -> String {
        let allow = #""Effect": "Allow", "Action": "\#(service):Invoke""#
        let arn = "arn:aws:execute-api:us-east-1:123456789012"
        return switch number {
        case 0: #"{"Effect": "Deny", "Action": "\#(service):*", "Resource": "\#(arn):other/*"}"#
        case 1: #"{\#(allow), "Resource": "\#(arn):abc123/prod/*"}"#
        case 2: #"{\#(allow), "Resource": "\#(arn):abc123/*/POST/*"}"#
        case 3: #"{\#(allow), "Resource": "\#(arn):*/test/*/pets/${aws:username}"}"#
        case 4: #"{\#(allow), "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}"#
        case 5:
            #"{\#(allow), "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": ["a", "b"]}}}"#
        case 6: #"{"Effect": "Allow", "Action": ["s3:*", "sqs:Send*"], "Resource": "*"}"#
        case 7: #"{"Effect": "Deny", "NotAction": "\#(service):*", "Resource": "*"}"#
        case 8: #"{"Effect": "Allow", "Action": "\#(service):Man*", "Resource": "\#(arn):abc123/*"}"#
        default: #"{\#(allow), "Resource": "\#(arn):abc123/test/GET/*"}"#
        }
    }

    private static func set(_ statements: [String]) -> PolicySet {
        let text = #"{"Version": "2012-10-17", "Statement": [\#(statements.joined(separator: ","))]}"#
        guard let value = try? JSONValue(parsing: text),
            let document = PolicyDocument.read(value, as: .identity, sizeMax: .max).document
        else { preconditionFailure("the workload is valid") }
        return PolicySet(document, name: "bench")
    }
}
