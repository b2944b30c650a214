import JSON
import Resources
import Seeds
import Testing

/// Laws over documents that nobody would write: members of the tables with values of all sorts.
@Suite("Laws of normal forms")
struct NormalFormLawTests {

    private static let odd: [JSONValue] = [
        nil, true, false, "true", "", "none", "NONE", 0, 300, "300", .number(JSONNumber(text: "3e2")), [], [:], [[]],
        ["a", "a", nil], ["x": nil], ["x": ""], ["*/*": [:]], ["*/*": nil], ["gatewright:a": "b"], "1e999",
        .number(JSONNumber(text: "1e999")), ["Statement": [["Action": "a", "Sid": ""]]],
    ]

    private func value(_ type: FieldType, _ numbers: inout SeededGenerator) -> JSONValue {
        if Int.random(in: 0..<3, using: &numbers) == 0 { return Self.odd.randomElement(using: &numbers) ?? nil }
        switch type {
        case .string(let rule): return .string(rule.values.randomElement(using: &numbers)?.lowercased() ?? "text")
        case .integer(let range): return .number(JSONNumber(Int.random(in: range, using: &numbers)))
        case .number: return 10000
        case .boolean: return .bool(Bool.random(using: &numbers))
        case .list(let element, _): return .array((0..<3).map { _ in value(element, &numbers) })
        case .map(_, let element): return .object(["a": value(element, &numbers), "*/*": value(element, &numbers)])
        case .structure(let fields), .choice(let fields, _), .wordOrStructure(_, let fields):
            return .object(document(fields, &numbers))
        case .any, .policy, .secret, .textOrSecret: return Self.odd.randomElement(using: &numbers) ?? nil
        }
    }

    private func document(_ fields: [FieldSchema], _ numbers: inout SeededGenerator) -> JSONObject {
        var object = JSONObject()
        for field in fields.shuffled(using: &numbers) where Int.random(in: 0..<4, using: &numbers) > 0 {
            object[field.name] = value(field.type, &numbers)
        }
        if Int.random(in: 0..<4, using: &numbers) == 0 { object["strange"] = Self.odd.randomElement(using: &numbers) }
        return object
    }

    @Test("a normal form is its own, whatever the document", arguments: KindTable.objects)
    func idempotent(_ schema: KindSchema) {
        for seed in 0..<300 as Range<UInt64> {
            var numbers = SeededGenerator(seed: seed)
            let document = JSONValue.object(document(schema.fields, &numbers))
            let once = schema.normalForm(of: document)
            let (first, second) = (once.text(.compact), schema.normalForm(of: once).text(.compact))
            #expect(first == second, "seed \(seed)")
        }
    }

    @Test("the order of members does not matter", arguments: KindTable.objects)
    func order(_ schema: KindSchema) {
        for seed in 0..<300 as Range<UInt64> {
            var numbers = SeededGenerator(seed: seed)
            let document = document(schema.fields, &numbers)
            let shuffled = JSONObject(document.members.shuffled(using: &numbers).map { ($0.name, $0.value) })
            #expect(
                schema.normalForm(of: .object(document)).text(.compact)
                    == schema.normalForm(of: .object(shuffled)).text(.compact), "seed \(seed)")
        }
    }
}
