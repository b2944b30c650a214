import IAMPolicy
import JSON
import Seeds

@testable import Planning
@testable import Resources

/// Kinds as later ones will be: identities that grant, objects that cannot change in place, whatever refers to them.
enum TestKinds {
    static let user = ResourceKind(rawValue: "TestUser")
    static let trust = ResourceKind(rawValue: "TestTrust")
    static let key = ResourceKind(rawValue: "TestKey")
    static let link = ResourceKind(rawValue: "TestLink")

    static let tables: [KindSchema] = [
        KindSchema(
            user, .object, "Somebody with policies; the name is taken while it is there.", takenFields: ["name"],
            fields: [
                FieldSchema("name", .text, "").required.always.immutable,
                FieldSchema("path", .text, "").byDefault("/").immutable,
                FieldSchema("description", .text, "").emptyIsAbsent,
                FieldSchema("inlinePolicies", .map(MapRule("policy"), of: .policy(.identity)), "").access(.policies),
                FieldSchema("managedPolicyArns", .set(of: .text), "").access(.grants),
                FieldSchema("permissionsBoundary", .text, "").access(.strictIfPresent),
            ]),
        KindSchema(
            trust, .object, "One policy document.",
            fields: [FieldSchema("document", .policy(.identity), "").always.access(.policy(whenAbsent: .denies))]),
        KindSchema(
            key, .object, "Made anew when its value changes; two of them may stand side by side.",
            fields: [FieldSchema("value", .text, "").immutable, FieldSchema("label", .text, "")]),
        KindSchema(
            link, .object, "Callers see where it leads.",
            fields: [FieldSchema("to", .text, "").seenAtOnce, FieldSchema("note", .text, "")]),
    ]

    static let lookup = KindLookup { kind in tables.first { $0.kind == kind } ?? KindTable.object(kind) }
}

/// Graphs of the test kinds by seed: each has the same few names, so that two of them share most objects.
enum RandomIdentities {
    static func make(_ generator: inout SeededGenerator) -> DesiredGraph {
        var resources: [DesiredResource] = []
        for name in ["u1", "u2"] where generator.chance(80) { resources.append(user(name, &generator)) }
        for name in ["t1", "t2"] where generator.chance(80) {
            resources.append(
                DesiredResource(
                    address: Address(TestKinds.trust, name), document: ["document": RandomPolicy.make(&generator)]))
        }
        let keys = ["k1", "k2"].filter { _ in generator.chance(80) }
        for name in keys {
            let value = JSONValue.string("v\(Int.random(in: 0...1, using: &generator))")
            resources.append(DesiredResource(address: Address(TestKinds.key, name), document: ["value": value]))
        }
        for name in ["l1", "l2"] where generator.chance(80) {
            guard let target = keys.randomElement(using: &generator) else { continue }
            var document: JSONObject = ["to": .string("${TestKey/\(target).id}")]
            if generator.chance(30) { document["note"] = .string("n\(Int.random(in: 0...1, using: &generator))") }
            resources.append(
                DesiredResource(
                    address: Address(TestKinds.link, name), document: .object(document),
                    dependencies: [Address(TestKinds.key, target)]))
        }
        return DesiredGraph.of(resources + RandomGraph.make(&generator).resources)
    }

    private static func user(_ name: String, _ generator: inout SeededGenerator) -> DesiredResource {
        var document: JSONObject = ["name": .string(name)]
        if generator.chance(20) { document["path"] = "/a/" }
        if generator.chance(70) { document["inlinePolicies"] = ["p": RandomPolicy.make(&generator)] }
        let arns = ["a1", "a2", "a3"].filter { _ in generator.chance(40) }
        if !arns.isEmpty { document["managedPolicyArns"] = .array(arns.map { .string($0) }) }
        if generator.chance(30) { document["permissionsBoundary"] = "b" }
        return DesiredResource(address: Address(TestKinds.user, name), document: .object(document))
    }
}
