import Diagnostics
import JSON
import OpenAPI
import Seeds
import Testing

@Suite("Damaged documents")
struct MutationTests {
    @Test("any damage gives a definition or an error with a place, in both uses", arguments: 0..<200 as Range<UInt64>)
    func damaged(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var document = OpenAPIWriter.document(for: RandomDefinition.make(seed: seed))
        for _ in 0..<Int.random(in: 1...4, using: &random) { document = Self.damage(document, &random) }
        let node = try Samples.node(of: document)
        for reader in [OpenAPIReader.manifest, .service] {
            let reading = reader.read(node)
            #expect((reading.definition == nil) == reading.diagnostics.hasErrors, "seed \(seed)")
            #expect((reading.definition == nil) == (reading.errorMessage != nil), "seed \(seed)")
            #expect(reading.diagnostics.allSatisfy { !$0.spans.isEmpty && !$0.message.isEmpty }, "seed \(seed)")
            let spans = reading.diagnostics.compactMap(\.spans.first)
            #expect(spans == spans.sorted(), "seed \(seed)")
        }
    }

    /// Replaces, removes or renames something, somewhere.
    private static func damage(_ value: JSONValue, _ random: inout SeededGenerator) -> JSONValue {
        let junk: [JSONValue] = [
            nil, true, 0, -1, "", "x", "${AWS::Region}", [], [nil], [:], ["Ref": "a"],
            ["$ref": "#/components/schemas/No"],
            ["$ref": 1], .number(JSONNumber(text: "1e999")),
        ]
        let position = Int.random(in: 0..<1_000, using: &random)
        switch value {
        case .object(var object) where !object.isEmpty && Int.random(in: 0..<8, using: &random) > 0:
            let member = object.members[position % object.count]
            switch Int.random(in: 0..<12, using: &random) {
            case 0: object[member.name] = nil
            case 1:
                object[member.name] = nil
                object[member.name + "~"] = member.value
            default: object[member.name] = damage(member.value, &random)
            }
            return .object(object)
        case .array(var elements) where !elements.isEmpty:
            elements[position % elements.count] = damage(elements[position % elements.count], &random)
            return .array(elements)
        default: return junk[position % junk.count]
        }
    }
}
