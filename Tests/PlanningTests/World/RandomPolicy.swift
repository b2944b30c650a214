import JSON
import Seeds

@testable import Planning

/// Policy documents by seed, and what they allow, decided by brute force over a small world.
enum RandomPolicy {
    static let actions = ["s3:Get", "s3:Put", "sqs:Send"]
    static let resources = ["a", "b", "ab"]
    private static let actionPatterns = actions + ["s3:*", "*", "s3:?et"]
    private static let resourcePatterns = resources + ["a*", "*", "?"]

    /// In normal form.
    static func make(_ generator: inout SeededGenerator) -> JSONValue {
        let statements = (0..<Int.random(in: 1...4, using: &generator)).map { number -> JSONValue in
            var members: JSONObject = ["Effect": generator.chance(65) ? "Allow" : "Deny"]
            if generator.chance(30) { members["Sid"] = .string("S\(number)") }
            members[generator.chance(80) ? "Action" : "NotAction"] = list(actionPatterns, &generator)
            members[generator.chance(80) ? "Resource" : "NotResource"] = list(resourcePatterns, &generator)
            if generator.chance(30) { members["Condition"] = ["Bool": ["aws:SecureTransport": ["true"]]] }
            return .object(members)
        }
        return ["Version": "2012-10-17", "Statement": .array(statements)]
    }

    private static func list(_ patterns: [String], _ generator: inout SeededGenerator) -> JSONValue {
        let chosen = Set(
            (0..<Int.random(in: 1...2, using: &generator)).map { _ in patterns.randomElement(using: &generator) })
        return .array(chosen.compactMap { $0 }.sorted().map { .string($0) })
    }

    /// One request of the small world.
    struct Request: Hashable {
        let action: String
        let resource: String
        let isSecure: Bool
    }

    static let requests: [Request] = actions.flatMap { action in
        resources.flatMap { resource in
            [true, false].map { Request(action: action, resource: resource, isSecure: $0) }
        }
    }

    static func allowed(_ policy: JSONValue) -> Set<Request> {
        Set(
            requests.filter { request in
                let effects = (policy["Statement"]?.array ?? []).filter { applies($0, request) }.map { $0["Effect"] }
                return effects.contains("Allow") && !effects.contains("Deny")
            })
    }

    private static func applies(_ statement: JSONValue, _ request: Request) -> Bool {
        func element(_ name: String, _ value: String) -> Bool {
            if let patterns = statement[name]?.array {
                return patterns.contains { matches(Array($0.string ?? ""), Array(value)) }
            }
            return !(statement["Not" + name]?.array ?? []).contains { matches(Array($0.string ?? ""), Array(value)) }
        }
        return element("Action", request.action) && element("Resource", request.resource)
            && (statement["Condition"] == nil || request.isSecure)
    }

    /// Straight from what `*` and `?` mean.
    private static func matches(_ pattern: [Character], _ text: [Character]) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "*" { return (0...text.count).contains { matches(Array(pattern.dropFirst()), Array(text[$0...])) } }
        guard let letter = text.first, first == "?" || first == letter else { return false }
        return matches(Array(pattern.dropFirst()), Array(text.dropFirst()))
    }
}
