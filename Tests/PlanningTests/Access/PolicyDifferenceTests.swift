import JSON
import Resources
import Seeds
import Testing

@testable import Planning

@Suite("Policy documents by statements")
struct PolicyDifferenceTests {
    private func statement(_ effect: String, _ actions: [String], _ resources: [String] = ["*"]) -> JSONValue {
        [
            "Effect": .string(effect), "Action": .array(actions.map { .string($0) }),
            "Resource": .array(resources.map { .string($0) }),
        ]
    }

    private func policy(_ statements: JSONValue...) -> JSONValue {
        ["Version": "2012-10-17", "Statement": .array(statements)]
    }

    private func difference(_ before: JSONValue, _ after: JSONValue) -> PolicyDifference {
        PolicyDifference(before, after, whenAbsent: .denies)
    }

    @Test("more actions widen, fewer narrow, others do both")
    func actions() {
        let get = policy(statement("Allow", ["s3:Get"]))
        let both = policy(statement("Allow", ["s3:Get", "s3:Put"]))
        let put = policy(statement("Allow", ["s3:Put"]))
        #expect(difference(get, both).effect == .widens)
        #expect(difference(both, get).effect == .narrows)
        #expect(difference(get, put).effect == .both)
        #expect(difference(get, policy(statement("Allow", ["S3:g*"]))).effect == .widens)
    }

    @Test("a Deny that comes narrows, one that goes widens")
    func denies() {
        let open = policy(statement("Allow", ["*"]))
        let shut = policy(statement("Allow", ["*"]), statement("Deny", ["s3:*"]))
        #expect(difference(open, shut).effect == .narrows)
        #expect(difference(shut, open).effect == .widens)
    }

    @Test("names and the order of statements are no access")
    func cosmetics() {
        let one = policy(statement("Allow", ["a:b"]), statement("Deny", ["c:d"]))
        let other = policy(changed(statement("Deny", ["c:d"]), "Sid", to: "X"), statement("Allow", ["a:b"]))
        #expect(difference(one, other).effect == [])
    }

    @Test(
        "what cannot be read counts as another in every respect, and has no union",
        arguments: [
            JSONValue.string("x"), ["Statement": "x"], ["Statement": [["Effect": "Maybe"]]], ["Statement": ["x"]], [:],
        ])
    func unreadable(document: JSONValue) {
        let difference = difference(policy(statement("Allow", ["a:b"])), document)
        #expect(difference.effect == .both)
        #expect(difference.union == nil)
    }

    @Test("the union has the Allow statements of both and the Deny statements common to both")
    func union() {
        let before = policy(
            statement("Allow", ["a:b"]), statement("Deny", ["x:y"]), statement("Deny", ["only:here", "more:here"]))
        let after = policy(
            statement("Allow", ["c:d"]), statement("Deny", ["x:y"]), statement("Deny", ["only:here"]))
        #expect(
            difference(before, after).union
                == policy(
                    statement("Allow", ["a:b"]), statement("Allow", ["c:d"]), statement("Deny", ["x:y"]),
                    statement("Deny", ["only:here"])))
    }

    @Test("an effect that is not named does not happen", arguments: 0..<400)
    func effectIsSound(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let before = RandomPolicy.make(&generator)
        let after = generator.chance(50) ? RandomPolicy.make(&generator) : Self.edited(before, &generator)
        let effect = difference(before, after).effect
        let (old, new) = (RandomPolicy.allowed(before), RandomPolicy.allowed(after))
        if !effect.contains(.widens) { #expect(new.isSubset(of: old), "\(before) \(after)") }
        if !effect.contains(.narrows) { #expect(old.isSubset(of: new), "\(before) \(after)") }
    }

    @Test("the union allows what either allows, and becoming it only widens", arguments: 0..<400)
    func unionIsSound(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let before = RandomPolicy.make(&generator)
        let after = generator.chance(50) ? RandomPolicy.make(&generator) : Self.edited(before, &generator)
        let union = try #require(difference(before, after).union)
        let (old, new) = (RandomPolicy.allowed(before), RandomPolicy.allowed(after))
        #expect(old.union(new).isSubset(of: RandomPolicy.allowed(union)))
        #expect(!difference(before, union).effect.contains(.narrows))
        #expect(!difference(union, after).effect.contains(.widens))
        #expect(difference(before, after).union == union)
    }

    private static func edited(_ policy: JSONValue, _ generator: inout SeededGenerator) -> JSONValue {
        var statements = policy["Statement"]?.array ?? []
        if generator.chance(50) { statements.removeLast() }
        if generator.chance(50) || statements.isEmpty {
            statements += RandomPolicy.make(&generator)["Statement"]?.array ?? []
        }
        return ["Version": "2012-10-17", "Statement": .array(statements.shuffled(using: &generator))]
    }
}
